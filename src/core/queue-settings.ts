import type { QueueSettings } from '../../storage/store.ts';
import type { QueueAttributes, QueueId, QueueKind } from '../model/queue.ts';

/** From the first accepted append [SQS 1.11]. */
const dedupWindowMs = 300_000;

/** What the engine acts on, out of what a queue's attributes say. */
export function queueSettings(
  kind: QueueKind,
  attributes: QueueAttributes,
  deadLetterId: QueueId | undefined,
  leasedMax: number | undefined,
): QueueSettings {
  const { delayMs, retentionMs, redrive } = attributes;
  return {
    groups: kind === 'fifo' ? 'strict' : 'fair',
    delayMs,
    dedupWindowMs: kind === 'fifo' ? dedupWindowMs : 0,
    onExpiry: 'drop',
    ...(retentionMs === undefined ? {} : { retentionMs }),
    // The count without a queue to move to does nothing: the entry stays and nothing is lost.
    ...(redrive === undefined ? {} : { deliveryCountMax: redrive.deliveryCountMax }),
    ...(deadLetterId === undefined ? {} : { deadLetter: deadLetterId }),
    // A FIFO queue says nothing about it, it only gives nothing [SQS 1.7].
    ...(leasedMax === undefined ? {} : { leasedMax, leasedMaxAs: kind === 'fifo' ? 'nothing' : 'error' }),
  };
}
