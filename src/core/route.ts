/** Pure: where a message goes and what its place there depends on. */
import type { Instant, Target } from '../../storage/store.ts';
import type { Queue, QueueAttributes } from '../model/queue.ts';

/** Of what a FIFO queue gets without a group, from protocols that have none (crossing.md section 1). */
const groupDefault = 'default';

/** A standard queue takes the group as well: its fair turns go by it [SQS 1.12]. */
export function groupOf(queue: Queue, groupId: string | undefined): string | undefined {
  return groupId ?? (queue.kind === 'fifo' ? groupDefault : undefined);
}

/**
 * Of a message to a FIFO queue: the one given, else its content's where the queue says so. Undefined: the message is
 * like no other, and nothing needs to be remembered of it.
 */
export function dedupIdOf(
  queue: Queue,
  dedupId: string | undefined,
  body: Uint8Array,
  digest: (body: Uint8Array) => string,
): string | undefined {
  return dedupId ?? (queue.attributes.isContentDeduplicated ? digest(body) : undefined);
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export function routeToQueue(
  queue: Queue,
  dedupScope: QueueAttributes['dedupScope'],
  group: string | undefined,
  dedupId: string | undefined,
  delayMs: number | undefined,
  now: Instant,
): Target {
  const target: Writable<Target> = { queue: queue.id };
  if (group !== undefined) target.group = group;
  if (dedupId !== undefined) target.dedup = dedupScope === 'queue' ? dedupId : `${group ?? ''}\u0000${dedupId}`;
  if (delayMs !== undefined && !isQueueDelayKept(queue, delayMs)) target.visibleAt = now + delayMs;
  return target;
}

/** 0 of one message overrides a standard queue's delay, but not a FIFO queue's [SQS 1.5]. */
function isQueueDelayKept(queue: Queue, delayMs: number): boolean {
  return queue.kind === 'fifo' && delayMs === 0;
}
