/** The embedded store: one SQLite file, one committing thread. README.md names what carries weight. */
import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Timer } from '../../src/model/clock.ts';
import { GantryError } from '../../src/model/errors.ts';
import type {
  Batch,
  BatchResult,
  BodyId,
  ConsumerId,
  ConsumerOptions,
  Delivery,
  HolderId,
  Instant,
  MoveResult,
  QueueId,
  Receipt,
  ReceiveRequest,
  RecordKey,
  Store,
  StoreMeasures,
  Tally,
  Target,
} from '../store.ts';
import { Batcher } from './batcher.ts';
import type { EngineCall } from './calls.ts';
import { readDelivery } from './deliveries.ts';
import type { EngineMeasures, GroupAnswer } from './engine.ts';
import type { Migrated } from './engine-options.ts';
import type { Step } from './engine-state.ts';
import { type EngineLink, type LinkOptions, ThreadLink } from './link.ts';
import { PackedReader, type PackedTarget } from './post.ts';
import { Receipts } from './receipt.ts';
import { type RoomLeft, roomLeft, whyFull } from './space.ts';
import type { WindowLimits } from './window.ts';

export interface SqliteStoreOptions {
  /** A folder, made when it is missing; or `:memory:`, which nothing survives. */
  readonly dataDir: string;
  readonly clock: Clock;
  /** FULL: what is acknowledged survives power loss. NORMAL: it survives a crash of the process. OFF: for filling tools. */
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  /** Bodies of recent appends kept beside the store. Default 8 MiB. */
  readonly bodyCacheBytes?: number;
  /** Bytes handed to the engine and not yet answered; above it appends wait. Default 64 MiB. */
  readonly pendingBytesMax?: number;
  /** Entries in memory at most, over all queues. Default 262,144, about 30 MiB. */
  readonly entriesMax?: number;
  readonly windowLimits?: WindowLimits;
  /** False: the engine runs in this thread. For tests that stop it at a named step, and for tools. */
  readonly isThreaded?: boolean;
  /** Appends are refused while less is free on the file system of the folder; 0: until SQLite finds no room. Default 32 MiB. */
  readonly freeBytesMin?: number;
  /** For tests, without a thread: what is free there. */
  readonly freeBytes?: (folder: string) => number;
  readonly pagesMax?: number;
  readonly skipsMigrationCopy?: boolean;
  readonly migrations?: readonly string[];
  /** Told during `start`. */
  readonly onMigrated?: (migrated: Migrated) => void;
  readonly onStep?: (step: Step) => void;
}

const bodyCacheBytesDefault = 8 * 1024 * 1024;
const pendingBytesMaxDefault = 64 * 1024 * 1024;
export const storeFileName = 'gantry.db';

/** Not opened before `start`. */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  return new SqliteStore(options);
}

type StoreState = 'ok' | 'full' | 'broken' | 'lost';

class SqliteStore implements Store {
  readonly clock: Clock;
  private readonly options: SqliteStoreOptions;
  private link: EngineLink | undefined;
  private batcher: Batcher | undefined;
  private receipts: Receipts | undefined;
  private nextQueueId = 0;
  private readonly readyListeners: ((queues: readonly QueueId[]) => void)[] = [];
  private readonly takenListeners: ((holder: HolderId) => void)[] = [];
  private readonly stateListeners: ((state: StoreState, why: string) => void)[] = [];
  private readonly recordListeners: {
    readonly prefix: RecordKey;
    readonly listener: (keys: readonly RecordKey[]) => void;
  }[] = [];
  private room: RoomLeft = roomLeft.room;
  private measured: EngineMeasures = { commits: 0, commitSeconds: 0, reclaimPending: 0, entriesInMemory: 0 };
  private tickTimer: Timer | undefined;
  private tickAt: Instant = Number.POSITIVE_INFINITY;
  private stopped: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly backups = new Set<Promise<void>>();

  constructor(options: SqliteStoreOptions) {
    this.options = options;
    this.clock = options.clock;
  }

  async start(): Promise<void> {
    const link = await this.newLink();
    this.link = link;
    link.onAnswer = (answer) => this.take(answer);
    link.onBroken = (error) => this.breakDown(error);
    const opened = await link.open();
    if (opened.migrated !== undefined) this.options.onMigrated?.(opened.migrated);
    this.receipts = new Receipts(opened.receiptKey);
    this.nextQueueId = opened.queueIdFrom;
    const { receipts } = this;
    this.batcher = new Batcher({
      packers: { pack: packTarget, receipt: (text) => receipts.decode(text) },
      receipts,
      bodyCacheBytes: this.options.bodyCacheBytes ?? bodyCacheBytesDefault,
      pendingBytesMax: this.options.pendingBytesMax ?? pendingBytesMaxDefault,
      refusalOf,
      now: () => this.clock.now(),
      post: (post) => link.post(post),
    });
    this.batcher.tick();
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  async commit(batch: Batch): Promise<BatchResult> {
    const [result] = await this.commitAll([batch]);
    return result ?? { ok: false, error: notOpen() };
  }

  commitAll(batches: readonly Batch[]): Promise<readonly BatchResult[]> {
    const { batcher } = this;
    if (batcher === undefined) return Promise.resolve(batches.map(() => ({ ok: false, error: notOpen() })));
    const results = batcher.commitAll(batches);
    const hasListener = this.recordListeners.length > 0;
    return hasListener && batches.some(touchesRecords) ? this.tellingRecords(batches, results) : results;
  }

  receive(request: ReceiveRequest): Promise<readonly Delivery[]> {
    return this.batcher?.receive(request) ?? Promise.reject(notOpen());
  }

  onReady(listener: (queues: readonly QueueId[]) => void): void {
    this.readyListeners.push(listener);
  }

  async openHolder(kind: 'connection' | 'session', key?: string): Promise<HolderId> {
    const opened = (await this.call({ call: 'openHolder', kind, key })) as { holder: HolderId; isTaken: boolean };
    if (opened.isTaken) for (const listener of this.takenListeners) listener(opened.holder);
    return opened.holder;
  }

  onHolderTaken(listener: (holder: HolderId) => void): void {
    this.takenListeners.push(listener);
  }

  async held(holder: HolderId): Promise<readonly Delivery[]> {
    const { packed, queues } = (await this.call({ call: 'held', holder })) as { packed: Uint8Array; queues: QueueId[] };
    const reader = new PackedReader(packed);
    return queues.map((queue) => this.deliveryOf(queue, reader));
  }

  async closeHolder(holder: HolderId, how: { readonly unseen: readonly Receipt[] } | 'keep' | 'end'): Promise<void> {
    const receipts = typeof how === 'string' ? [] : how.unseen.map((receipt) => this.receipts?.decode(receipt));
    const unseen = receipts.flatMap((fields) =>
      fields === undefined ? [] : [{ life: fields.life, pos: fields.pos, count: fields.count }],
    );
    await this.call({ call: 'closeHolder', holder, isKept: how === 'keep', unseen });
  }

  async openConsumer(options: ConsumerOptions): Promise<ConsumerId> {
    return (await this.call({ call: 'openConsumer', options })) as ConsumerId;
  }

  async closeConsumer(consumer: ConsumerId): Promise<void> {
    await this.call({ call: 'closeConsumer', consumer });
  }

  prepare(): Promise<void> {
    return Promise.reject(unsupported('prepared transactions'));
  }
  decide(): Promise<void> {
    return Promise.reject(unsupported('prepared transactions'));
  }
  prepared(): Promise<readonly Uint8Array[]> {
    return Promise.reject(unsupported('prepared transactions'));
  }
  stageBody(): Promise<never> {
    return Promise.reject(unsupported('staged bodies'));
  }
  retained(): Promise<never> {
    return Promise.reject(unsupported('retained messages'));
  }
  retainedTopics(): Promise<never> {
    return Promise.reject(unsupported('retained messages'));
  }

  async readBody(body: BodyId, from: number, bytes: number): Promise<Uint8Array> {
    return (await this.call({ call: 'readBody', body, from, bytes })) as Uint8Array;
  }

  async browse(options: Parameters<Store['browse']>[0]): Promise<Awaited<ReturnType<Store['browse']>>> {
    return (await this.call({ call: 'browse', options })) as Awaited<ReturnType<Store['browse']>>;
  }

  async move(options: Parameters<Store['move']>[0]): Promise<MoveResult> {
    return (await this.call({ call: 'move', options })) as MoveResult;
  }

  async tallies(queues: readonly QueueId[]): Promise<readonly Tally[]> {
    return (await this.call({ call: 'tallies', queues })) as readonly Tally[];
  }

  async records(prefix: RecordKey, after?: RecordKey, max?: number): Promise<Awaited<ReturnType<Store['records']>>> {
    return (await this.call({ call: 'records', prefix, after, max })) as Awaited<ReturnType<Store['records']>>;
  }

  onRecords(prefix: RecordKey, listener: (keys: readonly RecordKey[] | 'all') => void): void {
    this.recordListeners.push({ prefix, listener });
  }

  newQueueId(): QueueId {
    if (this.nextQueueId === 0) throw notOpen();
    return this.nextQueueId++ as QueueId;
  }

  onState(listener: (state: StoreState, why: string) => void): void {
    this.stateListeners.push(listener);
  }

  backup(to: string, signal?: AbortSignal): Promise<void> {
    const { link } = this;
    if (link === undefined || this.stopped !== undefined) return Promise.reject(notOpen());
    if (this.options.dataDir === ':memory:') {
      return Promise.reject(new GantryError('unsupported', 'a store in memory has no file to copy'));
    }
    const signals = signal === undefined ? [this.stopping.signal] : [this.stopping.signal, signal];
    const backup = this.copy(link, to, AbortSignal.any(signals)).finally(() => this.backups.delete(backup));
    this.backups.add(backup);
    return backup;
  }

  private async copy(link: EngineLink, to: string, signal: AbortSignal): Promise<void> {
    await link.commitAll();
    const [{ copyStore }, { freeBytesBeside }] = await Promise.all([import('./copy.ts'), import('./copied-file.ts')]);
    const freeBytesKept = freeBytesBeside(this.options.freeBytesMin ?? 0);
    await copyStore({ file: join(this.options.dataDir, storeFileName), to, signal, freeBytesKept });
  }

  measures(): StoreMeasures {
    return {
      ...this.measured,
      batches: this.batcher?.batches ?? 0,
      pending: this.batcher?.pending ?? 0,
      pendingBytes: this.batcher?.pendingBytes ?? 0,
    };
  }

  private async newLink(): Promise<EngineLink> {
    const { dataDir, synchronous, entriesMax, windowLimits, pagesMax, freeBytesMin, isThreaded } = this.options;
    const { skipsMigrationCopy, migrations } = this.options;
    const isInMemory = dataDir === ':memory:';
    const options: LinkOptions = {
      file: isInMemory ? dataDir : join(dataDir, storeFileName),
      folder: isInMemory ? undefined : dataDir,
      synchronous,
      now: this.clock.now(),
      ...(entriesMax === undefined ? {} : { entriesMax }),
      ...(windowLimits === undefined ? {} : { windowLimits }),
      ...(pagesMax === undefined ? {} : { pagesMax }),
      ...(freeBytesMin === undefined ? {} : { freeBytesMin }),
      ...(skipsMigrationCopy === undefined ? {} : { skipsMigrationCopy }),
      ...(migrations === undefined ? {} : { migrations }),
    };
    if (isThreaded !== false) return new ThreadLink(options);
    const { LocalLink } = await import('./local-link.ts');
    const { onStep, freeBytes } = this.options;
    return new LocalLink({
      ...options,
      ...(onStep === undefined ? {} : { onStep }),
      ...(freeBytes === undefined ? {} : { freeBytes }),
    });
  }

  private async end(): Promise<void> {
    this.tickTimer?.cancel();
    this.batcher?.tick(); // What was asked for before is answered.
    this.stopping.abort();
    await Promise.allSettled(this.backups); // Their connections would keep the log from being written back.
    await this.link?.close();
    this.batcher?.fail(notOpen());
  }

  private call(call: EngineCall): Promise<unknown> {
    return this.batcher?.call(call) ?? Promise.reject(notOpen());
  }

  private deliveryOf(queue: QueueId, reader: PackedReader): Delivery {
    const parts = readDelivery(reader);
    const { batcher } = this;
    if (batcher === undefined || parts.cached === undefined) throw notOpen();
    return batcher.deliveryOf(queue, parts, parts.cached);
  }

  private take(answer: GroupAnswer): void {
    this.measured = answer.measures;
    this.batcher?.take(answer);
    if (answer.ready.length > 0) queueMicrotask(() => this.tellReady(answer.ready as QueueId[]));
    if (answer.room !== this.room) {
      this.room = answer.room;
      if (answer.room === roomLeft.room) this.tellState('ok', 'there is room again');
      else this.tellState('full', whyFull(answer.room, this.options.freeBytesMin));
    }
    this.scheduleTick(answer.nextAt);
  }

  /** The engine reads no clock: it is told the time when something of its own is due. */
  private scheduleTick(at: Instant): void {
    if (at >= this.tickAt || at === Number.POSITIVE_INFINITY || this.stopped !== undefined) return;
    this.tickTimer?.cancel();
    this.tickAt = at;
    const tick = () => {
      this.tickAt = Number.POSITIVE_INFINITY;
      if (this.stopped === undefined) this.batcher?.tick();
    };
    const ms = at - this.clock.now();
    if (ms > 0) this.tickTimer = this.clock.after(ms, tick);
    else setImmediate(tick);
  }

  private breakDown(error: Error): void {
    this.batcher?.fail(new GantryError('unavailable', 'the store has stopped', { cause: error }));
    this.tellState('broken', error.message);
  }

  private tellReady(queues: readonly QueueId[]): void {
    for (const listener of this.readyListeners) listener(queues);
  }

  private tellState(state: StoreState, why: string): void {
    for (const listener of this.stateListeners) listener(state, why);
  }

  private async tellingRecords(
    batches: readonly Batch[],
    committing: Promise<readonly BatchResult[]>,
  ): Promise<readonly BatchResult[]> {
    const results = await committing;
    for (const [at, batch] of batches.entries()) if (results[at]?.ok === true) this.tellRecords(batch);
    return results;
  }

  private tellRecords(batch: Batch): void {
    const keys = batch.changes.flatMap((change) => (change.do === 'put' || change.do === 'forget' ? [change.key] : []));
    for (const { prefix, listener } of this.recordListeners) {
      const own = keys.filter((key) => prefix.every((part, index) => key[index] === part));
      if (own.length > 0) listener(own);
    }
  }
}

function notOpen(): GantryError {
  return new GantryError('unavailable', 'the store is not open');
}

function unsupported(what: string): GantryError {
  return new GantryError('unsupported', `this store has no ${what} yet`);
}

const noteBytesMax = 4_096;

/** What the engine has no part for yet, or could not take. */
function refusalOf(batch: Batch): GantryError | undefined {
  for (const change of batch.changes) {
    if (change.do === 'append') {
      if (!(change.message.body instanceof Uint8Array)) return unsupported('staged bodies');
      for (const { note } of change.to) {
        if (note !== undefined && note.length > noteBytesMax) {
          return new GantryError('too-large', `a note of ${note.length} bytes, ${noteBytesMax} allowed`);
        }
      }
    } else if (change.do === 'settle' && change.as.type === 'release' && change.as.notFor !== undefined) {
      return unsupported('release for other consumers');
    }
  }
  return undefined;
}

function touchesRecords(batch: Batch): boolean {
  return batch.changes.some((change) => change.do === 'put' || change.do === 'forget');
}

const laneDigits = 13;

/** The group as 52 bits of its digest (a collision makes two groups share a lock), the dedup key as 128 bits of its. */
function packTarget(target: Target): PackedTarget {
  const { group, dedup } = target;
  const lane = group === undefined ? 0 : Number.parseInt(hash('sha1', group, 'hex').slice(0, laneDigits), 16) + 1;
  const digest = dedup === undefined ? undefined : Buffer.from(hash('sha256', dedup, 'hex').slice(0, 32), 'hex');
  return { lane, digest };
}
