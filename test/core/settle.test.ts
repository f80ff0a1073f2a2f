import { expect, test } from 'vitest';
import type { Outcome, Receipt } from '../../storage/store.ts';
import { alice, bodies, createWorld, message, receiptOf } from './world.ts';

async function createLeased(names: readonly string[]) {
  const world = await createWorld();
  const queue = await world.createQueue('orders');
  await world.publish(queue, ...names.map((name) => message(name)));
  const receipts = (await world.receive(queue)).map(({ receipt }) => receipt);
  const settle = (...pairs: readonly (readonly [Receipt | undefined, Outcome])[]) =>
    world.broker.settle(
      alice,
      queue,
      pairs.map(([receipt, outcome]) => {
        if (receipt === undefined) throw new Error('no receipt');
        return { receipt, outcome };
      }),
      'disk',
    );
  return { ...world, queue, receipts, settle };
}

test('what is acked never comes back', async () => {
  const { clock, queue, receive, receipts, settle } = await createLeased(['a', 'b']);

  const results = await settle([receipts[0], { type: 'ack' }]);
  clock.advance(30_000);

  expect(results).toEqual([{ ok: true, was: 'done' }]);
  expect(bodies(await receive(queue))).toEqual(['b']);
});

test('settlements of one call are answered in their order, each for itself', async () => {
  const { broker, createQueue, clock, queue, receipts, settle } = await createLeased(['a', 'b', 'c']);
  const other = await createQueue('bills');
  const [a, b, c] = receipts;
  if (c === undefined) throw new Error('no receipt');

  const results = await settle(
    [a, { type: 'ack' }],
    [a, { type: 'ack' }],
    [receiptOf('garbage'), { type: 'ack' }],
    [b, { type: 'extend', until: clock.now() + 43_200_001, totalMsMax: 43_200_000 }],
    [b, { type: 'extend', until: clock.now() + 1_000, totalMsMax: 43_200_000 }],
  );
  const elsewhere = await broker.settle(alice, other, [{ receipt: c, outcome: { type: 'ack' } }], 'disk');

  expect(results.map((result) => result.ok && result.was)).toEqual(['done', 'gone', 'invalid', 'over-limit', 'done']);
  expect(elsewhere).toEqual([{ ok: true, was: 'other-queue' }]);
  expect(queue.address.name).toBe('orders');
});

test('what is released is there again at its old place', async () => {
  const { queue, receive, receipts, settle } = await createLeased(['a', 'b']);

  await settle(
    [receipts[1], { type: 'release', isCounted: true }],
    [receipts[0], { type: 'release', isCounted: true }],
  );

  expect(bodies(await receive(queue))).toEqual(['a', 'b']);
});

test('nothing settled is nothing done', async () => {
  const { settle } = await createLeased([]);

  expect(await settle()).toEqual([]);
});

test('a store that takes nothing is the error of each settlement', async () => {
  const { receipts, settle, store } = await createLeased(['a', 'b']);
  await store.stop();

  const one = await settle([receipts[0], { type: 'ack' }]);
  const two = await settle([receipts[0], { type: 'ack' }], [receipts[1], { type: 'ack' }]);

  expect([...one, ...two].map((result) => !result.ok && result.error.code)).toEqual(Array(3).fill('unavailable'));
});
