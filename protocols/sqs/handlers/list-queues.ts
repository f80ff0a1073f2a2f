import type { Call } from '../../aws/service.ts';
import { sqsLimits } from '../limits.ts';
import { isQueueName } from '../names.ts';
import { readMax, readToken, tokenAfter } from '../pages.ts';
import { type Sqs, urlOf } from '../sqs.ts';

/** Queues of the caller's account and region (a name of its own that no queue can have stands for the list), in name order; a token only where pages were asked for. */
export async function listQueues(sqs: Sqs, call: Call) {
  const max = readMax(call.members);
  const after = readToken(call.members);
  sqs.broker.requireAllowed(call.principal, 'browse', { ...call.namespace, name: '*' });
  const prefix = call.members.text('QueueNamePrefix') ?? '';
  const pageMax = max ?? sqsLimits.listPageMax;
  const found = sqs.broker.catalogue.list(call.namespace, prefix, after, pageMax + 1);
  const page = found.slice(0, pageMax);
  const last = page.at(-1);
  const hasMore = max !== undefined && last !== undefined && found.length > pageMax;
  const urls = page.filter(({ address }) => isQueueName(address.name)).map((queue) => urlOf(sqs, call, queue));
  return {
    QueueUrls: urls.length === 0 ? undefined : urls,
    NextToken: hasMore ? tokenAfter(last) : undefined,
  };
}
