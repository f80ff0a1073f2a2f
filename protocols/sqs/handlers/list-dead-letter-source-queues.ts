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
  const sources = sourcesOf(sqs, address).filter((queue) => queue.address.name > after);
  const page = sources.slice(0, max ?? sqsLimits.listPageMax);
  const last = page.at(-1);
  const hasMore = max !== undefined && last !== undefined && sources.length > page.length;
  return {
    queueUrls: page.map((queue) => urlOf(sqs, call, queue)),
    NextToken: hasMore ? tokenAfter(last) : undefined,
  };
}

/** Of the target's own account and region, which a source must share, so that a name stands for a queue. */
function sourcesOf(sqs: Sqs, target: QueueAddress): readonly Queue[] {
  const { account, region } = target;
  return sqs.broker.catalogue
    .sourcesOf(target)
    .filter(({ address }) => address.account === account && address.region === region)
    .toSorted((left, right) => (left.address.name < right.address.name ? -1 : 1));
}
