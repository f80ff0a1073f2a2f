import { type Entries, noSlot } from './entries.ts';

/** What a heap of lanes goes by: the lower turn first, then the older head. */
export interface OrderedLane {
  head: number;
  turn: number;
  heapAt: number;
}

/** One message group of a strict queue, as far as it is in memory. */
export interface Lane extends OrderedLane {
  readonly id: number;
  head: number;
  tail: number;
  length: number;
  /** When it was last served; 0: never. */
  turn: number;
  /** As it was before this round. */
  turnBefore: number;
  /** From this position on its entries are on disk only; Infinity: all that were read are here. */
  cutAt: number;
  heapAt: number;
}

export function newLane(id: number): Lane {
  return {
    id,
    head: noSlot,
    tail: noSlot,
    length: 0,
    turn: 0,
    turnBefore: 0,
    cutAt: Number.POSITIVE_INFINITY,
    heapAt: -1,
  };
}

export class LaneHeap<L extends OrderedLane> {
  private readonly lanes: L[] = [];
  private readonly entries: Entries;

  constructor(entries: Entries) {
    this.entries = entries;
  }

  get size(): number {
    return this.lanes.length;
  }

  push(lane: L): void {
    this.lanes.push(lane);
    this.up(this.lanes.length - 1, lane);
  }

  peek(): L | undefined {
    return this.lanes[0];
  }

  pop(): L | undefined {
    const lane = this.lanes[0];
    if (lane !== undefined) this.remove(lane);
    return lane;
  }

  /** Harmless for a lane that is not in. */
  remove(lane: L): void {
    const at = lane.heapAt;
    if (at === -1) return;
    lane.heapAt = -1;
    const last = this.lanes.pop();
    if (last === undefined || last === lane) return;
    this.up(at, last);
    if (last.heapAt === at) this.down(at, last);
  }

  private isBefore(a: L, b: L): boolean {
    if (a.turn !== b.turn) return a.turn < b.turn;
    return (this.entries.pos[a.head] as number) < (this.entries.pos[b.head] as number);
  }

  private up(from: number, lane: L): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = this.lanes[parent] as L;
      if (!this.isBefore(lane, other)) break;
      this.place(at, other);
      at = parent;
    }
    this.place(at, lane);
  }

  private down(from: number, lane: L): void {
    const size = this.lanes.length;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(this.lanes[child + 1] as L, this.lanes[child] as L)) child++;
      const other = this.lanes[child] as L;
      if (!this.isBefore(other, lane)) break;
      this.place(at, other);
      at = child;
    }
    this.place(at, lane);
  }

  private place(at: number, lane: L): void {
    this.lanes[at] = lane;
    lane.heapAt = at;
  }
}
