/**
 * Makes, rewrites and erases queues: a change of the record goes with what the engine acts on, in one batch
 * (record-writer.ts).
 */
import type { Store } from '../../storage/store.ts';
import { assert } from '../model/assert.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueAddress } from '../model/queue.ts';
import { moveTasksKey } from './move-task-record.ts';
import type { QueueIndex } from './queue-index.ts';
import type { KnownQueue } from './queue-record.ts';
import { encodeQueueRecord, queueRecords } from './queue-record.ts';
import { queueSettings } from './queue-settings.ts';
import type { RecordReader } from './record-reader.ts';
import type { Unwritten } from './record-writer.ts';
import { createRecordWriter } from './record-writer.ts';

/** A queue that has no record of its state yet. */
export type UnwrittenQueue = Unwritten<KnownQueue>;

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

export function createQueueWriter(
  store: Store,
  index: QueueIndex,
  reader: RecordReader<QueueAddress, KnownQueue>,
): QueueWriter {
  const writer = createRecordWriter({
    ...{ store, kind: queueRecords, index, reader, encode: encodeQueueRecord },
    nameOf: ({ name }) => ({ what: `queue "${name}"`, resource: name }),
  });

  return {
    async insert(address, make) {
      const { after } = await writer.change(address, (before) => {
        if (before !== undefined) throw alreadyExists(address);
        const queue = make();
        return { after: queue, changes: [{ do: 'create-queue', queue: queue.id, settings: settingsOf(queue) }] };
      });
      assert(after !== undefined, 'what was inserted is there');
      return after;
    },
    async rewrite(address, next) {
      const { after, isChanged } = await writer.change(address, (before) => {
        const queue = before === undefined ? undefined : next(before);
        if (queue === undefined) return undefined;
        return { after: queue, changes: [{ do: 'alter-queue', queue: queue.id, settings: settingsOf(queue) }] };
      });
      return isChanged ? after : undefined;
    },
    async erase(address) {
      const { isChanged } = await writer.change(address, (before) => {
        if (before === undefined) return undefined;
        const forgetTasks = { do: 'forget', key: moveTasksKey(before.id) } as const;
        return { after: undefined, changes: [forgetTasks, { do: 'drop-queue', queue: before.id }] };
      });
      return isChanged;
    },
  };
}

function settingsOf({ kind, attributes, deadLetterId, leasedMax }: UnwrittenQueue) {
  return queueSettings(kind, attributes, deadLetterId, leasedMax);
}

function alreadyExists({ name }: QueueAddress): GantryError {
  return new GantryError('already-exists', `queue "${name}" exists already`, { resource: name });
}
