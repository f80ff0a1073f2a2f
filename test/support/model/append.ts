import type { Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Change, ChangeResult, QueueId, Target } from '../../../storage/store.ts';
import type { ModelEntry, ModelQueue, ModelState } from './state.ts';
import { entryBytes, entryState, makeBodyId, priorityIn, removeEntry } from './state.ts';

type Append = Extract<Change, { do: 'append' }>;
type TargetResult = Extract<ChangeResult, { did: 'append' }>['targets'][number];

/** @throws GantryError `limit-exceeded` when a target's queue is full and refuses; `unsupported` for a staged body */
export function append(state: ModelState, { message, to }: Append, now: Instant, touched: Set<QueueId>): ChangeResult {
  const { body } = message;
  if (!(body instanceof Uint8Array)) throw new GantryError('unsupported', 'staged bodies come with a later release');
  const targets = to.map((target) => {
    touched.add(target.queue);
    return appendTo(state, { ...message, body }, target, now);
  });
  return { did: 'append', targets, body: makeBodyId(state.numberNext++) };
}

function appendTo(state: ModelState, message: ModelEntry['message'], target: Target, now: Instant): TargetResult {
  const queue = state.queues.get(target.queue);
  if (queue === undefined) return { dropped: true }; // Dropped a moment ago; the batch's other changes stand.
  const first = target.dedup === undefined ? undefined : queue.dedup.get(target.dedup);
  if (first !== undefined && now < first.at + queue.settings.dedupWindowMs) {
    queue.total.duplicate++;
    return { duplicateOf: { id: first.id, pos: first.pos } };
  }
  if (!makeRoom(queue, message, now)) {
    queue.total.dropped++;
    return { dropped: true };
  }
  const pos = queue.posNext++;
  const entry = newEntry(message, target, pos, queue, now);
  queue.entries.push(entry);
  queue.appendedBytes += entryBytes(entry);
  queue.total.appended++;
  if (target.dedup !== undefined) queue.dedup.set(target.dedup, { id: message.id, pos, at: now });
  return { pos };
}

function newEntry(
  message: ModelEntry['message'],
  target: Target,
  pos: number,
  queue: ModelQueue,
  now: Instant,
): ModelEntry {
  // A strict queue's own delay applies to what already waits, so it is looked up each time and not noted here.
  const isDelayedByQueue = target.visibleAt === undefined && queue.settings.groups === 'strict';
  return {
    pos,
    message,
    group: target.group,
    isHolderOnly: target.isHolderOnly ?? false,
    appendedAt: now,
    expiresAt: message.expiresAt,
    note: target.note,
    visibleAt: isDelayedByQueue ? undefined : (target.visibleAt ?? now + queue.settings.delayMs),
    isDelayedByQueue,
    lease: undefined,
    count: 0,
    countBase: 0,
    firstReceivedAt: undefined,
    origin: undefined,
  };
}

/** @returns whether the message may be stored @throws GantryError `limit-exceeded` */
function makeRoom(queue: ModelQueue, message: ModelEntry['message'], now: Instant): boolean {
  const { limit } = queue.settings;
  if (limit === undefined) return true;
  const entriesMax = limit.entries ?? Number.POSITIVE_INFINITY;
  const bytesMax = limit.bytes ?? Number.POSITIVE_INFINITY;
  const bytes = message.body.length + message.head.length;
  const isFull = () =>
    queue.entries.length + 1 > entriesMax ||
    bytes + queue.entries.reduce((sum, e) => sum + entryBytes(e), 0) > bytesMax;
  if (!isFull()) return true;
  if (limit.onFull === 'refuse') throw new GantryError('limit-exceeded', `queue ${queue.id} is full`);
  if (limit.onFull === 'drop-new' || bytes > bytesMax) return false;
  const waiting = queue.entries.filter((entry) => entryState(queue, entry, now) === 'waiting');
  // The least that anybody waits for goes first.
  for (const oldest of waiting.toSorted((a, b) => priorityIn(queue, a) - priorityIn(queue, b) || a.pos - b.pos)) {
    removeEntry(queue, oldest);
    queue.total.dropped++;
    if (!isFull()) return true;
  }
  return false; // All that is left is leased or delayed.
}
