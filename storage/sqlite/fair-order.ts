/**
 * The order of what waits in a fair queue (SQS message groups on a standard queue): oldest first, but a lane that holds
 * more than half of what is in flight is noisy and comes after all that are quiet [SQS fair queues]. Each lane has a
 * heap of its own, so that a change of its mood moves the lane, not its messages.
 */
import { type Entries, noSlot } from './entries.ts';
import { LaneHeap, type OrderedLane } from './lanes.ts';
import type { Order } from './order.ts';
import type { QueueState } from './queue-state.ts';
import { SlotHeap } from './slot-heap.ts';

/** Below this a lane is never noisy. */
const noisyLeasesMin = 10;
const quiet = 0;
const noisy = 1;

interface FairLane extends OrderedLane {
  readonly id: number;
  readonly heap: SlotHeap;
}

export class FairOrder implements Order {
  size = 0;
  private readonly entries: Entries;
  private readonly queue: QueueState;
  /** Messages without a group are one group of their own. */
  private readonly plain: SlotHeap;
  private readonly lanes = new Map<number, FairLane>();
  private readonly laneHeap: LaneHeap<FairLane>;

  constructor(entries: Entries, queue: QueueState) {
    this.entries = entries;
    this.queue = queue;
    this.plain = new SlotHeap(entries);
    this.laneHeap = new LaneHeap(entries);
  }

  /** A noisy group's backlog must not hide the quiet ones behind it. What has no group is not looked past. */
  get wantsMore(): boolean {
    const next = this.peek();
    if (next === noSlot) return true;
    const lane = this.entries.lane[next] as number;
    return lane !== 0 && this.moodOf(lane) === noisy;
  }

  push(slot: number): void {
    this.size++;
    const id = this.entries.lane[slot] as number;
    if (id === 0) return this.plain.push(slot);
    const lane = this.laneFor(id);
    lane.heap.push(slot);
    if (lane.heap.peek() === slot) this.index(lane);
  }

  peek(): number {
    const own = this.plain.peek();
    const lane = this.best();
    if (lane === undefined) return own;
    if (own === noSlot) return lane.head;
    const mood = this.moodOf(0);
    if (lane.turn !== mood) return lane.turn < mood ? lane.head : own;
    return (this.entries.pos[own] as number) < (this.entries.pos[lane.head] as number) ? own : lane.head;
  }

  remove(slot: number): void {
    this.size--;
    const id = this.entries.lane[slot] as number;
    if (id === 0) return this.plain.remove(slot);
    const lane = this.laneFor(id);
    lane.heap.remove(slot);
    this.index(lane);
  }

  laneChanged(id: number): void {
    const lane = this.lanes.get(id);
    if (lane !== undefined && lane.turn !== this.moodOf(id)) this.index(lane);
  }

  *drain(): Generator<number> {
    this.size = 0;
    yield* this.plain.drain();
    for (const lane of this.lanes.values()) {
      this.laneHeap.remove(lane);
      yield* lane.heap.drain();
    }
    this.lanes.clear();
  }

  /** The lane to serve next, its mood looked at again first. */
  private best(): FairLane | undefined {
    for (;;) {
      const lane = this.laneHeap.peek();
      if (lane === undefined || lane.turn === this.moodOf(lane.id)) return lane;
      this.index(lane);
    }
  }

  private laneFor(id: number): FairLane {
    let lane = this.lanes.get(id);
    if (lane === undefined) {
      lane = { id, heap: new SlotHeap(this.entries), head: noSlot, turn: quiet, heapAt: -1 };
      this.lanes.set(id, lane);
    }
    return lane;
  }

  private index(lane: FairLane): void {
    this.laneHeap.remove(lane);
    lane.head = lane.heap.peek();
    if (lane.head === noSlot) {
      this.lanes.delete(lane.id);
      return;
    }
    lane.turn = this.moodOf(lane.id);
    this.laneHeap.push(lane);
  }

  private moodOf(id: number): number {
    const own = this.queue.leasedByLane.get(id) ?? 0;
    return own >= noisyLeasesMin && own * 2 > this.queue.leased ? noisy : quiet;
  }
}
