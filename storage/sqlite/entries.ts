/**
 * The entries that are in memory: columns of typed arrays, one slot an entry, found by (queue, pos). Bounded: a caller
 * that gets no slot leaves the entry on disk, where everything can be read again. Measured by bench/engine: as objects
 * these cost three times the memory and their garbage.
 */
export const stateFree = 0;
export const stateWaiting = 1;
export const stateDelayed = 2;
export const stateLeased = 3;

export const noSlot = -1;
/** Holds an entry that is on disk only while a verb works on it; never found, never freed. */
export const scratchSlot = 0;

export class Entries {
  pos = new Float64Array(0);
  body = new Float64Array(0);
  lane = new Float64Array(0);
  appendedAt = new Float64Array(0);
  /** 0: never. */
  expiresAt = new Float64Array(0);
  /** When a delay or a timed lease ends; 0: neither. */
  due = new Float64Array(0);
  /** 0: never received. */
  firstAt = new Float64Array(0);
  leasedAt = new Float64Array(0);
  /** 0: the lease is timed. */
  holder = new Float64Array(0);
  /** Order in which a holder was given its leases. */
  given = new Float64Array(0);
  size = new Uint32Array(0);
  count = new Uint32Array(0);
  /** Deliveries that were given back as not counted: `count` names a delivery and never falls. */
  uncounted = new Uint32Array(0);
  /** Deliveries in the queues that it was in before. */
  countBase = new Uint32Array(0);
  /** -1: none. */
  tag = new Int32Array(0);
  queue = new Int32Array(0);
  /** Chains of a lane (strict windows). */
  next = new Int32Array(0);
  previous = new Int32Array(0);
  /** Place in the heap that holds the slot (plain windows). */
  heapAt = new Int32Array(0);
  state = new Uint8Array(0);
  rank = new Uint8Array(0);
  /** The rank of its priority, which a strict queue does not go by and a move to another brings back. */
  ownRank = new Uint8Array(0);
  /** 1: the row on disk is older than this. */
  isDirty = new Uint8Array(0);
  /** What few entries have. */
  readonly notes = new Map<number, Uint8Array>();
  readonly origins = new Map<number, string>();

  private capacity = 0;
  private freeList = new Int32Array(0);
  private freeCount = 0;
  private index = new Int32Array(0);
  private mask = 0;
  private readonly capacityMax: number;

  constructor(capacityMax: number) {
    this.capacityMax = capacityMax;
    this.grow(Math.min(1024, capacityMax));
    this.freeCount--; // The scratch slot, which is on top.
  }

  get used(): number {
    return this.capacity - this.freeCount - 1; // Without the scratch slot.
  }

  get budget(): number {
    return this.capacityMax;
  }

  get isFull(): boolean {
    return this.freeCount === 0 && this.capacity >= this.capacityMax;
  }

  /** @returns a slot of this key, `noSlot` when the budget is used up. The caller fills every column. */
  allocate(queue: number, pos: number): number {
    if (this.freeCount === 0) {
      if (this.capacity >= this.capacityMax) return noSlot;
      this.grow(Math.min(this.capacity * 2, this.capacityMax));
    }
    const slot = this.freeList[--this.freeCount] as number;
    this.queue[slot] = queue;
    this.pos[slot] = pos;
    this.heapAt[slot] = -1;
    this.next[slot] = noSlot;
    this.previous[slot] = noSlot;
    this.isDirty[slot] = 0;
    this.insertIndex(slot);
    return slot;
  }

  /** As nobody was given it yet. */
  clearDeliveries(slot: number): void {
    this.due[slot] = 0;
    this.holder[slot] = 0;
    this.given[slot] = 0;
    this.tag[slot] = -1;
    this.count[slot] = 0;
    this.uncounted[slot] = 0;
    this.countBase[slot] = 0;
    this.leasedAt[slot] = 0;
    this.firstAt[slot] = 0;
  }

  free(slot: number): void {
    this.removeIndex(slot);
    if (this.notes.size > 0) this.notes.delete(slot);
    if (this.origins.size > 0) this.origins.delete(slot);
    this.state[slot] = stateFree;
    this.isDirty[slot] = 0;
    this.freeList[this.freeCount++] = slot;
  }

  find(queue: number, pos: number): number {
    let at = this.home(queue, pos);
    for (;;) {
      const slot = this.index[at] as number;
      if (slot === noSlot) return noSlot;
      if (this.pos[slot] === pos && this.queue[slot] === queue) return slot;
      at = (at + 1) & this.mask;
    }
  }

  /** Every slot in use, for the rare walks (drop of a queue, end of a holder). */
  *slots(): Generator<number> {
    for (let slot = scratchSlot + 1; slot < this.capacity; slot++) if (this.state[slot] !== stateFree) yield slot;
  }

  private home(queue: number, pos: number): number {
    let hash = Math.imul(pos | 0, 0x9e3779b1) ^ Math.imul(queue, 0x85ebca6b);
    hash ^= hash >>> 15;
    return hash & this.mask;
  }

  private insertIndex(slot: number): void {
    let at = this.home(this.queue[slot] as number, this.pos[slot] as number);
    while (this.index[at] !== noSlot) at = (at + 1) & this.mask;
    this.index[at] = slot;
  }

  /** Linear probing with backward shift: no tombstones, so that look-ups stay short for ever. */
  private removeIndex(slot: number): void {
    let at = this.home(this.queue[slot] as number, this.pos[slot] as number);
    while (this.index[at] !== slot) at = (at + 1) & this.mask;
    let hole = at;
    for (;;) {
      at = (at + 1) & this.mask;
      const other = this.index[at] as number;
      if (other === noSlot) break;
      const home = this.home(this.queue[other] as number, this.pos[other] as number);
      if (((at - home) & this.mask) >= ((at - hole) & this.mask)) {
        this.index[hole] = other;
        hole = at;
      }
    }
    this.index[hole] = noSlot;
  }

  private grow(capacity: number): void {
    this.pos = enlarged(this.pos, capacity);
    this.body = enlarged(this.body, capacity);
    this.lane = enlarged(this.lane, capacity);
    this.appendedAt = enlarged(this.appendedAt, capacity);
    this.expiresAt = enlarged(this.expiresAt, capacity);
    this.due = enlarged(this.due, capacity);
    this.firstAt = enlarged(this.firstAt, capacity);
    this.leasedAt = enlarged(this.leasedAt, capacity);
    this.holder = enlarged(this.holder, capacity);
    this.given = enlarged(this.given, capacity);
    this.size = enlarged(this.size, capacity);
    this.count = enlarged(this.count, capacity);
    this.uncounted = enlarged(this.uncounted, capacity);
    this.countBase = enlarged(this.countBase, capacity);
    this.tag = enlarged(this.tag, capacity);
    this.queue = enlarged(this.queue, capacity);
    this.next = enlarged(this.next, capacity);
    this.previous = enlarged(this.previous, capacity);
    this.heapAt = enlarged(this.heapAt, capacity);
    this.state = enlarged(this.state, capacity);
    this.rank = enlarged(this.rank, capacity);
    this.ownRank = enlarged(this.ownRank, capacity);
    this.isDirty = enlarged(this.isDirty, capacity);
    this.freeList = enlarged(this.freeList, capacity);
    for (let slot = capacity - 1; slot >= this.capacity; slot--) this.freeList[this.freeCount++] = slot;
    this.mask = 2 ** Math.ceil(Math.log2(capacity * 2)) - 1;
    this.index = new Int32Array(this.mask + 1).fill(noSlot);
    this.capacity = capacity;
    for (const slot of this.slots()) this.insertIndex(slot);
  }
}

type Column = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;
function enlarged<C extends Column>(column: C, capacity: number): C {
  const larger = new (column.constructor as new (length: number) => C)(capacity);
  larger.set(column);
  return larger;
}
