import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, texts } from './world.ts';

export function describeReceive(setup: Setup): void {
  it('an empty queue gives nothing', async () => {
    const { createQueue, receive } = await setup();

    expect(await receive(await createQueue())).toEqual([]);
  });

  it('a queue that is gone gives nothing', async () => {
    const { createQueue, append, commitOk, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await commitOk({ do: 'drop-queue', queue });

    expect(await receive(queue)).toEqual([]);
  });

  it('the oldest come first, as many as asked for', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c', 'd', 'e']);

    expect(texts(await receive(queue, { max: 2 }))).toEqual(['a', 'b']);
    expect(texts(await receive(queue, { max: 10 }))).toEqual(['c', 'd', 'e']);
    expect(await receive(queue)).toEqual([]);
  });

  it('a thousand can be asked for at once', async () => {
    const { createQueue, commitOk, message, receive } = await setup();
    const queue = await createQueue();
    const append = () => ({ do: 'append', message: message('x'), to: [{ queue }] }) as const;
    await commitOk(...Array.from({ length: 1001 }, append));

    expect(await receive(queue, { max: 1000 })).toHaveLength(1000);
    expect(await receive(queue, { max: 1000 })).toHaveLength(1);
  });

  it('no entry is given to two receives of one turn', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c', 'd', 'e']);

    const given = await Promise.all([1, 2, 3].map(() => receive(queue, { max: 2 })));

    expect(given.map(texts)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('a receive stops before the delivery that would exceed its bytes, and skips nothing', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['aaaa', 'bbbb', 'c'.repeat(100), 'd']);

    expect(texts(await receive(queue, { bytesMax: 40 }))).toEqual(['aaaa', 'bbbb']);
  });

  it('a delivery larger than the bytes asked for is given alone', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['c'.repeat(100), 'd']);

    expect(texts(await receive(queue, { bytesMax: 10 }))).toEqual(['c'.repeat(100)]);
    expect(texts(await receive(queue, { bytesMax: 10 }))).toEqual(['d']);
  });

  it('deliveries are counted, and the instant of the first is kept', async () => {
    const { createQueue, append, receiveOne, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    clock.advance(1000);
    const firstAt = clock.now();

    const first = await receiveOne(queue);
    clock.advance(leaseMs);
    const second = await receiveOne(queue);

    expect(first).toMatchObject({ deliveries: 1, firstReceivedAt: firstAt, isRedelivered: false });
    expect(second).toMatchObject({ deliveries: 2, firstReceivedAt: firstAt, isRedelivered: true });
    expect(second.appendedAt).toBe(firstAt - 1000);
    expect(second.pos).toBe(first.pos);
  });

  it('a lease of no time leaves the entry visible, counts, and gives a new receipt each time', async () => {
    const { createQueue, append, receiveOne } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');

    const deliveries = [];
    for (let index = 0; index < 3; index++) deliveries.push(await receiveOne(queue, { forMs: 0 }));

    expect(deliveries.map((delivery) => delivery.deliveries)).toEqual([1, 2, 3]);
    expect(new Set(deliveries.map(({ receipt }) => receipt)).size).toBe(3);
  });

  it('an entry for holders only is never given to a timed lease, and holds up nothing', async () => {
    const { createQueue, append, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await append(queue, 'large', { isHolderOnly: true });
    await append(queue, 'small');

    const timed = await receive(queue);

    const lease = await openConsumer(queue);
    expect(texts(timed)).toEqual(['small']);
    expect(texts(await receive(queue, { lease }))).toEqual(['large']);
  });

  it('a consumer gets entries for holders only and others in the order of their age', async () => {
    const { createQueue, append, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { isHolderOnly: true });
    await append(queue, 'b');
    await append(queue, 'c', { isHolderOnly: true });

    const lease = await openConsumer(queue);

    expect(texts(await receive(queue, { lease }))).toEqual(['a', 'b', 'c']);
  });

  it.skip('a consumer with a selector is given matching entries only, the others stay for others: selectors come later', () => {});

  it.skip('an exclusive consumer is served alone: exclusive consumers come later', () => {});

  it.skip('the consumer of the highest priority with an open request is served first: consumer priorities come later', () => {});

  it('asked for a selector or an exclusive consumer, the store says that it cannot', async () => {
    const { store, createQueue } = await setup();
    const queue = await createQueue();
    const holder = await store.openHolder('connection');
    const selector = { op: 'literal', value: true } as const;
    const options = { holder, queue, priority: 0, isExclusive: false };

    await expect(store.openConsumer({ ...options, selector })).rejects.toMatchObject({ code: 'unsupported' });
    await expect(store.openConsumer({ ...options, isExclusive: true })).rejects.toMatchObject({ code: 'unsupported' });
  });
}
