import { expect, test } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { Store } from '../../storage/store.ts';
import { address, alice, bodies, Cancellation, createWorld, message, quiet, watch } from './world.ts';

test('a message that is there is given at once', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a'), message('b'));

  const deliveries = await receive(queue, { waitMs: 20_000 });

  expect(bodies(deliveries)).toEqual(['a', 'b']);
});

test('an empty queue without a wait answers at once with nothing', async () => {
  const { createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');

  expect(await receive(queue)).toEqual([]);
});

test('a wait ends with nothing when its time is over, and not before', async () => {
  const { clock, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders', { receiveWaitMs: 5_000 });
  const waiting = watch(receive(queue));
  await quiet();

  clock.advance(4_999);
  await quiet();
  const isSettledBefore = waiting.isSettled;
  clock.advance(1);
  await quiet();

  expect(isSettledBefore).toBe(false);
  expect(waiting.value).toEqual([]);
});

test('a wait longer than the limit is cut to it', async () => {
  const { clock, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = watch(receive(queue, { waitMs: limits.waitMsMax + 1_000 }));
  await quiet();

  clock.advance(limits.waitMsMax);
  await quiet();

  expect(waiting.value).toEqual([]);
});

test('a send wakes a waiting receive', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = receive(queue, { waitMs: 20_000 });
  await quiet();

  await publish(queue, message('a'));

  expect(bodies(await waiting)).toEqual(['a']);
});

test('the end of a delay wakes a waiting receive', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a', {}, 3_000));
  const waiting = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();

  clock.advance(2_999);
  await quiet();
  const isSettledBefore = waiting.isSettled;
  clock.advance(1);
  await quiet();

  expect(isSettledBefore).toBe(false);
  expect(bodies(waiting.value ?? [])).toEqual(['a']);
});

test('the end of a lease wakes a waiting receive', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders', { leaseMs: 2_000 });
  await publish(queue, message('a'));
  await receive(queue);
  const waiting = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();

  clock.advance(2_000);
  await quiet();

  expect(bodies(waiting.value ?? [])).toEqual(['a']);
  expect(waiting.value?.[0]?.deliveries).toBe(2);
});

test('a release wakes a waiting receive', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a'));
  const [delivery] = await receive(queue);
  const waiting = receive(queue, { waitMs: 20_000 });
  await quiet();

  const receipt = delivery?.receipt;
  if (receipt === undefined) throw new Error('no delivery');
  await broker.settle(alice, queue, [{ receipt, outcome: { type: 'release', isCounted: true } }], 'disk');

  expect(bodies(await waiting)).toEqual(['a']);
});

test('the ack that unlocks a message group wakes a waiting receive', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo');
  await publish(queue, message('a', { groupId: 'g' }), message('b', { groupId: 'g' }));
  const [delivery] = await receive(queue, { deliveriesMax: 1 });
  const waiting = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();
  const isSettledBefore = waiting.isSettled;

  const receipt = delivery?.receipt;
  if (receipt === undefined) throw new Error('no delivery');
  await broker.settle(alice, queue, [{ receipt, outcome: { type: 'ack' } }], 'disk');
  await quiet();

  expect(isSettledBefore).toBe(false);
  expect(bodies(waiting.value ?? [])).toEqual(['b']);
});

test('who waited first is served first', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const order: string[] = [];
  const waiting = ['first', 'second', 'third'].map((name) =>
    receive(queue, { waitMs: 20_000, deliveriesMax: 1 }).then((deliveries) =>
      order.push(`${name} ${bodies(deliveries)}`),
    ),
  );
  await quiet();

  await publish(queue, message('a'));
  await quiet();
  await publish(queue, message('b'), message('c'));
  await Promise.all(waiting);

  expect(order).toEqual(['first a', 'second b', 'third c']);
});

test('a newcomer does not overtake who waits already', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const early = watch(receive(queue, { waitMs: 20_000, deliveriesMax: 1 }));
  await quiet();

  const sent = publish(queue, message('a'));
  const late = watch(receive(queue, { waitMs: 20_000, deliveriesMax: 1 }));
  await sent;
  await quiet();

  expect(bodies(early.value ?? [])).toEqual(['a']);
  expect(late.isSettled).toBe(false);
});

test('many waiters of one queue are all served by as many messages, each by one', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const names = Array.from({ length: 150 }, (_, at) => `m${at}`);
  const waiting = names.map(() => receive(queue, { waitMs: 20_000, deliveriesMax: 1 }));
  await quiet();

  await publish(queue, ...names.map((name) => message(name)));
  const served = await Promise.all(waiting);

  expect(served.flatMap(bodies)).toEqual(names);
});

test('of 5,000 parked receives one send wakes exactly one, the first', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = Array.from({ length: 5_000 }, () => watch(receive(queue, { waitMs: 20_000 })));
  await quiet();

  await publish(queue, message('a'));
  await quiet();

  expect(waiting.filter(({ isSettled }) => isSettled)).toHaveLength(1);
  expect(bodies(waiting[0]?.value ?? [])).toEqual(['a']);
});

test('a waiter at one queue hears nothing of another', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const [orders, bills] = await Promise.all([createQueue('orders'), createQueue('bills')]);
  const waiting = watch(receive(orders, { waitMs: 20_000 }));
  await quiet();

  await publish(bills, message('a'));
  await quiet();

  expect(waiting.isSettled).toBe(false);
});

test('dropping the queue ends its waits with not-found', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = [receive(queue, { waitMs: 20_000 }), receive(queue, { waitMs: 20_000 })].map(watch);
  await quiet();

  await broker.catalogue.drop(alice, address('orders'));
  await quiet();

  expect(waiting.map(({ error }) => error)).toMatchObject([{ code: 'not-found' }, { code: 'not-found' }]);
});

test('a drop by another node ends the waits of this one', async () => {
  const { another, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const other = await another();
  const waiting = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();

  await other.catalogue.drop(alice, address('orders'));
  await quiet();

  expect(waiting.error).toMatchObject({ code: 'not-found' });
});

test('a receive from a queue that is gone is not-found, waiting or not', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  await broker.catalogue.drop(alice, address('orders'));

  await expect(receive(queue)).rejects.toMatchObject({ code: 'not-found' });
  await expect(receive(queue, { waitMs: 20_000 })).rejects.toMatchObject({ code: 'not-found' });
});

test('a purge leaves the waits as they are', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = receive(queue, { waitMs: 20_000 });
  await quiet();

  await broker.catalogue.purge(alice, address('orders'));
  await publish(queue, message('a'));

  expect(bodies(await waiting)).toEqual(['a']);
});

test('stopping the broker answers who waits with nothing, and twice is as good as once', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const waiting = [receive(queue, { waitMs: 20_000 }), receive(queue, { waitMs: 20_000 })];
  await quiet();

  await broker.stop();
  await broker.stop();

  expect(await Promise.all(waiting)).toEqual([[], []]);
});

test('nobody waits at a stopped broker', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const asked = receive(queue, { waitMs: 20_000 });

  await broker.stop();

  expect(await asked).toEqual([]);
  expect(await receive(queue, { waitMs: 20_000 })).toEqual([]);
});

test('a cancelled wait ends with nothing and takes nothing', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const cancellation = new Cancellation();
  const cancelled = receive(queue, { waitMs: 20_000, cancellation });
  const next = receive(queue, { waitMs: 20_000 });
  await quiet();

  cancellation.cancel();
  await publish(queue, message('a'));

  expect(await cancelled).toEqual([]);
  expect(bodies(await next)).toEqual(['a']);
});

test('what is on its way to a cancelled receive goes back uncounted, whenever the connection went away', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const { createQueue, publish, receive } = await createWorld();
    const queue = await createQueue('orders');
    const cancellation = new Cancellation();
    const cancelled = receive(queue, { waitMs: 20_000, cancellation });
    await quiet();
    const sent = publish(queue, message('a'));

    await quiet(turns);
    cancellation.cancel();
    const given = await cancelled;
    await sent;
    await quiet();
    const [delivery] = given.length > 0 ? given : await receive(queue);

    // Either the receive had it before it was cancelled, or it is there as if nobody had ever had it.
    expect(delivery?.deliveries).toBe(1);
  }
});

test('a short receive that is cancelled while the store answers hands back what it got', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a'));
  const cancellation = new Cancellation();

  const cancelled = receive(queue, { cancellation });
  cancellation.cancel();
  const given = await cancelled;
  const again = await receive(queue);

  expect(given).toEqual([]);
  expect(again[0]?.deliveries).toBe(1);
});

test('a receive that was cancelled before it began asks for nothing', async () => {
  let asked = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    receive(request) {
      asked++;
      return store.receive(request);
    },
  });
  const { createQueue, publish, receive } = await createWorld({ wrap });
  const queue = await createQueue('orders');
  await publish(queue, message('a'));
  const cancellation = new Cancellation();
  cancellation.cancel();

  const given = [await receive(queue, { cancellation }), await receive(queue, { cancellation, waitMs: 20_000 })];

  expect(given).toEqual([[], []]);
  expect(asked).toBe(0);
  expect(bodies(await receive(queue))).toEqual(['a']);
});

test('the same attempt gets the same deliveries again although others wait', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo');
  await publish(queue, message('a', { groupId: 'g' }));
  const first = await receive(queue, { attempt: 'one' });
  const other = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();

  const again = await receive(queue, { attempt: 'one', waitMs: 20_000 });

  expect(bodies(first)).toEqual(['a']);
  expect(bodies(again)).toEqual(['a']);
  expect(other.isSettled).toBe(false);
});

test('when rights change whoever waits, or is just about to, is answered empty and may ask again', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const parked = [receive(queue, { waitMs: 20_000 }), receive(queue, { waitMs: 20_000 })];
  await quiet();
  const asking = receive(queue, { waitMs: 20_000 });

  broker.endWaits();

  expect(await Promise.all([...parked, asking])).toEqual([[], [], []]);
  expect(broker.waiting()).toBe(0);
  const again = receive(queue, { waitMs: 20_000 });
  await publish(queue, message('a'));
  expect(bodies(await again)).toEqual(['a']);
});

test('a receive that asks the store alone while rights change does not wait on', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const asking = receive(queue, { waitMs: 20_000 });

  broker.endWaits();

  expect(await asking).toEqual([]);
});
