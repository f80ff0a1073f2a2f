import { deadLetter, deadLetterOf } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, scratchSlot, stateLeased } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import type { OutcomeOp, SettleOp, settleWas } from './post.ts';
import type { QueueState } from './queue-state.ts';
import { release } from './release.ts';

export type Was = (typeof settleWas)[number];

/** An entry found by a receipt: in memory, or on disk and for the moment in the scratch slot. */
interface Found {
  readonly queue: QueueState;
  readonly slot: number;
}

/** Ends, moves or prolongs one delivery. What it says is on disk with this commit when `isDurable`. */
export function settle(state: EngineState, op: SettleOp, isDurable: boolean): Was {
  const found = find(state, op);
  if (typeof found === 'string') return found;
  const refusal = refusalOf(state, found, op);
  if (refusal !== undefined) return refusal;
  apply(state, found, op.as);
  if (isDurable && op.as.type !== 'ack') state.flushAt = state.now; // What is only in memory goes with this group.
  return 'done';
}

/** What `settle` would say, with nothing changed: for batches that are all or none. */
export function settleWouldBe(state: EngineState, op: SettleOp): Was {
  const found = find(state, op);
  if (typeof found === 'string') return found;
  return refusalOf(state, found, op) ?? 'done';
}

/** Bytes of the entry that a receipt names; undefined when there is none. */
export function sizeOfSettled(state: EngineState, op: SettleOp): number | undefined {
  const found = find(state, op);
  return typeof found === 'string' ? undefined : state.entries.size[found.slot];
}

function find(state: EngineState, op: SettleOp): Found | Was {
  const { receipt } = op;
  if (receipt === undefined) return 'invalid';
  if (op.named !== 0 && op.named !== receipt.queue) return 'other-queue';
  const queue = state.queues.get(receipt.queue);
  if (queue === undefined || queue.life !== receipt.life) return 'gone';
  const slot = state.entries.find(queue.index, receipt.pos);
  if (slot !== noSlot) return { queue, slot };
  state.rows.write();
  const row = state.sql.receive.one.get(receipt.life, receipt.rank, receipt.pos) as EntryRow | undefined;
  return row === undefined ? 'gone' : { queue, slot: state.loadScratch(queue, row) };
}

function refusalOf(state: EngineState, { queue, slot }: Found, op: SettleOp): Was | undefined {
  const { entries } = state;
  const due = entries.due[slot] as number;
  const isLeased = entries.state[slot] === stateLeased && (due === 0 || due > state.now);
  const isCurrent = isLeased && entries.count[slot] === op.receipt?.count;
  if (op.as.type === 'ack') return queue.isStrict && !isCurrent ? 'expired' : undefined;
  if (!isCurrent && queue.isStrict) return 'expired';
  if (!isCurrent && !(isLeased && reachesNewerLease(op.as) && entries.holder[slot] === 0)) return 'not-leased';
  if (op.as.type !== 'extend') return undefined;
  return op.as.until - (entries.leasedAt[slot] as number) > op.as.totalMsMax ? 'over-limit' : undefined;
}

/**
 * On a standard queue AWS lets every receipt of a message in flight end or prolong its lease, whoever has it now; what takes
 * a count back, or gives up on the message, speaks of its own delivery only [SQS ChangeMessageVisibility].
 */
function reachesNewerLease(outcome: OutcomeOp): boolean {
  return outcome.type === 'extend' || (outcome.type === 'release' && outcome.isCounted);
}

function apply(state: EngineState, { queue, slot }: Found, outcome: OutcomeOp): void {
  switch (outcome.type) {
    case 'ack':
      queue.total.acked++;
      return state.removeEntry(queue, slot, false);
    case 'release':
      return release(state, queue, slot, slot === scratchSlot, outcome);
    case 'extend':
      return extend(state, queue, slot, outcome.until);
    case 'reject': {
      const to = deadLetterOf(state, queue);
      if (to !== undefined) return deadLetter(state, queue, slot, to, outcome.cause);
      return release(state, queue, slot, slot === scratchSlot, { visibleAt: 0, isCounted: true, note: undefined });
    }
  }
}

function extend(state: EngineState, queue: QueueState, slot: number, until: number): void {
  const { entries } = state;
  if (entries.holder[slot] !== 0) return; // Its holder's anyway.
  if (until <= state.now) {
    return release(state, queue, slot, slot === scratchSlot, { visibleAt: 0, isCounted: true, note: undefined });
  }
  entries.due[slot] = until;
  if (slot === scratchSlot) return state.writeBack(slot);
  state.markDirty(slot);
  state.watchLease(slot);
}
