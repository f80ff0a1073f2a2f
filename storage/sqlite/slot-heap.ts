import type { Entries } from './entries.ts';
import type { Order } from './order.ts';

/**
 * Slots by ascending pos: append is O(1) as a rule, the head O(log n), a return to an old place O(log n). Frugal: each
 * slot knows its place, so that any can be taken out.
 */
export class SlotHeap implements Order {
  size = 0;
  private slots = new Int32Array(16);
  private readonly entries: Entries;

  constructor(entries: Entries) {
    this.entries = entries;
  }

  get wantsMore(): boolean {
    return this.size === 0;
  }

  peek(): number {
    return this.size === 0 ? -1 : (this.slots[0] as number);
  }

  push(slot: number): void {
    if (this.size === this.slots.length) {
      const larger = new Int32Array(this.size * 2);
      larger.set(this.slots);
      this.slots = larger;
    }
    this.up(this.size++, slot);
  }

  remove(slot: number): void {
    const at = this.entries.heapAt[slot] as number;
    this.entries.heapAt[slot] = -1;
    const last = this.slots[--this.size] as number;
    if (at === this.size) return;
    if (at > 0 && this.isBefore(last, this.slots[(at - 1) >> 1] as number)) this.up(at, last);
    else this.down(at, last);
  }

  laneChanged(): void {
    // Lanes mean nothing here.
  }

  /** Empties it; in no order. */
  *drain(): Generator<number> {
    while (this.size > 0) {
      const slot = this.slots[--this.size] as number;
      this.entries.heapAt[slot] = -1;
      yield slot;
    }
  }

  private isBefore(a: number, b: number): boolean {
    return (this.entries.pos[a] as number) < (this.entries.pos[b] as number);
  }

  private up(from: number, slot: number): void {
    const { slots } = this;
    const { heapAt } = this.entries;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const other = slots[parent] as number;
      if (!this.isBefore(slot, other)) break;
      slots[at] = other;
      heapAt[other] = at;
      at = parent;
    }
    slots[at] = slot;
    heapAt[slot] = at;
  }

  private down(from: number, slot: number): void {
    const { slots, size } = this;
    const { heapAt } = this.entries;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(slots[child + 1] as number, slots[child] as number)) child++;
      const other = slots[child] as number;
      if (!this.isBefore(other, slot)) break;
      slots[at] = other;
      heapAt[other] = at;
      at = child;
    }
    slots[at] = slot;
    heapAt[slot] = at;
  }
}
