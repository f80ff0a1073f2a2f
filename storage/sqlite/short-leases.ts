import type { Instant } from '../store.ts';

/**
 * Leases that end before they would be written to disk (flush.ts), by their end. Those that last longer are found by
 * the index entry_due. A settled lease stays here until its time: at most a second's worth.
 */
export interface ShortLease {
  readonly due: Instant;
  readonly slot: number;
  readonly queue: number;
  readonly pos: number;
}

export class ShortLeases {
  private readonly heap: ShortLease[] = [];

  get dueAt(): Instant {
    return this.heap[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.heap.length = 0;
  }

  add(lease: ShortLease): void {
    const { heap } = this;
    let at = heap.length;
    heap.push(lease);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = heap[parent];
      if (other === undefined || other.due <= lease.due) break;
      heap[at] = other;
      at = parent;
    }
    heap[at] = lease;
  }

  /** The next whose end has come. */
  takeDue(now: Instant): ShortLease | undefined {
    const { heap } = this;
    const first = heap[0];
    if (first === undefined || first.due > now) return undefined;
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.sink(last);
    return first;
  }

  private sink(lease: ShortLease): void {
    const { heap } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      if (left === undefined) break;
      const right = heap[child + 1];
      let least = left;
      if (right !== undefined && right.due < left.due) {
        least = right;
        child++;
      }
      if (least.due >= lease.due) break;
      heap[at] = least;
      at = child;
    }
    heap[at] = lease;
  }
}
