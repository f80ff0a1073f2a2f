/**
 * Reads and rewrites the tasks of a queue. Every change is guarded by the version that it was made out of, so that who
 * cancels a task and who reports its progress, on whatever node, never undo each other's work.
 */
import type { Durability, RecordKey, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueId } from '../model/queue.ts';
import { limits } from './limits.ts';
import type { MoveTask } from './move-task-record.ts';
import {
  decodeMoveTasks,
  encodeMoveTasks,
  moveTasksKey,
  moveTasksPrefix,
  queueOfTasksKey,
} from './move-task-record.ts';
import { createTurns } from './turns.ts';

export interface MoveTaskRecords {
  /** Newest first. */
  read(queue: QueueId): Promise<readonly MoveTask[]>;
  /**
   * @param next the tasks as they shall be; undefined: leave them; called anew when others were faster
   * @returns the tasks as they are afterwards
   * @throws GantryError what `next` throws, `conflict` when others change them all the time, what the store refused with
   */
  rewrite(
    queue: QueueId,
    durability: Durability,
    next: (tasks: readonly MoveTask[]) => readonly MoveTask[] | undefined,
  ): Promise<readonly MoveTask[]>;
  forget(queue: QueueId): Promise<void>;
  /** Every queue that has tasks. */
  each(action: (queue: QueueId, tasks: readonly MoveTask[]) => void): Promise<void>;
}

export function createMoveTaskRecords(store: Store): MoveTaskRecords {
  const turns = createTurns();

  async function readVersioned(queue: QueueId) {
    const key = moveTasksKey(queue);
    const [record] = await store.records(key, undefined, 1);
    if (record === undefined) return { tasks: [], version: 0 };
    return { tasks: decodeMoveTasks(queue, record.value), version: record.version };
  }

  return {
    read: async (queue) => (await readVersioned(queue)).tasks,

    rewrite: (queue, durability, next) =>
      turns.take(String(queue), async () => {
        for (let attempt = 0; attempt < limits.conflictRetryCountMax; attempt++) {
          const { tasks, version } = await readVersioned(queue);
          const wanted = next(tasks);
          if (wanted === undefined) return tasks;
          const value = encodeMoveTasks(wanted);
          const put = { do: 'put', key: moveTasksKey(queue), value, ifVersion: version } as const;
          const result = await store.commit({ changes: [put], durability });
          if (result.ok) return wanted;
          if (result.error.code !== 'conflict' && result.error.code !== 'already-exists') throw result.error;
        }
        throw new GantryError('conflict', `the move tasks of queue ${queue} are being changed by others all the time`, {
          hint: 'Try again.',
        });
      }),

    async forget(queue) {
      const result = await store.commit({ changes: [{ do: 'forget', key: moveTasksKey(queue) }], durability: 'disk' });
      if (!result.ok) throw result.error;
    },

    async each(action) {
      let after: RecordKey | undefined;
      for (;;) {
        const page = await store.records(moveTasksPrefix, after, limits.recordPageMax);
        for (const { key, value } of page) {
          const queue = queueOfTasksKey(key);
          if (queue !== undefined) action(queue, decodeMoveTasks(queue, value));
        }
        after = page.at(-1)?.key;
        if (page.length < limits.recordPageMax || after === undefined) return;
      }
    },
  };
}
