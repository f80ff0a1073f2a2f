import type { Queue } from '../../src/model/queue.ts';
import type { Members } from '../aws/members.ts';
import { invalidValue } from './errors.ts';
import { sqsLimits } from './limits.ts';

/** Lists of queues come in the order of their names, so that the last name of a page is where the next one begins. */
export function readMax(members: Members): number | undefined {
  const max = members.integer('MaxResults');
  if (max === undefined || (max >= 1 && max <= sqsLimits.listPageMax)) return max;
  const reason = `MaxResults must be an integer between 1 and ${sqsLimits.listPageMax}`;
  throw invalidValue('MaxResults', max, reason);
}

/** The last name of the page before. */
export function readToken(members: Members): string | undefined {
  const token = members.text('NextToken');
  if (token === undefined || token === '') return undefined;
  const name = Buffer.from(token, 'base64url').toString();
  if (Buffer.from(name).toString('base64url') === token) return name;
  throw invalidValue('NextToken', token.slice(0, 300), 'The token is not one that ListQueues has given.');
}

export function tokenAfter({ address }: Queue): string {
  return Buffer.from(address.name).toString('base64url');
}
