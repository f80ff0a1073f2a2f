import type { Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type {
  BrowseCursor,
  ConsumerId,
  ConsumerOptions,
  Delivery,
  HolderId,
  MoveCursor,
  MoveResult,
  QueueId,
  Store,
  Tally,
} from '../../../storage/store.ts';
import { makeBrowsed, makeDelivery, noisyInFlightMin } from './receive.ts';
import type { ModelEntry, ModelQueue, ModelState } from './state.ts';
import {
  entryBytes,
  entryState,
  inDeliveryOrder,
  makeConsumerId,
  makeHolderId,
  moveEntry,
  priorityIn,
} from './state.ts';
import { closeConsumers, endHolder } from './sweep.ts';

/** @throws GantryError `unsupported` */
export function refuseSelector(selector: unknown): void {
  if (selector !== undefined) throw new GantryError('unsupported', 'selectors come with a later release');
}

// ---- holders and consumers ----
export function openHolder(
  state: ModelState,
  kind: 'connection' | 'session',
  key: string | undefined,
): { readonly holder: HolderId; readonly isTaken: boolean } {
  const known = key === undefined ? undefined : [...state.holders].find(([, other]) => other.key === key);
  if (known === undefined) {
    const holder = makeHolderId(state.numberNext++);
    state.holders.set(holder, { kind, key, isOpen: true });
    return { holder, isTaken: false };
  }
  const [holder, session] = known;
  const isTaken = session.isOpen;
  session.isOpen = true;
  closeConsumers(state, holder);
  return { holder, isTaken };
}

export function closeHolder(
  state: ModelState,
  id: HolderId,
  how: Parameters<Store['closeHolder']>[1],
): ReadonlySet<QueueId> {
  const holder = state.holders.get(id);
  if (holder === undefined) return new Set();
  if (how !== 'keep' || holder.kind === 'connection')
    return endHolder(state, id, typeof how === 'string' ? [] : how.unseen);
  closeConsumers(state, id);
  holder.isOpen = false;
  return new Set();
}

/** @throws GantryError `not-found`, `unsupported` */
export function openConsumer(state: ModelState, options: ConsumerOptions): ConsumerId {
  refuseSelector(options.selector);
  if (options.isExclusive) throw new GantryError('unsupported', 'exclusive consumers come with a later release');
  if (!state.queues.has(options.queue)) throw new GantryError('not-found', `queue ${options.queue} is gone`);
  if (!state.holders.has(options.holder)) throw new GantryError('not-found', `holder ${options.holder} is gone`);
  const id = makeConsumerId(state.numberNext++);
  state.consumers.set(id, options);
  return id;
}

export function held(state: ModelState, holder: HolderId): Delivery[] {
  return [...state.queues.values()]
    .flatMap((queue) => queue.entries.map((entry) => ({ queue, entry })))
    .filter(({ entry }) => entry.lease?.holder === holder)
    .toSorted((a, b) => (a.entry.lease?.number ?? 0) - (b.entry.lease?.number ?? 0))
    .map(({ queue, entry }) => makeDelivery(state, queue, entry));
}

// ---- looking and moving ----
type BrowseOptions = Parameters<Store['browse']>[0];

export function browse(state: ModelState, options: BrowseOptions, now: Instant): Awaited<ReturnType<Store['browse']>> {
  const queue = state.queues.get(options.queue);
  if (queue === undefined) return { entries: [] };
  const ordered = inDeliveryOrder(queue);
  const start = options.from === undefined ? 0 : ordered.findIndex((entry) => isBehind(queue, entry, options.from));
  const scanned = start === -1 ? [] : ordered.slice(start, start + options.scannedMax);
  const entries: ReturnType<typeof makeBrowsed>[] = [];
  let last: ModelEntry | undefined;
  for (const entry of scanned) {
    if (entries.length === options.entriesMax) break;
    last = entry;
    const entryIs = entryState(queue, entry, now);
    // Expired, and there only until its lease ends.
    if (entry.expiresAt !== undefined && entry.expiresAt <= now) continue;
    if (options.states.includes(entryIs)) entries.push(makeBrowsed(queue, entry, entryIs));
  }
  return last === undefined || last === ordered.at(-1) ? { entries } : { entries, next: cursorAt(queue, last) };
}

const cursorAt = (queue: ModelQueue, entry: ModelEntry) => `${priorityIn(queue, entry)}.${entry.pos}` as BrowseCursor;

function isBehind(queue: ModelQueue, entry: ModelEntry, cursor: BrowseCursor | MoveCursor | undefined): boolean {
  const [priority = 0, pos = 0] = (cursor ?? '').split('.').map(Number);
  const own = priorityIn(queue, entry);
  return own < priority || (own === priority && entry.pos > pos);
}

type MoveOptions = Parameters<Store['move']>[0];

/** @throws GantryError `not-found` when the queue to move to is gone */
export function move(state: ModelState, options: MoveOptions, now: Instant, touched: Set<QueueId>): MoveResult {
  if (options.to !== 'origin' && !state.queues.has(options.to)) {
    throw new GantryError('not-found', `queue ${options.to} is gone`);
  }
  const from = state.queues.get(options.from);
  const counts = { moved: 0, withoutOrigin: 0, originGone: 0 };
  if (from === undefined) return { ...counts, left: 0 };
  const waiting = inDeliveryOrder(from).filter((entry) => entryState(from, entry, now) === 'waiting');
  for (const entry of waiting) {
    if (options.after !== undefined && !isBehind(from, entry, options.after)) continue;
    if (options.only?.includes(entry.pos) === false) continue;
    if (counts.moved === options.entriesMax) {
      return { ...counts, left: waiting.length - counts.moved, next: cursorBefore(from, entry) };
    }
    const id = options.to === 'origin' ? entry.origin?.queue : options.to;
    const to = id === undefined ? undefined : state.queues.get(id);
    if (id === undefined) counts.withoutOrigin++;
    else if (to === undefined) counts.originGone++;
    else if (options.to === 'origin' && options.origins?.includes(id) === false) counts.withoutOrigin++;
    else if (to !== from && !isGroupInFlight(from, entry, now)) {
      moveEntry(from, entry, to, { isCountReset: options.isCountReset }, now);
      touched.add(from.id).add(to.id);
      counts.moved++;
    }
  }
  return { ...counts, left: waiting.length - counts.moved };
}

const cursorBefore = (queue: ModelQueue, entry: ModelEntry) =>
  `${priorityIn(queue, entry)}.${entry.pos - 1}` as MoveCursor;

function isGroupInFlight(queue: ModelQueue, { group }: ModelEntry, now: Instant): boolean {
  if (queue.settings.groups !== 'strict' || group === undefined) return false;
  return queue.entries.some((other) => other.group === group && entryState(queue, other, now) === 'leased');
}

export function readTally(queue: ModelQueue | undefined, now: Instant): Tally {
  const entries = queue?.entries ?? [];
  const counts = { waiting: 0, delayed: 0, leased: 0 };
  for (const entry of entries) if (queue !== undefined) counts[entryState(queue, entry, now)]++;
  const areGroups = queue !== undefined && queue.settings.groups !== 'ignore';
  const leasedGroups = entries.filter(({ lease, group }) => areGroups && lease !== undefined && group !== undefined);
  const noTotal = { appended: 0, duplicate: 0, delivered: 0, acked: 0, expired: 0, deadLettered: 0, dropped: 0 };
  return {
    ...counts,
    bytes: entries.reduce((sum, entry) => sum + entryBytes(entry), 0),
    ...(entries.length === 0 ? {} : { oldestAt: Math.min(...entries.map(({ appendedAt }) => appendedAt)) }),
    groupsLeased: new Set(leasedGroups.map(({ group }) => group)).size,
    groupsNoisy: queue?.settings.groups === 'fair' ? noisyAmong(leasedGroups.map(({ group }) => group)) : 0,
    appendedBytes: queue?.appendedBytes ?? 0,
    total: { ...(queue?.total ?? noTotal) },
  };
}

function noisyAmong(groups: readonly (string | undefined)[]): number {
  const inFlight = new Map<string | undefined, number>();
  for (const group of groups) inFlight.set(group, (inFlight.get(group) ?? 0) + 1);
  return [...inFlight.values()].filter((count) => count >= noisyInFlightMin).length;
}
