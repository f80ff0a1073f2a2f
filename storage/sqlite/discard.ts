import type { EngineState } from './engine-state.ts';
import { noSlot } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import type { QueueState } from './queue-state.ts';

/** Drops the oldest entry that nobody holds, the lowest priority first. @returns false when there is none */
export function discardOldest(state: EngineState, queue: QueueState): boolean {
  state.rows.write();
  for (const rank of ranksDownwards(state, queue)) {
    const rows = state.sql.receive.waiting.all(
      queue.life,
      rank,
      0,
      Number.MAX_SAFE_INTEGER,
      rowsLookedAt,
    ) as EntryRow[];
    for (const row of rows) {
      const slot = state.entries.find(queue.index, row.pos);
      if (slot !== noSlot && state.entries.due[slot] !== 0) continue; // Leased since.
      if (slot !== noSlot && state.entries.holder[slot] !== 0) continue;
      discard(state, queue, row);
      queue.total.dropped++;
      return true;
    }
  }
  return false;
}

const rowsLookedAt = 64;

/** One entry, whatever its state. */
export function discardAt(state: EngineState, queue: QueueState, pos: number): void {
  state.rows.write();
  const slot = state.entries.find(queue.index, pos);
  if (slot !== noSlot) return state.removeEntry(queue, slot, false);
  for (const rank of ranksDownwards(state, queue)) {
    const row = state.sql.receive.one.get(queue.life, rank, pos) as EntryRow | undefined;
    if (row !== undefined) return discard(state, queue, row);
  }
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
