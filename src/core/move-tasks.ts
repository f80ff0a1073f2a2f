import type { MoveResult, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue, QueueId } from '../model/queue.ts';
import type { Random } from '../model/random.ts';
import type { Authorize } from './authorize.ts';
import { findRefusal, requireAllowed } from './authorize.ts';
import { limits } from './limits.ts';
import type { MoveRun } from './move-run.ts';
import { startMoveRun } from './move-run.ts';
import type { MoveTask } from './move-task-record.ts';
import { createMoveTaskRecords } from './move-task-records.ts';
import type { QueueIndex } from './queue-index.ts';
import { createTurns } from './turns.ts';

/** Moves what waits in a queue, in the background: durable, one task a queue at a time. */
export interface MoveTasks {
  /**
   * The task is durable when it settles, and goes on over restarts until it is done.
   * @throws GantryError `access-denied`, `not-found`, `already-exists` when one is running, `invalid-argument` where the
   * two queues are one or not of one kind, `limit-exceeded`
   */
  start(principal: Principal, from: Queue, options: MoveOptions): Promise<MoveTask>;
  /**
   * What is moved stays moved, and the chunk under way still is.
   * @throws GantryError `access-denied`, `not-found` when no task of this id is running
   */
  cancel(principal: Principal, from: Queue, id: string): Promise<MoveTask>;
  /**
   * Moves those of the entries at these positions that wait, in one commit: what somebody chose out of a look.
   * @param positions at most `movePositionsMax`
   * @throws GantryError `access-denied`, `not-found`, `invalid-argument` as `start`
   */
  moveSome(principal: Principal, from: Queue, to: Queue | 'origin', positions: readonly number[]): Promise<MoveResult>;
  /** The newest first, those that have ended too. @throws GantryError `access-denied` */
  list(principal: Principal, from: Queue, max: number): Promise<readonly MoveTask[]>;
}
interface MoveOptions {
  readonly to: Queue | 'origin';
  /** Messages a second, at least 1. */
  readonly rateMax: number | undefined;
}

interface MoveTasksParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly index: QueueIndex;
}
interface MoveTasksService extends MoveTasks {
  /** Takes up what an earlier run of the broker left; the catalogue is there by then. */
  resume(): Promise<void>;
  /** Waits for the runs of queues that were dropped, which have nothing left to do. */
  endOrphans(): Promise<void>;
  stop(): Promise<void>;
}

export function createMoveTasks({ store, authorize, random, index }: MoveTasksParts): MoveTasksService {
  const records = createMoveTaskRecords(store);
  const turns = createTurns();
  const runsByQueueId = new Map<QueueId, MoveRun>();
  /** Of tasks that are on their way to the disk, and take the room of one. */
  const starts = new Set<{ readonly account: string }>();
  let isStopped = false;

  return {
    async start(principal, from, { to, rateMax }) {
      const origins = requireMove(principal, from, to);
      requireRoom(from);
      const begun = { account: from.address.account };
      starts.add(begun);
      try {
        return await begin(from, to, origins, rateMax);
      } finally {
        starts.delete(begun);
      }
    },

    async moveSome(principal, from, to, positions) {
      const origins = requireMove(principal, from, to);
      const options = {
        ...{ from: from.id, to: to === 'origin' ? to : to.id, only: positions.slice(0, limits.movePositionsMax) },
        ...{ entriesMax: limits.movePositionsMax, isCountReset: true, ...(origins && { origins }) },
      };
      return turns.take('chunk', () => store.move(options));
    },

    async cancel(principal, from, id) {
      requireAllowed(authorize, principal, 'manage', from.address);
      const tasks = await records.rewrite(from.id, 'disk', (all) => {
        if (!all.some((task) => task.id === id && task.state === 'running')) throw noSuchTask(from, id);
        return all.map((task) => (task.id === id ? { ...task, state: 'cancelling' } : task));
      });
      runsByQueueId.get(from.id)?.wake();
      const task = tasks.find((each) => each.id === id);
      if (task === undefined) throw noSuchTask(from, id);
      return task;
    },

    async list(principal, from, max) {
      requireAllowed(authorize, principal, 'browse', from.address);
      return (await records.read(from.id)).slice(0, max);
    },

    async resume() {
      const orphans: QueueId[] = [];
      await records.each((queue, tasks) => {
        const active = tasks.find(isActive);
        if (index.findById(queue) === undefined) orphans.push(queue);
        else if (active !== undefined) launch(queue, active);
      });
      // A crash came between a task's start and the end of its queue: what is left is nobody's.
      for (const queue of orphans) await records.forget(queue);
    },

    endOrphans: () => endRuns([...runsByQueueId].filter(([queue]) => index.findById(queue) === undefined)),

    async stop() {
      isStopped = true;
      await endRuns([...runsByQueueId]);
    },
  };

  async function endRuns(runs: readonly (readonly [QueueId, MoveRun])[]): Promise<void> {
    for (const [, run] of runs) run.stop();
    await Promise.all(runs.map(([, { ended }]) => ended));
  }

  /** @returns with 'origin', where the messages may go @throws GantryError `access-denied`, `invalid-argument` */
  function requireMove(principal: Principal, from: Queue, to: MoveOptions['to']): MoveTask['origins'] {
    requireAllowed(authorize, principal, 'manage', from.address);
    requireAllowed(authorize, principal, 'receive', from.address); // Else messages could be moved to where one may read.
    if (to === 'origin') return originsFor(principal, from);
    requireAllowed(authorize, principal, 'send', to.address);
    requireFit(from, to);
    return undefined;
  }

  async function begin(
    from: Queue,
    to: MoveOptions['to'],
    origins: MoveTask['origins'],
    rateMax: MoveTask['rateMax'],
  ): Promise<MoveTask> {
    const [tally] = await store.tallies([from.id]);
    const task: MoveTask = {
      id: Buffer.from(random.uuid()).toString('hex'),
      to: to === 'origin' ? to : { id: to.id, address: to.address },
      origins,
      rateMax,
      startedAt: store.clock.now(),
      ...{ state: 'running', failure: undefined, moved: 0, toMove: tally?.waiting ?? 0 },
    };
    await records.rewrite(from.id, 'disk', (tasks) => {
      if (tasks.some(isActive)) throw runningAlready(from);
      return [task, ...tasks].slice(0, limits.moveTasksKept);
    });
    if (index.findById(from.id) === undefined) {
      await records.forget(from.id); // Dropped meanwhile, and the record came after.
      throw notFound(from);
    }
    launch(from.id, task);
    return task;
  }

  function launch(queue: QueueId, task: MoveTask): void {
    if (isStopped || runsByQueueId.has(queue)) return;
    const run = startMoveRun({ store, records, turns }, queue, withOrigins(queue, task));
    runsByQueueId.set(queue, run);
    void run.ended.finally(() => runsByQueueId.delete(queue));
  }

  /**
   * The sources that messages may go back to. An entry remembers where it came from also when that is a source no longer,
   * so what is asked for here is what the store goes by.
   * @throws GantryError `invalid-argument` when there is none, `access-denied` when the principal may send to none of them
   */
  function originsFor(principal: Principal, from: Queue): readonly QueueId[] {
    const sources = index.sourcesOf(from.address);
    if (sources.length === 0) throw noSources(from);
    if (sources.length > limits.moveOriginsMax) throw tooManySources(from, sources.length);
    const origins: QueueId[] = [];
    let firstRefusal: GantryError | undefined;
    for (const { id, address } of sources) {
      const refusal = findRefusal(authorize, principal, 'send', address);
      if (refusal === undefined) origins.push(id);
      firstRefusal ??= refusal;
    }
    if (origins.length === 0 && firstRefusal !== undefined) throw firstRefusal;
    return origins;
  }

  /** One of an earlier version was started by somebody who might send to every source that there was. */
  function withOrigins(queue: QueueId, task: MoveTask): MoveTask {
    const address = index.findById(queue)?.address;
    if (task.to !== 'origin' || task.origins !== undefined || address === undefined) return task;
    return { ...task, origins: index.sourcesOf(address).map(({ id }) => id) };
  }

  function requireRoom({ address }: Queue): void {
    let active = 0;
    for (const { account } of starts) if (account === address.account) active++;
    for (const id of runsByQueueId.keys()) if (index.findById(id)?.address.account === address.account) active++;
    if (active < limits.moveTasksMax) return;
    throw new GantryError('limit-exceeded', `${active} move tasks are running, the most that an account may have`, {
      resource: address.name,
      hint: 'Wait until one has ended, or cancel one.',
    });
  }
}

function isActive({ state }: MoveTask): boolean {
  return state === 'running' || state === 'cancelling';
}

function requireFit(from: Queue, to: Queue): void {
  const { name } = from.address;
  if (to.id === from.id) {
    throw new GantryError('invalid-argument', `queue "${name}" cannot be moved to itself`, { resource: name });
  }
  if (to.kind === from.kind) return;
  const text = `queue "${name}" is of the kind ${from.kind}, queue "${to.address.name}" of the kind ${to.kind}`;
  throw new GantryError('invalid-argument', text, { resource: name, hint: 'Name a queue of the same kind.' });
}

function noSources({ address }: Queue): GantryError {
  return new GantryError('invalid-argument', `queue "${address.name}" is the dead-letter queue of no queue`, {
    resource: address.name,
    hint: 'Name the queue to move to.',
  });
}

function tooManySources({ address: { name } }: Queue, count: number): GantryError {
  const text = `queue "${name}" is the dead letter of ${count} queues, and a move task serves ${limits.moveOriginsMax}`;
  return new GantryError('limit-exceeded', text, { resource: name, hint: 'Name the queue to move to.' });
}

function runningAlready({ address: { name } }: Queue): GantryError {
  return new GantryError('already-exists', `a move task of queue "${name}" is running already`, { resource: name });
}

function noSuchTask({ address: { name } }: Queue, id: string): GantryError {
  return new GantryError('not-found', `queue "${name}" has no running move task ${id}`, { resource: name });
}

function notFound({ address: { name } }: Queue): GantryError {
  return new GantryError('not-found', `queue "${name}" does not exist`, { resource: name });
}
