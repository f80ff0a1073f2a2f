/** The order in which the waiting entries of one rank are given. */
export interface Order {
  readonly size: number;
  /** What comes next is poor: something better may lie further back, on disk. */
  readonly wantsMore: boolean;
  push(slot: number): void;
  /** The next, `noSlot` when there is none. */
  peek(): number;
  remove(slot: number): void;
  /** What is in flight of a lane changed. */
  laneChanged(lane: number): void;
  /** Empties it; in no order. */
  drain(): Iterable<number>;
}
