import type { EngineState } from './engine-state.ts';
import { noSlot, stateDelayed, stateFree, stateLeased, stateWaiting } from './entries.ts';
import { writeOut } from './flush.ts';
import type { QueueState } from './queue-state.ts';
import { adopt } from './release.ts';

/** Rows looked at in one turn; what is left has its turn at once. */
const rowsAtOnce = 1_000;

/** Leases and delays whose time has come: their entries wait again. */
export function endDue(state: EngineState): void {
  for (
    let lease = state.shortLeases.takeDue(state.now);
    lease !== undefined;
    lease = state.shortLeases.takeDue(state.now)
  ) {
    const { entries } = state;
    const isSame =
      entries.queue[lease.slot] === lease.queue &&
      entries.pos[lease.slot] === lease.pos &&
      entries.state[lease.slot] === stateLeased &&
      entries.due[lease.slot] === lease.due;
    if (isSame) endInMemory(state, state.queueOf(lease.slot), lease.slot);
  }
  if (state.diskDueAt <= state.now) endOnDisk(state);
}

interface DueRow {
  readonly life: number;
  readonly rank: number;
  readonly pos: number;
  readonly due: number;
  readonly leasedAt: number | null;
}

function endOnDisk(state: EngineState): void {
  state.rows.write();
  const rows = state.sql.receive.due.all(state.now, rowsAtOnce) as DueRow[];
  if (rows.length > 0) state.expiryAt = Math.min(state.expiryAt, state.now); // What expired in flight goes now.
  for (const row of rows) {
    const queue = state.queuesByLife.get(row.life);
    const slot = queue === undefined ? noSlot : state.entries.find(queue.index, row.pos);
    if (queue === undefined) endRow(state, row);
    else if (slot === noSlot) endOwnRow(state, queue, row);
    else endSlot(state, queue, slot);
  }
  const next = state.sql.receive.dueNext.get() as { due: number } | undefined;
  state.diskDueAt = next?.due ?? Number.POSITIVE_INFINITY;
}

function endRow(state: EngineState, row: DueRow): void {
  state.begin();
  state.sql.receive.dueEnd.run(row.life, row.rank, row.pos);
}

function endOwnRow(state: EngineState, queue: QueueState, row: DueRow): void {
  endRow(state, row);
  if (row.leasedAt === null) queue.delayed--;
  else {
    const lane = state.sql.receive.one.get(row.life, row.rank, row.pos) as { lane: number } | undefined;
    queue.leaseEnded(lane?.lane ?? 0);
    queue.window?.laneChanged(lane?.lane ?? 0);
  }
  state.ready.add(queue);
  adopt(state, queue, row.rank, row.pos);
}

/** Memory is newer than the row: an extended lease has its row put right, a lapsed one ends. */
function endSlot(state: EngineState, queue: QueueState, slot: number): void {
  const { entries } = state;
  const due = entries.due[slot] as number;
  if (due !== 0 && due <= state.now) endInMemory(state, queue, slot);
  if (entries.state[slot] !== stateFree) writeOut(state, slot);
}

function endInMemory(state: EngineState, queue: QueueState, slot: number): void {
  const { entries } = state;
  if (entries.state[slot] === stateLeased) {
    queue.leaseEnded(entries.lane[slot] as number);
    if (queue.settings.leasedMax !== undefined) state.ready.add(queue); // Room in flight, for other lanes as well.
  } else if (entries.state[slot] === stateDelayed) queue.delayed--;
  entries.state[slot] = stateWaiting;
  entries.due[slot] = 0;
  entries.leasedAt[slot] = 0;
  if (queue.window === undefined) {
    state.writeBack(slot);
    entries.free(slot);
    state.ready.add(queue);
    return;
  }
  state.markDirty(slot);
  if (queue.window.returned(slot)) state.ready.add(queue);
}
