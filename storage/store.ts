/**
 * What core asks of a store. Types only; each sentence is a promise that storage/contract/ tests on every engine.
 * Two rules carry the rest: a Batch is one atomic step, and a promise settles after what it says is on disk (unless 'memory' was asked for).
 */

import type { Selector } from '../src/filter/selector.ts';
import type { Clock, Instant } from '../src/model/clock.ts';
import type { GantryError } from '../src/model/errors.ts';
import type { QueueId } from '../src/model/queue.ts';

export type { Instant, QueueId };

export type BodyId = number & { readonly __brand: 'BodyId' }; // names a body; no order may be read from it
/** Who may hold leases without a time limit: a connection or a session. */
export type HolderId = number & { readonly __brand: 'HolderId' };
export type ConsumerId = number & { readonly __brand: 'ConsumerId' };
/** Opaque, signed, at most 200 characters; valid after restarts and on every node. */
export type Receipt = string & { readonly __brand: 'Receipt' };
/**
 * Memory: answered when applied, its disk write not waited for (it rides in the next group); lost only by a crash
 * within the last second.
 */
export type Durability = 'disk' | 'memory';

// ---- what is stored -------------------------------------------------------------------------------------------------------------------
export interface NewMessage {
  readonly id: Uint8Array; // 16 bytes, chosen by core, never indexed
  /** Properties and headers in the codec of src/model/head.ts; immutable; what a Selector sees. */
  readonly head: Uint8Array;
  /** Stored once per place where the engine keeps queues, whatever the number of targets. */
  readonly body: Uint8Array | StagedBody;
  readonly priority: number; // 0 to 9; a higher one is delivered first
  readonly expiresAt?: Instant; // never delivered afterwards; then dead-lettered or dropped by the queue's `onExpiry`
}
export interface Target {
  readonly queue: QueueId;
  readonly group?: string; // message group; what it means is the queue's `groups`
  readonly dedup?: string; // the whole key, scope included; a second one within the queue's window stores nothing
  readonly visibleAt?: Instant; // delay; counted as `delayed` until then
  /** Given only to a consumer's lease: SQS receives never look at it (a body too large for SQS). */
  readonly isHolderOnly?: boolean;
  /** Facts of this one reference (granted QoS, subscription identifiers, rule), at most 4 KiB. */
  readonly note?: Uint8Array;
}
export interface QueueSettings {
  // all that the engine itself acts on; everything else about a queue is in its record
  /** Plain | SQS fair queue | JMSXGroupID | FIFO: only the leading visible run of a group. */
  readonly groups: 'ignore' | 'fair' | 'sticky' | 'strict';
  readonly retentionMs?: number; // from appendedAt; absent: for ever
  readonly delayMs: number; // for targets without visibleAt; on a strict queue it also applies to what already waits
  readonly dedupWindowMs: number; // from the first accepted append, over deletes and restarts, until a purge
  /** A receive that would exceed it moves the entry to `deadLetter` instead, in the same commit. */
  readonly deliveryCountMax?: number;
  readonly deadLetter?: QueueId; // absent, gone or the queue itself: the entry stays
  readonly onExpiry: 'drop' | 'dead-letter';
  // limit and leasedMax are exact on one node; over several each may overshoot by what it has under way, except on strict queues
  readonly limit?: {
    readonly entries?: number;
    readonly bytes?: number;
    readonly onFull: 'refuse' | 'drop-new' | 'drop-old';
  };
  /** In flight; beyond it a receive gives `limit-exceeded` or nothing, as `leasedMaxAs` says. */
  readonly leasedMax?: number;
  readonly leasedMaxAs?: 'error' | 'nothing';
  readonly ownedBy?: HolderId; // temporary: removed with its holder, crash included
}

// ---- one atomic step ------------------------------------------------------------------------------------------------------------------
export type Change =
  /** Order kept per queue and priority among the appends of one Store; on strict queues among all. */
  | { readonly do: 'append'; readonly message: NewMessage; readonly to: readonly Target[] }
  /** Queue: the one the client named. */
  | { readonly do: 'settle'; readonly queue?: QueueId; readonly receipt: Receipt; readonly as: Outcome }
  /** One entry, leased or not: console, scheduler, expiry by name. */
  | { readonly do: 'discard'; readonly queue: QueueId; readonly pos: number }
  | { readonly do: 'retain'; readonly topic: string; readonly message: NewMessage | undefined } // undefined forgets
  /** 0: must not exist. A record that is made again has a version that it never had. */
  | { readonly do: 'put'; readonly key: RecordKey; readonly value: Uint8Array; readonly ifVersion?: number }
  | { readonly do: 'forget'; readonly key: RecordKey; readonly ifVersion?: number }
  /** Id from `newQueueId`, so that its record fits in the batch. */
  | { readonly do: 'create-queue'; readonly queue: QueueId; readonly settings: QueueSettings }
  /** Retroactive where the settings say so. */
  | { readonly do: 'alter-queue'; readonly queue: QueueId; readonly settings: QueueSettings }
  /** O(1) at any depth: counts are 0 at once, space comes back later. */
  | { readonly do: 'purge-queue' | 'drop-queue'; readonly queue: QueueId };
export type Outcome =
  | { readonly type: 'ack' } // gone for good, everywhere, after any crash
  /** Back at its old place. */
  | {
      readonly type: 'release';
      readonly visibleAt?: Instant;
      readonly isCounted: boolean;
      readonly note?: Uint8Array;
      readonly notFor?: ConsumerId;
    }
  /** Since the receive: SQS's 12 hours. */
  | { readonly type: 'extend'; readonly until: Instant; readonly totalMsMax: number }
  | { readonly type: 'reject'; readonly cause: string }; // to the dead-letter queue now, else released
export interface Batch {
  readonly changes: readonly Change[]; // applied in order, all or none
  readonly durability: Durability;
  readonly isStrict?: boolean; // a settle that is not `done` refuses the whole batch (transactions)
}
export type ChangeResult =
  | {
      readonly did: 'append';
      readonly targets: readonly (
        | { readonly pos: number }
        | { readonly duplicateOf: { readonly id: Uint8Array; readonly pos: number } }
        | { readonly dropped: true }
      )[];
      readonly body: BodyId;
    }
  /**
   * Gone: acked, purged, moved; expired: strict queues only. Elsewhere every receipt of an entry acks it, and releases
   * (counted) or extends the timed lease that it is under now; the rest asks for the receipt of that very delivery.
   */
  | {
      readonly did: 'settle';
      readonly was: 'done' | 'gone' | 'expired' | 'not-leased' | 'over-limit' | 'other-queue' | 'invalid';
    }
  | { readonly did: 'put'; readonly version: number }
  | { readonly did: 'done' };
export type BatchResult =
  | { readonly ok: true; readonly at: Instant; readonly changes: readonly ChangeResult[] }
  | { readonly ok: false; readonly error: GantryError };

// ---- receiving ------------------------------------------------------------------------------------------------------------------------
export type Lease =
  | { readonly forMs: number } // SQS: visible again afterwards by itself
  /** Until settled or its holder closes; tag = MQTT packet id, kept with the lease. */
  | { readonly consumer: ConsumerId; readonly tags?: readonly number[] };
export interface ReceiveRequest {
  readonly queue: QueueId;
  readonly lease: Lease;
  readonly deliveriesMax: number; // 1 to 1,000
  readonly bytesMax?: number; // at least one delivery is given whatever its size
  /** Strict queues, timed leases: the same id within 5 minutes gives the same deliveries while none was settled. */
  readonly attempt?: string;
  /** Disk: lease and tag are on disk before the delivery is given (MQTT QoS 2, XA); memory: with the next group. */
  readonly durability: Durability;
}
export interface Delivery {
  readonly receipt: Receipt;
  readonly queue: QueueId;
  /**
   * Never used twice in a queue; gaps are normal. Strict queues: ascending in the order in which entries become
   * visible (SQS SequenceNumber). Others: ascending among the appends of one Store.
   */
  readonly pos: number;
  readonly id: Uint8Array;
  readonly head: Uint8Array;
  /** The second: too large to hand over whole. */
  readonly body: Uint8Array | { readonly body: BodyId; readonly bytes: number };
  readonly note?: Uint8Array;
  readonly tag?: number;
  readonly appendedAt: Instant;
  readonly firstReceivedAt: Instant;
  readonly deliveries: number; // 1 at first; goes on over dead-letter moves
  readonly isRedelivered: boolean; // true as well when a crash may have hidden an earlier delivery
  readonly deadLetteredFrom?: { readonly queue: QueueId; readonly cause: string };
}
export interface ConsumerOptions {
  readonly holder: HolderId;
  readonly queue: QueueId;
  /** Non-matching entries stay for others, in order; a deep queue is searched in slices, never in one turn. */
  readonly selector?: Selector;
  /** The highest with an open request on this node is served first; between nodes best effort. */
  readonly priority: number;
  /** From the answer of openConsumer on, no receive that is asked afterwards on any node serves another. */
  readonly isExclusive: boolean;
}

export interface Store {
  /**
   * All instants are by it; a test moves it and every delay, lease, window and expiry follows. Nodes agree within 100
   * ms or refuse to start; no order may be read from instants.
   */
  readonly clock: Clock;
  /**
   * Migrates; releases, counted, what connections of Stores that are gone held (SQLite: every earlier one; several
   * nodes: any whose heartbeat lapsed); refuses a newer schema, and a second process where the engine allows one.
   */
  start(): Promise<void>;
  stop(): Promise<void>; // writes what is in memory; harmless twice
  /** All calls of one turn of the event loop travel in one post and share a commit group; those that name a common queue, holder, topic or
   *  record take effect in the order made, others in any order and perhaps in commits of their own; each succeeds or fails alone. Without `isStrict`, `ifVersion`, `create-queue` or a
   *  `refuse` limit a batch cannot fail by its content. What a database refused for a reason of its own (deadlock, failover) the engine repeats: a batch is plain data that can be applied
   *  again. If it cannot find out what became of a commit, the error is `outcome-unknown`: all of it happened or none; core answers with the protocol's retryable error. */
  commit(batch: Batch): Promise<BatchResult>;
  /** `commit` of each, called in this order, with one promise for all results, which stand in the same order. */
  commitAll(batches: readonly Batch[]): Promise<readonly BatchResult[]>;
  /** Highest priority first, then oldest (strict: the group least recently served, its leading visible run); never one entry to two; never an
   *  expired one; `[]` when nothing can be given now. What another node is just taking counts as not there; oldest and least recently served are exact on one node. */
  receive(request: ReceiveRequest): Promise<readonly Delivery[]>;
  /** Called after a commit that gave a queue something it could not give before (append, release, lease end, delay end, unlocked group, found by a
   *  selector); may be called in vain; called at the latest `readyLagMs` after (SQLite 0, several nodes 1,000). A wait that ends asks once more: core takes silence for nothing. */
  onReady(listener: (queues: readonly QueueId[]) => void): void;

  /**
   * Session: leases outlive close and crash, same key, same holder; opening a key that is open, here or elsewhere,
   * takes it over.
   */
  openHolder(kind: 'connection' | 'session', key?: string): Promise<HolderId>;
  onHolderTaken(listener: (holder: HolderId) => void): void; // the earlier opener's consumers are closed
  /** In the order first given: what a resumed session sends again. */
  held(holder: HolderId): Promise<readonly Delivery[]>;
  /** Released in place, counted but the unseen; its temporary queues go. */
  closeHolder(holder: HolderId, how: { readonly unseen: readonly Receipt[] } | 'keep' | 'end'): Promise<void>;
  openConsumer(options: ConsumerOptions): Promise<ConsumerId>;
  closeConsumer(consumer: ConsumerId): Promise<void>; // its groups are free; what it holds stays with the holder

  /** Prepared work survives a crash, its appends unseen, its receipts held by nobody; `decide` is idempotent until forgotten. */
  prepare(xid: Uint8Array, batch: Batch): Promise<void>;
  decide(xid: Uint8Array, as: 'commit' | 'rollback'): Promise<void>;
  prepared(): Promise<readonly Uint8Array[]>;

  /** Bodies over 1 MiB, in chunks; what no batch refers to is reclaimed when its Store is gone. */
  stageBody(): Promise<StagedBody>;
  readBody(body: BodyId, from: number, bytes: number): Promise<Uint8Array>;

  /** One slice in delivery order, `scannedMax` entries looked at; leaves no trace. */
  browse(options: {
    readonly queue: QueueId;
    readonly states: readonly EntryState[];
    readonly selector?: Selector;
    readonly from?: BrowseCursor;
    readonly entriesMax: number;
    readonly scannedMax: number;
  }): Promise<{
    readonly entries: readonly (Omit<Delivery, 'receipt'> & { readonly state: EntryState })[];
    readonly next?: BrowseCursor;
  }>;
  /**
   * One commit: waiting entries change queue, the oldest first, bodies stay where they are; 'origin' = where each was
   * dead-lettered from. On a strict queue a message group with an entry in flight stays, so that its order is kept.
   */
  move(options: {
    readonly from: QueueId;
    readonly to: QueueId | 'origin';
    /** With 'origin': only to these; what came from elsewhere stays and counts as without origin. Absent: to any. */
    readonly origins?: readonly QueueId[];
    readonly selector?: Selector;
    readonly entriesMax: number;
    readonly isCountReset: boolean;
    /** Goes on where an earlier move stopped. */
    readonly after?: MoveCursor;
    /** Only the entries at these positions, at most 1,000, wherever in the queue; `next` is absent then. Absent: all. */
    readonly only?: readonly number[];
  }): Promise<MoveResult>;

  /**
   * One snapshot, exact for every commit answered before the call; an entry whose time has come may count in its old
   * state for up to a second.
   */
  tallies(queues: readonly QueueId[]): Promise<readonly Tally[]>;
  /** In key order. */
  records(
    prefix: RecordKey,
    after?: RecordKey,
    max?: number,
  ): Promise<readonly { readonly key: RecordKey; readonly value: Uint8Array; readonly version: number }[]>;
  /** Changes by any node, after their commit; 'all': some may have been missed, read the prefix again. */
  onRecords(prefix: RecordKey, listener: (keys: readonly RecordKey[] | 'all') => void): void;
  retained(topics: readonly string[]): Promise<readonly (NewMessage | undefined)[]>;
  /** In name order; core keeps the tree of names. */
  retainedTopics(after: string | undefined, max: number): Promise<readonly string[]>;
  newQueueId(): QueueId; // unique over all nodes and for ever, from a block reserved ahead
  /**
   * Full: appends are refused, settles go on; broken: a sync failed, nothing is acknowledged any more; lost: others
   * took this node for dead and released what its connections held.
   */
  onState(listener: (state: 'ok' | 'full' | 'broken' | 'lost', why: string) => void): void;
  /** A consistent copy while commits go on, with all that was answered before the call; on disk and openable when it settles, nothing at `to` before. A file that stands
   *  there is refused (`already-exists`), a disk without room is `store-full`; a stop and the signal end it early (`unavailable`). `unsupported` for a store without a file. */
  backup(to: string, signal?: AbortSignal): Promise<void>;
  measures(): StoreMeasures; // commits, group size, sync seconds, backlog of the committer, reclaim debt
}
/** Ordered; the first part is the kind: ['queue', account, region, name], ['mqtt-inbound', session, packetId]. */
export type RecordKey = readonly (string | number)[];
export type EntryState = 'waiting' | 'delayed' | 'leased';
export type BrowseCursor = string & { readonly __brand: 'BrowseCursor' };
export type MoveCursor = string & { readonly __brand: 'MoveCursor' };
export interface MoveResult {
  readonly moved: number;
  /** Waiting in the queue afterwards, those behind the cursor too. */
  readonly left: number;
  /** Of those that were looked at, how many have no origin, and how many one that is gone: they stay. */
  readonly withoutOrigin: number;
  readonly originGone: number;
  /** Absent: the queue was looked through to its end. There may be more, also after a call that moved nothing. */
  readonly next?: MoveCursor;
}
interface StagedBody {
  readonly body: BodyId;
  write(chunk: Uint8Array): Promise<void>;
  close(): Promise<void>;
  discard(): Promise<void>;
}
export interface Tally {
  readonly waiting: number;
  readonly delayed: number;
  readonly leased: number;
  readonly bytes: number;
  readonly oldestAt?: Instant;
  readonly groupsLeased: number;
  /** Fair queues: groups that have so much in flight that others come before them. */
  readonly groupsNoisy: number;
  /** Bytes of all appends, heads included, since the store last read the queue: at its start, as a rule. */
  readonly appendedBytes: number;
  readonly total: Readonly<
    Record<'appended' | 'duplicate' | 'delivered' | 'acked' | 'expired' | 'deadLettered' | 'dropped', number>
  >;
}
export interface StoreMeasures {
  readonly commits: number;
  readonly batches: number;
  readonly commitSeconds: number;
  readonly pending: number;
  readonly pendingBytes: number;
  readonly reclaimPending: number;
  readonly entriesInMemory: number;
}
