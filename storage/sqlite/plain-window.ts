/**
 * The window of a queue without strict groups: per rank the oldest waiting entries in their order.
 * What is leased is in no order; what is further back is on disk only and read in slices when an order runs dry.
 */

import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import type { EntryRow } from './entry-row.ts';
import { FairOrder } from './fair-order.ts';
import type { Order } from './order.ts';
import type { QueueState } from './queue-state.ts';
import { SlotHeap } from './slot-heap.ts';
import type { Window } from './window.ts';

const sliceRows = 512;
/** A slice never looks at more positions than this, however many of them are in flight. */
const slicePositions = 32_768;
const residentMax = 65_536;
const ranksForAll = 10;
const rankCount = 20;

interface Rank {
  readonly order: Order;
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

  constructor(state: EngineState, queue: QueueState) {
    this.state = state;
    this.queue = queue;
    state.rows.write();
    for (let rank = -1; ; ) {
      const row = state.sql.receive.nextRank.get(queue.life, rank) as { rank: number } | undefined;
      if (row === undefined) break;
      rank = row.rank;
      this.ranks[rank] = { order: this.newOrder(), readTo: 0, isAtTail: false };
    }
  }

  wantsAppended(rank: number, pos: number): boolean {
    const window = this.rankFor(rank);
    if (!window.isAtTail) return false;
    if (this.resident < residentMax && !this.state.entries.isFull) return true;
    window.isAtTail = false;
    window.readTo = pos;
    return false;
  }

  add(slot: number): void {
    this.resident++;
    this.rankFor(this.state.entries.rank[slot] as number).order.push(slot);
  }

  next(isForHolder: boolean): number {
    const { pos } = this.state.entries;
    for (let rank = 0; rank < ranksForAll; rank++) {
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
    for (const slot of stillWaiting) this.returned(slot);
    if (leftOver !== noSlot) this.returned(leftOver);
  }

  returned(slot: number): boolean {
    const { entries } = this.state;
    if ((entries.heapAt[slot] as number) === -1) this.rankFor(entries.rank[slot] as number).order.push(slot);
    this.laneChanged(entries.lane[slot] as number);
    return true;
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
    if (!this.state.entries.isFull) return true;
    // No room: the rank is read again from here when its turn comes.
    window.readTo = this.forget(window, row.pos);
    window.isAtTail = false;
    return false;
  }

  refill(isForHolder: boolean): void {
    const upTo = isForHolder ? rankCount : ranksForAll;
    for (let rank = 0; rank < upTo; rank++) {
      const window = this.ranks[rank];
      if (window !== undefined) this.refillRank(window, rank);
    }
  }

  drop(): void {
    for (const window of this.ranks) {
      if (window !== undefined) for (const slot of window.order.drain()) this.state.evict(slot);
    }
  }

  private newOrder(): Order {
    const { state, queue } = this;
    return queue.settings.groups === 'fair' ? new FairOrder(state.entries, queue) : new SlotHeap(state.entries);
  }

  private rankFor(rank: number): Rank {
    const known = this.ranks[rank];
    if (known !== undefined) return known;
    const made = { order: this.newOrder(), readTo: 0, isAtTail: true };
    this.ranks[rank] = made;
    return made;
  }

  private unlink(slot: number): void {
    const { entries } = this.state;
    if ((entries.heapAt[slot] as number) !== -1) this.rankFor(entries.rank[slot] as number).order.remove(slot);
  }

  /** Reads slices until something waits in the order or the tail is reached. */
  private refillRank(window: Rank, rank: number): void {
    const { state, queue } = this;
    while (window.order.size === 0 && !window.isAtTail && this.resident < residentMax && !state.entries.isFull) {
      state.rows.write();
      const first = state.sql.receive.firstPos.get(queue.life, rank, window.readTo) as { pos: number } | undefined;
      if (first === undefined) {
        window.isAtTail = true;
        return;
      }
      const end = Math.min(first.pos + slicePositions, queue.nextPos);
      const rows = state.sql.receive.waiting.all(queue.life, rank, first.pos, end, sliceRows) as EntryRow[];
      const last = rows.at(-1);
      window.readTo = rows.length === sliceRows && last !== undefined ? last.pos + 1 : end;
      for (const row of rows) if (!this.take(window, row)) return;
      window.isAtTail = window.readTo === queue.nextPos;
    }
  }

  private take(window: Rank, row: EntryRow): boolean {
    const { state, queue } = this;
    if (state.entries.find(queue.index, row.pos) !== noSlot) return true; // Leased since, its row is older.
    const slot = state.load(queue, row);
    if (slot === noSlot) {
      window.readTo = row.pos;
      return false;
    }
    state.entries.state[slot] = stateWaiting;
    this.add(slot);
    return true;
  }

  private forget(window: Rank, pos: number): number {
    let first = pos;
    for (const slot of window.order.drain()) {
      first = Math.min(first, this.state.entries.pos[slot] as number);
      this.resident--;
      this.state.evict(slot);
    }
    return first;
  }
}
