import { expect, test } from 'vitest';
import { moveTasksKey } from '../../src/core/move-task-record.ts';
import type { Store } from '../../storage/store.ts';
import { address, alice, bodies, createWorld, message, quiet, watch } from './world.ts';

test('a reset drops every queue of every account, and what is made after it is there', async () => {
  const { broker, store, createQueue, publish } = await createWorld();
  const queue = await createQueue('orders');
  const elsewhere = { ...address('orders'), account: '111111111111', region: 'eu-west-1' };
  await broker.catalogue.create(alice, { ...queue, address: elsewhere });
  await publish(queue, message('a'));

  await broker.reset('tester');
  const again = await createQueue('orders');

  expect([...broker.catalogue.all()]).toEqual([again]);
  expect(await store.tallies([again.id])).toMatchObject([{ waiting: 0, total: { appended: 0 } }]);
});

test('what is there after a restart is what the reset left: nothing', async () => {
  const { broker, another, createQueue } = await createWorld();
  await createQueue('orders');

  await broker.reset('tester');
  const next = await another();

  expect([...next.catalogue.all()]).toEqual([]);
});

test('a waiting receive ends as it does when its queue is dropped', async () => {
  const { broker, createQueue, receive } = await createWorld();
  const waiting = watch(receive(await createQueue('orders'), { waitMs: 20_000 }));
  await quiet();

  expect(waiting.isSettled).toBe(false);
  await broker.reset('tester');
  await quiet();

  expect(waiting.error).toMatchObject({ code: 'not-found' });
  expect(broker.waiting()).toBe(0);
});

test('a message that comes too late finds no queue, and none of the same name', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const before = await createQueue('orders');
  await broker.reset('tester');
  await createQueue('orders');

  expect(await publish(before, message('late'))).toMatchObject([{ ok: false, error: { code: 'not-found' } }]);
});

test('deduplication forgets what was sent before', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const send = async () => {
    const queue = await createQueue('orders.fifo', { isContentDeduplicated: true });
    await publish(queue, message('same', { groupId: 'g' }));
    return bodies(await receive(queue));
  };

  expect(await send()).toEqual(['same']);
  await broker.reset('tester');

  expect(await send()).toEqual(['same']);
});

test('a move task under way ends, and leaves no record', async () => {
  const { broker, store, createQueue, publish } = await createWorld();
  const from = await createQueue('from');
  const to = await createQueue('to');
  await publish(from, ...['a', 'b', 'c'].map((body) => message(body)));
  await broker.moves.start(alice, from, { to, rateMax: 1 });
  await quiet();

  // Its run waits a second of a clock that stands still: the reset would not settle if it were not woken.
  await broker.reset('tester');

  expect(await store.records(moveTasksKey(from.id))).toEqual([]);
});

test('links to dead-letter queues that go as well are not written anew', async () => {
  let puts = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) => {
      puts += batch.changes.filter((change) => change.do === 'put').length;
      return store.commit(batch);
    },
  });
  const { broker, createQueue } = await createWorld({ wrap });
  const dead = await createQueue('dead');
  await Promise.all(Array.from({ length: 256 }, (_, at) => createQueue(`q${at}`))); // The source is of another chunk.
  await createQueue('source', { redrive: { deadLetter: dead.address, deliveryCountMax: 1 } });
  puts = 0;

  await broker.reset('tester');
  await quiet();

  expect(puts).toBe(0);
});

test('each queue is told of, then the reset, in the name of who asked', async () => {
  const { broker, createQueue } = await createWorld();
  await createQueue('orders');
  const told: unknown[] = [];
  broker.events.on('queue-dropped', ({ queue, principal }) => told.push([queue.name, principal]));
  broker.events.on('reset', ({ principal }) => told.push(principal));

  await broker.reset('tester');

  expect(told).toEqual([['orders', 'tester'], 'tester']);
});

test('of two resets at once each settles, and more queues go than one chunk holds', async () => {
  const { broker, createQueue } = await createWorld();
  await Promise.all(Array.from({ length: 300 }, (_, at) => createQueue(`q${at}`)));

  await Promise.all([broker.reset('tester'), broker.reset('tester')]);

  expect([...broker.catalogue.all()]).toEqual([]);
});
