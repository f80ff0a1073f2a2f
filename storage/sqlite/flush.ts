import type { EngineState } from './engine-state.ts';
import { stateLeased } from './entries.ts';

/**
 * Writes to disk what so far is in memory only: leases, their ends, counts. A receive does not wait for the disk, and
 * what is settled before this runs never touches its row: a quick consumer costs one insert and one delete a message.
 * Afterwards a plain queue's leases leave memory, so that memory does not grow with what is in flight.
 */
export function flush(state: EngineState): void {
  const { entries } = state;
  const slots = state.dirty.filter((slot) => entries.isDirty[slot] === 1);
  state.dirty = [];
  if (slots.length > 0) {
    state.onStep('flush');
    slots.sort((a, b) => byKey(state, a, b));
    for (const slot of slots) if (entries.isDirty[slot] === 1) writeOut(state, slot); // Freed and used again: twice in the list.
  }
  state.writeTallies();
  // What is written but not committed keeps its hour: a browse must not make a memory batch wait for the next durable one.
  if (!state.isInTransaction) state.flushAt = Number.POSITIVE_INFINITY;
}

/** One slot's row, and the slot out of memory where it need not stay. */
export function writeOut(state: EngineState, slot: number): void {
  const { entries } = state;
  const queue = state.queueOf(slot);
  state.writeBack(slot);
  if (entries.state[slot] !== stateLeased || (queue.isStrict && queue.window !== undefined)) return;
  queue.window?.evicted();
  entries.free(slot);
}

function byKey(state: EngineState, a: number, b: number): number {
  const { entries } = state;
  return (
    (entries.queue[a] as number) - (entries.queue[b] as number) ||
    (entries.rank[a] as number) - (entries.rank[b] as number) ||
    (entries.pos[a] as number) - (entries.pos[b] as number)
  );
}
