import type { Queue, QueueAddress } from '../../../src/model/queue.ts';
import type { Call } from '../../aws/service.ts';
import { sqsLimits } from '../limits.ts';
import { readMax, readToken, tokenAfter } from '../pages.ts';
import { browsedQueue, type Sqs, urlOf } from '../sqs.ts';

/** The queues whose RedrivePolicy names this one. The list stands there even when it is empty, and begins with a small letter. */
export async function listDeadLetterSourceQueues(sqs: Sqs, call: Call) {
  const { address } = browsedQueue(sqs, call);
  const max = readMax(call.members);
  const after = readToken(call.members) ?? '';
  const sources = sourcesOf(address, sqs.broker.catalogue.all()).filter((queue) => queue.address.name > after);
  const page = sources.slice(0, max ?? sqsLimits.listPageMax);
  const last = page.at(-1);
  const hasMore = max !== undefined && last !== undefined && sources.length > page.length;
  return {
    queueUrls: page.map((queue) => urlOf(sqs, call, queue)),
    NextToken: hasMore ? tokenAfter(last) : undefined,
  };
}

function sourcesOf({ account, region, name }: QueueAddress, queues: Iterable<Queue>): readonly Queue[] {
  const sources: Queue[] = [];
  for (const queue of queues) {
    const target = queue.attributes.redrive?.deadLetter;
    if (target?.name === name && target.region === region && target.account === account) sources.push(queue);
  }
  return sources.toSorted((left, right) => (left.address.name < right.address.name ? -1 : 1));
}
