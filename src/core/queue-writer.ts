/**
 * Makes, rewrites and erases queues. Every change is one batch of the record, guarded by the version that this node
 * knows, and of what the engine acts on: so the two never disagree, and of two nodes that change one queue the later
 * sees the earlier's work. Changes of one queue on this node take turns.
 */
import type { Batch, Change, Store } from '../../storage/store.ts';
import { assert } from '../model/assert.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueAddress } from '../model/queue.ts';
import { limits } from './limits.ts';
import { moveTasksKey } from './move-task-record.ts';
import type { QueueIndex } from './queue-index.ts';
import { addressText } from './queue-index.ts';
import type { QueueReader } from './queue-reader.ts';
import type { KnownQueue } from './queue-record.ts';
import { encodeQueueRecord, recordKey } from './queue-record.ts';
import { queueSettings } from './queue-settings.ts';
import { createTurns } from './turns.ts';

/** A queue that has no record of its state yet. */
export type UnwrittenQueue = Omit<KnownQueue, 'version'>;

/** Each throws GantryError `conflict` when others change the queue all the time, else what the store refused with. */
export interface QueueWriter {
  /**
   * @param make called anew for each attempt
   * @throws GantryError `already-exists`
   */
  insert(address: QueueAddress, make: () => UnwrittenQueue): Promise<KnownQueue>;
  /**
   * @param next the queue as it shall be; undefined: leave it
   * @returns the queue as it is afterwards, undefined when there is none or it was left
   */
  rewrite(
    address: QueueAddress,
    next: (queue: KnownQueue) => UnwrittenQueue | undefined,
  ): Promise<KnownQueue | undefined>;
  /** @returns whether there was one */
  erase(address: QueueAddress): Promise<boolean>;
}

export function createQueueWriter(store: Store, index: QueueIndex, reader: QueueReader): QueueWriter {
  const turns = createTurns();

  return {
    insert: (address, make) =>
      repeatedly(address, async () => {
        if (index.find(address) !== undefined) throw alreadyExists(address);
        const queue = make();
        return write(undefined, queue, { do: 'create-queue', queue: queue.id, settings: settingsOf(queue) });
      }),
    rewrite: (address, next) =>
      repeatedly(address, async () => {
        const before = index.find(address);
        const queue = before === undefined ? undefined : next(before);
        if (queue === undefined) return { result: undefined };
        return write(before, queue, { do: 'alter-queue', queue: queue.id, settings: settingsOf(queue) });
      }),
    erase: (address) =>
      repeatedly(address, async () => {
        const before = index.find(address);
        if (before === undefined) return { result: false };
        const forget = { do: 'forget', key: recordKey(address), ifVersion: before.version } as const;
        const forgetTasks = { do: 'forget', key: moveTasksKey(before.id) } as const;
        const removals = reader.removals();
        const results = await commit([forget, forgetTasks, { do: 'drop-queue', queue: before.id }]);
        if (results === undefined) return undefined;
        await reader.adopt(address, before, undefined, removals);
        return { result: true };
      }),
  };

  /** @param attempt undefined: another node changed the queue meanwhile */
  function repeatedly<T>(
    address: QueueAddress,
    attempt: () => Promise<{ readonly result: T } | undefined>,
  ): Promise<T> {
    return turns.take(addressText(address), async () => {
      for (let count = 0; count < limits.conflictRetryCountMax; count++) {
        const done = await attempt();
        if (done !== undefined) return done.result;
        await reader.refresh(address);
      }
      throw tooManyConflicts(address);
    });
  }

  async function write(
    before: KnownQueue | undefined,
    queue: UnwrittenQueue,
    change: Change,
  ): Promise<{ readonly result: KnownQueue } | undefined> {
    const { address } = queue;
    const ifVersion = before?.version ?? 0;
    const put = { do: 'put', key: recordKey(address), value: encodeQueueRecord(queue), ifVersion } as const;
    const removals = reader.removals();
    const results = await commit([put, change]);
    if (results === undefined) return undefined;
    const [done] = results;
    assert(done?.did === 'put', 'a put is answered with the version that it made');
    const result = { ...queue, version: done.version };
    await reader.adopt(address, before, result, removals);
    return { result };
  }

  /** @returns undefined when the record has another version by now */
  async function commit(changes: Batch['changes']) {
    const result = await store.commit({ changes, durability: 'disk' });
    if (result.ok) return result.changes;
    const { code } = result.error;
    if (code === 'conflict' || code === 'already-exists') return undefined; // The second where none was to be there.
    throw result.error;
  }
}

function settingsOf({ kind, attributes, deadLetterId, leasedMax }: UnwrittenQueue) {
  return queueSettings(kind, attributes, deadLetterId, leasedMax);
}

function alreadyExists({ name }: QueueAddress): GantryError {
  return new GantryError('already-exists', `queue "${name}" exists already`, { resource: name });
}

function tooManyConflicts({ name }: QueueAddress): GantryError {
  return new GantryError('conflict', `queue "${name}" is being changed by others all the time`, {
    resource: name,
    hint: 'Try again.',
  });
}
