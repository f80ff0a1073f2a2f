/**
 * Walks an engine beside the model at random: what one answers the other must answer. A crash may forget the memory
 * facts since the last answer from disk, but only from the end; so after it the engine must look like the model did
 * after one of the steps since then, and the walk goes on from that one. What the engine was asked and had not answered
 * when it crashed may have happened or not, each batch as a whole.
 */
import { isDeepStrictEqual } from 'node:util';
import type { StoreHarness } from '../../../storage/contract/harness.ts';
import type { QueueId, QueueSettings } from '../../../storage/store.ts';
import type { FixedRandom } from '../fixed-random.ts';
import { createFixedRandom } from '../fixed-random.ts';
import { receive } from '../model/receive.ts';
import type { ModelState } from '../model/state.ts';
import { cloneState } from '../model/state.ts';
import { sweep } from '../model/sweep.ts';
import type { ModelDisk } from '../model-store.ts';
import { createModelDisk, createModelStore } from '../model-store.ts';
import type { Drawing } from './actions.ts';
import { drawCommit, drawHolderStep, drawMove, drawQueueChange, drawReceive, tickMs } from './actions.ts';
import { observe } from './observe.ts';
import type { Action, Answer } from './side.ts';
import { createSide, note } from './side.ts';

export interface WalkOptions {
  readonly open: () => Promise<WalkHarness>;
  readonly seed: number;
  readonly steps: number;
  /** How long the engine's thread may take to tell of a ready queue, in real time. */
  readonly readyMsMax?: number;
}
export interface WalkHarness extends StoreHarness {
  /** The engine's next commit fails before it is on disk, as on a full disk. Absent: it cannot be made to. */
  readonly failNextCommit?: () => void;
}

/** @throws Error that names the seed, the step, what was expected, and the last steps before it */
export async function walk({ open, seed, steps, readyMsMax = 5000 }: WalkOptions): Promise<void> {
  const harness = await open();
  const trail: string[] = [];
  try {
    await createWalk(harness, createFixedRandom(seed), trail, readyMsMax).run(steps);
  } catch (error) {
    const last = trail.slice(-25).join('\n  ');
    throw new Error(`walk with seed ${seed}, step ${trail.length}: ${describe(error)}\n  ${last}`, { cause: error });
  } finally {
    await harness.dispose();
  }
}

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A moment that a crash may lead back to: the model as it was, and how many names the sides had noted. */
interface Moment {
  readonly state: ModelState;
  readonly receipts: number;
}

function createWalk(harness: WalkHarness, random: FixedRandom, trail: string[], readyMsMax: number) {
  const { clock } = harness;
  const engine = createSide(harness.store);
  const disk = createModelDisk(random);
  const model = createSide(createModelStore({ clock, random, disk }));
  const everyQueue: QueueId[] = [];
  const drawing: Drawing = {
    random,
    now: () => clock.now(),
    queues: [],
    settings: [],
    placesUsed: [],
    counts: () => ({
      receipts: engine.receipts.length,
      holders: engine.holders.length,
      consumers: engine.consumers.length,
    }),
  };
  /** The first is the last that is on disk for certain. */
  let moments: Moment[] = [];
  const ready = new Set<QueueId>();
  const takeReady = (queues: readonly QueueId[]) => {
    for (const queue of queues) ready.add(queue);
  };

  const moment = (): Moment => ({ state: cloneState(disk.state), receipts: model.receipts.length });

  async function start(): Promise<void> {
    await model.store.start();
    engine.store.onReady(takeReady);
    const { queues, settings } = createQueues(() => newQueue());
    drawing.queues.push(...queues);
    Object.assign(drawing, { settings });
    for (const [index, queue] of queues.entries()) {
      const ofQueue = settings[index];
      if (ofQueue === undefined) continue;
      const batch = { changes: [{ do: 'create-queue', queue, settings: ofQueue }], durability: 'disk' } as const;
      compare('create-queue', (await engine.store.commit(batch)).ok, (await model.store.commit(batch)).ok);
    }
    moments = [moment()];
  }

  function newQueue(): QueueId {
    const queue = engine.store.newQueueId();
    everyQueue.push(queue);
    return queue;
  }

  // ---- steps ----
  function drawActions(): Action[] {
    const makers = [
      [38, () => drawCommit(drawing)],
      [78, () => drawReceive(drawing)],
      [92, () => drawHolderStep(drawing)],
      [96, () => drawMove(drawing)],
      [100, () => drawQueueChange(drawing, newQueue())],
    ] as const;
    return Array.from({ length: random.below(4) === 0 ? 1 + random.below(4) : 1 }, () => {
      const drawn = random.below(100);
      const [, make] = makers.find(([below]) => drawn < below) ?? makers[0];
      return make();
    });
  }

  /** The engine gets all in one turn, the model one after the other, with a moment after each. */
  async function take(actions: readonly Action[]): Promise<void> {
    for (const { name } of actions) trail.push(name);
    const couldBefore = ableToGive();
    ready.clear();
    const answers = await Promise.all(actions.map((action) => action.run(engine)));
    await takeOnModel(actions, answers);
    await untilReady(couldBefore);
  }

  async function takeOnModel(actions: readonly Action[], answers: readonly Answer[]): Promise<void> {
    const expected: Answer[] = [];
    for (const [index, action] of actions.entries()) {
      const answer = await action.run(model);
      expected.push(answer);
      compare(action.name, answers[index]?.seen, answer.seen);
      moments = answer.isOnDisk ? [moment()] : [...moments, moment()];
    }
    // Noted only now: the engine's calls were all made before any was answered.
    for (const answer of answers) note(engine, answer);
    for (const answer of expected) note(model, answer);
    moments = moments.map((at, index) =>
      index === moments.length - 1 ? { ...at, receipts: model.receipts.length } : at,
    );
  }

  async function advance(ticks: number): Promise<void> {
    trail.push(`advance ${ticks} ticks`);
    const couldBefore = ableToGive();
    ready.clear();
    clock.advance(ticks * tickMs);
    await untilReady(couldBefore);
  }

  function ableToGive(): Set<QueueId> {
    return new Set(drawing.queues.filter((queue) => canGive(disk.state, queue, clock.now())));
  }

  /** What could give nothing before and can now must be told as ready: core takes silence for nothing. */
  async function untilReady(couldBefore: ReadonlySet<QueueId>): Promise<void> {
    const deadline = performance.now() + readyMsMax;
    for (const queue of ableToGive()) {
      while (!couldBefore.has(queue) && !ready.has(queue)) {
        if (performance.now() > deadline) throw new Error(`queue ${queue} can give something and was not told ready`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** A tenth of a tick later nothing has come due within the last second, so that tallies are exact. */
  async function check(): Promise<void> {
    clock.advance(1000);
    compare('all that shows', await observe(engine, everyQueue), await observe(model, everyQueue));
    clock.advance(tickMs - 1000);
  }

  async function reopen(): Promise<void> {
    trail.push('reopen');
    engine.store = await harness.reopen();
    engine.store.onReady(takeReady);
    await model.store.stop();
    model.store = createModelStore({ clock, random, disk });
    await model.store.start();
    afterRestart();
  }

  /** Asked and not answered: what of it happened is found out by looking. */
  async function crash(): Promise<void> {
    const unanswered = Array.from({ length: random.below(4) }, () =>
      random.below(2) === 0 ? drawCommit(drawing) : drawReceive(drawing),
    );
    trail.push(`crash while [${unanswered.map(({ name }) => name).join(', ')}]`);
    for (const action of unanswered) action.run(engine).catch(() => {}); // The crash may well refuse it.
    engine.store = await harness.crash();
    engine.store.onReady(takeReady);
    for (const action of unanswered) {
      await action.run(model);
      moments.push(moment());
    }
    await model.store.stop();
    clock.advance(1000);
    await adopt(await observe(engine, everyQueue));
    clock.advance(tickMs - 1000);
    afterRestart();
  }

  async function adopt(seen: Awaited<ReturnType<typeof observe>>): Promise<void> {
    let nearest: unknown;
    for (const { state, receipts } of moments.toReversed()) {
      const candidate: ModelDisk = { state: cloneState(state) };
      model.store = createModelStore({ clock, random, disk: candidate });
      await model.store.start();
      const shown = await observe(model, everyQueue);
      if (isDeepStrictEqual(shown, seen)) {
        // Numbers that were given out since then are not given out again.
        const { numberNext } = disk.state;
        disk.state = { ...candidate.state, numberNext: Math.max(numberNext, candidate.state.numberNext) };
        await model.store.stop();
        model.store = createModelStore({ clock, random, disk });
        await model.store.start();
        engine.receipts.length = Math.min(engine.receipts.length, receipts);
        model.receipts.length = Math.min(model.receipts.length, receipts);
        return;
      }
      nearest ??= shown;
      await model.store.stop();
    }
    compare(`what is left after a crash, which is none of ${moments.length} moments`, seen, nearest);
  }

  function afterRestart(): void {
    moments = [moment()];
    engine.consumers.length = 0;
    model.consumers.length = 0;
  }

  async function run(steps: number): Promise<void> {
    await start();
    for (let step = 0; step < steps; step++) {
      const drawn = random.below(100);
      if (drawn < 15) await advance(random.below(10) === 0 ? 40 : 1 + random.below(3));
      else if (drawn < 17) await reopen();
      else if (drawn < 20) await crash();
      else if (drawn < 28) await check();
      else await take(drawActions());
    }
    await check();
    await model.store.stop();
  }

  return { run };
}

function compare(what: string, got: unknown, expected: unknown): void {
  if (isDeepStrictEqual(got, expected)) return;
  throw new Error(`${what}\n  got      ${difference(got, expected)}\n  expected ${difference(expected, got)}`);
}

/** The parts of one that are not in the other, for what a store shows is long. */
function difference(value: unknown, other: unknown): string {
  if (Array.isArray(value) && Array.isArray(other) && value.length === other.length) {
    const parts = value.flatMap((part, index) =>
      isDeepStrictEqual(part, other[index]) ? [] : [`[${index}] ${difference(part, other[index])}`],
    );
    return parts.join(' ');
  }
  if (isPlain(value) && isPlain(other)) {
    const keys = [...new Set([...Object.keys(value), ...Object.keys(other)])];
    const differing = keys.filter((key) => !isDeepStrictEqual(value[key], other[key]));
    return differing.map((key) => `${key}: ${difference(value[key], other[key])}`).join(', ');
  }
  return JSON.stringify(value) ?? 'undefined';
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function canGive(state: ModelState, queue: QueueId, now: number): boolean {
  const copy = cloneState(state);
  sweep(copy, now);
  try {
    return (
      receive(copy, { queue, lease: { forMs: tickMs }, deliveriesMax: 1, durability: 'memory' }, now, new Set())
        .length > 0
    );
  } catch {
    return false; // Too many in flight.
  }
}

/** One of each kind; the first of a pair is the dead-letter queue of the second. */
function createQueues(newQueue: () => QueueId): { queues: QueueId[]; settings: QueueSettings[] } {
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
