/**
 * The window of a strict queue (SQS FIFO): entries chained by lane in the order of arrival, whatever their state, for
 * only the leading visible run of a lane may be given [SQS FIFO delivery logic]. Lanes whose head waits are ready, and
 * the least recently served is next, then the one with the oldest head.
 *
 * Memory: a lane keeps at most `laneMax` entries; what lies behind is cut off and read again, by a bounded look along
 * the disk, when the chain has run dry. So a queue of one group costs a thousand slots at any depth, and reading goes
 * on past a lane that is blocked.
 */

import type { EngineState } from './engine-state.ts';
import { noSlot, stateWaiting } from './entries.ts';
import { type SliceRow, sliceLane, slicePos } from './entry-row.ts';
import { type Lane, LaneHeap, newLane } from './lanes.ts';
import type { QueueState } from './queue-state.ts';
import type { Window } from './window.ts';

/** Slices that one receive may read while no lane is ready: about eight milliseconds. */
const slicesAtOnce = 4;
/** Positions that one look for a cut lane's next entries may pass: one to two milliseconds. */
const lookPositions = 32_768;
/** What is left of a blocked lane when the window is full of blocked lanes; the second when the first is not enough. */
const laneMins = [16, 1] as const;
const hungryAtOnce = 4;
/** Strict queues know no priority: every entry has this rank. */
export const strictRank = 5;

export class StrictWindow implements Window {
  resident = 0;
  private readonly state: EngineState;
  private readonly queue: QueueState;
  private readonly lanes = new Map<number, Lane>();
  private readonly ready: LaneHeap<Lane>;
  /** Cut lanes whose chain has run dry. */
  private readonly hungry = new Set<Lane>();
  private readTo = 0;
  private isAtTail = false;
  private turn = 0;
  private current: Lane | undefined;
  private cursor = noSlot;
  private served: Lane[] = [];

  constructor(state: EngineState, queue: QueueState) {
    this.state = state;
    this.queue = queue;
    this.ready = new LaneHeap(state.entries);
  }

  wantsAppended(_rank: number, pos: number, lane: number): boolean {
    if (!this.isAtTail) return false;
    const known = this.lanes.get(lane);
    if (known !== undefined && known.cutAt <= pos) return false;
    if (known !== undefined && known.length >= this.state.windowLimits.strict.laneMax) {
      known.cutAt = pos;
      return false;
    }
    if (this.resident < this.state.windowLimits.strict.slotsMax && !this.state.entries.isFull) return true;
    this.isAtTail = false;
    this.readTo = pos;
    return false;
  }

  add(slot: number): void {
    const { entries } = this.state;
    const id = entries.lane[slot] as number;
    let lane = this.lanes.get(id);
    if (lane === undefined) {
      lane = newLane(id);
      this.lanes.set(id, lane);
    }
    entries.previous[slot] = lane.tail;
    entries.next[slot] = noSlot;
    if (lane.tail === noSlot) lane.head = slot;
    else entries.next[lane.tail] = slot;
    lane.tail = slot;
    lane.length++;
    this.resident++;
    if (lane.head === slot) this.index(lane);
  }

  next(): number {
    const { entries } = this.state;
    for (;;) {
      const slot = this.cursor;
      if (slot !== noSlot && entries.state[slot] === stateWaiting) {
        this.cursor = entries.next[slot] as number;
        return slot;
      }
      const lane = this.ready.pop();
      if (lane === undefined) {
        this.cursor = noSlot;
        return noSlot;
      }
      lane.turnBefore = lane.turn;
      lane.turn = ++this.turn;
      this.served.push(lane);
      this.current = lane;
      this.cursor = lane.head;
    }
  }

  done(_stillWaiting: readonly number[], leftOver: number): void {
    const last = this.served.at(-1);
    if (last !== undefined && last.head === leftOver) last.turn = last.turnBefore; // Nothing of it was given.
    this.cursor = noSlot;
    this.current = undefined;
    for (const lane of this.served) if (this.lanes.get(lane.id) === lane) this.index(lane);
    this.served = [];
  }

  returned(slot: number): boolean {
    return this.indexLaneOf(slot);
  }

  withdrawn(slot: number): void {
    this.indexLaneOf(slot);
  }

  removed(slot: number): boolean {
    const { entries } = this.state;
    const lane = this.lanes.get(entries.lane[slot] as number);
    if (lane === undefined) return false;
    const previous = entries.previous[slot] as number;
    const next = entries.next[slot] as number;
    if (previous === noSlot) lane.head = next;
    else entries.next[previous] = next;
    if (next === noSlot) lane.tail = previous;
    else entries.previous[next] = previous;
    lane.length--;
    this.resident--;
    if (lane.length > 0) return this.index(lane) || this.mayFindMore;
    this.ready.remove(lane);
    if (lane.cutAt === Number.POSITIVE_INFINITY) this.lanes.delete(lane.id);
    else this.hungry.add(lane);
    return this.mayFindMore;
  }

  /** Leases stay in memory, for they block their lanes. */
  get isFull(): boolean {
    return false;
  }

  /** What is behind the window or cut off is read in its turn; what is before it is in memory already. */
  wantsReturned(): boolean {
    return false;
  }

  refill(): void {
    if (this.state.entries.isFull && this.ready.size === 0) this.trim();
    this.feedHungry();
    for (let slice = 0; slice < slicesAtOnce && this.wantsMore(slice === 0); slice++) {
      if (!this.hasRoom && (this.ready.size > 0 || !this.trim())) break;
      this.readSlice();
    }
    // Whoever waits asks again; but with no room at all only when something has left the window (`removed`).
    if (this.mayFindMore && (this.hasRoom || this.trim())) this.state.ready.add(this.queue);
  }

  evicted(): void {
    throw new Error('broken invariant: what a strict window holds leaves it by removal or drop');
  }

  laneChanged(): void {
    // Who is noisy matters to fair queues only.
  }

  drop(): void {
    for (const lane of this.lanes.values()) {
      for (let slot = lane.head; slot !== noSlot; ) {
        const next = this.state.entries.next[slot] as number;
        this.state.evict(slot);
        slot = next;
      }
    }
    this.lanes.clear();
  }

  private indexLaneOf(slot: number): boolean {
    const lane = this.lanes.get(this.state.entries.lane[slot] as number);
    return lane === undefined ? false : this.index(lane);
  }

  /** Puts a lane where its head says. @returns whether it is ready */
  private index(lane: Lane): boolean {
    this.ready.remove(lane);
    if (this.current === lane || this.state.entries.state[lane.head] !== stateWaiting) return false;
    this.ready.push(lane);
    return true;
  }

  private get hasRoom(): boolean {
    const { entries, windowLimits } = this.state;
    return !entries.isFull && this.resident + windowLimits.strict.sliceRows <= windowLimits.strict.slotsMax;
  }

  /** Nothing can be given now, but not everything was looked at. */
  private get mayFindMore(): boolean {
    return this.ready.size === 0 && (!this.isAtTail || this.hungry.size > 0);
  }

  /** While there is room, one slice ahead each time: the more groups are known, the better they take turns. */
  private wantsMore(isFirst: boolean): boolean {
    if (this.isAtTail) return false;
    return this.ready.size === 0 || (isFirst && this.resident < this.state.windowLimits.strict.slotsMax / 2);
  }

  private readSlice(): void {
    const { state, queue } = this;
    state.rows.write();
    const { sliceRows } = state.windowLimits.strict;
    const rows = state.sql.receive.slice.all(queue.life, strictRank, this.readTo, sliceRows) as SliceRow[];
    for (const row of rows) {
      if (!this.take(row)) return;
      this.readTo = row[slicePos] + 1;
    }
    if (rows.length < sliceRows) this.isAtTail = true;
  }

  /** @returns false when memory is full */
  private take(row: SliceRow): boolean {
    const lane = this.lanes.get(row[sliceLane]);
    if (lane !== undefined) {
      const pos = row[slicePos];
      if (pos >= lane.cutAt) return true;
      if (lane.length >= this.state.windowLimits.strict.laneMax) {
        lane.cutAt = pos;
        return true;
      }
    }
    return this.takeIn(row);
  }

  private takeIn(row: SliceRow): boolean {
    const { state, queue } = this;
    const slot = state.loadSliceRow(queue, strictRank, row);
    if (slot === noSlot) return false;
    this.add(slot);
    return true;
  }

  private feedHungry(): void {
    let left = hungryAtOnce;
    for (const lane of this.hungry) {
      if (left-- === 0) return;
      this.feed(lane);
    }
  }

  /** Reads on in a cut lane, along a bounded stretch. */
  private feed(lane: Lane): void {
    const { state, queue } = this;
    state.rows.write();
    const end = this.isAtTail ? queue.nextPos : this.readTo;
    const to = Math.min(lane.cutAt + lookPositions, end);
    const half = state.windowLimits.strict.laneMax / 2;
    const rows = state.sql.receive.laneSlice.all(queue.life, strictRank, lane.cutAt, to, lane.id, half) as SliceRow[];
    for (const row of rows) {
      lane.cutAt = row[slicePos];
      if (!this.takeIn(row)) return;
    }
    if (rows.length === half) lane.cutAt++;
    else lane.cutAt = to;
    const isAllRead = lane.cutAt >= end;
    if (isAllRead) lane.cutAt = Number.POSITIVE_INFINITY;
    if (lane.length > 0 || isAllRead) this.hungry.delete(lane);
    else this.state.ready.add(queue); // Further along: the next receive looks there.
    if (lane.length === 0 && isAllRead) this.lanes.delete(lane.id);
  }

  /** Cuts the blocked lanes short: what is cut off is read again. @returns whether that made room */
  private trim(): boolean {
    const before = this.resident;
    for (const least of laneMins) {
      for (const lane of this.lanes.values()) this.cut(lane, least);
      if (this.hasRoom) break;
    }
    return this.resident < before;
  }

  private cut(lane: Lane, least: number): void {
    const { entries } = this.state;
    while (lane.length > least && entries.state[lane.tail] === stateWaiting) {
      const slot = lane.tail;
      lane.cutAt = entries.pos[slot] as number;
      lane.tail = entries.previous[slot] as number;
      entries.next[lane.tail] = noSlot;
      lane.length--;
      this.resident--;
      this.state.evict(slot);
    }
  }
}
