import type { EngineState } from './engine-state.ts';
import { noSlot, stateDelayed, stateLeased, stateWaiting } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import type { QueueState } from './queue-state.ts';

export interface Release {
  /** 0: at once. */
  readonly visibleAt: number;
  readonly isCounted: boolean;
  readonly note: Uint8Array | undefined;
}

/** Ends a lease: the entry is back at its old place, now or later. A detached slot is written to disk at once. */
export function release(state: EngineState, queue: QueueState, slot: number, isDetached: boolean, how: Release): void {
  const { entries } = state;
  if (entries.state[slot] === stateLeased) {
    queue.leaseEnded(entries.lane[slot] as number);
    if (queue.settings.leasedMax !== undefined) state.ready.add(queue); // There is room in flight again.
  } else if (entries.state[slot] === stateDelayed) queue.delayed--;
  if (!how.isCounted) entries.uncounted[slot] = (entries.uncounted[slot] as number) + 1;
  if (state.deliveriesOf(slot) === 0) entries.firstAt[slot] = 0;
  entries.holder[slot] = 0;
  entries.given[slot] = 0;
  entries.tag[slot] = -1;
  entries.leasedAt[slot] = 0;
  if (how.note !== undefined) entries.notes.set(slot, how.note);
  if (how.visibleAt > state.now) {
    entries.state[slot] = stateDelayed;
    entries.due[slot] = how.visibleAt;
    queue.delayed++;
  } else {
    entries.state[slot] = stateWaiting;
    entries.due[slot] = 0;
  }
  if (isDetached) placeDetached(state, queue, slot);
  else place(state, queue, slot);
}

function place(state: EngineState, queue: QueueState, slot: number): void {
  const { entries } = state;
  if (queue.window === undefined) {
    state.writeBack(slot);
    entries.free(slot);
    state.ready.add(queue);
    return;
  }
  if (entries.state[slot] === stateWaiting) {
    state.markDirty(slot);
    if (queue.window.returned(slot)) state.ready.add(queue);
    return;
  }
  state.writeBack(slot);
  queue.window.withdrawn(slot);
  if (queue.isStrict) return; // It blocks its lane, so it stays.
  queue.window.evicted();
  entries.free(slot);
}

function placeDetached(state: EngineState, queue: QueueState, slot: number): void {
  const { entries } = state;
  state.writeBack(slot);
  if (entries.state[slot] !== stateWaiting) return;
  state.ready.add(queue);
  queue.window?.laneChanged(entries.lane[slot] as number);
  adopt(state, queue, entries.rank[slot] as number, entries.pos[slot] as number);
}

/** An entry that waits again on disk joins the window when that has read past its place. */
export function adopt(state: EngineState, queue: QueueState, rank: number, pos: number): void {
  const row = state.sql.receive.one.get(queue.life, rank, pos) as EntryRow | undefined;
  if (row === undefined || queue.window?.wantsReturned(row) !== true) return;
  const slot = state.load(queue, row);
  if (slot !== noSlot) queue.window.add(slot);
}
