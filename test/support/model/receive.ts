import type { Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Delivery, EntryState, HolderId, Lease, QueueId, ReceiveRequest } from '../../../storage/store.ts';
import { makeReceipt } from './receipt.ts';
import type { ModelEntry, ModelLease, ModelQueue, ModelState } from './state.ts';
import { deadLetterQueue, entryBytes, entryState, groupOf, inDeliveryOrder, moveEntry } from './state.ts';

const attemptWindowMs = 5 * 60_000;
/** A group with fewer in flight than this is quiet. */
export const noisyInFlightMin = 10;

/** @throws GantryError `invalid-argument`, `limit-exceeded` */
export function receive(state: ModelState, request: ReceiveRequest, now: Instant, touched: Set<QueueId>): Delivery[] {
  const { queue: id, lease, deliveriesMax } = request;
  if (!Number.isInteger(deliveriesMax) || deliveriesMax < 1 || deliveriesMax > 1000) {
    throw new GantryError('invalid-argument', `deliveriesMax ${deliveriesMax} is outside 1 to 1,000`);
  }
  const queue = state.queues.get(id);
  const consumer = 'consumer' in lease ? state.consumers.get(lease.consumer) : undefined;
  if (queue === undefined || ('consumer' in lease && consumer?.queue !== id)) return [];
  const repeated = repeatAttempt(state, queue, request, now);
  if (repeated !== undefined) return repeated;
  const room = roomInFlight(queue);
  const given: ModelEntry[] = [];
  let bytes = 0;
  for (const entry of candidates(queue, 'forMs' in lease, now)) {
    if (given.length === Math.min(deliveriesMax, room)) break;
    if (deadLetterInstead(state, queue, entry, now, touched)) continue;
    bytes += entryBytes(entry);
    if (given.length > 0 && request.bytesMax !== undefined && bytes > request.bytesMax) break;
    take(queue, entry, leaseFor(state, lease, consumer?.holder, given.length, now));
    given.push(entry);
  }
  noteServed(queue, request, given, now);
  return given.map((entry) => makeDelivery(state, queue, entry));
}

function roomInFlight({ settings, entries }: ModelQueue): number {
  if (settings.leasedMax === undefined) return Number.POSITIVE_INFINITY;
  const room = Math.max(0, settings.leasedMax - entries.filter(({ lease }) => lease !== undefined).length);
  if (room === 0 && settings.leasedMaxAs === 'error') {
    throw new GantryError('limit-exceeded', `${settings.leasedMax} deliveries are in flight`);
  }
  return room;
}

/** What may be given, in the order in which it is to be given. */
function candidates(queue: ModelQueue, isTimed: boolean, now: Instant): ModelEntry[] {
  const seen = inDeliveryOrder(queue).filter((entry) => !(isTimed && entry.isHolderOnly));
  const isWaiting = (entry: ModelEntry) => entryState(queue, entry, now) === 'waiting';
  if (queue.settings.groups === 'strict') return strictOrder(queue, seen, isWaiting);
  const waiting = seen.filter(isWaiting);
  return queue.settings.groups === 'fair' ? fairOrder(queue, waiting) : waiting;
}

/** The group least recently served, then the one with the oldest head; of each its leading visible run. */
function strictOrder(queue: ModelQueue, seen: ModelEntry[], isWaiting: (entry: ModelEntry) => boolean): ModelEntry[] {
  const runs = [...new Set(seen.map(groupOf))].map((group) => {
    const entries = seen.filter((entry) => groupOf(entry) === group);
    const end = entries.findIndex((entry) => !isWaiting(entry));
    return { turn: queue.turns.get(group) ?? 0, run: end === -1 ? entries : entries.slice(0, end) };
  });
  // The runs come in the order of their heads, and the sort keeps it among groups that were never served.
  return runs.toSorted((a, b) => a.turn - b.turn).flatMap(({ run }) => run);
}

/** One by one, the oldest of the groups that have least in flight, counted in doublings of what makes one noisy. */
function fairOrder(queue: ModelQueue, waiting: ModelEntry[]): ModelEntry[] {
  const inFlight = new Map<string, number>();
  const addInFlight = (entry: ModelEntry) => inFlight.set(groupOf(entry), (inFlight.get(groupOf(entry)) ?? 0) + 1);
  for (const entry of queue.entries) if (entry.lease !== undefined) addInFlight(entry);
  const ordered: ModelEntry[] = [];
  let left = waiting;
  while (left.length > 0) {
    const doublings = (entry: ModelEntry) => {
      const own = inFlight.get(groupOf(entry)) ?? 0;
      return own < noisyInFlightMin ? 0 : 1 + Math.floor(Math.log2(own / noisyInFlightMin));
    };
    const least = Math.min(...left.map(doublings));
    const next = left.find((entry) => doublings(entry) === least);
    if (next === undefined) break;
    ordered.push(next);
    addInFlight(next);
    left = left.filter((entry) => entry !== next);
  }
  return ordered;
}

/** @returns true when the entry had its last delivery before and has gone to the dead-letter queue */
function deadLetterInstead(
  state: ModelState,
  queue: ModelQueue,
  entry: ModelEntry,
  now: Instant,
  touched: Set<QueueId>,
): boolean {
  if (entry.count < (queue.settings.deliveryCountMax ?? Number.POSITIVE_INFINITY)) return false;
  const deadLetter = deadLetterQueue(state, queue);
  if (deadLetter === undefined) return false; // Nowhere to go: it stays and is given again, never lost.
  moveEntry(queue, entry, deadLetter, { cause: 'delivery-count', isCountReset: false }, now);
  touched.add(deadLetter.id);
  return true;
}

function leaseFor(
  state: ModelState,
  lease: Lease,
  holder: HolderId | undefined,
  index: number,
  now: Instant,
): ModelLease {
  const number = state.numberNext++;
  if ('forMs' in lease) return { until: now + lease.forMs, holder: undefined, number, at: now, tag: undefined };
  return { until: undefined, holder, number, at: now, tag: lease.tags?.[index] };
}

function take(queue: ModelQueue, entry: ModelEntry, lease: ModelLease): void {
  entry.lease = lease;
  entry.count++;
  entry.firstReceivedAt ??= lease.at;
  queue.total.delivered++;
}

function noteServed(queue: ModelQueue, request: ReceiveRequest, given: ModelEntry[], now: Instant): void {
  if (queue.settings.groups !== 'strict' || given.length === 0) return;
  for (const group of new Set(given.map(groupOf))) queue.turns.set(group, ++queue.turn);
  if (request.attempt === undefined || !('forMs' in request.lease)) return;
  const facts = given.map(({ pos, lease }) => ({ pos, lease: lease?.number ?? 0 }));
  queue.attempts.set(request.attempt, { at: now, given: facts });
}

/** The deliveries of an earlier receive with the same id, their time anew; undefined when it is to be a new receive. */
function repeatAttempt(
  state: ModelState,
  queue: ModelQueue,
  { attempt: id, lease }: ReceiveRequest,
  now: Instant,
): Delivery[] | undefined {
  const attempt = id === undefined || !('forMs' in lease) ? undefined : queue.attempts.get(id);
  if (attempt === undefined || now >= attempt.at + attemptWindowMs) return undefined;
  const entries = attempt.given.flatMap(({ pos, lease: number }) =>
    queue.entries.filter((entry) => entry.pos === pos && entry.lease?.number === number),
  );
  if (entries.length !== attempt.given.length) return undefined; // One was settled, or its time is over.
  return entries.map((entry) => {
    if (entry.lease?.until !== undefined && 'forMs' in lease) {
      entry.lease = { ...entry.lease, until: now + lease.forMs };
    }
    return makeDelivery(state, queue, entry);
  });
}

/** As the holder of the lease sees it. */
export function makeDelivery(state: ModelState, queue: ModelQueue, entry: ModelEntry): Delivery {
  const facts = { queue: queue.id, life: queue.life, pos: entry.pos, lease: entry.lease?.number ?? 0 };
  return { receipt: makeReceipt(state.receiptSecret, facts), ...describe(queue, entry) };
}

export function makeBrowsed(queue: ModelQueue, entry: ModelEntry, state: EntryState) {
  return { ...describe(queue, entry), state };
}

function describe(queue: ModelQueue, entry: ModelEntry): Omit<Delivery, 'receipt'> {
  const { id, head, body } = entry.message;
  const deliveries = entry.count + entry.countBase;
  return {
    queue: queue.id,
    pos: entry.pos,
    id,
    head,
    body,
    ...(entry.note === undefined ? {} : { note: entry.note }),
    ...(entry.lease?.tag === undefined ? {} : { tag: entry.lease.tag }),
    appendedAt: entry.appendedAt,
    firstReceivedAt: entry.firstReceivedAt ?? 0,
    deliveries,
    isRedelivered: deliveries > 1,
    ...(entry.origin === undefined ? {} : { deadLetteredFrom: entry.origin }),
  };
}
