import type { QueueId, QueueSettings } from '../../../storage/store.ts';
import { tickMs } from './actions.ts';

/** One queue of each kind. */
export function createKinds(newQueue: () => QueueId): { queues: QueueId[]; settings: QueueSettings[] } {
  // Windows that end between two ticks: at the very instant of the end either answer would be right.
  const plain: QueueSettings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 4.5 * tickMs, onExpiry: 'drop' };
  const strict: QueueSettings = { ...plain, groups: 'strict' };
  const deadLetter = newQueue();
  const strictDeadLetter = newQueue();
  const kinds: readonly (readonly [QueueId, QueueSettings])[] = [
    [deadLetter, { ...plain, retentionMs: 60 * tickMs }],
    [strictDeadLetter, strict],
    [newQueue(), { ...plain, deadLetter, deliveryCountMax: 2, onExpiry: 'dead-letter' }],
    [newQueue(), { ...strict, deadLetter: strictDeadLetter, deliveryCountMax: 3 }],
    [newQueue(), { ...strict, delayMs: 2 * tickMs, retentionMs: 20 * tickMs }],
    [newQueue(), { ...plain, groups: 'fair', deadLetter, deliveryCountMax: 4 }],
    [newQueue(), { ...plain, limit: { entries: 4, onFull: 'drop-old' } }],
    [newQueue(), { ...plain, limit: { bytes: 90, onFull: 'refuse' } }],
    [newQueue(), { ...plain, limit: { entries: 3, bytes: 90, onFull: 'drop-new' } }],
    [newQueue(), { ...plain, leasedMax: 2, leasedMaxAs: 'nothing', retentionMs: 9 * tickMs }],
    [newQueue(), { ...plain, leasedMax: 1, leasedMaxAs: 'error', dedupWindowMs: 0 }],
  ];
  return { queues: kinds.map(([queue]) => queue), settings: kinds.map(([, settings]) => settings) };
}
