import type { EngineState } from './engine-state.ts';
import { noSlot } from './entries.ts';
import { neverReceived } from './entry-row.ts';
import type { QueueState } from './queue-state.ts';
import { strictRank } from './strict-window.ts';

/** Where an entry came from when it was dead-lettered, as stored. */
export interface Origin {
  readonly queue: number;
  readonly cause: string;
}

/** The queue that takes what this one gives up on; undefined: the entry stays. */
export function deadLetterOf(state: EngineState, queue: QueueState): QueueState | undefined {
  const { deadLetter } = queue.settings;
  if (deadLetter === undefined || deadLetter === queue.id) return undefined;
  return state.queues.get(deadLetter);
}

/** Moves an entry to the dead-letter queue in the commit under way: same body, new position, counting goes on. */
export function deadLetter(state: EngineState, from: QueueState, slot: number, to: QueueState, cause: string): void {
  const { entries } = state;
  const origin: Origin = { queue: from.id, cause };
  moveEntry(state, from, slot, to, {
    appendedAt: to.isStrict ? state.now : (entries.appendedAt[slot] as number), // [SQS: the clock resets on FIFO queues]
    countBase: state.deliveriesOf(slot),
    firstAt: entries.firstAt[slot] as number,
    expiresAt: cause === 'expired' ? 0 : (entries.expiresAt[slot] as number),
    origin: JSON.stringify(origin),
  });
  from.total.deadLettered++;
}

export interface Arrival {
  readonly appendedAt: number;
  readonly countBase: number;
  readonly firstAt: number;
  readonly expiresAt: number;
  readonly origin: string | null;
}

/** An entry leaves one queue and arrives in another; the body stays where it is. */
export function moveEntry(state: EngineState, from: QueueState, slot: number, to: QueueState, arrival: Arrival): void {
  const { entries } = state;
  const { retentionMs } = to.settings;
  if (retentionMs !== undefined && arrival.appendedAt + retentionMs <= state.now) {
    // Too old for where it goes, now and not with the next look at ages: a purge in this turn must not hide that it expired.
    to.total.expired++;
    state.touchTally(to);
    return state.removeEntry(from, slot, false);
  }
  const pos = to.nextPos++;
  const ownRank = entries.ownRank[slot] as number;
  const rank = to.isStrict ? strictRank : ownRank;
  const lane = entries.lane[slot] as number;
  const body = entries.body[slot] as number;
  const size = entries.size[slot] as number;
  const note = entries.notes.get(slot) ?? null;
  const delayMs = to.isStrict ? to.settings.delayMs : 0;
  const due = delayMs > 0 ? state.now + delayMs : null;
  state.rows.insertEntry(
    to.life,
    rank,
    pos,
    lane,
    body,
    size,
    arrival.appendedAt,
    arrival.expiresAt === 0 ? null : arrival.expiresAt,
    due,
    0,
    arrival.countBase,
    arrival.firstAt === 0 ? null : arrival.firstAt,
    note,
    arrival.origin,
    ownRank,
    false,
  );
  state.removeEntry(from, slot, true);
  to.entries++;
  to.bytes += size;
  if (due !== null) {
    to.delayed++;
    state.diskDueAt = Math.min(state.diskDueAt, due);
  }
  if (arrival.appendedAt < state.now) to.hasMixedAges = true;
  to.retentionCheckAt = 0;
  state.retentionAt = 0;
  state.touchTally(to);
  state.ready.add(to);
  if (to.window === undefined || (due !== null && !to.isStrict) || !to.window.wantsAppended(rank, pos, lane)) return;
  const arrived = state.load(to, {
    ...neverReceived,
    ...{ rank, ownRank, pos, lane, body, size, due, note },
    appendedAt: arrival.appendedAt,
    expiresAt: arrival.expiresAt === 0 ? null : arrival.expiresAt,
    countBase: arrival.countBase,
    firstAt: arrival.firstAt === 0 ? null : arrival.firstAt,
    origin: arrival.origin,
  });
  if (arrived !== noSlot) to.window.add(arrived);
}
