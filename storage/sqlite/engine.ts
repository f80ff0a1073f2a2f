/**
 * The engine: a plain synchronous class over one SQLite file, driven by posts. It reads no clock (every post brings the
 * time), knows no thread (worker.ts is a thin shell around it) and waits for nothing but the disk.
 */

import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { forgetAttempts } from './attempts.ts';
import { type Admission, Answer, applyPost, refusePost } from './committer.ts';
import { endDue } from './ends.ts';
import type { EngineOptions, Migrated } from './engine-options.ts';
import { EngineState } from './engine-state.ts';
import { expireDue } from './expire.ts';
import { isFullError, openFile } from './file.ts';
import { flush } from './flush.ts';
import { loadHolders, readHolders } from './holders.ts';
import { LogSync } from './log-sync.ts';
import type { Post } from './post.ts';
import { dropOrphans, loadCounts, loadQueues } from './queues.ts';
import { receiptKeyBytes } from './receipt.ts';
import { readVersionsForgotten } from './records.ts';
import { dropIdle } from './room.ts';
import { type RoomLeft, Space, storeFull } from './space.ts';
import { prepareStatements } from './statements/index.ts';
import { sweepSlice } from './sweeper.ts';
import { windowLimits } from './window.ts';

export interface GroupAnswer {
  /** How many posts it answers, the oldest first. */
  readonly posts: number;
  /** The instant that its batches go by. */
  readonly at: number;
  readonly packed: Uint8Array<ArrayBuffer>;
  readonly objects: readonly unknown[];
  /** Queues that have something to give which they had not before. */
  readonly ready: readonly number[];
  /** When to post again even without work. */
  readonly nextAt: number;
  readonly room: RoomLeft;
  readonly measures: EngineMeasures;
}
export interface EngineMeasures {
  readonly commits: number;
  readonly commitSeconds: number;
  readonly reclaimPending: number;
  readonly entriesInMemory: number;
}

const entriesMaxDefault = 262_144;
/** Small checkpoints: the stall is in proportion, and a short log that is overwritten is the faster to sync. */
const checkpointPages = 500;
/** In a quiet moment a shorter log is enough: then nobody meets one of the others who sends or receives now and then. */
const checkpointPagesWhenQuiet = 350;
/** The log's length is looked at once in so many commits. */
const checkpointLookEvery = 8;
/** While nobody posts; a post takes what was swept into its own commit. */
const slicesACommit = 16;
const idleCheckMs = 10_000;
/** Queue ids of one start: they must fit a receipt's 48 bits together with the number of the start. */
const queueIdBlock = 2 ** 26;

export class Engine {
  readonly receiptKey: Uint8Array;
  readonly queueIdFrom: number;
  readonly migrated: Migrated | undefined;
  private readonly db: Database.Database;
  private state: EngineState;
  private readonly options: EngineOptions;
  private readonly space: Space;
  private readonly commitStatement: Database.Statement;
  /** Undefined: what is committed need not be on disk. */
  private readonly log: LogSync | undefined;
  private commits = 0;
  private commitSeconds = 0;
  private commitsLookedAt = 0;
  private slices = 0;
  private hasSavepoint = false;
  private idleCheckAt = 0;

  constructor(options: EngineOptions) {
    this.options = options;
    this.space = new Space(options.file, options);
    this.space.makeRoomToStart();
    const { db, migrated } = openFile(options);
    this.db = db;
    this.migrated = migrated;
    this.commitStatement = this.db.prepare('COMMIT');
    const isDurable = options.synchronous === 'FULL' && options.file !== ':memory:';
    this.log = isDurable ? new LogSync(options.file) : undefined;
    this.state = this.newState();
    this.receiptKey = this.meta('receiptKey', () => randomBytes(receiptKeyBytes));
    const block = Number(this.meta('queueIdBlock', () => 0)) + 1;
    this.state.begin();
    this.state.sql.queue.metaPut.run('queueIdBlock', block);
    this.queueIdFrom = block * queueIdBlock;
    this.state.nextHolder = this.queueIdFrom; // So that no holder of an earlier start is taken for one of this.
    loadHolders(this.state);
    loadCounts(this.state); // Again, for what connections held waits now.
    dropOrphans(this.state);
    this.commit();
  }

  /** Applies posts in one transaction and answers them all; with nothing in them it is a tick. */
  commitGroup(posts: readonly Post[]): GroupAnswer {
    const answer = new Answer();
    const admission = this.space.admission(posts.at(-1)?.now ?? 0);
    try {
      this.apply(posts, admission, answer);
    } catch (error) {
      if (!isFullError(error)) throw error;
      this.startAnew();
      this.space.ranOut(posts.at(-1)?.now ?? 0);
      return this.applyWhenFull(posts);
    }
    this.space.wentWell(admission);
    return this.answerOf(answer, posts.length);
  }

  /** One slice of what was left for later. @returns whether there is more */
  sweep(): boolean {
    try {
      this.keepEarlier();
      const isMore = sweepSlice(this.state);
      this.noteDead();
      this.slices++;
      if (!isMore || this.slices % slicesACommit === 0) {
        this.state.writeTallies();
        this.commit();
      }
      this.releaseEarlier();
      return isMore;
    } catch (error) {
      if (!isFullError(error)) throw error;
      this.startAnew();
      this.space.ranOut(this.state.now);
      return false;
    }
  }

  /** All that was answered is in the file afterwards, late leases and what was asked for with 'memory' included. */
  commitAll(): void {
    try {
      this.keepEarlier();
      flush(this.state);
      this.commit();
      this.releaseEarlier();
    } catch (error) {
      if (!isFullError(error)) throw error;
      this.startAnew();
      this.space.ranOut(this.state.now);
      throw storeFull();
    }
  }

  /** Writes what is in memory; the file is whole and alone afterwards. On a full disk leases may be forgotten, as by a crash. */
  close(): void {
    if (!this.db.open) return;
    if (this.space.isFull) this.space.giveUpReserve();
    try {
      this.writeAll();
    } catch (error) {
      if (!isFullError(error)) throw error;
    }
    this.log?.close();
    this.db.close();
  }

  private writeAll(): void {
    flush(this.state);
    for (const queue of this.state.queues.values()) {
      queue.handedTo = queue.suspectTo; // A clean end: nothing else was handed out without a trace.
      this.state.touchTally(queue);
    }
    this.state.writeTallies();
    this.commit();
    this.db.pragma('wal_checkpoint(TRUNCATE)');
  }

  private apply(posts: readonly Post[], admission: Admission, answer: Answer): void {
    const { state } = this;
    state.mustCommit = false;
    this.keepEarlier();
    for (const post of posts) {
      state.now = Math.max(state.now, post.now);
      endDue(state);
      expireDue(state);
      applyPost(state, post, admission, answer);
    }
    this.finish();
  }

  private finish(): void {
    const { state } = this;
    state.rows.write();
    if (state.flushAt <= state.now) {
      flush(state);
      state.mustCommit = true;
    }
    this.noteDead();
    if (state.now >= this.idleCheckAt) {
      dropIdle(state);
      if (this.idleCheckAt > 0) forgetAttempts(state);
      this.idleCheckAt = state.now + idleCheckMs;
    }
    state.rows.write();
    state.onStep('applied');
    if (state.mustCommit || state.isInTransaction) state.writeTallies();
    if (state.mustCommit) this.commit();
    this.releaseEarlier();
  }

  /** What earlier groups left uncommitted was answered: it must survive the failure of what comes now. */
  private keepEarlier(): void {
    this.hasSavepoint = this.state.isInTransaction;
    if (this.hasSavepoint) this.db.exec('SAVEPOINT earlier');
  }

  private releaseEarlier(): void {
    if (this.hasSavepoint && this.state.isInTransaction) this.db.exec('RELEASE earlier'); // A commit has released it.
    this.hasSavepoint = false;
  }

  private noteDead(): void {
    const { state } = this;
    if (state.deadBodies.length === 0) return;
    const packed = Buffer.allocUnsafe(state.deadBodies.length * 8);
    for (const [index, body] of state.deadBodies.entries()) packed.writeDoubleLE(body, index * 8);
    state.begin();
    state.sql.settle.deadBodies.run(state.nextDeadBody++, packed);
    state.debt += state.deadBodies.length;
    state.deadBodies = [];
  }

  private commit(): void {
    const { state } = this;
    state.rows.write();
    this.noteDead();
    if (!state.isInTransaction) return;
    state.onStep('before-commit');
    const start = performance.now();
    this.commitStatement.run();
    this.log?.sync();
    state.isInTransaction = false;
    this.commits++;
    this.commitSeconds += (performance.now() - start) / 1000;
    state.onStep('after-commit');
    if (state.dirty.length === 0) state.flushAt = Number.POSITIVE_INFINITY;
  }

  /** To be called when the answer is on its way: a checkpoint then makes nobody wait who was already served. */
  checkpointIfLong(): void {
    if (this.commits - this.commitsLookedAt >= checkpointLookEvery) this.checkpoint(checkpointPages);
  }

  /** For a moment when nobody waits. */
  checkpointWhenQuiet(): void {
    this.checkpoint(checkpointPagesWhenQuiet);
  }

  private checkpoint(pagesMin: number): void {
    if (this.state.isInTransaction) return;
    this.commitsLookedAt = this.commits;
    const [log] = this.db.pragma('wal_checkpoint(NOOP)') as { log: number }[];
    if (log === undefined || log.log < pagesMin) return;
    try {
      this.state.onStep('before-checkpoint');
      this.db.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!isFullError(error)) throw error;
      // The log goes on and is whole; it is the main file that finds no room to grow. The next try has the reserve's.
      this.space.ranOut(this.state.now);
      this.space.giveUpReserve();
    }
  }

  /** For a moment when nobody waits and nothing is left to sweep. */
  settleDown(): void {
    this.space.keepReserve();
  }

  /** Rows that wait for `sweep`. */
  get debt(): number {
    return this.state.debt;
  }

  /** Appends refused, all else done; if even that finds no room, everything is refused. */
  private applyWhenFull(posts: readonly Post[]): GroupAnswer {
    const first = this.tryWhenFull(posts);
    if (first !== undefined) return first;
    this.space.giveUpReserve();
    const second = this.tryWhenFull(posts);
    if (second !== undefined) return second;
    const answer = new Answer();
    for (const post of posts) refusePost(post, storeFull(), answer);
    return this.answerOf(answer, posts.length);
  }

  /** Undefined: no room, and nothing was done. */
  private tryWhenFull(posts: readonly Post[]): GroupAnswer | undefined {
    const answer = new Answer();
    try {
      this.apply(posts, this.space.admission(this.state.now), answer);
    } catch (error) {
      if (!isFullError(error)) throw error;
      this.startAnew();
      return undefined;
    }
    return this.answerOf(answer, posts.length);
  }

  private answerOf(answer: Answer, posts: number): GroupAnswer {
    const { state } = this;
    const ready = [...state.ready].map((queue) => queue.id);
    state.ready.clear();
    return {
      posts,
      at: state.now,
      packed: answer.take(),
      objects: answer.objects,
      ready,
      nextAt: Math.min(
        this.space.lookDueAt,
        state.diskDueAt,
        state.shortLeases.dueAt,
        state.flushAt,
        state.expiryAt,
        state.retentionAt,
      ),
      room: this.space.left,
      measures: {
        commits: this.commits,
        commitSeconds: this.commitSeconds,
        reclaimPending: state.debt,
        entriesInMemory: state.entries.used,
      },
    };
  }

  /** The transaction failed: memory says what no disk knows, so it is dropped and read again. */
  private startAnew(): void {
    if (this.db.inTransaction) this.db.exec(this.hasSavepoint ? 'ROLLBACK TO earlier; RELEASE earlier' : 'ROLLBACK');
    this.hasSavepoint = false;
    const { now, nextGiven, nextConsumer, nextHolder, consumers, holders } = this.state;
    this.state = this.newState();
    this.state.now = now;
    if (this.db.inTransaction) this.state.resume();
    this.state.nextGiven = nextGiven;
    this.state.nextConsumer = nextConsumer;
    this.state.nextHolder = nextHolder;
    readHolders(this.state);
    for (const [id, holder] of this.state.holders) holder.isOpen = holders.get(id)?.isOpen ?? false;
    for (const [id, consumer] of consumers) {
      if (this.state.holders.has(consumer.holder)) this.state.consumers.set(id, consumer);
    }
    for (const queue of this.state.queues.values()) this.state.ready.add(queue);
  }

  private newState(): EngineState {
    const { db, options } = this;
    const onStep = options.onStep ?? (() => undefined);
    const limits = options.windowLimits ?? windowLimits;
    const state = new EngineState(db, prepareStatements(db), options.entriesMax ?? entriesMaxDefault, limits, onStep);
    state.now = options.now;
    const maxOf = (sql: string) => Number(db.prepare(sql).pluck().get() ?? 0);
    state.nextBody = maxOf('SELECT max(id) FROM body') + 1;
    state.nextDeadBody = maxOf('SELECT max(n) FROM dead_body') + 1;
    state.versionsForgotten = readVersionsForgotten(state);
    state.nextLife = Number((state.sql.queue.metaGet.get('nextLife') as { value: number } | undefined)?.value ?? 1);
    state.nextGiven = maxOf('SELECT max(given) FROM entry INDEXED BY entry_holder WHERE holder IS NOT NULL') + 1;
    loadQueues(state);
    loadCounts(state);
    state.diskDueAt = 0;
    state.expiryAt = 0;
    state.debt = maxOf('SELECT count(*) FROM dead_life') + (state.nextDeadBody > 1 ? 1 : 0);
    return state;
  }

  private meta<T>(key: string, make: () => T): T {
    const { state } = this;
    const row = state.sql.queue.metaGet.get(key) as { value: T } | undefined;
    if (row !== undefined) return row.value;
    const value = make();
    state.begin();
    state.sql.queue.metaPut.run(key, value);
    return value;
  }
}
