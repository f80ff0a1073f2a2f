import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { invalidValue } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { isQueueName } from '../names.ts';
import { type Sqs, urlOf } from '../sqs.ts';

/** Queues of the caller's account and region, in name order; a token only where pages were asked for. */
export async function listQueues(sqs: Sqs, call: Call) {
  const max = readMax(call.members);
  const after = readToken(call.members);
  const prefix = call.members.text('QueueNamePrefix') ?? '';
  const pageMax = max ?? sqsLimits.listPageMax;
  const found = sqs.broker.catalogue.list(call.namespace, prefix, after, pageMax + 1);
  const page = found.slice(0, pageMax);
  const last = page.at(-1);
  const hasMore = max !== undefined && last !== undefined && found.length > pageMax;
  const urls = page.filter(({ address }) => isQueueName(address.name)).map((queue) => urlOf(sqs, call, queue));
  return {
    QueueUrls: urls.length === 0 ? undefined : urls,
    NextToken: hasMore ? Buffer.from(last.address.name).toString('base64url') : undefined,
  };
}

function readMax(members: Members): number | undefined {
  const max = members.integer('MaxResults');
  if (max === undefined || (max >= 1 && max <= sqsLimits.listPageMax)) return max;
  const reason = `MaxResults must be an integer between 1 and ${sqsLimits.listPageMax}`;
  throw invalidValue('MaxResults', max, reason);
}

/** The last name of the page before. */
function readToken(members: Members): string | undefined {
  const token = members.text('NextToken');
  if (token === undefined || token === '') return undefined;
  const name = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw invalidValue('NextToken', token.slice(0, 300), 'The token is not one that ListQueues has given.');
}
