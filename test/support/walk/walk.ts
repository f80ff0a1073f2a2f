/**
 * Walks an engine beside the model at random: what one answers the other must answer, what one shows the other must
 * show, and what could give nothing and now can must be told ready. After a crash the model goes on from a state that
 * shows what the engine shows, if the contract allows it (crash.ts).
 */
import type { StoreHarness } from '../../../storage/contract/harness.ts';
import type { QueueId, QueueSettings } from '../../../storage/store.ts';
import type { FixedRandom } from '../fixed-random.ts';
import { createFixedRandom } from '../fixed-random.ts';
import { receive } from '../model/receive.ts';
import type { ModelState } from '../model/state.ts';
import { cloneState } from '../model/state.ts';
import { sweep } from '../model/sweep.ts';
import { createModelDisk, createModelStore } from '../model-store.ts';
import type { Drawing } from './actions.ts';
import { drawCommit, drawHolderStep, drawMove, drawQueueChange, drawReceive, tickMs } from './actions.ts';
import type { Moment } from './crash.ts';
import { findSurvivor } from './crash.ts';
import { compare } from './difference.ts';
import { createKinds } from './kinds.ts';
import { observe } from './observe.ts';
import type { Action, Answer } from './side.ts';
import { createSide, note } from './side.ts';

export interface WalkHarness extends StoreHarness {
  /** The next commit finds the disk full. Absent: it never is. @returns ends that, and tells whether it was so */
  readonly fillDisk?: () => () => boolean;
}

export interface WalkOptions {
  readonly open: () => Promise<WalkHarness>;
  readonly seed: number;
  readonly steps: number;
  /** How long the engine's thread may take to tell of a ready queue, in real time. */
  readonly readyMsMax?: number;
  /** An engine may forget whom it served last in a queue that nobody has received from for so long. */
  readonly forgetsTurnsMs?: number;
}

/** @throws Error that names the seed, the step, what was expected, and the last steps before it */
export async function walk(options: WalkOptions): Promise<void> {
  const { seed, steps } = options;
  const harness = await options.open();
  const trail: string[] = [];
  try {
    await createWalk(harness, createFixedRandom(seed), trail, options).run(steps);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const last = trail.slice(-25).join('\n  ');
    throw new Error(`walk with seed ${seed}, step ${trail.length}: ${what}\n  ${last}`, { cause: error });
  } finally {
    await harness.dispose();
  }
}

function createWalk(harness: WalkHarness, random: FixedRandom, trail: string[], options: WalkOptions) {
  const { clock } = harness;
  const engine = createSide(harness.store);
  const disk = createModelDisk(random);
  const model = createSide(createModelStore({ clock, random, disk }));
  const everyQueue: QueueId[] = [];
  const kindSettings: QueueSettings[] = [];
  const drawing: Drawing = {
    random,
    now: () => clock.now(),
    queues: [],
    settings: kindSettings,
    placesUsed: [],
    restarts: 0,
    counts: () => ({
      receipts: engine.receipts.length,
      holders: engine.holders.length,
      consumers: engine.consumers.length,
    }),
  };
  /** What a crash may lead back to; the first is on disk for certain, in every part. */
  let history: Moment[] = [];
  let receiptsAtHistory = 0;
  const ready = new Set<QueueId>();
  const receivedAt = new Map<QueueId, number>();

  function listen(): void {
    engine.store.onReady((queues) => {
      for (const queue of queues) ready.add(queue);
    });
  }

  const moment = (isOnDisk: boolean): Moment => ({ state: cloneState(disk.state), isOnDisk });

  function beginHistory(): void {
    history = [moment(true)];
    receiptsAtHistory = engine.receipts.length;
  }

  async function start(): Promise<void> {
    await model.store.start();
    listen();
    const { queues, settings } = createKinds(newQueue);
    drawing.queues.push(...queues);
    kindSettings.push(...settings);
    for (const [index, queue] of queues.entries()) {
      const ofQueue = settings[index];
      if (ofQueue === undefined) continue;
      const batch = { changes: [{ do: 'create-queue', queue, settings: ofQueue }], durability: 'disk' } as const;
      compare('create-queue', (await engine.store.commit(batch)).ok, (await model.store.commit(batch)).ok);
    }
    beginHistory();
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
    for (const { from } of actions) {
      const queue = from?.(model, disk.state.consumers);
      if (queue !== undefined) receivedAt.set(queue, clock.now());
    }
    const couldBefore = ableToGive();
    ready.clear();
    const answers = await Promise.all(actions.map((action) => action.run(engine)));
    const expected: Answer[] = [];
    for (const [index, action] of actions.entries()) {
      const answer = await action.run(model);
      expected.push(answer);
      compare(action.name, answers[index]?.seen, answer.seen);
      history.push(moment(answer.isOnDisk === true));
    }
    // Noted only now: the engine's calls were all made before any was answered.
    for (const answer of answers) note(engine, answer);
    for (const answer of expected) note(model, answer);
    await untilReady(couldBefore);
  }

  /** A second later what was in memory only is on disk, once the store has had its turn. */
  async function advance(ms: number): Promise<void> {
    const couldBefore = ableToGive();
    ready.clear();
    clock.advance(ms);
    await untilReady(couldBefore);
    await compareRecords();
    forgetTurns();
    beginHistory();
  }

  function forgetTurns(): void {
    const { forgetsTurnsMs = Number.POSITIVE_INFINITY } = options;
    for (const queue of disk.state.queues.values()) {
      if (clock.now() - (receivedAt.get(queue.id) ?? 0) >= forgetsTurnsMs) queue.turns.clear();
    }
  }

  /** An answer from the store comes after what it was told of the time. */
  async function compareRecords(): Promise<void> {
    compare('records', (await engine.store.records([])).length, (await model.store.records([])).length);
  }

  function ableToGive(): Set<QueueId> {
    return new Set(drawing.queues.filter((queue) => canGive(disk.state, queue, clock.now())));
  }

  /** What could give nothing before and can now must be told as ready: core takes silence for nothing. */
  async function untilReady(couldBefore: ReadonlySet<QueueId>): Promise<void> {
    const deadline = performance.now() + (options.readyMsMax ?? 5000);
    for (const queue of ableToGive()) {
      while (!couldBefore.has(queue) && !ready.has(queue)) {
        if (performance.now() > deadline) throw new Error(`queue ${queue} can give something and was not told ready`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  /** A tenth of a tick later nothing has come due within the last second, so that tallies are exact. */
  async function check(): Promise<void> {
    await advance(1000);
    compare('all that shows', await observe(engine, everyQueue), await observe(model, everyQueue));
    await advance(tickMs - 1000);
  }

  /** Appends are refused, all else goes on; with all in memory written before, nothing is forgotten. */
  async function fillDisk(): Promise<void> {
    if (harness.fillDisk === undefined) return;
    await advance(tickMs);
    const action = drawCommit(drawing);
    trail.push(`with a full disk ${action.name}`);
    const emptyDisk = harness.fillDisk();
    const answer = await action.run(engine);
    const wasFull = emptyDisk();
    if (answer.seen !== 'error store-full') {
      const expected = await action.run(model);
      compare(action.name, answer.seen, expected.seen);
      note(engine, answer);
      note(model, expected);
    } else if (!action.name.includes('append')) throw new Error(`what needs no room was refused: ${action.name}`);
    // Windows are dropped with what could not be written, and with them whose turn it was.
    if (wasFull) for (const queue of disk.state.queues.values()) queue.turns.clear();
    await advance(tickMs);
  }

  // ---- restarts ----
  async function reopen(): Promise<void> {
    trail.push('reopen');
    engine.store = await harness.reopen();
    await model.store.stop();
    await startModel();
  }

  /** Asked and not answered: what of it happened is found out by looking. */
  async function crash(): Promise<void> {
    const unanswered = Array.from({ length: random.below(4) }, () =>
      random.below(2) === 0 ? drawCommit(drawing) : drawReceive(drawing),
    );
    trail.push(`crash while [${unanswered.map(({ name }) => name).join(', ')}]`);
    for (const action of unanswered) action.run(engine).catch(() => {}); // The crash may well refuse it.
    engine.store = await harness.crash();
    for (const action of unanswered) {
      await action.run(model);
      history.push(moment(false));
    }
    await model.store.stop();
    clock.advance(1000);
    const world = { clock, random, queues: everyQueue, holders: model.holders };
    const survivor = await findSurvivor(world, history, await observe(engine, everyQueue));
    // Numbers that were given out since then are not given out again.
    disk.state = { ...survivor, numberNext: Math.max(disk.state.numberNext, survivor.numberNext) };
    // A forgotten lease gives its receipt to the next one of that entry, so none of those is asked about any more.
    for (const side of [engine, model]) side.receipts.length = receiptsAtHistory;
    await startModel();
    await advance(tickMs - 1000);
  }

  async function startModel(): Promise<void> {
    model.store = createModelStore({ clock, random, disk });
    await model.store.start();
    listen();
    drawing.restarts++;
    for (const side of [engine, model]) side.consumers.length = 0;
    beginHistory();
  }

  async function run(steps: number): Promise<void> {
    await start();
    for (let step = 0; step < steps; step++) {
      const drawn = random.below(100);
      if (drawn < 15) await advanceTicks(random.below(10) === 0 ? 40 : 1 + random.below(3));
      else if (drawn < 17) await reopen();
      else if (drawn < 20) await crash();
      else if (drawn < 28) await check();
      else if (drawn < 30) await fillDisk();
      else await take(drawActions());
    }
    await check();
    await model.store.stop();
  }

  async function advanceTicks(ticks: number): Promise<void> {
    trail.push(`advance ${ticks} ticks`);
    await advance(ticks * tickMs);
  }

  return { run };
}

function canGive(state: ModelState, queue: QueueId, now: number): boolean {
  const copy = cloneState(state);
  sweep(copy, now);
  const request = { queue, lease: { forMs: tickMs }, deliveriesMax: 1, durability: 'memory' } as const;
  try {
    return receive(copy, request, now, new Set()).length > 0;
  } catch {
    return false; // Too many in flight.
  }
}
