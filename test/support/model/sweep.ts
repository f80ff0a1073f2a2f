import type { Instant } from '../../../src/model/clock.ts';
import type { HolderId, QueueId, Receipt } from '../../../storage/store.ts';
import { readReceipt } from './receipt.ts';
import type { ModelEntry, ModelQueue, ModelState } from './state.ts';
import { deadLetterQueue, moveEntry, removeEntry, uncount, visibleAt } from './state.ts';

/** Ends what time has ended: leases, delays, lives. @returns queues that may give something now */
export function sweep(state: ModelState, now: Instant): Set<QueueId> {
  const ready = new Set<QueueId>();
  // Twice, for what expires in one queue may be too old for its dead-letter queue as well.
  for (let pass = 0; pass < 2; pass++) {
    for (const queue of state.queues.values()) {
      for (const entry of queue.entries) sweepEntry(state, queue, entry, now, ready);
    }
  }
  state.sweptAt = now;
  return ready;
}

function sweepEntry(state: ModelState, queue: ModelQueue, entry: ModelEntry, now: Instant, ready: Set<QueueId>): void {
  if (entry.lease?.until !== undefined && entry.lease.until <= now) {
    entry.lease = undefined;
    ready.add(queue.id);
  }
  const shownAt = visibleAt(queue, entry);
  if (shownAt <= now && shownAt > state.sweptAt) ready.add(queue.id);
  const { retentionMs, onExpiry } = queue.settings;
  if (retentionMs !== undefined && entry.appendedAt + retentionMs <= now) {
    // Leased or not: in-flight messages past retention vanish as well [SQS 1.7].
    removeEntry(queue, entry);
    queue.total.expired++;
    ready.add(queue.id); // On a strict queue the rest of the group may be free now.
    return;
  }
  // Its own expiry waits for the lease to end: who has it may still settle it, and it must not be in two places.
  if (entry.expiresAt === undefined || entry.expiresAt > now || entry.lease !== undefined) return;
  queue.total.expired++;
  ready.add(queue.id);
  const deadLetter = onExpiry === 'dead-letter' ? deadLetterQueue(state, queue) : undefined;
  if (deadLetter === undefined) {
    removeEntry(queue, entry);
    return;
  }
  moveEntry(queue, entry, deadLetter, { cause: 'expired', isCountReset: false }, now);
  ready.add(deadLetter.id);
}

/** The next instant at which `sweep` has something to do. */
export function nextDueAt(state: ModelState, now: Instant): Instant | undefined {
  let next = Number.POSITIVE_INFINITY;
  for (const queue of state.queues.values()) {
    for (const entry of queue.entries) {
      const retainedUntil = entry.appendedAt + (queue.settings.retentionMs ?? Number.POSITIVE_INFINITY);
      const instants = [entry.lease?.until, visibleAt(queue, entry), entry.expiresAt, retainedUntil];
      for (const at of instants) if (at !== undefined && at > now && at < next) next = at;
    }
  }
  return next === Number.POSITIVE_INFINITY ? undefined : next;
}

/** Releases what the holder has, counted but the unseen, drops its temporary queues and forgets it. */
export function endHolder(state: ModelState, holder: HolderId, unseen: readonly Receipt[]): Set<QueueId> {
  const ready = new Set<QueueId>();
  const unseenLeases = new Set(unseen.map((receipt) => readReceipt(state.receiptSecret, receipt)?.lease));
  for (const queue of [...state.queues.values()]) {
    if (queue.settings.ownedBy === holder) state.queues.delete(queue.id);
    for (const entry of queue.entries) {
      if (entry.lease?.holder !== holder) continue;
      if (unseenLeases.has(entry.lease.number)) uncount(entry);
      entry.lease = undefined;
      ready.add(queue.id);
    }
  }
  closeConsumers(state, holder);
  state.holders.delete(holder);
  return ready;
}

export function closeConsumers(state: ModelState, holder: HolderId): void {
  for (const [id, consumer] of state.consumers) if (consumer.holder === holder) state.consumers.delete(id);
}

/** What a start does: connections are gone, sessions are not, queues of holders that are gone go; turns and sent bytes are forgotten. */
export function recover(state: ModelState): Set<QueueId> {
  const ready = new Set<QueueId>();
  for (const [id, holder] of [...state.holders]) {
    closeConsumers(state, id);
    holder.isOpen = false;
    if (holder.kind === 'connection') for (const queue of endHolder(state, id, [])) ready.add(queue);
  }
  for (const queue of [...state.queues.values()]) {
    const { ownedBy } = queue.settings;
    if (ownedBy !== undefined && !state.holders.has(ownedBy)) state.queues.delete(queue.id);
    queue.turns.clear();
    queue.appendedBytes = 0;
  }
  return ready;
}
