import type { Instant } from '../store.ts';
import type { Statements } from './statements/index.ts';

/**
 * Deduplication: a log on disk in arrival order, and over it a hash table in memory from 32 bits of (life, digest) to
 * the row's number, 8 bytes a slot. A hit is believed only after the row's whole digest was compared: a collision of
 * the short hash must not swallow a message. Measured: 9 us an id against 75 us for an index on disk (STORE.md 5.3).
 */
export interface DedupRow {
  readonly life: number;
  readonly digest: Buffer;
  readonly id: Buffer;
  readonly pos: number;
  readonly at: number;
}

const rowsAtOnce = 10_000;
const empty = 0;
const removed = 0xffffffff;

export class Dedup {
  private readonly sql: Statements;
  private readonly begin: () => void;
  /** Number of the row minus `base`; `empty` and `removed` are no row. */
  private numbers = new Uint32Array(1024);
  private hashes = new Uint32Array(1024);
  private used = 0;
  private live = 0;
  private base = 0;
  private nextNumber = 1;
  private forgottenTo = 0;
  private isLoaded = false;
  private loadedTo = 0;
  /** The oldest row's instant, or earlier. */
  private oldestAt: Instant = 0;

  constructor(sql: Statements, begin: () => void) {
    this.sql = sql;
    this.begin = begin;
  }

  /** The accepted append with this digest in this life, no older than `windowMs`. */
  find(life: number, digest: Uint8Array, now: Instant, windowMs: number): DedupRow | undefined {
    this.load();
    const hash = hashOf(life, digest);
    const mask = this.numbers.length - 1;
    for (let at = hash & mask; this.numbers[at] !== empty; at = (at + 1) & mask) {
      if (this.numbers[at] === removed || this.hashes[at] !== hash) continue;
      const row = this.sql.append.dedupRow.get(this.base + (this.numbers[at] as number)) as DedupRow | undefined;
      if (row === undefined || row.life !== life || row.at + windowMs <= now) continue;
      if (row.digest.equals(digest)) return row;
    }
    return undefined;
  }

  add(life: number, digest: Uint8Array, id: Uint8Array, pos: number, now: Instant): void {
    this.load();
    this.begin();
    const n = this.nextNumber++;
    this.sql.append.dedup.run(n, life, digest, id, pos, now);
    this.insert(hashOf(life, digest), n);
  }

  /**
   * Forgets up to `max` rows older than every window, from the front: behind a younger one, which a clock that was set
   * back leaves there, they wait until that is old. Needs no table in memory, for after a restart most of the log is old.
   * @returns whether there is more to forget
   */
  expire(before: Instant, max: number): boolean {
    if (this.oldestAt >= before) return false;
    const rows = this.sql.append.dedupSlice.all(this.forgottenTo, max) as (DedupRow & { n: number })[];
    const young = rows.findIndex((row) => row.at >= before);
    const old = young === -1 ? rows : rows.slice(0, young);
    for (const row of old) this.remove(hashOf(row.life, row.digest), row.n);
    const last = old.at(-1);
    if (last !== undefined) {
      this.begin();
      this.sql.append.dedupForget.run(last.n);
      this.forgottenTo = last.n;
    }
    const next = rows[old.length];
    if (next !== undefined) this.oldestAt = next.at;
    else if (rows.length < max) this.oldestAt = before;
    return old.length === max;
  }

  /** Reads on in the log, so that the first id after a start finds it read. @returns whether there is more */
  loadSlice(max: number): boolean {
    if (this.isLoaded) return false;
    const rows = this.sql.append.dedupSlice.all(this.loadedTo, max) as (DedupRow & { n: number })[];
    if (this.loadedTo === 0) {
      this.base = (rows[0]?.n ?? 1) - 1;
      this.oldestAt = rows[0]?.at ?? Number.POSITIVE_INFINITY;
      this.forgottenTo = this.base;
    }
    for (const row of rows) this.insert(hashOf(row.life, row.digest), row.n);
    this.loadedTo = rows.at(-1)?.n ?? this.loadedTo;
    this.nextNumber = Math.max(this.loadedTo, this.base) + 1;
    this.isLoaded = rows.length < max;
    return !this.isLoaded;
  }

  /** A start need not wait for the log; the first id does, for what the sweeper has not read by then. */
  private load(): void {
    while (this.loadSlice(rowsAtOnce));
  }

  private insert(hash: number, n: number): void {
    if (this.oldestAt === Number.POSITIVE_INFINITY) this.oldestAt = 0;
    if ((this.used + 1) * 4 > this.numbers.length * 3 || n - this.base >= removed) this.rebuild();
    const mask = this.numbers.length - 1;
    let at = hash & mask;
    while (this.numbers[at] !== empty) at = (at + 1) & mask;
    this.numbers[at] = n - this.base;
    this.hashes[at] = hash;
    this.used++;
    this.live++;
  }

  private remove(hash: number, n: number): void {
    const mask = this.numbers.length - 1;
    for (let at = hash & mask; this.numbers[at] !== empty; at = (at + 1) & mask) {
      if (this.numbers[at] !== n - this.base || this.hashes[at] !== hash) continue;
      this.numbers[at] = removed;
      this.live--;
      return;
    }
  }

  private rebuild(): void {
    const { numbers, hashes, base } = this;
    const capacity = Math.max(1024, 2 ** Math.ceil(Math.log2((this.live + 1) * 2)));
    this.base = this.forgottenTo;
    this.numbers = new Uint32Array(capacity);
    this.hashes = new Uint32Array(capacity);
    this.used = 0;
    this.live = 0;
    for (let at = 0; at < numbers.length; at++) {
      const number = numbers[at] as number;
      if (number !== empty && number !== removed) this.insert(hashes[at] as number, base + number);
    }
  }
}

function hashOf(life: number, digest: Uint8Array): number {
  const word =
    (digest[0] as number) |
    ((digest[1] as number) << 8) |
    ((digest[2] as number) << 16) |
    ((digest[3] as number) << 24);
  return (word ^ Math.imul(life, 0x9e3779b1)) >>> 0;
}
