/**
 * The order of what waits in a fair queue (SQS message groups on a standard queue): oldest first, but who has much in
 * flight comes after who has little [sqs-sns 1.12]. Moods are powers of two of what a lane has in flight, so that a lane
 * changes its place seldom: below ten nobody is told apart, and a queue whose consumers keep up is served in its order.
 * Each lane has a heap of its own, so that a change of its mood moves the lane, not its messages.
 *
 * Memory: where there are groups a lane keeps at most `laneMax` entries; what lies behind is cut off and read again when
 * the lane has run dry (fair-feed.ts). So the backlog of one tenant, however deep, leaves room for what others sent after it.
 */
import { type Entries, noSlot } from './entries.ts';
import { LaneHeap, type OrderedLane } from './lanes.ts';
import type { Order } from './order.ts';
import type { QueueState } from './queue-state.ts';
import { SlotHeap } from './slot-heap.ts';

/** Below this many in flight a lane is quiet. */
export const noisyLeasesMin = 10;
const quiet = 0;
/** Entries of one lane in memory. */
const laneMax = 1_024;
/** Cut lanes that a slice of the disk passes over; more would not make it faster. */
const passedOverMax = 4;
/** Lanes looked at for those. */
const passedOverLookedMax = 64;

export interface FairLane extends OrderedLane {
  readonly id: number;
  readonly heap: SlotHeap;
  /** From this position on what waits is on disk only; Infinity: all that was read is here. */
  cutAt: number;
}

export class FairOrder implements Order {
  size = 0;
  /** Cut lanes of which nothing is in memory. */
  readonly hungry = new Set<FairLane>();
  private readonly entries: Entries;
  private readonly queue: QueueState;
  /** Messages without a group are one group of their own. */
  private readonly plain: FairLane;
  private readonly lanes = new Map<number, FairLane>();
  private readonly laneHeap: LaneHeap<FairLane>;

  constructor(entries: Entries, queue: QueueState) {
    this.entries = entries;
    this.queue = queue;
    this.plain = this.newLane(0);
    this.laneHeap = new LaneHeap(entries);
  }

  /** A noisy group's backlog must not hide the quiet ones behind it. Where no message has a group, there are none. */
  get wantsMore(): boolean {
    const next = this.peek();
    if (next === noSlot) return true;
    return this.queue.hasGroups && this.moodOf(this.entries.lane[next] as number) !== quiet;
  }

  get laneCount(): number {
    return this.lanes.size;
  }

  push(slot: number): void {
    this.size++;
    const lane = this.laneFor(this.entries.lane[slot] as number);
    lane.heap.push(slot);
    if (lane.heap.size === 1) this.hungry.delete(lane);
    if (lane !== this.plain && lane.heap.peek() === slot) this.index(lane);
  }

  peek(): number {
    const own = this.plain.heap.peek();
    const lane = this.best();
    if (lane === undefined) return own;
    if (own === noSlot) return lane.head;
    const mood = this.moodOf(0);
    if (lane.turn !== mood) return lane.turn < mood ? lane.head : own;
    return (this.entries.pos[own] as number) < (this.entries.pos[lane.head] as number) ? own : lane.head;
  }

  remove(slot: number): void {
    this.size--;
    const lane = this.laneFor(this.entries.lane[slot] as number);
    lane.heap.remove(slot);
    if (lane !== this.plain) this.index(lane);
    else if (lane.heap.size === 0) this.ranDry(lane);
  }

  laneChanged(id: number): void {
    const lane = this.lanes.get(id);
    if (lane !== undefined && lane.turn !== this.moodOf(id)) this.index(lane);
  }

  *drain(): Generator<number> {
    this.size = 0;
    this.hungry.clear();
    this.plain.cutAt = Number.POSITIVE_INFINITY;
    yield* this.plain.heap.drain();
    for (const lane of this.lanes.values()) {
      this.laneHeap.remove(lane);
      yield* lane.heap.drain();
    }
    this.lanes.clear();
  }

  /** Whether an entry stays on disk, asked of each in turn as it is read or appended: its lane has enough in memory. */
  leavesOut(id: number, pos: number): boolean {
    if (!this.queue.hasGroups) return false;
    const lane = this.find(id);
    if (lane === undefined) return false;
    if (pos >= lane.cutAt) return true;
    if (lane.heap.size < laneMax) return false;
    lane.cutAt = pos;
    return true;
  }

  /** Whether an entry that waits again at its old place is read there when its lane gets to it. */
  isCutOff(id: number, pos: number): boolean {
    return pos >= (this.find(id)?.cutAt ?? Number.POSITIVE_INFINITY);
  }

  /** Where the first entry may be that was read and left out. */
  get cutFrom(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { cutAt } of this.all()) first = Math.min(first, cutAt);
    return first;
  }

  /** Lanes that a slice need not read, exactly four: one may stand there twice. Undefined: none is cut. */
  get passedOver(): readonly number[] | undefined {
    const cut: number[] = [];
    let looked = 0;
    for (const lane of this.all()) {
      if (looked++ === passedOverLookedMax || cut.length === passedOverMax) break;
      if (lane.cutAt !== Number.POSITIVE_INFINITY) cut.push(lane.id);
    }
    const [first] = cut;
    if (first === undefined) return undefined;
    while (cut.length < passedOverMax) cut.push(first);
    return cut;
  }

  /** Leaves each lane its oldest `least` entries; the others, which are given here, are to leave memory. */
  *trim(least: number): Generator<number> {
    const { pos } = this.entries;
    for (const lane of this.all()) {
      if (lane.heap.size <= least) continue;
      const slots = [...lane.heap.drain()].sort((a, b) => (pos[a] as number) - (pos[b] as number));
      for (const slot of slots.slice(0, least)) lane.heap.push(slot);
      const cut = slots.slice(least);
      lane.cutAt = Math.min(lane.cutAt, pos[cut[0] as number] as number);
      this.size -= cut.length;
      yield* cut;
    }
  }

  /** Nothing of it is left on disk either. */
  forgetIfEmpty(lane: FairLane): void {
    if (lane.cutAt !== Number.POSITIVE_INFINITY || lane.heap.size > 0) return;
    this.hungry.delete(lane);
    if (lane !== this.plain) this.lanes.delete(lane.id);
  }

  /** The lane to serve next, its mood looked at again first. */
  private best(): FairLane | undefined {
    for (;;) {
      const lane = this.laneHeap.peek();
      if (lane === undefined || lane.turn === this.moodOf(lane.id)) return lane;
      this.index(lane);
    }
  }

  private *all(): Generator<FairLane> {
    yield this.plain;
    yield* this.lanes.values();
  }

  private find(id: number): FairLane | undefined {
    return id === 0 ? this.plain : this.lanes.get(id);
  }

  private laneFor(id: number): FairLane {
    const known = this.find(id);
    if (known !== undefined) return known;
    const lane = this.newLane(id);
    this.lanes.set(id, lane);
    return lane;
  }

  private newLane(id: number): FairLane {
    const heap = new SlotHeap(this.entries);
    return { id, heap, head: noSlot, turn: quiet, heapAt: -1, cutAt: Number.POSITIVE_INFINITY };
  }

  private index(lane: FairLane): void {
    this.laneHeap.remove(lane);
    lane.head = lane.heap.peek();
    if (lane.head === noSlot) return this.ranDry(lane);
    lane.turn = this.moodOf(lane.id);
    this.laneHeap.push(lane);
  }

  private ranDry(lane: FairLane): void {
    if (lane.cutAt !== Number.POSITIVE_INFINITY) this.hungry.add(lane);
    else if (lane !== this.plain) this.lanes.delete(lane.id);
  }

  /** 0 below ten in flight, 1 below twenty, 2 below forty, and so on. */
  private moodOf(id: number): number {
    const own = this.queue.leasedByLane.get(id) ?? 0;
    return own < noisyLeasesMin ? quiet : 32 - Math.clz32(Math.trunc(own / noisyLeasesMin));
  }
}
