import { expect, it, vi } from 'vitest';
import type { EventMap } from '../../../src/core/broker.ts';
import { QueueIndex } from '../../../src/core/queue-index.ts';
import { createFanOut, type Plan, sizeOf, type TakenMessage } from '../../../src/core/topics/fan-out.ts';
import { Routes } from '../../../src/core/topics/routes.ts';
import { FilterIndex } from '../../../src/filter/policy/index.ts';
import { address, bodies } from '../world.ts';
import { createTopicsWorld, topicMessage } from './world.ts';

async function setup() {
  const world = await createTopicsWorld();
  const topic = await world.topic('t');
  const told: EventMap['notified'][] = [];
  world.broker.events.on('notified', (event) => told.push(event));
  return { world, topic, told };
}

/** A fan-out of a topic to many queues that are not there. */
async function fanOutTo(count: number) {
  const { world, topic } = await setup();
  const routes = new Routes();
  const one = await world.subscribe(topic, 'none');
  for (let at = 0; at < count; at++) {
    const target = { type: 'queue', queue: address(`none${at}`) } as const;
    routes.change(undefined, { ...one, target, version: 1, pushId: undefined });
  }
  const envelopes = { seal: () => 'sealed', bytesMax: () => 0, wrap: () => new Uint8Array() };
  const fanOut = createFanOut({
    events: world.broker.events,
    authorize: () => undefined,
    queues: new QueueIndex(),
    routes,
    envelopes,
  });
  await world.stop();
  const known = { ...topic, version: 1, logId: undefined, archiveId: undefined };
  const plan = (texts: readonly string[]) => fanOut.plan(known, texts.map(takenOf));
  return { plan };
}

function takenOf(text: string): TakenMessage {
  const { headers, properties, body } = topicMessage(text);
  return {
    ...{ id: new Uint8Array(16), headers, properties, body, bodies: new Map(), sentAt: 0, baseUrl: undefined },
    ...{ sequence: undefined, isReplayed: false },
  };
}

/** How often others got a turn of the event loop meanwhile. */
async function turnsDuring(action: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    if (isOver) return;
    turns++;
    setImmediate(count);
  };
  const first = setImmediate(count);
  await action();
  isOver = true;
  clearImmediate(first);
  return turns;
}

it('a message for very many subscriptions is planned in slices, and each of them is in the plan', async () => {
  const { plan } = await fanOutTo(3_500);
  let plans: readonly Plan[] = [];

  const turns = await turnsDuring(async () => {
    plans = await plan(['m']);
  });

  expect(turns).toBeGreaterThanOrEqual(3);
  expect(plans.map(sizeOf)).toEqual([3_500]);
});

it('a batch to many subscriptions gives a turn between its entries, which stay in their order', async () => {
  const { plan } = await fanOutTo(600);
  const texts = Array.from({ length: 10 }, (_, at) => String(at));
  let plans: readonly Plan[] = [];

  const turns = await turnsDuring(async () => {
    plans = await plan(texts);
  });

  expect(turns).toBeGreaterThanOrEqual(8);
  expect(plans.map(({ message }) => String(message.body))).toEqual(texts);
  expect(plans.map(sizeOf)).toEqual(texts.map(() => 600));
});

it('one message to as many is planned in the turn of the call, as are ten to few', async () => {
  const many = await fanOutTo(600);
  const few = await fanOutTo(10);

  expect(many.plan(['m'])).toHaveLength(1);
  expect(few.plan(Array.from({ length: 10 }, () => 'm'))).toHaveLength(10);
});

const texts = new Map(['one', 'two', 'three'].map((name) => [name, Buffer.from(`{"kind":"${name}"}`)]));

it('a message with a text for each protocol is matched once where no filter looks at the body', async () => {
  const { world, topic, told } = await setup();
  const filter = { policy: '{"kind":["red"]}', scope: 'attributes' } as const;
  for (const protocol of ['one', 'two', 'four']) await world.subscribe(topic, protocol, { protocol, filter });
  const matched = vi.spyOn(FilterIndex.prototype, 'match');
  const matchedBodies = vi.spyOn(FilterIndex.prototype, 'matchBody');

  const properties = [{ name: 'kind', type: 'string', value: 'red' }] as const;
  await world.publish(topic, { ...topicMessage('{}'), properties, bodies: texts });
  await world.publish(topic, { ...topicMessage('{}'), bodies: texts });

  expect([matched.mock.calls.length, matchedBodies.mock.calls.length]).toEqual([2, 0]);
  expect(told).toMatchObject([{ failed: 3 }, { failed: 0, filteredOut: { 'no-attributes': 3 } }]);
  vi.restoreAllMocks();
  await world.stop();
});

it('a filter over the body is about the text that its subscriber gets, those over attributes about none', async () => {
  const { world, topic } = await setup();
  const filter = (kind: string, scope: 'attributes' | 'body') => ({ policy: `{"kind":["${kind}"]}`, scope }) as const;
  for (const [name, protocol, kind, scope] of [
    ['a', 'one', 'one', 'body'],
    ['b', 'one', 'two', 'body'],
    ['c', 'two', 'two', 'body'],
    ['d', 'four', 'default', 'body'],
    ['e', 'four', 'one', 'body'],
    ['f', 'one', 'red', 'attributes'],
    ['g', 'one', 'blue', 'attributes'],
  ] as const) {
    await world.queue(name);
    await world.subscribe(topic, name, { protocol, filter: filter(kind, scope) });
  }

  const properties = [{ name: 'kind', type: 'string', value: 'red' }] as const;
  await world.publish(topic, { ...topicMessage('{"kind":"default"}'), properties, bodies: texts });

  const got = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(async (name) => {
      const queue = world.broker.catalogue.find(address(name));
      return queue && bodies(await world.drained(queue));
    }),
  );
  const kind = (name: string) => [`{"kind":"${name}"}`];
  expect(got).toEqual([kind('one'), [], kind('two'), kind('default'), [], kind('one'), []]);
  await world.stop();
});
