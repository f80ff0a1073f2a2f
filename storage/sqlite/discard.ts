import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import type { QueueState } from './queue-state.ts';

/**
 * Drops the oldest entries that wait, the lowest priority first, until it is enough: in one walk, for one large message
 * may take the place of thousands of small ones.
 * @returns false when there are not enough
 */
export function discardOldest(state: EngineState, queue: QueueState, isEnough: () => boolean): boolean {
  state.rows.write();
  for (const rank of ranksDownwards(state, queue)) {
    for (let pos = 0, passed = 0; passed < rowsMax && !isEnough(); ) {
      const rows = state.sql.receive.all.all(queue.life, rank, pos, rowsAtOnce) as EntryRow[];
      for (const row of rows) {
        if (isEnough()) return true;
        pos = row.pos + 1;
        if (!isWaiting(state, queue, row)) {
          passed++;
          continue;
        }
        discard(state, queue, row);
        queue.total.dropped++;
      }
      if (rows.length < rowsAtOnce) break;
    }
  }
  return isEnough();
}

const rowsAtOnce = 64;
/** Leased and delayed entries looked past for one that waits. */
const rowsMax = 16_384;

/** Memory is newer than the row. */
function isWaiting(state: EngineState, queue: QueueState, row: EntryRow): boolean {
  const slot = state.entries.find(queue.index, row.pos);
  return slot === noSlot ? row.due === null && row.holder === null : state.entries.state[slot] === stateWaiting;
}

/** One entry, whatever its state. */
export function discardAt(state: EngineState, queue: QueueState, pos: number): void {
  state.rows.write();
  const slot = state.entries.find(queue.index, pos);
  if (slot !== noSlot) return state.removeEntry(queue, slot, false);
  const row = rowAt(state, queue, pos);
  if (row !== undefined) discard(state, queue, row);
}

/** The row of an entry of which only the position is known. */
export function rowAt(state: EngineState, queue: QueueState, pos: number): EntryRow | undefined {
  for (const rank of ranksDownwards(state, queue)) {
    const row = state.sql.receive.one.get(queue.life, rank, pos) as EntryRow | undefined;
    if (row !== undefined) return row;
  }
  return undefined;
}

function discard(state: EngineState, queue: QueueState, row: EntryRow): void {
  const slot = state.entries.find(queue.index, row.pos);
  if (slot !== noSlot) state.removeEntry(queue, slot, false);
  else state.removeRow(queue, row, false);
}

function ranksDownwards(state: EngineState, queue: QueueState): number[] {
  const ranks: number[] = [];
  for (let rank = -1; ; ) {
    const row = state.sql.receive.nextRank.get(queue.life, rank) as { rank: number } | undefined;
    if (row === undefined) return ranks.reverse();
    rank = row.rank;
    ranks.push(rank);
  }
}
