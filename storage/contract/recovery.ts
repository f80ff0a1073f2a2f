import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, texts } from './world.ts';

export function describeRecovery(setup: Setup): void {
  it('what was answered with durability disk is there after a crash', async () => {
    const { createQueue, appendAll, receive, crash } = await setup();
    const queue = await createQueue();
    const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
    await appendAll(queue, names);

    await crash();

    expect(texts(await receive(queue, { max: 50 }))).toEqual(names);
  });

  it('what was acked stays gone after a crash', async () => {
    const { createQueue, appendAll, receive, ack, crash, clock } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c']);
    const [a] = await receive(queue, { max: 1 });
    if (a !== undefined) await ack(a);

    await crash();

    clock.advance(leaseMs);
    expect(texts(await receive(queue))).toEqual(['b', 'c']);
  });

  it('a batch over several queues and records is there as a whole', async () => {
    const world = await setup();
    const [first, second] = [await world.createQueue(), await world.createQueue()];
    await world.commitOk(
      { do: 'append', message: world.message('a'), to: [{ queue: first }, { queue: second }] },
      { do: 'put', key: ['k'], value: Uint8Array.of(1) },
    );

    await world.crash();

    expect([texts(await world.receive(first)), texts(await world.receive(second))]).toEqual([['a'], ['a']]);
    expect(await world.store.records(['k'])).toHaveLength(1);
  });

  it('a timed lease taken with durability disk is there after a crash', async () => {
    const { createQueue, append, receive, crash, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { durability: 'disk' });

    await crash();

    expect(await receive(queue)).toEqual([]);
    clock.advance(leaseMs);
    expect((await receive(queue)).map(({ deliveries }) => deliveries)).toEqual([2]);
  });

  it('memory facts may be lost by a crash, but only from the end: what a later commit on disk followed is there', async () => {
    const { createQueue, append, receive, crash } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { durability: 'memory' });
    await append(queue, 'b', { durability: 'memory' });
    await append(queue, 'on disk', { durability: 'disk' });
    await append(queue, 'c', { durability: 'memory' });
    await append(queue, 'd', { durability: 'memory' });

    await crash();

    const found = texts(await receive(queue));
    expect(found).toEqual(['a', 'b', 'on disk', 'c', 'd'].slice(0, found.length));
    expect(found.length).toBeGreaterThanOrEqual(3);
  });

  it('after a crash a message that may have been given before says that it is redelivered', async () => {
    const { createQueue, append, receive, crash, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { durability: 'memory', forMs: 1000 });

    await crash();
    clock.advance(1000);

    expect((await receive(queue)).map(({ isRedelivered }) => isRedelivered)).toEqual([true]);
  });

  it('a message far behind what was given does not say that it is redelivered', async () => {
    const { createQueue, commitOk, message, receive, crash } = await setup();
    const queue = await createQueue();
    const change = { do: 'append', message: message('x'), to: [{ queue }] } as const;
    await commitOk(...Array.from({ length: 3000 }, () => change));
    await receive(queue, { durability: 'memory', max: 1, forMs: 60 * minuteMs });

    await crash();

    const rest = [];
    for (let turn = 0; turn < 3; turn++) rest.push(...(await receive(queue, { max: 1000 })));
    expect(rest.at(-1)?.isRedelivered).toBe(false);
  });

  it('a stop writes what is in memory', async () => {
    const { createQueue, append, receiveOne, receive, store, reopen, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'acked', { durability: 'memory' });
    await append(queue, 'a', { durability: 'memory' });
    const { receipt } = await receiveOne(queue, { durability: 'memory' });
    await store.commit({
      changes: [{ do: 'settle', receipt, as: { type: 'ack' } }],
      durability: 'memory',
    });
    await reopen();

    clock.advance(leaseMs);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('calls made before a stop are answered', async () => {
    const { store, createQueue, append, receive, reopen } = await setup();
    const queue = await createQueue();

    const appended = append(queue, 'a');
    await store.stop();

    expect(await appended).toHaveProperty('pos');
    await reopen();
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('stopping twice is harmless, and a stopped store refuses', async () => {
    const { store, createQueue, receive, commit } = await setup();
    const queue = await createQueue();

    await store.stop();
    await store.stop();

    await expect(receive(queue)).rejects.toMatchObject({ code: 'unavailable' });
    await expect(commit().then((result) => (result.ok ? result : Promise.reject(result.error)))).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('settings outlive a crash, as they were altered', async () => {
    const { createQueue, append, commitOk, receive, crash, clock } = await setup();
    const queue = await createQueue();
    const settings = { groups: 'ignore', delayMs: minuteMs, dedupWindowMs: 0, onExpiry: 'drop' } as const;
    await commitOk({ do: 'alter-queue', queue, settings });

    await crash();
    await append(queue, 'a');

    expect(await receive(queue)).toEqual([]);
    clock.advance(minuteMs);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('crashes one after the other lose nothing', async () => {
    const { createQueue, append, receive, crash } = await setup();
    const queue = await createQueue();

    for (const name of ['a', 'b', 'c']) {
      await append(queue, name);
      await crash();
    }

    expect(texts(await receive(queue))).toEqual(['a', 'b', 'c']);
  });
}
