/**
 * Carries one move task out, a chunk at a time. A chunk is one commit of the store, in which every message is in one
 * queue before and in the other after, so a crash at any moment loses and doubles nothing: the next start goes on from
 * what is there.
 *
 * A pass goes from the front of the queue to its end. What came back behind the cursor meanwhile is for the next pass;
 * a pass that moved nothing is the last one.
 */
import type { MoveCursor, Store } from '../../storage/store.ts';
import type { Timer } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueId } from '../model/queue.ts';
import { limits } from './limits.ts';
import type { MoveTask } from './move-task-record.ts';
import type { MoveTaskRecords } from './move-task-records.ts';
import type { Turns } from './turns.ts';

export interface MoveRun {
  /** The task was changed: it need not wait to look. */
  wake(): void;
  /** Leaves the task as it is, for the next start. */
  stop(): void;
  readonly ended: Promise<void>;
}
interface MoveRunParts {
  readonly store: Store;
  readonly records: MoveTaskRecords;
  /** Shared by all runs, so that any number of tasks takes no more of the store than one. */
  readonly turns: Turns;
}
interface Pass {
  after: MoveCursor | undefined;
  moved: number;
  withoutOrigin: number;
  originGone: number;
}

export function startMoveRun({ store, records, turns }: MoveRunParts, from: QueueId, task: MoveTask): MoveRun {
  const { clock } = store;
  const { origins, rateMax } = task;
  const to = task.to === 'origin' ? task.to : task.to.id;
  const entriesMax = rateMax === undefined ? limits.moveChunkMax : Math.ceil(rateMax / limits.moveChunksASecond);
  let isStopped = false;
  let isAwake = false;
  let waiting: { readonly timer: Timer; readonly go: () => void } | undefined;
  let { moved } = task;
  let pass = newPass();
  let nextAt = clock.now();

  return { wake, stop, ended: run() };

  async function run(): Promise<void> {
    while (!isStopped) {
      const waitMs = await step().catch(retryMs);
      if (waitMs === 'ended') return;
      await pause(waitMs);
    }
    await report().catch(retryMs); // What a clean stop knows, the next start need not guess.
  }

  /** @returns how long to wait for the next one */
  async function step(): Promise<number | 'ended'> {
    const known = await report();
    if (known === undefined) return 'ended'; // The queue was dropped.
    if (known.state !== 'running') return end('cancelled');
    if (clock.now() - task.startedAt >= limits.moveTaskMsMax) return end('failed', 'too-long');
    const result = await turns.take('chunk', moveChunk);
    if (result === undefined) return end('failed', 'destination-gone');
    moved += result.moved;
    pass.moved += result.moved;
    pass.withoutOrigin += result.withoutOrigin;
    pass.originGone += result.originGone;
    pass.after = result.next;
    if (result.next === undefined) {
      if (result.left === 0 || pass.moved === 0) return endOfPass();
      pass = newPass();
    }
    const waitMs = paceMs(result.moved);
    if (waitMs > 0) await report(); // What is moved shows while it waits.
    return waitMs;
  }

  function moveChunk() {
    const { after } = pass;
    const options = { from, to, entriesMax, isCountReset: true, ...(origins && { origins }) };
    return store.move(after === undefined ? options : { ...options, after }).catch((error: unknown) => {
      if (error instanceof GantryError && error.code === 'not-found') return undefined; // Nothing else is missed here.
      throw error;
    });
  }

  function endOfPass(): Promise<'ended'> {
    if (pass.withoutOrigin > 0) return end('failed', 'no-origin');
    return pass.originGone > 0 ? end('failed', 'destination-gone') : end('completed');
  }

  /** @returns the task as it is known now; undefined: there is none any more */
  async function report(): Promise<MoveTask | undefined> {
    const tasks = await records.rewrite(from, 'memory', (all) => changed(all, { moved }));
    return tasks.find(({ id }) => id === task.id);
  }

  async function end(state: MoveTask['state'], failure?: MoveTask['failure']): Promise<'ended'> {
    await records.rewrite(from, 'disk', (all) => changed(all, { moved, state, failure, origins: undefined }));
    return 'ended';
  }

  function changed(all: readonly MoveTask[], change: Partial<MoveTask>): readonly MoveTask[] | undefined {
    if (!all.some(({ id }) => id === task.id)) return undefined;
    return all.map((each) => (each.id === task.id ? { ...each, ...change } : each));
  }

  /** A chunk that came late is caught up with, but no more: a broker that stood still goes on at its rate. */
  function paceMs(count: number): number {
    if (rateMax === undefined) return 0;
    const now = clock.now();
    const chunkMs = (count * 1000) / rateMax;
    nextAt = Math.max(now - chunkMs, nextAt) + chunkMs;
    return nextAt - now;
  }

  async function pause(ms: number): Promise<void> {
    if (ms > 0 && !isAwake) {
      await new Promise<void>((go) => {
        waiting = { timer: clock.after(Math.ceil(ms), go), go };
      });
    }
    waiting = undefined;
    isAwake = false;
  }

  function wake(): void {
    isAwake = true; // Also for the pause that is yet to come.
    waiting?.timer.cancel();
    waiting?.go();
  }

  function stop(): void {
    isStopped = true;
    wake();
  }
}

/** The store takes nothing now (a full disk, others who change the record): nothing was moved, it is asked again. */
function retryMs(error: unknown): number {
  if (error instanceof GantryError) return limits.moveRetryMs;
  throw error;
}

function newPass(): Pass {
  return { after: undefined, moved: 0, withoutOrigin: 0, originGone: 0 };
}
