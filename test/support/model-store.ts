/**
 * The whole store as plainly as its promises allow: arrays and maps in memory, every step a scan. It is what the engines
 * are compared with, and what core and the protocols are tested on. What the contract leaves open it decides so:
 * a change of a queue that is gone does nothing (an append answers `dropped`), who asks one for entries is given none;
 * a start forgets who was served last.
 */
import type { Clock, Instant, Timer } from '../../src/model/clock.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Random } from '../../src/model/random.ts';
import type { Batch, BatchResult, QueueId, RecordKey, Store } from '../../storage/store.ts';
import type { Touched } from './model/commit.ts';
import { applyBatch, canFail } from './model/commit.ts';
import {
  browse,
  closeHolder,
  held,
  move,
  openConsumer,
  openHolder,
  readTally,
  refuseSelector,
} from './model/others.ts';
import { receive } from './model/receive.ts';
import { isUnder, recordsUnder } from './model/records.ts';
import type { ModelState } from './model/state.ts';
import { cloneState, createModelState, entryState, makeQueueId } from './model/state.ts';
import { nextDueAt, recover, sweep } from './model/sweep.ts';

export interface ModelStoreOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** What another model store left behind, as a disk would keep it. */
  readonly disk?: ModelDisk;
}
/** The state in a box: a batch that fails puts the former one back. */
export interface ModelDisk {
  state: ModelState;
}

export function createModelDisk(random: Random): ModelDisk {
  return { state: createModelState(random.bytes(16)) };
}

export function createModelStore({ clock, random, disk = createModelDisk(random) }: ModelStoreOptions): Store {
  const turn = createTurn();
  const readyListeners: ((queues: readonly QueueId[]) => void)[] = [];
  const takenListeners: Parameters<Store['onHolderTaken']>[0][] = [];
  const recordListeners: { readonly prefix: RecordKey; readonly listener: Parameters<Store['onRecords']>[1] }[] = [];
  const ready = new Set<QueueId>();
  let timer: Timer | undefined;

  /** One step of the store: ended times first, then the work, then whom it concerns. */
  function step<T>(work: (state: ModelState, now: Instant, touched: Touched) => T): Promise<T> {
    return turn.add(() => {
      const now = clock.now();
      const touched: Touched = { queues: sweep(disk.state, now), records: [] };
      try {
        return work(disk.state, now, touched);
      } finally {
        for (const queue of sweep(disk.state, now)) touched.queues.add(queue); // What ended as soon as it began.
        tell(touched, now);
      }
    });
  }

  function tell({ queues, records }: Touched, now: Instant): void {
    for (const id of queues) {
      const queue = disk.state.queues.get(id);
      if (!queue?.entries.some((entry) => entryState(queue, entry, now) === 'waiting')) continue;
      if (ready.size === 0) turn.afterAnswers(tellReady);
      ready.add(id);
    }
    for (const { prefix, listener } of recordListeners) {
      const keys = records.filter((key) => isUnder(key, prefix));
      if (keys.length > 0) turn.afterAnswers(() => listener(keys));
    }
    timer?.cancel();
    const dueAt = nextDueAt(disk.state, now);
    timer = dueAt === undefined ? undefined : clock.after(dueAt - now, tick);
  }

  function tick(): void {
    step(() => undefined).catch(() => {}); // Only a stopped store refuses, and it has nobody left to tell.
  }

  function tellReady(): void {
    const queues = [...ready];
    ready.clear();
    for (const listener of readyListeners) listener(queues);
  }

  function commit(batch: Batch): Promise<BatchResult> {
    return step((state, at, touched): BatchResult => {
      const before = canFail(state, batch) ? cloneState(state) : undefined;
      try {
        const changes = applyBatch(state, batch, at, touched);
        state.batches++;
        return { ok: true, at, changes };
      } catch (error) {
        if (!(error instanceof GantryError) || before === undefined) throw error;
        disk.state = before;
        touched.records.length = 0;
        return { ok: false, error };
      }
    });
  }

  return {
    clock,
    async start() {
      turn.open();
      await step((state, _now, { queues }) => {
        for (const queue of recover(state)) queues.add(queue);
      });
    },
    async stop() {
      await turn.close();
      timer?.cancel();
    },
    commit,
    commitAll: (batches) => Promise.all(batches.map(commit)),
    receive: (request) => step((state, now, { queues }) => receive(state, request, now, queues)),
    onReady: (listener) => void readyListeners.push(listener),
    openHolder: (kind, key) =>
      step((state) => {
        const { holder, isTaken } = openHolder(state, kind, key);
        if (isTaken) turn.afterAnswers(() => takenListeners.forEach((listener) => void listener(holder)));
        return holder;
      }),
    onHolderTaken: (listener) => void takenListeners.push(listener),
    held: (holder) => step((state) => held(state, holder)),
    closeHolder: (holder, how) =>
      step((state, _now, { queues }) => {
        for (const queue of closeHolder(state, holder, how)) queues.add(queue);
      }),
    openConsumer: (options) => step((state) => openConsumer(state, options)),
    closeConsumer: (consumer) => step((state) => void state.consumers.delete(consumer)),
    prepare: () => unsupported('prepared transactions'),
    decide: () => unsupported('prepared transactions'),
    prepared: () => unsupported('prepared transactions'),
    stageBody: () => unsupported('staged bodies'),
    readBody: () => unsupported('staged bodies'),
    browse: (options) =>
      step((state, now) => {
        refuseSelector(options.selector);
        return browse(state, options, now);
      }),
    move: (options) =>
      step((state, now, { queues }) => {
        refuseSelector(options.selector);
        return move(state, options, now, queues);
      }),
    tallies: (queues) => step((state, now) => queues.map((queue) => readTally(state.queues.get(queue), now))),
    records: (prefix, after, max) => step((state) => recordsUnder(state, prefix, after, max)),
    onRecords: (prefix, listener) => void recordListeners.push({ prefix, listener }),
    retained: () => unsupported('retained messages'),
    retainedTopics: () => unsupported('retained messages'),
    newQueueId: () => makeQueueId(disk.state.numberNext++),
    onState: () => {}, // Memory is never full, broken or lost.
    backup: () => unsupported('backups of the model in memory'),
    measures: () => ({
      commits: disk.state.batches,
      batches: disk.state.batches,
      commitSeconds: 0,
      pending: turn.pending(),
      pendingBytes: 0,
      reclaimPending: 0,
      entriesInMemory: [...disk.state.queues.values()].reduce((sum, { entries }) => sum + entries.length, 0),
    }),
  };
}

async function unsupported(what: string): Promise<never> {
  throw new GantryError('unsupported', `${what} come with a later release`);
}

/** Gathers the calls of one turn of the event loop, does them in order in the next, answers, then tells. */
function createTurn() {
  let isOpen = false;
  let calls: (() => void)[] = [];
  let news: (() => void)[] = [];

  function run(): void {
    const gathered = calls;
    calls = [];
    for (const call of gathered) call();
    const told = news;
    news = [];
    // The answers are microtasks of this turn: what is told in the next comes after whatever they lead to at once.
    if (told.length > 0) setImmediate(() => told.forEach((tell) => void tell()));
  }

  return {
    open: () => {
      isOpen = true;
    },
    close: (): Promise<void> => {
      isOpen = false;
      return calls.length === 0 ? Promise.resolve() : new Promise((resolve) => calls.push(resolve));
    },
    add<T>(work: () => T): Promise<T> {
      if (!isOpen) return Promise.reject(new GantryError('unavailable', 'the store is not running'));
      return new Promise((resolve, reject) => {
        if (calls.length === 0) setImmediate(run);
        calls.push(() => {
          try {
            resolve(work());
          } catch (error) {
            reject(error);
          }
        });
      });
    },
    afterAnswers: (tell: () => void) => void news.push(tell),
    pending: () => calls.length,
  };
}
