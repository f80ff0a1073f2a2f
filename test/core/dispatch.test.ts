import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cancellation } from '../../src/core/cancellation.ts';
import type { Dispatcher, DispatchParts } from '../../src/core/dispatch.ts';
import { createDispatcher } from '../../src/core/dispatch.ts';
import type { HandOver } from '../../src/core/hand-over.ts';
import { Waiter } from '../../src/core/wait-line.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Queue, QueueId } from '../../src/model/queue.ts';
import type { Delivery, ReceiveRequest } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { address, alice, plainAttributes, receiptOf, watch } from './world.ts';

const queue = 7 as QueueId;
const orders: Queue = {
  ...{ id: queue, address: address('orders'), kind: 'standard', attributes: plainAttributes },
  ...{ extras: {}, tags: {}, createdAt: 0, modifiedAt: 0 },
};
const nothing: readonly Delivery[] = [];

function delivery(pos: number): Delivery {
  return {
    ...{
      receipt: receiptOf(`${pos}`),
      queue,
      pos,
      id: new Uint8Array(16),
      head: new Uint8Array(),
      body: new Uint8Array(),
    },
    ...{ appendedAt: 0, firstReceivedAt: 0, deliveries: 1, isRedelivered: false },
  };
}

/** A store whose every answer the test gives, and whose every word it says. */
function createScriptedStore() {
  const clock = createFakeClock();
  const asked: {
    readonly request: ReceiveRequest;
    readonly answer: (deliveries: readonly Delivery[]) => void;
    readonly fail: (error: GantryError) => void;
  }[] = [];
  let listener: (queues: readonly QueueId[]) => void = () => {};
  return {
    clock,
    asked,
    ready: () => listener([queue]),
    receive: (request: ReceiveRequest) =>
      new Promise<readonly Delivery[]>((answer, fail) => void asked.push({ request, answer, fail })),
    onReady: (told: typeof listener) => {
      listener = told;
    },
    /** Of what was asked and not yet answered, in order. */
    take: () => asked.splice(0),
  };
}

/** All that follows from what was said. */
async function microtasks(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function setup(waitersMax?: number) {
  const store = createScriptedStore();
  const limit = waitersMax === undefined ? {} : { waitersMax };
  const dispatcher = createDispatcher({ store, handOver, isKnown: (id) => id === queue, ...limit });
  dispatcher.start();
  const receive = (name = 1, cancellation?: Cancellation) => watch(wait(dispatcher, name, cancellation));
  /** Parks `count` receives, which their `deliveriesMax` tells apart: 1, 2, ... */
  const park = async (count: number) => {
    const waits = Array.from({ length: count }, (_, at) => receive(at + 1));
    for (const { answer } of store.take()) answer(nothing);
    await microtasks();
    return waits;
  };
  return { store, dispatcher, receive, park };
}

const handOver: HandOver = (_receiver, deliveries) => deliveries;

/** A receive of `deliveriesMax` that waits a second. */
function wait(
  dispatcher: Dispatcher,
  deliveriesMax: number,
  cancellation?: Cancellation,
  id: QueueId = queue,
): Promise<readonly Delivery[]> {
  const asking = {
    principal: alice,
    queue: { ...orders, id },
    cancellation,
    deliveriesMax,
    leaseMs: 1_000,
    attempt: undefined,
    origin: undefined,
    askedAt: 0,
  };
  return new Promise((resolve) => dispatcher.receive(new Waiter(asking, resolve), 1_000));
}

test('a queue that became ready after the store had said no, and before that was heard, is asked again', async () => {
  const { store, receive } = await setup();
  const waiting = receive();
  const [first] = store.take();

  store.ready();
  first?.answer(nothing);
  await microtasks();
  store.take()[0]?.answer([delivery(1)]);
  await microtasks();

  expect(waiting.value?.map(({ pos }) => pos)).toEqual([1]);
});

test('a queue that becomes ready during a round of the pump gets another round', async () => {
  const { store, park } = await setup();
  const [waiting] = await park(1);
  store.ready();
  const [first] = store.take();

  store.ready();
  first?.answer(nothing);
  await microtasks();
  store.take()[0]?.answer([delivery(1)]);
  await microtasks();

  expect(waiting?.value?.map(({ pos }) => pos)).toEqual([1]);
});

test('a round in which nobody got anything is the last until the queue is ready again', async () => {
  const { store, park } = await setup();
  await park(10);
  store.ready();

  for (const { answer } of store.take()) answer(nothing);
  await microtasks();
  const more = store.take();
  store.ready();

  expect([more.length, store.take().length]).toEqual([0, 4]);
});

test('those that got nothing go back to the front, in their order', async () => {
  const { store, park } = await setup();
  const waits = await park(6);
  store.ready();

  const [one, two, three, four] = store.take();
  four?.answer(nothing);
  three?.answer([delivery(1)]);
  two?.answer(nothing);
  one?.answer(nothing);
  await microtasks();
  store.ready();
  const again = store.take().map(({ request }) => request.deliveriesMax);

  expect(waits.map(({ isSettled }) => isSettled)).toEqual([false, false, true, false, false, false]);
  expect(again).toEqual([1, 2, 4, 5]);
});

test('rounds double while all get something, up to 64', async () => {
  const { store, park } = await setup();
  await park(300);
  store.ready();

  const rounds: number[] = [];
  for (let asked = store.take(); asked.length > 0; asked = store.take()) {
    rounds.push(asked.length);
    for (const { answer } of asked) answer([delivery(1)]);
    await microtasks();
  }

  expect(rounds).toEqual([4, 8, 16, 32, 64, 64, 64, 48]);
});

test('a receive that arrives during a round waits behind those in it', async () => {
  const { store, park, receive } = await setup();
  await park(1);
  store.ready();
  const [first] = store.take();

  const late = receive(2);
  const askedForLate = store.take().length;
  first?.answer([delivery(1)]);
  await microtasks();
  store.take()[0]?.answer([delivery(2)]);
  await microtasks();

  expect(askedForLate).toBe(0);
  expect(late.value?.map(({ pos }) => pos)).toEqual([2]);
});

test('what the store refuses one waiter is that one’s error alone', async () => {
  const { store, park } = await setup();
  const waits = await park(3);
  const refusal = new GantryError('unavailable', 'the disk is full');
  store.ready();

  const [one, two, three] = store.take();
  one?.answer(nothing);
  two?.fail(refusal);
  three?.answer([delivery(1)]);
  await microtasks();

  expect(waits.map(({ error, isSettled }) => [error, isSettled])).toEqual([
    [undefined, false],
    [refusal, true],
    [undefined, true],
  ]);
});

test('the first question’s error is the receive’s', async () => {
  const { store, receive } = await setup();
  const refusal = new GantryError('unavailable', 'no');
  const waiting = receive();

  store.take()[0]?.fail(refusal);
  await microtasks();

  expect(waiting.error).toBe(refusal);
});

test('a wait that ends asks once more, and what it finds there the others are asked for as well', async () => {
  const { store, park } = await setup();
  const first = await park(1);
  store.clock.advance(500);
  const second = watch(Promise.resolve()); // Settled at once: the control of `watch`.
  const later = await park(2);
  store.clock.advance(500);

  const [last] = store.take();
  last?.answer([delivery(1)]);
  await microtasks();
  store.take()[0]?.answer([delivery(2)]);
  await microtasks();

  expect(second.isSettled).toBe(true);
  expect(first[0]?.value?.map(({ pos }) => pos)).toEqual([1]);
  expect(later.map(({ value }) => value?.map(({ pos }) => pos))).toEqual([[2], undefined]);
});

test('a wait that ends while it is asked for takes that answer as its last', async () => {
  const { store, park } = await setup();
  const [empty, given] = await park(2);
  store.ready();

  store.clock.advance(1_000);
  const [one, two, ...more] = store.take();
  one?.answer(nothing);
  two?.answer([delivery(1)]);
  await microtasks();

  expect(more).toEqual([]);
  expect(empty?.value).toEqual([]);
  expect(given?.value?.map(({ pos }) => pos)).toEqual([1]);
});

test('a cancelled wait is left out of the next round, and one in a round ends with it', async () => {
  const { store, receive } = await setup();
  const cancellations = [new Cancellation(), new Cancellation()];
  const waits = cancellations.map((cancellation, at) => receive(at + 1, cancellation));
  for (const { answer } of store.take()) answer(nothing);
  await microtasks();

  cancellations[0]?.cancel();
  store.ready();
  const asked = store.take();
  cancellations[1]?.cancel();
  asked[0]?.answer(nothing);
  await microtasks();

  expect(asked.map(({ request }) => request.deliveriesMax)).toEqual([2]);
  expect(waits.map(({ value }) => value)).toEqual([[], []]);
});

test('a drop ends who is asked for as well as who is parked', async () => {
  const { store, dispatcher, park, receive } = await setup();
  const waits = await park(6);
  store.ready();
  const asked = store.take();
  store.clock.advance(0);

  dispatcher.drop(orders);
  const late = receive();
  for (const { answer } of [...asked, ...store.take()]) answer(nothing);
  await microtasks();

  for (const { error } of waits) expect(error).toMatchObject({ code: 'not-found' });
  expect(late.isSettled).toBe(false); // The catalogue knows the queue still: this one waits at a line of its own.
});

test('a drop ends a receive whose first question is on its way', async () => {
  const { store, dispatcher, receive } = await setup();
  const waiting = receive();

  dispatcher.drop(orders);
  store.take()[0]?.answer(nothing);
  await microtasks();

  expect(waiting.error).toMatchObject({ code: 'not-found' });
});

test('a stop answers who is parked at once and who is asked for with what the store says', async () => {
  const { store, dispatcher, park } = await setup();
  const waits = await park(6);
  store.ready();
  const [one, ...others] = store.take();

  dispatcher.stop();
  await microtasks();
  const before = waits.map(({ value }) => value);
  one?.answer([delivery(1)]);
  for (const { answer } of others) answer(nothing);
  await microtasks();

  expect(before).toEqual([undefined, undefined, undefined, undefined, [], []]);
  expect(waits.map(({ value }) => value?.length)).toEqual([1, 0, 0, 0, 0, 0]);
});

test.each([
  ['one under', 2, 'parked'],
  ['at', 3, 'parked'],
  ['one over', 4, 'limit-exceeded'],
])('%s the limit the last of the waiters is %s', async (_name, count, expected) => {
  const { park } = await setup(3);

  const last = (await park(count)).at(-1);
  const code = last?.error instanceof GantryError ? last.error.code : 'parked';

  expect(code).toBe(expected);
});

test('a waiter that was answered makes room for another', async () => {
  const { store, park, receive } = await setup(1);
  await park(1);
  store.ready();
  store.take()[0]?.answer([delivery(1)]);
  await microtasks();

  const next = receive();
  store.take()[0]?.answer(nothing);
  await microtasks();

  expect(next.isSettled).toBe(false);
});

test('an unknown queue has no line', async () => {
  const { dispatcher } = await setup();

  const refused = wait(dispatcher, 1, undefined, 8 as QueueId);

  await expect(refused).rejects.toMatchObject({ code: 'not-found' });
});

/**
 * A store of one queue that answers and tells when the walk says so: what is asked takes effect in order, is heard
 * later, and the word that the queue is ready comes later still.
 */
function createSlowStore() {
  const clock = createFakeClock();
  let posNext = 1;
  const waiting: number[] = [];
  const undone: (() => void)[] = [];
  const unheard: (() => void)[] = [];
  const untold: (() => void)[] = [];
  let listener: (queues: readonly QueueId[]) => void = () => {};
  return {
    ...{ clock, waiting, undone, unheard, untold },
    append(pos = posNext++) {
      undone.push(() => {
        waiting.push(pos);
        untold.push(() => listener([queue]));
      });
    },
    receive: () =>
      new Promise<readonly Delivery[]>((resolve) => {
        undone.push(() => {
          const pos = waiting.shift();
          unheard.push(() => resolve(pos === undefined ? nothing : [delivery(pos)]));
        });
      }),
    onReady: (told: typeof listener) => {
      listener = told;
    },
  };
}

type ReadyStore = DispatchParts['store'];
type Step = 'append' | 'receive' | 'cancel' | 'advance' | 'do' | 'hear' | 'tell';
interface Walk {
  readonly walk: readonly Step[];
  readonly last: readonly Step[];
}
const steps: readonly Step[] = ['append', 'receive', 'cancel', 'advance', 'do', 'hear', 'tell'];

/** @returns what must not be: messages that are lost or doubled, or receives that wait beside a message */
async function walkFaults({ walk, last }: Walk, toCore: (store: ReadyStore) => ReadyStore): Promise<string[]> {
  const store = createSlowStore();
  const dispatcher = createDispatcher({ store: toCore(store), handOver, isKnown: () => true });
  dispatcher.start();
  const cancellations: Cancellation[] = [];
  const given: number[] = [];
  let waiting = 0;
  let appended = 0;

  for (const step of walk) await take(step);
  while (store.undone.length + store.unheard.length + store.untold.length > 0) {
    for (const step of last) await take(step);
  }
  const kept = [...given, ...store.waiting].toSorted((a, b) => a - b);
  const isAllKept = kept.length === appended && kept.every((pos, at) => pos === at + 1);
  const isStuck = store.waiting.length > 0 && waiting > 0;
  return [...(isAllKept ? [] : ['lost']), ...(isStuck ? ['stuck'] : [])];

  async function take(step: Step): Promise<void> {
    if (step === 'append') {
      appended++;
      store.append();
    } else if (step === 'receive') startReceive();
    else if (step === 'cancel') cancellations.shift()?.cancel();
    else if (step === 'advance') store.clock.advance(300);
    else if (step === 'do') store.undone.shift()?.();
    else if (step === 'hear') store.unheard.shift()?.();
    else store.untold.shift()?.();
    await microtasks();
  }

  function startReceive(): void {
    const cancellation = new Cancellation();
    cancellations.push(cancellation);
    waiting++;
    void wait(dispatcher, 1, cancellation).then((deliveries) => {
      waiting--;
      // What a cancelled receive was given goes back, as the verb does it.
      for (const { pos } of deliveries) {
        if (cancellation.isCancelled) store.append(pos);
        else given.push(pos);
      }
    });
  }
}

/** Short ones, for what a later word would mend shows only at the end; and that is reached in every order. */
const walks: fc.Arbitrary<Walk> = fc.record({
  walk: fc.array(fc.constantFrom(...steps), { maxLength: 30, size: 'max' }),
  last: fc.shuffledSubarray<Step>(['do', 'hear', 'tell'], { minLength: 3 }),
});

test('in any order of what is said, done and heard no message is lost and nobody waits beside one', async () => {
  await fc.assert(
    fc.asyncProperty(walks, async (walk) => {
      expect(await walkFaults(walk, (store) => store)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

test('the walk finds a dispatcher that misses a word of the store', async () => {
  let words = 0;
  const deaf = (store: ReadyStore): ReadyStore => ({
    ...store,
    onReady: (told) => store.onReady((queues) => (++words % 3 === 0 ? undefined : told(queues))),
  });

  const found = await fc.check(
    fc.asyncProperty(walks, async (walk) => (await walkFaults(walk, deaf)).length === 0),
    { numRuns: 1_000, endOnFailure: true },
  );

  expect(found.failed).toBe(true);
});
