/** Reading for a fair order that keeps only the oldest of each lane in memory. */
import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import { type SliceRow, slicePos } from './entry-row.ts';
import type { FairLane, FairOrder } from './fair-order.ts';
import type { QueueState } from './queue-state.ts';

/** Lanes that one receive reads on in. */
const hungryAtOnce = 4;
/** Positions that one look for a lane's next entries may pass: one to two milliseconds. */
const lookPositions = 32_768;
const rowsMin = 16;
const rowsMax = 512;

export interface Feeding {
  readonly state: EngineState;
  readonly queue: QueueState;
  readonly rank: number;
  readonly order: FairOrder;
  /** What lies from here on was not read yet. */
  readonly end: number;
  /** Takes a slot into the window. */
  add(slot: number): void;
}

/** Reads on, a bounded stretch each, in some of the cut lanes that have nothing in memory. */
export function feedHungry(feeding: Feeding): void {
  const { order } = feeding;
  let left = hungryAtOnce;
  for (const lane of [...order.hungry]) {
    if (left-- === 0) return;
    feed(feeding, lane);
    if (!order.hungry.delete(lane)) continue;
    order.hungry.add(lane); // Behind the others, who have their turn first.
    feeding.state.ready.add(feeding.queue); // Further along: the next receive looks there.
  }
}

function feed({ state, queue, rank, order, end, add }: Feeding, lane: FairLane): void {
  state.rows.write();
  const to = Math.min(lane.cutAt + lookPositions, end);
  const share = Math.trunc(state.windowLimits.plain.slotsMax / 2 / (order.laneCount + 1));
  const count = Math.min(Math.max(share, rowsMin), rowsMax);
  const rows = state.sql.receive.waitingLaneSlice.all(queue.life, rank, lane.cutAt, to, lane.id, count) as SliceRow[];
  for (const row of rows) {
    lane.cutAt = row[slicePos];
    if (state.entries.find(queue.index, lane.cutAt) !== noSlot) continue; // Leased since, its row is older.
    const slot = state.loadSliceRow(queue, rank, row);
    if (slot === noSlot) return; // Memory is full: it goes on from here.
    state.entries.state[slot] = stateWaiting;
    lane.cutAt++; // Before the order sees it, so that it is not taken for cut off.
    add(slot);
  }
  lane.cutAt = rows.length === count ? lane.cutAt + 1 : to;
  if (lane.cutAt >= end) lane.cutAt = Number.POSITIVE_INFINITY;
  order.forgetIfEmpty(lane);
}
