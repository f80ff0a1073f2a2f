import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Cancellation, type Envelopes } from '../../../src/core/broker.ts';
import { bytesATurnMax, bytesAtOnceMax } from '../../../src/core/topics/present-in-turns.ts';
import { alice } from '../world.ts';
import { createTopicsWorld, topicMessage } from './world.ts';

const now = { deliveriesMax: 10, leaseMs: undefined, waitMs: 0 };

/** Says in which turn of the event loop each envelope was made. */
async function createTurnsWorld(bytes: number, messagesEach: number) {
  let turn = 0;
  const turns: number[] = [];
  const envelopes: Envelopes = {
    seal: () => 'sealed',
    bytesMax: ({ body }) => body.length,
    wrap: ({ body }) => {
      turns.push(turn);
      return body;
    },
  };
  const world = await createTopicsWorld({ envelopes });
  const topic = await world.topic('t', { messageBytesMax: 1_048_576 });
  const queues = [await world.queue('one'), await world.queue('two'), await world.queue('three')];
  for (const { address } of queues) await world.subscribe(topic, address.name, { isRaw: false });
  const body = 'x'.repeat(bytes);
  await world.publish(topic, ...Array.from({ length: messagesEach }, () => topicMessage(body)));
  return {
    ...{ world, queues, turns },
    /** What is asked in one turn, with the turns counted until all of it is answered. */
    async during<T>(work: Promise<T>): Promise<T> {
      const state = { isDone: false };
      const done = work.finally(() => {
        state.isDone = true;
      });
      for (; !state.isDone; turn++) await setImmediate();
      return await done;
    },
  };
}

test('large answers that are asked for at once are made in a turn each', async () => {
  const { world, queues, turns, during } = await createTurnsWorld(bytesAtOnceMax, 2);

  const answers = await during(Promise.all(queues.map((queue) => world.broker.receive(alice, queue, now))));

  expect(answers.map((deliveries) => deliveries.length)).toEqual([2, 2, 2]);
  expect(new Set(turns).size).toBe(3);
  await world.stop();
});

test('small answers are made at once', async () => {
  const { world, queues, turns, during } = await createTurnsWorld(bytesAtOnceMax / 2, 2);

  await during(Promise.all(queues.map((queue) => world.broker.receive(alice, queue, now))));

  expect(turns).toHaveLength(6);
  expect(new Set(turns).size).toBe(1);
  await world.stop();
});

test('one answer that is larger than a turn takes several, and is in order', async () => {
  const { world, queues, turns, during } = await createTurnsWorld(bytesATurnMax / 2, 6);
  const [queue] = queues;
  if (queue === undefined) throw new Error('no queue');

  const deliveries = await during(world.broker.receive(alice, queue, now));

  expect(deliveries.map(({ pos }) => pos)).toEqual(deliveries.map(({ pos }) => pos).toSorted((a, b) => a - b));
  expect(deliveries).toHaveLength(6);
  expect(new Set(turns).size).toBe(2);
  await world.stop();
});

test('what was made for a receive that was cancelled meanwhile goes back, uncounted', async () => {
  const { world, queues, during } = await createTurnsWorld(bytesAtOnceMax, 2);
  const cancellation = new Cancellation();
  const [first, second] = queues;
  if (first === undefined || second === undefined) throw new Error('no queue');

  const before = world.broker.receive(alice, first, now).then(() => cancellation.cancel());
  const given = await during(Promise.all([before, world.broker.receive(alice, second, { ...now, cancellation })]));

  expect(given[1]).toEqual([]);
  const again = await during(world.broker.receive(alice, second, now));
  expect(again.map((delivery) => delivery.deliveries)).toEqual([1, 1]);
  await world.stop();
});
