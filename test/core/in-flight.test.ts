import { expect, it } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { alice, bodies, createWorld, message, quiet, watch } from './world.ts';

it('without a limit any number is in flight', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, ...Array.from({ length: 20 }, () => message('m')));

  expect(await receive(queue)).toHaveLength(10);
  expect(await receive(queue)).toHaveLength(10);
});

it('a standard queue refuses beyond the limit who does not wait, and gives what is left of it before', async () => {
  const { createQueue, publish, receive } = await createWorld({ leasedMax: 2 });
  const queue = await createQueue('a');
  await publish(queue, message('1'), message('2'), message('3'));

  expect(bodies(await receive(queue))).toEqual(['1', '2']);
  await expect(receive(queue)).rejects.toMatchObject({ code: 'limit-exceeded' });
});

it('a FIFO queue gives nothing beyond the limit', async () => {
  const { createQueue, publish, receive } = await createWorld({ leasedMax: 1 });
  const queue = await createQueue('a.fifo');
  await publish(queue, message('1', { groupId: 'g', dedupId: '1' }), message('2', { groupId: 'h', dedupId: '2' }));

  expect(bodies(await receive(queue))).toEqual(['1']);
  expect(await receive(queue)).toEqual([]);
});

it.each(['a', 'a.fifo'])(
  'a receive from %s that waits hears no error, and is served when there is room',
  async (name) => {
    const { createQueue, publish, receive, broker } = await createWorld({ leasedMax: 1 });
    const queue = await createQueue(name);
    await publish(queue, message('1', { groupId: 'g', dedupId: '1' }), message('2', { groupId: 'h', dedupId: '2' }));
    const [first] = await receive(queue);
    if (first === undefined) throw new Error('the first was given');
    const waiting = watch(receive(queue, { waitMs: 20_000 }));
    await quiet();
    const before = waiting.isSettled;

    await broker.settle(alice, queue, [{ receipt: first.receipt, outcome: { type: 'ack' } }], 'disk');
    await quiet();

    expect(before).toBe(false);
    expect(bodies(waiting.value ?? [])).toEqual(['2']);
  },
);

it('a wait that ends beyond the limit ends empty', async () => {
  const { createQueue, publish, receive, clock } = await createWorld({ leasedMax: 1 });
  const queue = await createQueue('a');
  await publish(queue, message('1'), message('2'));
  await receive(queue, { leaseMs: 60_000 });
  const waiting = watch(receive(queue, { waitMs: 20_000 }));
  await quiet();

  clock.advance(20_000);
  await quiet();

  expect(waiting).toMatchObject({ isSettled: true, value: [], error: undefined });
});

it('a start with another limit tells the queues that were there before, and a change of a queue keeps it', async () => {
  const { createQueue, publish, broker, another } = await createWorld();
  const queue = await createQueue('a');
  await publish(queue, message('1'), message('2'), message('3'));
  const ask = (of: Broker) => of.receive(alice, queue, { deliveriesMax: 10, leaseMs: undefined, waitMs: 0 });
  await broker.stop();

  const limited = await another(1);
  await limited.catalogue.alter(alice, queue.address, () => ({ tags: { a: 'b' } }));
  const first = bodies(await ask(limited));
  const second = await ask(limited).catch((error: unknown) => error);
  await limited.stop();
  const rest = bodies(await ask(await another()));

  expect(first).toEqual(['1']);
  expect(second).toMatchObject({ code: 'limit-exceeded' });
  expect(rest).toEqual(['2', '3']);
});
