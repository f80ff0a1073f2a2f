/** Queues that belong to a topic or a subscription, made and dropped with its record; no catalogue shows them. */
import type { QueueSettings } from '../../../storage/store.ts';

/** From the first accepted publish [sqs-sns 2.6]. */
const dedupWindowMs = 300_000;

/** Everything that a FIFO topic is told goes through it. */
export const logSettings: QueueSettings = { groups: 'strict', delayMs: 0, dedupWindowMs, onExpiry: 'drop' };

export function archiveSettings(retentionMs: number): QueueSettings {
  return { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop', retentionMs };
}

/** What is still to be handed to one endpoint. What takes longer than AWS tries is dropped. */
export const pushSettings: QueueSettings = {
  ...{ groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' },
  retentionMs: 30 * 86_400_000,
};
