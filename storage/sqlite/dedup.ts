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

  /** Forgets up to `max` rows older than every window. @returns whether there is more to forget */
  expire(before: Instant, max: number): boolean {
    if (this.oldestAt >= before) return false;
    this.load();
    const rows = this.sql.append.dedupSlice.all(this.forgottenTo, max) as (DedupRow & { n: number })[];
    const old = rows.filter((row) => row.at < before);
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

  /** After a commit that failed: what memory says may be on no disk. */
  reset(): void {
    this.numbers = new Uint32Array(1024);
    this.hashes = new Uint32Array(1024);
    this.used = 0;
    this.live = 0;
    this.base = 0;
    this.nextNumber = 1;
    this.forgottenTo = 0;
    this.oldestAt = 0;
    this.isLoaded = false;
  }

  /** Reads the log when the first id is asked about, so that a start need not wait for it. */
  private load(): void {
    if (this.isLoaded) return;
    this.isLoaded = true;
    let after = 0;
    for (;;) {
      const rows = this.sql.append.dedupSlice.all(after, 10_000) as (DedupRow & { n: number })[];
      if (after === 0) {
        this.base = (rows[0]?.n ?? 1) - 1;
        this.oldestAt = rows[0]?.at ?? Number.POSITIVE_INFINITY;
        this.forgottenTo = this.base;
      }
      for (const row of rows) this.insert(hashOf(row.life, row.digest), row.n);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.n;
    }
    this.nextNumber = Math.max(after, this.base) + 1;
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
