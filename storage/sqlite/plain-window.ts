/**
 * The window of a queue without strict groups: per rank the oldest waiting entries in their order.
 * What is leased is in no order; what is further back is on disk only and read in slices when an order runs dry.
 */

import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import { type EntryRow, type SliceRow, sliceLane, slicePos } from './entry-row.ts';
import { feedHungry } from './fair-feed.ts';
import { FairOrder } from './fair-order.ts';
import type { Order } from './order.ts';
import type { QueueState } from './queue-state.ts';
import { SlotHeap } from './slot-heap.ts';
import type { Window } from './window.ts';

/** A slice never looks at more positions than this, however many of them are in flight: one to two milliseconds. */
const slicePositions = 32_768;
/** Taking a row in costs as much as passing so many positions. */
const positionsARow = 64;
/** What one turn passes, some six milliseconds; a queue with more before what waits is told ready, so that it is asked again. */
const positionsAtOnce = 4 * slicePositions;
const ranksForAll = 10;
const rankCount = 20;
/** What is left of each lane of a fair order when the window is full of what should come last: less when that is not enough. */
const laneMins = [64, 8, 1] as const;

interface Rank {
  readonly order: Order;
  /** The same, where there are lanes. */
  readonly fair: FairOrder | undefined;
  /** Everything that waits below it is in the order. */
  readTo: number;
  /** Everything that waits is in the order. */
  isAtTail: boolean;
}

export class PlainWindow implements Window {
  resident = 0;
  private readonly state: EngineState;
  private readonly queue: QueueState;
  private readonly ranks: (Rank | undefined)[] = new Array(rankCount).fill(undefined);
  /** Lower priorities have their turn when all above were looked through. */
  private ranksTo = ranksForAll;

  constructor(state: EngineState, queue: QueueState) {
    this.state = state;
    this.queue = queue;
    state.rows.write();
    for (let rank = -1; ; ) {
      const row = state.sql.receive.nextRank.get(queue.life, rank) as { rank: number } | undefined;
      if (row === undefined) break;
      rank = row.rank;
      this.ranks[rank] = this.newRank(false);
    }
  }

  wantsAppended(rank: number, pos: number, lane: number): boolean {
    const window = this.rankFor(rank);
    if (!window.isAtTail || window.fair?.leavesOut(lane, pos) === true) return false;
    if (this.hasRoom) return true;
    window.isAtTail = false;
    window.readTo = pos;
    return false;
  }

  add(slot: number): void {
    const { rank, lane } = this.state.entries;
    this.resident++;
    if (lane[slot] !== 0) this.queue.hasGroups = true;
    this.rankFor(rank[slot] as number).order.push(slot);
  }

  get isFull(): boolean {
    return this.resident >= this.state.windowLimits.plain.slotsMax;
  }

  next(isForHolder: boolean): number {
    const { pos } = this.state.entries;
    for (let rank = 0; rank < this.ranksTo; rank++) {
      const own = this.ranks[rank]?.order;
      const slot = own?.peek() ?? noSlot;
      // For a holder each rank is merged with its twin of what only holders get.
      const other = isForHolder ? this.ranks[rank + ranksForAll]?.order : undefined;
      const otherSlot = other?.peek() ?? noSlot;
      if (otherSlot !== noSlot && (slot === noSlot || (pos[otherSlot] as number) < (pos[slot] as number))) {
        other?.remove(otherSlot);
        return otherSlot;
      }
      if (slot !== noSlot) {
        own?.remove(slot);
        return slot;
      }
    }
    return noSlot;
  }

  done(stillWaiting: readonly number[], leftOver: number): void {
    for (const slot of stillWaiting) this.putBack(slot);
    if (leftOver !== noSlot) this.putBack(leftOver);
  }

  returned(slot: number): boolean {
    const { entries } = this.state;
    const window = this.rankFor(entries.rank[slot] as number);
    const lane = entries.lane[slot] as number;
    const pos = entries.pos[slot] as number;
    this.laneChanged(lane);
    const isRead = window.isAtTail || pos < window.readTo;
    if (isRead && window.fair?.isCutOff(lane, pos) !== true) this.putBack(slot);
    else {
      // Older ones are on disk only: it is read behind them.
      this.unlink(slot);
      this.resident--;
      this.state.evict(slot);
    }
    return true;
  }

  private putBack(slot: number): void {
    const { entries } = this.state;
    if ((entries.heapAt[slot] as number) === -1) this.rankFor(entries.rank[slot] as number).order.push(slot);
    this.laneChanged(entries.lane[slot] as number);
  }

  withdrawn(slot: number): void {
    this.unlink(slot);
  }

  removed(slot: number): boolean {
    this.unlink(slot);
    this.resident--;
    this.laneChanged(this.state.entries.lane[slot] as number);
    return false;
  }

  evicted(): void {
    this.resident--;
  }

  laneChanged(lane: number): void {
    if (lane === 0) return;
    for (const window of this.ranks) window?.order.laneChanged(lane);
  }

  wantsReturned(row: EntryRow): boolean {
    const window = this.rankFor(row.rank);
    if (!window.isAtTail && row.pos >= window.readTo) return false;
    if (window.fair?.isCutOff(row.lane, row.pos) === true) return false;
    if (!this.state.entries.isFull) return true;
    // No room: the rank is read again from here when its turn comes.
    window.readTo = this.forget(window, row.pos);
    window.isAtTail = false;
    return false;
  }

  /** The highest rank that has something; those below it wait until it has nothing more. */
  refill(isForHolder: boolean): void {
    let left = positionsAtOnce;
    for (let rank = 0; rank < ranksForAll; rank++) {
      const own = this.ranks[rank];
      const twin = isForHolder ? this.ranks[rank + ranksForAll] : undefined;
      if (own !== undefined) left -= this.refillRank(own, rank, left);
      if (twin !== undefined) left -= this.refillRank(twin, rank + ranksForAll, left);
      this.ranksTo = rank + 1;
      if (hasSome(own) || hasSome(twin)) return;
      if (hasMoreOnDisk(own) || hasMoreOnDisk(twin)) {
        this.state.ready.add(this.queue);
        return;
      }
    }
  }

  drop(): void {
    for (const window of this.ranks) {
      if (window !== undefined) for (const slot of window.order.drain()) this.state.evict(slot);
    }
  }

  private newRank(isAtTail: boolean): Rank {
    const { state, queue } = this;
    const fair = queue.settings.groups === 'fair' ? new FairOrder(state.entries, queue) : undefined;
    return { order: fair ?? new SlotHeap(state.entries), fair, readTo: 0, isAtTail };
  }

  private rankFor(rank: number): Rank {
    const known = this.ranks[rank];
    if (known !== undefined) return known;
    const made = this.newRank(true);
    this.ranks[rank] = made;
    return made;
  }

  private unlink(slot: number): void {
    const { entries } = this.state;
    if ((entries.heapAt[slot] as number) !== -1) this.rankFor(entries.rank[slot] as number).order.remove(slot);
  }

  /** Reads slices until something good waits in the order or the tail is reached. @returns what that cost, in positions */
  private refillRank(window: Rank, rank: number, costMax: number): number {
    let cost = 0;
    if (window.fair !== undefined && window.fair.hungry.size > 0) this.feed(window.fair, window, rank);
    while (window.order.wantsMore && !window.isAtTail && cost < costMax) {
      if (!this.hasRoom && !this.trim(window) && (window.order.size > 0 || !this.makeRoom(rank))) return cost;
      cost += this.readSlice(window, rank);
    }
    return cost;
  }

  private feed(order: FairOrder, window: Rank, rank: number): void {
    const { state, queue } = this;
    if (!this.hasRoom && !this.trim(window) && window.order.size > 0) return;
    const end = window.isAtTail ? queue.nextPos : window.readTo;
    feedHungry({ state, queue, rank, order, end, add: (slot) => this.add(slot) });
  }

  /** Cuts the lanes of a fair order short: what is cut off is read again. @returns whether that made room */
  private trim({ fair }: Rank): boolean {
    if (fair === undefined || !this.queue.hasGroups) return false;
    for (const least of laneMins) {
      if (fair.size <= least * fair.laneCount) continue;
      for (const slot of fair.trim(least)) {
        this.resident--;
        this.state.evict(slot);
      }
      if (this.hasRoom) return true;
    }
    return false;
  }

  private readSlice(window: Rank, rank: number): number {
    const { state, queue } = this;
    const { sliceRows } = state.windowLimits.plain;
    state.rows.write();
    const first = state.sql.receive.firstPos.get(queue.life, rank, window.readTo) as { pos: number } | undefined;
    if (first === undefined) {
      window.isAtTail = true;
      return 0;
    }
    const end = Math.min(first.pos + slicePositions, queue.nextPos);
    const { waitingSlice, othersSlice } = state.sql.receive;
    const others = window.fair?.passedOver;
    const rows = (
      others === undefined
        ? waitingSlice.all(queue.life, rank, first.pos, end, sliceRows)
        : othersSlice.all(queue.life, rank, first.pos, end, ...others, sliceRows)
    ) as SliceRow[];
    const last = rows.at(-1);
    window.readTo = rows.length === sliceRows && last !== undefined ? last[slicePos] + 1 : end;
    const cost = window.readTo - first.pos + rows.length * positionsARow;
    for (const row of rows) if (!this.take(window, rank, row)) return cost;
    window.isAtTail = window.readTo === queue.nextPos;
    return cost;
  }

  private get hasRoom(): boolean {
    return !this.isFull && !this.state.entries.isFull;
  }

  /** A high priority never waits for room that lower ones take. @returns whether there is room now */
  private makeRoom(rank: number): boolean {
    for (let other = ranksForAll - 1; other > rank % ranksForAll && !this.hasRoom; other--) {
      for (const twin of [other + ranksForAll, other]) {
        const window = this.ranks[twin];
        if (window === undefined || window.order.size === 0) continue;
        window.readTo = this.forget(window, window.isAtTail ? this.queue.nextPos : window.readTo);
        window.isAtTail = false;
      }
    }
    return this.hasRoom;
  }

  private take(window: Rank, rank: number, row: SliceRow): boolean {
    const { state, queue } = this;
    const pos = row[slicePos];
    if (state.entries.find(queue.index, pos) !== noSlot) return true; // Leased since, its row is older.
    if (window.fair?.leavesOut(row[sliceLane], pos) === true) return true;
    const slot = state.loadSliceRow(queue, rank, row);
    if (slot === noSlot) {
      window.readTo = pos;
      return false;
    }
    state.entries.state[slot] = stateWaiting;
    this.add(slot);
    return true;
  }

  private forget(window: Rank, pos: number): number {
    let first = Math.min(pos, window.fair?.cutFrom ?? pos);
    for (const slot of window.order.drain()) {
      first = Math.min(first, this.state.entries.pos[slot] as number);
      this.resident--;
      this.state.evict(slot);
    }
    return first;
  }
}

function hasSome(window: Rank | undefined): boolean {
  return window !== undefined && window.order.size > 0;
}

function hasMoreOnDisk(window: Rank | undefined): boolean {
  return window !== undefined && (!window.isAtTail || (window.fair?.hungry.size ?? 0) > 0);
}
