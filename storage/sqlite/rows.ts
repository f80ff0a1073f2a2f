import { entryColumnCount, rowsAtOnce } from './statements/append.ts';
import type { Statements } from './statements/index.ts';

/**
 * The rows that one commit inserts and removes, gathered so that they go in many at a time: sixteen a statement, entries
 * that follow one another as their bodies do in one, and a run of neighbouring positions removed as one range. Whoever
 * reads entries from disk calls `write` first.
 * Frugal: measured by bench/engine (a third of the committer's time without it).
 */
export class Rows {
  private readonly sql: Statements;
  private readonly begin: () => void;
  private bodies: unknown[] = [];
  private entries: unknown[] = [];
  /** Of each: life, rank, position less body, appendedAt, ownRank, first body, last body. */
  private runs: number[] = [];
  private lives: number[] = [];
  private ranks: number[] = [];
  private positions: number[] = [];
  private isSorted = true;

  constructor(sql: Statements, begin: () => void) {
    this.sql = sql;
    this.begin = begin;
  }

  insertBody(id: number, head: Uint8Array, data: Uint8Array): void {
    this.bodies.push(id, head, data);
  }

  /** An entry whose body was inserted before it and is its alone, with neither lane nor times nor anything else of its own. */
  insertPlainEntry(life: number, rank: number, pos: number, body: number, appendedAt: number, ownRank: number): void {
    const { runs } = this;
    const last = runs.length - runColumns;
    const isNext =
      last >= 0 &&
      runs[last + 6] === body - 1 &&
      runs[last + 2] === pos - body &&
      runs[last] === life &&
      runs[last + 1] === rank &&
      runs[last + 3] === appendedAt &&
      runs[last + 4] === ownRank;
    if (isNext) runs[last + 6] = body;
    else runs.push(life, rank, pos - body, appendedAt, ownRank, body, body);
  }

  /** In the order of statements/append.ts `entryColumns`. */
  insertEntry(
    life: number,
    rank: number,
    pos: number,
    lane: number,
    body: number,
    size: number,
    appendedAt: number,
    expiresAt: number | null,
    due: number | null,
    count: number,
    countBase: number,
    firstAt: number | null,
    note: Uint8Array | null,
    origin: string | null,
    ownRank: number,
    hasOwnDelay: boolean,
  ): void {
    this.entries.push(
      life,
      rank,
      pos,
      lane,
      body,
      size,
      appendedAt,
      expiresAt,
      due,
      count,
      countBase,
      firstAt,
      note,
      origin,
      ownRank,
      hasOwnDelay ? 1 : 0,
    );
  }

  remove(life: number, rank: number, pos: number): void {
    const last = this.lives.length - 1;
    if (last >= 0 && this.isSorted) {
      const isAfter =
        life > (this.lives[last] as number) ||
        (life === this.lives[last] &&
          (rank > (this.ranks[last] as number) ||
            (rank === this.ranks[last] && pos > (this.positions[last] as number))));
      if (!isAfter) this.isSorted = false;
    }
    this.lives.push(life);
    this.ranks.push(rank);
    this.positions.push(pos);
  }

  get isEmpty(): boolean {
    return this.bodies.length === 0 && this.runs.length === 0 && this.entries.length === 0 && this.lives.length === 0;
  }

  write(): void {
    if (this.isEmpty) return;
    this.begin();
    this.writeMany(this.bodies, 3, this.sql.append.bodies, this.sql.append.body);
    this.writeMany(this.entries, entryColumnCount, this.sql.append.entries, this.sql.append.entry);
    for (let at = 0; at < this.runs.length; at += runColumns) {
      this.sql.append.entryRun.run(this.runs.slice(at, at + runColumns));
    }
    if (this.lives.length > 0) this.writeRemovals();
    this.clear();
  }

  clear(): void {
    this.bodies = [];
    this.entries = [];
    this.runs = [];
    this.lives = [];
    this.ranks = [];
    this.positions = [];
    this.isSorted = true;
  }

  private writeMany(values: unknown[], columns: number, many: RowStatement, one: RowStatement): void {
    const atOnce = columns * rowsAtOnce;
    let from = 0;
    for (; values.length - from >= atOnce; from += atOnce) many.run(values.slice(from, from + atOnce));
    for (; from < values.length; from += columns) one.run(values.slice(from, from + columns));
  }

  private writeRemovals(): void {
    const order = this.lives.map((_, index) => index);
    if (!this.isSorted) order.sort((a, b) => this.compare(a, b));
    for (let from = 0; from < order.length; ) {
      const first = order[from] as number;
      let last = first;
      let to = from + 1;
      for (; to < order.length; to++) {
        const next = order[to] as number;
        if (!this.isNeighbour(last, next)) break;
        last = next;
      }
      const life = this.lives[first] as number;
      const rank = this.ranks[first] as number;
      const pos = this.positions[first] as number;
      if (last === first) this.sql.settle.remove.run(life, rank, pos);
      else this.sql.settle.removeRun.run(life, rank, pos, this.positions[last] as number);
      from = to;
    }
  }

  private isNeighbour(a: number, b: number): boolean {
    return (
      this.lives[a] === this.lives[b] &&
      this.ranks[a] === this.ranks[b] &&
      this.positions[b] === (this.positions[a] as number) + 1
    );
  }

  private compare(a: number, b: number): number {
    return (
      (this.lives[a] as number) - (this.lives[b] as number) ||
      (this.ranks[a] as number) - (this.ranks[b] as number) ||
      (this.positions[a] as number) - (this.positions[b] as number)
    );
  }
}

const runColumns = 7;

interface RowStatement {
  run(values: unknown[]): unknown;
}
