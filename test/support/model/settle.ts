import type { Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Change, ChangeResult, Outcome, QueueId } from '../../../storage/store.ts';
import { readReceipt } from './receipt.ts';
import type { ModelEntry, ModelQueue, ModelState } from './state.ts';
import { deadLetterQueue, moveEntry, removeEntry, uncount } from './state.ts';

type Settle = Extract<Change, { do: 'settle' }>;
type Extend = Extract<Outcome, { type: 'extend' }>;
type Was = Extract<ChangeResult, { did: 'settle' }>['was'];

export function settle(state: ModelState, change: Settle, now: Instant, touched: Set<QueueId>): Was {
  if (change.as.type === 'release' && change.as.notFor !== undefined) {
    throw new GantryError('unsupported', 'release for other consumers only comes with a later release');
  }
  const facts = readReceipt(state.receiptSecret, change.receipt);
  if (facts === undefined) return 'invalid';
  if (change.queue !== undefined && change.queue !== facts.queue) return 'other-queue';
  const queue = [...state.queues.values()].find(({ id, life }) => id === facts.queue && life === facts.life);
  const entry = queue?.entries.find(({ pos }) => pos === facts.pos);
  if (queue === undefined || entry === undefined) return 'gone';
  touched.add(queue.id);
  const isLeaseOver = entry.lease?.number !== facts.lease;
  if (isLeaseOver && queue.settings.groups === 'strict') return 'expired';
  if (change.as.type === 'ack') {
    // An ended lease, or a newer one, hinders no delete on a standard queue [SQS 1.7, 1.8].
    removeEntry(queue, entry);
    queue.total.acked++;
    return 'done';
  }
  const isOfNewer = isLeaseOver && entry.lease?.until !== undefined && reachesNewerLease(change.as);
  return isLeaseOver && !isOfNewer ? 'not-leased' : settleLeased(state, queue, entry, change.as, now, touched);
}

/** Of a timed lease, on a standard queue: AWS takes any receipt of the message [SQS ChangeMessageVisibility]. */
function reachesNewerLease(outcome: Outcome): boolean {
  return outcome.type === 'extend' || (outcome.type === 'release' && outcome.isCounted);
}

function settleLeased(
  state: ModelState,
  queue: ModelQueue,
  entry: ModelEntry,
  outcome: Exclude<Outcome, { type: 'ack' }>,
  now: Instant,
  touched: Set<QueueId>,
): Was {
  if (outcome.type === 'extend') return extend(queue, entry, outcome, now);
  entry.lease = undefined;
  if (outcome.type === 'release') {
    if (!outcome.isCounted) uncount(entry);
    if (outcome.visibleAt !== undefined) entry.visibleAt = outcome.visibleAt;
    if (outcome.note !== undefined) entry.note = outcome.note;
    return 'done';
  }
  const deadLetter = deadLetterQueue(state, queue);
  if (deadLetter === undefined) return 'done';
  moveEntry(queue, entry, deadLetter, { cause: outcome.cause, isCountReset: false }, now);
  touched.add(deadLetter.id);
  return 'done';
}

function extend(queue: ModelQueue, entry: ModelEntry, { until, totalMsMax }: Extend, now: Instant): Was {
  const { lease } = entry;
  if (lease === undefined) return 'not-leased';
  if (lease.until === undefined) return 'done'; // Its holder's, however long.
  if (until > now && until - lease.at > totalMsMax) return 'over-limit';
  // A receive of the same attempt gives what it gave only while nothing was settled.
  for (const [id, { given }] of queue.attempts) {
    if (given.some(({ lease: number }) => number === lease.number)) queue.attempts.delete(id);
  }
  if (until <= now) entry.lease = undefined;
  else entry.lease = { ...lease, until };
  return 'done';
}
