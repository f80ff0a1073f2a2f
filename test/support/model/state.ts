/**
 * What the model remembers, as plain as it can be: each queue an array of entries in arrival order. Whatever ends by
 * time is ended by `sweep`, which every step calls first; so an entry's state is what its fields say.
 */
import type { Instant } from '../../../src/model/clock.ts';
import type {
  BodyId,
  ConsumerId,
  ConsumerOptions,
  EntryState,
  HolderId,
  NewMessage,
  QueueId,
  QueueSettings,
  RecordKey,
  Tally,
} from '../../../storage/store.ts';

export interface ModelLease {
  readonly until: Instant | undefined; // undefined: a holder's
  readonly holder: HolderId | undefined;
  readonly number: number; // of all leases of the store; the receipt carries it
  readonly at: Instant;
  readonly tag: number | undefined;
}
export interface ModelEntry {
  readonly pos: number;
  readonly message: Omit<NewMessage, 'body'> & { readonly body: Uint8Array };
  readonly group: string | undefined;
  readonly isHolderOnly: boolean;
  readonly appendedAt: Instant;
  readonly expiresAt: Instant | undefined;
  note: Uint8Array | undefined;
  /** Its own delay, or a release's; a strict queue's own delay is not noted here, for it follows the settings. */
  visibleAt: Instant | undefined;
  isDelayedByQueue: boolean;
  lease: ModelLease | undefined;
  count: number; // in this queue: what deliveryCountMax is compared with
  readonly countBase: number; // in the queues before
  firstReceivedAt: Instant | undefined;
  readonly origin: { readonly queue: QueueId; readonly cause: string } | undefined;
}
interface ModelAttempt {
  readonly at: Instant;
  /** Position and lease number of each delivery. */
  readonly given: readonly { readonly pos: number; readonly lease: number }[];
}
type Totals = { -readonly [K in keyof Tally['total']]: number };
export interface ModelQueue {
  readonly id: QueueId;
  life: number;
  settings: QueueSettings;
  posNext: number;
  entries: ModelEntry[];
  dedup: Map<string, { readonly id: Uint8Array; readonly pos: number; readonly at: Instant }>;
  attempts: Map<string, ModelAttempt>;
  /** When each group was last served; a group without entries is forgotten. */
  turns: Map<string, number>;
  turn: number;
  total: Totals;
  appendedBytes: number;
}
interface ModelHolder {
  readonly kind: 'connection' | 'session';
  readonly key: string | undefined;
  isOpen: boolean;
}
export interface ModelRecord {
  readonly key: RecordKey;
  readonly value: Uint8Array;
  readonly version: number;
}
export interface ModelState {
  readonly receiptSecret: Uint8Array;
  queues: Map<QueueId, ModelQueue>;
  holders: Map<HolderId, ModelHolder>;
  consumers: Map<ConsumerId, ConsumerOptions>;
  records: ModelRecord[]; // in key order
  versionsForgotten: number; // the highest of a record that is no more
  numberNext: number; // for queues, lives, bodies, leases, holders, consumers: all distinct
  sweptAt: Instant;
  batches: number;
}

export function createModelState(receiptSecret: Uint8Array): ModelState {
  return {
    receiptSecret,
    queues: new Map(),
    holders: new Map(),
    consumers: new Map(),
    records: [],
    versionsForgotten: 0,
    numberNext: 1,
    sweptAt: 0,
    batches: 0,
  };
}

/** What may change is copied, bodies are shared. */
export function cloneState(state: ModelState): ModelState {
  return {
    ...state,
    queues: new Map([...state.queues].map(([id, queue]) => [id, cloneQueue(queue)])),
    holders: new Map([...state.holders].map(([id, holder]) => [id, { ...holder }])),
    consumers: new Map(state.consumers),
    records: [...state.records],
  };
}

function cloneQueue(queue: ModelQueue): ModelQueue {
  return {
    ...queue,
    entries: queue.entries.map((entry) => ({ ...entry })),
    dedup: new Map(queue.dedup),
    attempts: new Map(queue.attempts),
    turns: new Map(queue.turns),
    total: { ...queue.total },
  };
}

export const makeQueueId = (value: number) => value as QueueId;
export const makeHolderId = (value: number) => value as HolderId;
export const makeConsumerId = (value: number) => value as ConsumerId;
export const makeBodyId = (value: number) => value as BodyId;

export function entryBytes(entry: ModelEntry): number {
  return entry.message.body.length + entry.message.head.length;
}

/** When an entry that nobody holds can be received, as far as delays are concerned. */
export function visibleAt(queue: ModelQueue, entry: ModelEntry): Instant {
  if (entry.visibleAt !== undefined) return entry.visibleAt;
  // What was received once has had its delay.
  return entry.isDelayedByQueue && entry.count === 0 ? entry.appendedAt + queue.settings.delayMs : entry.appendedAt;
}

export function entryState(queue: ModelQueue, entry: ModelEntry, now: Instant): EntryState {
  if (entry.lease !== undefined) return 'leased';
  return visibleAt(queue, entry) > now ? 'delayed' : 'waiting';
}

/** A strict queue knows no priority. */
export function priorityIn({ settings }: ModelQueue, { message }: ModelEntry): number {
  return settings.groups === 'strict' ? 0 : message.priority;
}

/** Higher priority first, then older. */
export function inDeliveryOrder(queue: ModelQueue): ModelEntry[] {
  return queue.entries.toSorted((a, b) => priorityIn(queue, b) - priorityIn(queue, a) || a.pos - b.pos);
}

export function groupOf(entry: ModelEntry): string {
  return entry.group ?? '';
}

export function removeEntry(queue: ModelQueue, entry: ModelEntry): void {
  queue.entries = queue.entries.filter((other) => other !== entry);
  const group = groupOf(entry);
  if (!queue.entries.some((other) => groupOf(other) === group)) queue.turns.delete(group);
}

/** A delivery that nobody has seen: an entry that had no other was never received. */
export function uncount(entry: ModelEntry): void {
  entry.count--;
  if (entry.count + entry.countBase === 0) entry.firstReceivedAt = undefined;
}

export interface Arrival {
  readonly cause?: string; // present: a dead-letter move
  readonly isCountReset: boolean;
}

/** The entry leaves one queue and joins the end of the other; its lease and delay end. */
export function moveEntry(from: ModelQueue, entry: ModelEntry, to: ModelQueue, arrival: Arrival, now: Instant): void {
  removeEntry(from, entry);
  const isStrict = to.settings.groups === 'strict';
  // A dead-lettered message keeps its age, except on a strict queue; a redriven one has a fresh life [SQS 1.7, 1.16].
  const isAged = !arrival.isCountReset && !(arrival.cause !== undefined && isStrict);
  to.entries.push({
    ...entry,
    pos: to.posNext++,
    appendedAt: isAged ? entry.appendedAt : now,
    expiresAt: arrival.cause === 'expired' ? undefined : entry.expiresAt,
    visibleAt: isStrict ? now + to.settings.delayMs : undefined, // As one that is appended there.
    isDelayedByQueue: isStrict,
    lease: undefined,
    count: 0,
    countBase: arrival.isCountReset ? 0 : entry.countBase + entry.count,
    firstReceivedAt: arrival.isCountReset ? undefined : entry.firstReceivedAt,
    origin: originAfter(from, entry, arrival),
  });
  if (arrival.cause !== undefined) from.total.deadLettered++;
}

function originAfter(from: ModelQueue, entry: ModelEntry, { cause, isCountReset }: Arrival): ModelEntry['origin'] {
  if (cause !== undefined) return { queue: from.id, cause };
  return isCountReset ? undefined : entry.origin;
}

export function deadLetterQueue(state: ModelState, queue: ModelQueue): ModelQueue | undefined {
  const { deadLetter } = queue.settings;
  return deadLetter === undefined || deadLetter === queue.id ? undefined : state.queues.get(deadLetter);
}
