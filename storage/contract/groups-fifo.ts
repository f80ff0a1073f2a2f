import { expect, it } from 'vitest';
import type { Delivery, QueueId } from '../store.ts';
import type { Setup, World } from './world.ts';
import { leaseMs, minuteMs, posOf, strict, texts, withText } from './world.ts';

/** A strict queue with messages that are named `group-message`, appended in that order. */
async function createFifo(world: World, names: readonly string[]): Promise<QueueId> {
  const queue = await world.createQueue(strict);
  await appendNamed(world, queue, names);
  return queue;
}

async function appendNamed(world: World, queue: QueueId, names: readonly string[]): Promise<void> {
  for (const name of names) await world.append(queue, name, { group: name.split('-')[0] ?? name });
}

async function showAgain(world: World, deliveries: readonly Delivery[], names: readonly string[]): Promise<void> {
  for (const name of names) await world.extend(withText(deliveries, name), 0);
}

export function describeFifoGroups(setup: Setup): void {
  it('a receive takes all it can of the oldest group, then of the next [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g2-m1', 'g1-m2', 'g2-m2', 'g1-m3']);

    expect(texts(await world.receive(queue, { max: 4 }))).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1']);
  });

  it('while a message of a group is in flight nobody is given another of it [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g2-m1']);
    await world.receive(queue, { max: 1 });

    expect(texts(await world.receive(queue))).toEqual(['g2-m1']);
    expect(await world.receive(queue)).toEqual([]);
  });

  it('a message appended to a group in flight waits', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1']);
    await world.receive(queue);
    await appendNamed(world, queue, ['g1-m2']);

    expect(await world.receive(queue)).toEqual([]);
  });

  it('the receives of one turn are given different groups', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);

    const given = await Promise.all([1, 2, 3].map(() => world.receive(queue, { max: 2 })));

    expect(given.map(texts)).toEqual([['g1-m1', 'g1-m2'], ['g2-m1', 'g2-m2'], []]);
  });

  it('acking all that is in flight frees the group [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g1-m3']);
    for (const delivery of await world.receive(queue, { max: 2 })) await world.ack(delivery);

    expect(texts(await world.receive(queue))).toEqual(['g1-m3']);
  });

  for (const acked of ['g1-m1', 'g1-m2']) {
    it(`a partial delete keeps the group locked: ${acked} of two in flight [SQS 1.11]`, async () => {
      const world = await setup();
      const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g1-m3']);
      const deliveries = await world.receive(queue, { max: 2 });
      const left = deliveries.find((delivery) => !texts([delivery]).includes(acked));

      await world.ack(withText(deliveries, acked));

      expect(await world.receive(queue)).toEqual([]);
      if (left !== undefined) await world.ack(left);
      expect(texts(await world.receive(queue))).toEqual(['g1-m3']);
    });
  }

  it('after the lease of all has ended they come again in their order, before later ones [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g1-m3']);
    await world.receive(queue, { max: 2 });
    await appendNamed(world, queue, ['g1-m4']);

    world.clock.advance(leaseMs);

    expect(texts(await world.receive(queue))).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g1-m4']);
  });

  it('a released message of a group comes first again, and later ones wait for it', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2']);
    await world.release(await world.receiveOne(queue));

    expect(texts(await world.receive(queue, { max: 1 }))).toEqual(['g1-m1']);
    expect(await world.receive(queue)).toEqual([]);
  });

  // Three in flight, some made visible: what may come is the leading visible run. The recorded five are among the eight.
  const visibilities = [
    { shown: [], expected: [] },
    { shown: ['foo'], expected: ['foo'] },
    { shown: ['bar'], expected: [] },
    { shown: ['baz'], expected: [] },
    { shown: ['foo', 'bar'], expected: ['foo', 'bar'] },
    { shown: ['foo', 'baz'], expected: ['foo'] },
    { shown: ['bar', 'baz'], expected: [] },
    { shown: ['foo', 'bar', 'baz'], expected: ['foo', 'bar', 'baz'] },
  ];
  for (const { shown, expected } of visibilities) {
    it(`of foo, bar and baz in flight, [${shown}] made visible gives [${expected}] [SQS 1.11]`, async () => {
      const world = await setup();
      const queue = await world.createQueue(strict);
      await world.appendAll(queue, ['foo', 'bar', 'baz'], { group: 'g' });
      await showAgain(world, await world.receive(queue), shown);

      expect(texts(await world.receive(queue))).toEqual(expected);
    });
  }

  it('leases of different length in a group: the leading visible run comes as each ends [SQS 1.11]', async () => {
    const world = await setup();
    const { clock, extend, receive } = world;
    const queue = await world.createQueue(strict);
    await world.appendAll(queue, ['foo', 'bar', 'baz'], { group: 'g' });
    const deliveries = await receive(queue);
    await extend(withText(deliveries, 'foo'), 2 * minuteMs);
    await extend(withText(deliveries, 'bar'), minuteMs);
    await extend(withText(deliveries, 'baz'), 3 * minuteMs);

    clock.advance(minuteMs);
    const afterBar = texts(await receive(queue, { forMs: 0 }));
    clock.advance(minuteMs);
    const afterFoo = texts(await receive(queue, { forMs: 0 }));
    clock.advance(minuteMs);

    expect([afterBar, afterFoo]).toEqual([[], ['foo', 'bar']]);
    expect(texts(await receive(queue))).toEqual(['foo', 'bar', 'baz']);
  });

  it('one of three in flight made visible is received again while the others stay [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g2-m1']);
    const deliveries = await world.receive(queue);

    await showAgain(world, deliveries, ['g2-m1']);
    const first = texts(await world.receive(queue));
    await showAgain(world, deliveries, ['g1-m1']);
    const second = texts(await world.receive(queue));

    expect([first, second]).toEqual([['g2-m1'], ['g1-m1']]);
    expect(await world.receive(queue)).toEqual([]);
  });

  it('after a lease of no time the next receive begins with the other groups [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g2-m1', 'g2-m2', 'g3-m1']);

    const first = texts(await world.receive(queue, { max: 3, forMs: 0 }));

    expect(first).toEqual(['g1-m1', 'g1-m2', 'g2-m1']);
    expect(texts(await world.receive(queue))).toEqual(['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']);
  });

  it('groups take turns: the one least recently served comes first', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g2-m1', 'g3-m1']);

    const served: string[] = [];
    for (let turn = 0; turn < 6; turn++) served.push(...texts(await world.receive(queue, { max: 1, forMs: 0 })));

    expect(served).toEqual(['g1-m1', 'g2-m1', 'g3-m1', 'g1-m1', 'g2-m1', 'g3-m1']);
  });

  it('a group that a receive had no bytes left for was not served, and is next', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g2-m1', 'g3-m1']);
    await world.receive(queue, { bytesMax: 7, forMs: 0 });

    const next = texts(await world.receive(queue, { max: 1, forMs: 0 }));

    expect(next).toEqual(['g2-m1']);
    expect(texts(await world.receive(queue))).toEqual(['g3-m1', 'g1-m1', 'g2-m1']);
  });

  it('a message that comes later to a group that was never served finds it at its turn', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g1-m3']);
    await world.ack(await world.receiveOne(queue));
    await appendNamed(world, queue, ['g2-m1']);

    expect(texts(await world.receive(queue, { max: 1 }))).toEqual(['g2-m1']);
  });

  it('an emptied group leaves no lock behind: new messages come [SQS 1.11]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1']);
    await world.ack(await world.receiveOne(queue));
    await appendNamed(world, queue, ['g1-m2']);

    expect(texts(await world.receive(queue))).toEqual(['g1-m2']);
  });

  it('a purge leaves no lock behind', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2']);
    await world.receive(queue, { max: 1 });
    await world.commitOk({ do: 'purge-queue', queue });
    await appendNamed(world, queue, ['g1-m3']);

    expect(texts(await world.receive(queue))).toEqual(['g1-m3']);
  });

  it('a discarded message in flight leaves no lock behind', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2']);
    const { pos } = await world.receiveOne(queue);
    await world.commitOk({ do: 'discard', queue, pos });

    expect(texts(await world.receive(queue))).toEqual(['g1-m2']);
  });

  it('a group is locked in its own queue only', async () => {
    const world = await setup();
    const first = await createFifo(world, ['g1-m1']);
    const second = await createFifo(world, ['g1-m1']);
    await world.receive(first);

    expect(texts(await world.receive(second))).toEqual(['g1-m1']);
  });

  it('a group stays locked over a restart, and in order', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g2-m1']);
    await world.receive(queue, { max: 1 });
    await world.reopen();

    expect(texts(await world.receive(queue))).toEqual(['g2-m1']);
    world.clock.advance(leaseMs);
    expect(texts(await world.receive(queue, { max: 2 })).filter((name) => name.startsWith('g1'))).toEqual(
      expect.arrayContaining(['g1-m1']),
    );
  });

  it('a connection that ends gives its groups back in order', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2', 'g1-m3']);
    const lease = await world.openConsumer(queue);
    await world.receive(queue, { lease, max: 2 });

    await world.store.closeHolder(lease.holder, 'end');

    expect(texts(await world.receive(queue))).toEqual(['g1-m1', 'g1-m2', 'g1-m3']);
  });

  it('a message that is still delayed holds up its group and no other', async () => {
    const world = await setup();
    const queue = await world.createQueue(strict);
    await world.append(queue, 'g1-m1', { group: 'g1', visibleAt: world.clock.now() + minuteMs });
    await appendNamed(world, queue, ['g1-m2', 'g2-m1']);

    expect(texts(await world.receive(queue))).toEqual(['g2-m1']);
    world.clock.advance(minuteMs);
    expect(texts(await world.receive(queue)).filter((name) => name.startsWith('g1'))).toEqual(['g1-m1', 'g1-m2']);
  });

  it('a message released to later holds up its group until then', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1', 'g1-m2']);
    const visibleAt = world.clock.now() + minuteMs;
    await world.settle(await world.receiveOne(queue), { type: 'release', isCounted: true, visibleAt });

    expect(await world.receive(queue)).toEqual([]);
    world.clock.advance(minuteMs);
    expect(texts(await world.receive(queue))).toEqual(['g1-m1', 'g1-m2']);
  });

  it('after the lease has ended its receipt has expired for ack, release and extend [SQS 1.8]', async () => {
    const world = await setup();
    const { ack, release, extend, settle } = world;
    const queue = await createFifo(world, ['g1-m1']);
    const delivery = await world.receiveOne(queue);
    world.clock.advance(leaseMs);

    expect([await ack(delivery), await release(delivery), await extend(delivery, minuteMs)]).toEqual(
      Array(3).fill('expired'),
    );
    expect(await settle(delivery, { type: 'reject', cause: 'bad' })).toBe('expired');
    expect(texts(await world.receive(queue))).toEqual(['g1-m1']);
  });

  it('an older receipt has expired while another has the entry, also after a release that did not count', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1']);
    const older = await world.receiveOne(queue);
    await world.settle(older, { type: 'release', isCounted: false });
    const newer = await world.receiveOne(queue);

    expect(await world.ack(older)).toBe('expired');

    expect(await world.ack(newer)).toBe('done');
  });

  it('a lease that was extended in time can be acked after its first end [SQS 1.8]', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1']);
    const delivery = await world.receiveOne(queue);
    await world.extend(delivery, 10 * minuteMs);
    world.clock.advance(5 * minuteMs);

    expect(await world.ack(delivery)).toBe('done');
  });

  it('a receipt of an entry that was acked finds it gone, not expired', async () => {
    const world = await setup();
    const queue = await createFifo(world, ['g1-m1']);
    const delivery = await world.receiveOne(queue);
    await world.ack(delivery);

    expect([await world.ack(delivery), await world.extend(delivery, minuteMs)]).toEqual(['gone', 'gone']);
  });

  it('positions rise over all groups', async () => {
    const world = await setup();
    const queue = await world.createQueue(strict);
    const positions: number[] = [];
    for (const group of ['g1', 'g2', 'g1', 'g3']) positions.push(posOf(await world.append(queue, 'x', { group })));

    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(4);
  });

  it('a thousand groups behind one that is locked are all served', async () => {
    const world = await setup();
    const { createQueue, appendAll, append, receive, message, commitOk } = world;
    const queue = await createQueue(strict);
    await appendAll(queue, ['head', 'next'], { group: 'locked' });
    await receive(queue, { max: 1 });
    const blocked = Array.from({ length: 500 }, () => 'blocked');
    await commitOk(
      ...blocked.map((body) => ({ do: 'append', message: message(body), to: [{ queue, group: 'locked' }] }) as const),
    );
    for (let index = 0; index < 20; index++) await append(queue, `g${index}`, { group: `g${index}` });

    expect(texts(await receive(queue, { max: 1000 }))).toEqual(Array.from({ length: 20 }, (_, index) => `g${index}`));
  });
}
