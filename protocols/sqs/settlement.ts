import type { Settlement } from '../../src/core/broker.ts';
import type { Instant } from '../../src/model/clock.ts';
import { toReceipt } from '../aws/mapping.ts';
import type { Members } from '../aws/members.ts';
import { invalidValue, missing } from './errors.ts';
import { sqsLimits } from './limits.ts';
import { invalidReceipt } from './settle-answers.ts';
import { required } from './sqs.ts';

/** What DeleteMessage, or one entry of its batch, asks for. */
export function readDelete(members: Members): { readonly handle: string; readonly settlement: Settlement } {
  const handle = readHandle(members);
  return { handle, settlement: { receipt: toReceipt(handle), outcome: { type: 'ack' } } };
}

/** What ChangeMessageVisibility, or one entry of its batch, asks for; 0 gives the message back at once. */
export function readVisibility(
  members: Members,
  now: Instant,
): { readonly handle: string; readonly seconds: number; readonly settlement: Settlement } {
  const handle = readHandle(members);
  const seconds = members.integer('VisibilityTimeout');
  if (seconds === undefined) throw missing('VisibilityTimeout');
  if (seconds < 0 || seconds > sqsLimits.visibilitySecondsMax) {
    const reason = `VisibilityTimeout must be an integer between 0 and ${sqsLimits.visibilitySecondsMax}`;
    throw invalidValue('VisibilityTimeout', seconds, reason);
  }
  const receipt = toReceipt(handle);
  if (seconds === 0) return { handle, seconds, settlement: { receipt, outcome: { type: 'release', isCounted: true } } };
  const outcome = {
    type: 'extend',
    until: now + seconds * 1000,
    totalMsMax: sqsLimits.visibilitySecondsMax * 1000,
  } as const;
  return { handle, seconds, settlement: { receipt, outcome } };
}

function readHandle(members: Members): string {
  const handle = required(members, 'ReceiptHandle');
  if (handle.length > sqsLimits.receiptCharactersMax) throw invalidReceipt(handle);
  return handle;
}
