import { deadLetter, deadLetterOf } from './dead-letter.ts';
import type { EngineState } from './engine-state.ts';
import { noSlot, stateLeased } from './entries.ts';
import type { EntryRow, LivedEntryRow } from './entry-row.ts';
import type { QueueState } from './queue-state.ts';

/** Entries looked at in one turn for each reason. */
const rowsAtOnce = 500;
/** Retention is looked at this often; ages in a dead-letter queue are in no order, so it is walked. */
const walkEveryMs = 1_000;

/** Whether an entry must never be given again. */
export function isExpired(state: EngineState, queue: QueueState, slot: number): boolean {
  const { entries } = state;
  const expiresAt = entries.expiresAt[slot] as number;
  if (expiresAt !== 0 && expiresAt <= state.now) return true;
  const { retentionMs } = queue.settings;
  return retentionMs !== undefined && (entries.appendedAt[slot] as number) + retentionMs <= state.now;
}

/** Drops it, or dead-letters it where the queue says so and it had an expiry of its own. */
export function expireSlot(state: EngineState, queue: QueueState, slot: number): void {
  const expiresAt = state.entries.expiresAt[slot] as number;
  const isOwn = expiresAt !== 0 && expiresAt <= state.now;
  queue.total.expired++;
  const to = isOwn && queue.settings.onExpiry === 'dead-letter' ? deadLetterOf(state, queue) : undefined;
  if (to === undefined) state.removeEntry(queue, slot, false);
  else deadLetter(state, queue, slot, to, 'expired');
}

/** What has passed its own expiry goes unless somebody holds it; what has passed its queue's retention goes anyway. */
export function expireDue(state: EngineState): void {
  if (state.expiryAt <= state.now) expireOwn(state);
  if (state.retentionAt > state.now) return;
  state.retentionAt = Number.POSITIVE_INFINITY;
  for (const queue of state.queues.values()) {
    if (queue.settings.retentionMs === undefined || queue.entries === 0) continue;
    if (queue.retentionCheckAt <= state.now) expireRetained(state, queue, queue.settings.retentionMs);
    state.retentionAt = Math.min(state.retentionAt, queue.retentionCheckAt);
  }
}

function expireOwn(state: EngineState): void {
  state.rows.write();
  let gone = 0;
  for (const row of state.sql.sweep.expired.all(state.now, rowsAtOnce) as LivedEntryRow[]) {
    const queue = state.queuesByLife.get(row.life);
    if (queue !== undefined && isLeased(state, queue, row)) continue;
    gone++;
    if (queue === undefined) dropDead(state, row);
    else expireRow(state, queue, row);
  }
  state.rows.write();
  const next = state.sql.sweep.expiryNext.get() as { expiresAt: number } | undefined;
  state.expiryAt = next?.expiresAt ?? Number.POSITIVE_INFINITY;
  // Leased since their rows were written: the next flush takes them out of the index. All else goes on at once.
  if (state.expiryAt <= state.now && gone === 0) state.expiryAt = state.now + walkEveryMs;
}

/** What is left of a purged queue is the sweeper's, but here it would stand before the others' rows. */
function dropDead(state: EngineState, { life, rank, pos, body }: LivedEntryRow): void {
  state.rows.remove(life, rank, pos);
  state.forgetBody(body);
}

function isLeased(state: EngineState, queue: QueueState, row: EntryRow): boolean {
  const slot = state.entries.find(queue.index, row.pos);
  return slot !== noSlot && state.entries.state[slot] === stateLeased;
}

function expireRow(state: EngineState, queue: QueueState, row: EntryRow): void {
  const slot = state.entries.find(queue.index, row.pos);
  if (slot !== noSlot) return expireSlot(state, queue, slot);
  const scratch = state.loadScratch(queue, row);
  const isOwn = row.expiresAt !== null && row.expiresAt <= state.now;
  const to = isOwn && queue.settings.onExpiry === 'dead-letter' ? deadLetterOf(state, queue) : undefined;
  queue.total.expired++;
  if (to !== undefined) deadLetter(state, queue, scratch, to, 'expired');
  else state.removeRow(queue, row, false);
}

function expireRetained(state: EngineState, queue: QueueState, retentionMs: number): void {
  state.rows.write();
  const soon = state.now + walkEveryMs / 2;
  const before = queue.entries;
  const oldestAt = queue.hasMixedAges ? walkAges(state, queue, retentionMs) : expireFront(state, queue, retentionMs);
  if (queue.entries === 0) queue.hasMixedAges = false;
  if (oldestAt !== undefined) queue.retentionCheckAt = Math.max(oldestAt + retentionMs, soon);
  else queue.retentionCheckAt = queue.entries < before ? state.now : soon; // While something goes, it goes on at once.
}

/** Oldest first: stops at the first that stays. @returns its age; undefined: there is more to drop */
function expireFront(state: EngineState, queue: QueueState, retentionMs: number): number | undefined {
  let oldestAt = Number.POSITIVE_INFINITY;
  let isMore = false;
  for (let rank = -1; ; ) {
    const next = state.sql.receive.nextRank.get(queue.life, rank) as { rank: number } | undefined;
    if (next === undefined) return isMore || oldestAt === Number.POSITIVE_INFINITY ? undefined : oldestAt;
    rank = next.rank;
    const rows = state.sql.sweep.head.all(queue.life, rank, 0, rowsAtOnce) as EntryRow[];
    const young = rows.findIndex((row) => row.appendedAt + retentionMs > state.now);
    if (young === -1 && rows.length === rowsAtOnce) isMore = true;
    for (const row of young === -1 ? rows : rows.slice(0, young)) expireRow(state, queue, row);
    oldestAt = Math.min(oldestAt, rows[young]?.appendedAt ?? Number.POSITIVE_INFINITY);
  }
}

/** A slice of a queue whose ages are in no order. @returns the oldest age once all were seen; undefined: there is more */
function walkAges(state: EngineState, queue: QueueState, retentionMs: number): number | undefined {
  const walk = queue.retentionWalk;
  const rows = state.sql.sweep.head.all(queue.life, walk.rank, walk.pos, rowsAtOnce) as EntryRow[];
  for (const row of rows) {
    walk.pos = row.pos + 1;
    if (row.appendedAt + retentionMs <= state.now) expireRow(state, queue, row);
    else walk.oldestAt = Math.min(walk.oldestAt, row.appendedAt);
  }
  if (rows.length === rowsAtOnce) return undefined;
  const next = state.sql.receive.nextRank.get(queue.life, walk.rank) as { rank: number } | undefined;
  const { oldestAt } = walk;
  queue.retentionWalk = {
    rank: next?.rank ?? 0,
    pos: 0,
    oldestAt: next === undefined ? Number.POSITIVE_INFINITY : oldestAt,
  };
  if (next !== undefined) return walkAges(state, queue, retentionMs);
  return oldestAt === Number.POSITIVE_INFINITY ? undefined : oldestAt;
}
