import type Database from 'better-sqlite3';
import type { Instant, QueueId } from '../store.ts';
import { Dedup } from './dedup.ts';
import { Entries, noSlot, scratchSlot, stateDelayed, stateLeased, stateWaiting } from './entries.ts';
import { type EntryRow, type SliceRow, sliceIsWorn, slicePos } from './entry-row.ts';
import type { Holder } from './holder.ts';
import type { QueueState } from './queue-state.ts';
import { Rows } from './rows.ts';
import { ShortLeases } from './short-leases.ts';
import type { Statements } from './statements/index.ts';
import type { WindowLimits } from './window.ts';

/** Named moments that a test can stop at; the default does nothing. */
export type Step = 'begin' | 'applied' | 'before-commit' | 'after-commit' | 'before-checkpoint' | 'sweep' | 'flush';

/** What every verb of the engine works on. One thread, no waiting. */
export class EngineState {
  readonly db: Database.Database;
  readonly sql: Statements;
  readonly onStep: (step: Step) => void;
  readonly entries: Entries;
  readonly windowLimits: WindowLimits;
  readonly rows: Rows;
  readonly dedup: Dedup;
  readonly shortLeases = new ShortLeases();
  readonly queues = new Map<QueueId, QueueState>();
  readonly queuesByLife = new Map<number, QueueState>();
  readonly queuesByIndex: (QueueState | undefined)[] = [];
  /** Of queues that were dropped. */
  readonly freeIndexes: number[] = [];
  readonly holders = new Map<number, Holder>();
  readonly consumers = new Map<number, { readonly holder: number; readonly queue: QueueId }>();
  /** Queues that got something to give in this group. */
  readonly ready = new Set<QueueState>();
  /** Bodies that nothing refers to since this group. */
  deadBodies: number[] = [];
  dirty: number[] = [];
  now: Instant = 0;
  nextBody = 1;
  nextLife = 1;
  nextHolder = 1;
  nextConsumer = 1;
  nextGiven = 1;
  nextDeadBody = 1;
  /** The highest version of a record that is no more. */
  versionsForgotten = 0;
  /** Rows that scatter and wait for the sweeper. */
  debt = 0;
  /** The earliest `due` on disk, or earlier. */
  diskDueAt: Instant = Number.POSITIVE_INFINITY;
  /** The earliest own expiry, or earlier. */
  expiryAt: Instant = Number.POSITIVE_INFINITY;
  /** When the age of some queue's entries must be looked at next. */
  retentionAt: Instant = 0;
  /** When what is only in memory must be on disk. */
  flushAt: Instant = Number.POSITIVE_INFINITY;
  isInTransaction = false;
  /** Some queue may refuse an append for its limit. */
  hasRefusingQueues = false;
  /** Something in this group was promised to be on disk before its answer. */
  mustCommit = false;
  private readonly dirtyTallies = new Set<QueueState>();
  private readonly beginStatement: Database.Statement;

  constructor(
    db: Database.Database,
    sql: Statements,
    entriesMax: number,
    limits: WindowLimits,
    onStep: (step: Step) => void,
  ) {
    this.db = db;
    this.sql = sql;
    this.onStep = onStep;
    this.entries = new Entries(entriesMax);
    this.windowLimits = limits;
    this.rows = new Rows(sql, () => this.begin());
    this.dedup = new Dedup(sql, () => this.begin());
    this.beginStatement = db.prepare('BEGIN IMMEDIATE');
  }

  begin(): void {
    if (this.isInTransaction) return;
    this.beginStatement.run();
    this.isInTransaction = true;
    this.onStep('begin');
    this.flushWithin(flushLagMs);
  }

  /** Goes on in a transaction that is open already. */
  resume(): void {
    this.isInTransaction = true;
    this.flushWithin(0);
  }

  flushWithin(ms: number): void {
    this.flushAt = Math.min(this.flushAt, this.now + ms);
  }

  touchTally(queue: QueueState): void {
    if (queue.isTallyDirty) return;
    queue.isTallyDirty = true;
    this.dirtyTallies.add(queue);
    this.flushWithin(flushLagMs);
  }

  writeTallies(): void {
    if (this.dirtyTallies.size === 0) return;
    this.begin();
    for (const queue of this.dirtyTallies) {
      queue.isTallyDirty = false;
      if (this.queues.get(queue.id) !== queue) continue;
      const { total } = queue;
      this.sql.queue.tally.run(
        queue.life,
        queue.nextPos,
        queue.handedTo,
        queue.entries,
        queue.bytes,
        total.appended,
        total.duplicate,
        total.delivered,
        total.acked,
        total.expired,
        total.deadLettered,
        total.dropped,
        queue.hasMixedAges ? 1 : 0,
      );
    }
    this.dirtyTallies.clear();
  }

  markDirty(slot: number): void {
    if (this.entries.isDirty[slot] === 1) return;
    this.entries.isDirty[slot] = 1;
    this.dirty.push(slot);
    this.flushWithin(flushLagMs);
  }

  /** Leases that end before a flush can have written them are watched in memory; the others the index finds. */
  watchLease(slot: number): void {
    const { entries } = this;
    const due = entries.due[slot] as number;
    if (due > this.now + 2 * flushLagMs) return;
    this.shortLeases.add({ due, slot, queue: entries.queue[slot] as number, pos: entries.pos[slot] as number });
  }

  /** A row becomes a slot; `noSlot` when memory is full. Says nothing to the window. */
  load(queue: QueueState, row: EntryRow): number {
    const { entries } = this;
    const slot = entries.allocate(queue.index, row.pos);
    if (slot !== noSlot) this.fill(slot, row);
    return slot;
  }

  /** The same for a row of a window's slice, which must still be there. */
  loadSliceRow(queue: QueueState, rank: number, row: SliceRow): number {
    if (row[sliceIsWorn] !== 0) return this.loadFully(queue, rank, row[slicePos]);
    const [pos, lane, body, size, appendedAt, ownRank, expiresAt] = row;
    return this.loadFresh(queue, rank, pos, lane, body, size, appendedAt, ownRank, expiresAt ?? 0);
  }

  /** An entry that waits and was never given, value by value: an object a message would cost more than all this. */
  loadFresh(
    queue: QueueState,
    rank: number,
    pos: number,
    lane: number,
    body: number,
    size: number,
    appendedAt: number,
    ownRank: number,
    expiresAt: number,
  ): number {
    const { entries } = this;
    const slot = entries.allocate(queue.index, pos);
    if (slot === noSlot) return noSlot;
    entries.rank[slot] = rank;
    entries.ownRank[slot] = ownRank;
    entries.lane[slot] = lane;
    entries.body[slot] = body;
    entries.size[slot] = size;
    entries.appendedAt[slot] = appendedAt;
    entries.expiresAt[slot] = expiresAt;
    entries.clearDeliveries(slot);
    entries.state[slot] = stateWaiting;
    return slot;
  }

  private loadFully(queue: QueueState, rank: number, pos: number): number {
    const row = this.sql.receive.one.get(queue.life, rank, pos) as EntryRow | undefined;
    if (row === undefined) throw new Error('broken invariant: a slice is of rows that are there');
    return this.load(queue, row);
  }

  /** A row to work on that need not be in memory afterwards; `writeBack` and `removeRow` end it. */
  loadScratch(queue: QueueState, row: EntryRow): number {
    this.entries.notes.delete(scratchSlot);
    this.entries.origins.delete(scratchSlot);
    this.entries.queue[scratchSlot] = queue.index;
    this.entries.pos[scratchSlot] = row.pos;
    this.fill(scratchSlot, row);
    return scratchSlot;
  }

  private fill(slot: number, row: EntryRow): void {
    const { entries } = this;
    entries.rank[slot] = row.rank;
    entries.ownRank[slot] = row.ownRank;
    entries.lane[slot] = row.lane;
    entries.body[slot] = row.body;
    entries.size[slot] = row.size;
    entries.appendedAt[slot] = row.appendedAt;
    entries.expiresAt[slot] = row.expiresAt ?? 0;
    entries.due[slot] = row.due ?? 0;
    entries.holder[slot] = row.holder ?? 0;
    entries.given[slot] = row.given ?? 0;
    entries.tag[slot] = row.tag ?? -1;
    entries.count[slot] = row.count;
    entries.uncounted[slot] = row.uncounted;
    entries.countBase[slot] = row.countBase;
    entries.leasedAt[slot] = row.leasedAt ?? 0;
    entries.firstAt[slot] = row.firstAt ?? 0;
    entries.state[slot] = row.leasedAt !== null ? stateLeased : row.due !== null ? stateDelayed : stateWaiting;
    if (row.note !== null) entries.notes.set(slot, row.note);
    if (row.origin !== null) entries.origins.set(slot, row.origin);
  }

  queueOf(slot: number): QueueState {
    const queue = this.queuesByIndex[this.entries.queue[slot] as number];
    if (queue === undefined) throw new Error('broken invariant: a slot belongs to a queue');
    return queue;
  }

  /** Over all queues that it was in. */
  deliveriesOf(slot: number): number {
    return this.countedOf(slot) + (this.entries.countBase[slot] as number);
  }

  /** In the queue that it is in. */
  countedOf(slot: number): number {
    return (this.entries.count[slot] as number) - (this.entries.uncounted[slot] as number);
  }

  /** The row on disk as the slot has it. */
  writeBack(slot: number): void {
    const { entries } = this;
    this.rows.write();
    this.begin();
    const due = entries.due[slot] as number;
    const holder = entries.holder[slot] as number;
    const tag = entries.tag[slot] as number;
    const leasedAt = entries.leasedAt[slot] as number;
    const firstAt = entries.firstAt[slot] as number;
    this.sql.receive.update.run(
      due === 0 ? null : due,
      holder === 0 ? null : holder,
      holder === 0 ? null : entries.given[slot],
      tag === -1 ? null : tag,
      entries.count[slot],
      entries.uncounted[slot],
      entries.countBase[slot],
      leasedAt === 0 ? null : leasedAt,
      firstAt === 0 ? null : firstAt,
      entries.notes.get(slot) ?? null,
      this.queueOf(slot).life,
      entries.rank[slot],
      entries.pos[slot],
    );
    entries.isDirty[slot] = 0;
    if (due !== 0) this.diskDueAt = Math.min(this.diskDueAt, due);
    const expiresAt = entries.expiresAt[slot] as number;
    if (expiresAt !== 0 && leasedAt === 0) this.expiryAt = Math.min(this.expiryAt, expiresAt);
  }

  /** Out of memory, kept on disk. */
  evict(slot: number): void {
    if (this.entries.isDirty[slot] === 1) this.writeBack(slot);
    this.entries.free(slot);
  }

  /** Gone for good: the row, and the body when nothing else refers to it. Counts are the caller's. */
  forgetBody(body: number): void {
    if (body > 0) {
      this.deadBodies.push(body);
      return;
    }
    this.rows.write();
    this.begin();
    const left = this.sql.settle.unref.get(-body) as { refs: number } | undefined;
    if (left !== undefined && left.refs > 0) return;
    this.sql.settle.refsForget.run(-body);
    this.deadBodies.push(-body);
  }

  /** Takes a slot's entry out of queue, counts, memory and disk; the body stays when it moves on. */
  removeEntry(queue: QueueState, slot: number, isBodyKept: boolean): void {
    const { entries } = this;
    const state = entries.state[slot];
    if (state === stateLeased) {
      queue.leaseEnded(entries.lane[slot] as number);
      if (queue.settings.leasedMax !== undefined) this.ready.add(queue); // There is room in flight again.
    } else if (state === stateDelayed) queue.delayed--;
    queue.entries--;
    queue.bytes -= entries.size[slot] as number;
    this.touchTally(queue);
    this.rows.remove(queue.life, entries.rank[slot] as number, entries.pos[slot] as number);
    if (!isBodyKept) this.forgetBody(entries.body[slot] as number);
    if (slot === scratchSlot) {
      queue.window?.laneChanged(entries.lane[slot] as number);
      this.ready.add(queue);
      return;
    }
    if (queue.window?.removed(slot) === true) this.ready.add(queue);
    entries.free(slot);
  }

  /** The same for an entry that is on disk only. */
  removeRow(queue: QueueState, row: EntryRow, isBodyKept: boolean): void {
    this.removeEntry(queue, this.loadScratch(queue, row), isBodyKept);
  }
}

/** `memory` means lost by a crash within the last second at most; half of it leaves room for a slow turn. */
const flushLagMs = 500;
