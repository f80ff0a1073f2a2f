import { type Bucket, BucketMap, type Entry } from './buckets.ts';
import { approximate, type Numeric } from './numeric.ts';
import type { RangeRule } from './policy.ts';

/**
 * Policies by the range of numbers that they let through. A range with two ends lies in one or two cells of a grid
 * whose cells are a power of two about as wide as the range: a number looks into one cell of each width in use. Rays
 * stand in the order of their ends. Ends are rounded here, which keeps their order, and so no policy is missed; what is
 * found is verified anyway.
 */
export class RangeIndex<T> {
  /** Cells by the exponent of their width, then by number. */
  readonly #grid = new Map<number, BucketMap<number, T>>();
  readonly #above = new RayIndex<T>();
  readonly #below = new RayIndex<T>();

  /** About how many policies a number is likely to find here with this one. */
  countNear({ low, high }: RangeRule): number {
    if (low === undefined || high === undefined) return (low === undefined ? this.#below : this.#above).size;
    const { level, cells } = cellsOf(low.value, high.value);
    return cells.reduce((sum, cell) => sum + (this.#grid.get(level)?.countOf(cell) ?? 0), 0);
  }

  add({ low, high }: RangeRule, entry: Entry<T>): void {
    if (low === undefined) {
      if (high !== undefined) this.#below.add(approximate(high.value), entry);
    } else if (high === undefined) {
      this.#above.add(approximate(low.value), entry);
    } else {
      const { level, cells } = cellsOf(low.value, high.value);
      const buckets = this.#grid.get(level) ?? new BucketMap();
      this.#grid.set(level, buckets);
      for (const cell of cells) buckets.add(cell, entry);
    }
  }

  remove({ low, high }: RangeRule, entry: Entry<T>): void {
    if (low === undefined) {
      if (high !== undefined) this.#below.remove(approximate(high.value), entry);
    } else if (high === undefined) {
      this.#above.remove(approximate(low.value), entry);
    } else {
      const { level, cells } = cellsOf(low.value, high.value);
      const buckets = this.#grid.get(level);
      for (const cell of cells) buckets?.remove(cell, entry);
      if (buckets?.size === 0) this.#grid.delete(level);
    }
  }

  forEach(found: (bucket: Bucket<T>) => void): void {
    for (const cells of this.#grid.values()) cells.forEach(found);
    this.#above.forEach(found);
    this.#below.forEach(found);
  }

  find(value: Numeric, found: (bucket: Bucket<T>) => void): void {
    const number = approximate(value);
    for (const [level, cells] of this.#grid) {
      const bucket = cells.get(cellOf(number, level));
      if (bucket !== undefined) found(bucket);
    }
    this.#above.findUpTo(number, found);
    this.#below.findFrom(number, found);
  }
}

const levelMin = -1000;
const levelMax = 1023;

/** The smallest width, as a power of two, of which the range touches no more than two cells. */
function cellsOf(low: Numeric, high: Numeric): { level: number; cells: number[] } {
  const from = approximate(low);
  const to = approximate(high);
  // Cells are numbered exactly up to 2^53: far from zero they cannot be as narrow as the range.
  const width = Math.max(to - from, Math.max(Math.abs(from), Math.abs(to)) * 2 ** -52);
  let level = Math.min(Math.max(Math.ceil(Math.log2(width)), levelMin), levelMax);
  while (level < levelMax && !isNarrow(cellOf(from, level), cellOf(to, level))) level += 1;
  const first = cellOf(from, level);
  const last = cellOf(to, level);
  // One or two; a few more at the last level.
  const cells: number[] = [];
  for (let cell = first; cell <= last; cell += 1) cells.push(cell);
  return { level, cells };
}

function isNarrow(first: number, last: number): boolean {
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && last - first <= 1;
}

function cellOf(number: number, level: number): number {
  return Math.floor(number / 2 ** level);
}

/** Policies by the one end of their range, in order. */
class RayIndex<T> {
  readonly #ends: number[] = [];
  readonly #buckets = new BucketMap<number, T>();

  get size(): number {
    return this.#ends.length;
  }

  forEach(found: (bucket: Bucket<T>) => void): void {
    this.#buckets.forEach(found);
  }

  add(end: number, entry: Entry<T>): void {
    if (this.#buckets.add(end, entry)) this.#ends.splice(this.#countBelow(end), 0, end);
  }

  remove(end: number, entry: Entry<T>): void {
    if (this.#buckets.remove(end, entry)) this.#ends.splice(this.#countBelow(end), 1);
  }

  findUpTo(number: number, found: (bucket: Bucket<T>) => void): void {
    for (const end of this.#ends) {
      if (end > number) return;
      this.#tell(end, found);
    }
  }

  findFrom(number: number, found: (bucket: Bucket<T>) => void): void {
    for (let at = this.#countBelow(number); at < this.#ends.length; at += 1) this.#tell(this.#ends[at] ?? 0, found);
  }

  #tell(end: number, found: (bucket: Bucket<T>) => void): void {
    const bucket = this.#buckets.get(end);
    if (bucket !== undefined) found(bucket);
  }

  #countBelow(number: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
