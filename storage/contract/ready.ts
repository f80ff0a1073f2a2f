import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, strict, texts, withText } from './world.ts';

export function describeReady(setup: Setup): void {
  it('an append makes its queue ready', async () => {
    const { createQueue, append, nextReady, receive } = await setup();
    const queue = await createQueue();
    const ready = nextReady(queue);

    await append(queue, 'a');

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('every target of an append is made ready', async () => {
    const { createQueue, commitOk, message, nextReady, receive } = await setup();
    const queues = [await createQueue(), await createQueue(), await createQueue()];
    const ready = Promise.all(queues.map(nextReady));

    await commitOk({ do: 'append', message: message('a'), to: queues.map((queue) => ({ queue })) });

    await ready;
    expect(await Promise.all(queues.map(async (queue) => texts(await receive(queue))))).toEqual(Array(3).fill(['a']));
  });

  it('a release, and an extension to now, make a queue ready', async () => {
    const { createQueue, append, receiveOne, release, extend, nextReady, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const first = await receiveOne(queue);
    const afterRelease = nextReady(queue);
    await release(first);
    await afterRelease;
    const second = await receiveOne(queue);
    const afterExtend = nextReady(queue);

    await extend(second, 0);

    await afterExtend;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('the end of a lease makes a queue ready', async () => {
    const { createQueue, append, receive, nextReady, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue);
    const ready = nextReady(queue);

    clock.advance(leaseMs);

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('the end of a delay makes a queue ready', async () => {
    const { createQueue, append, receive, nextReady, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { visibleAt: clock.now() + minuteMs });
    const ready = nextReady(queue);

    clock.advance(minuteMs);

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it("the end of a strict queue's own delay makes it ready", async () => {
    const { createQueue, append, receive, nextReady, clock } = await setup();
    const queue = await createQueue({ ...strict, delayMs: minuteMs });
    await append(queue, 'a', { group: 'g' });
    const ready = nextReady(queue);

    clock.advance(minuteMs);

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('timers that a clock jumps over are told in one go as well', async () => {
    const { createQueue, append, nextReady, clock } = await setup();
    const queues = [await createQueue(), await createQueue(), await createQueue()];
    for (const [index, queue] of queues.entries()) {
      await append(queue, 'a', { visibleAt: clock.now() + (index + 1) * minuteMs });
    }
    const ready = Promise.all(queues.map(nextReady));

    clock.advance(10 * minuteMs);

    await expect(ready).resolves.toHaveLength(3);
  });

  it('a group that is unlocked by an ack makes a strict queue ready', async () => {
    const { createQueue, appendAll, receiveOne, ack, nextReady, receive } = await setup();
    const queue = await createQueue(strict);
    await appendAll(queue, ['a', 'b'], { group: 'g' });
    const delivery = await receiveOne(queue);
    const ready = nextReady(queue);

    await ack(delivery);

    await ready;
    expect(texts(await receive(queue))).toEqual(['b']);
  });

  it('a rejected delivery makes the dead-letter queue ready', async () => {
    const { createQueue, append, receiveOne, settle, nextReady, receive } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter });
    await append(queue, 'a');
    const delivery = await receiveOne(queue);
    const ready = nextReady(deadLetter);

    await settle(delivery, { type: 'reject', cause: 'bad' });

    await ready;
    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('a receive that moves an entry to the dead-letter queue makes that ready', async () => {
    const { createQueue, append, receive, nextReady } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');
    await receive(queue, { forMs: 0 });
    const ready = nextReady(deadLetter);

    await receive(queue);

    await ready;
    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('a move makes the queue that it fills ready', async () => {
    const { store, createQueue, append, nextReady, receive } = await setup();
    const [from, to] = [await createQueue(), await createQueue()];
    await append(from, 'a');
    const ready = nextReady(to);

    await store.move({ from, to, entriesMax: 10, isCountReset: true });

    await ready;
    expect(texts(await receive(to))).toEqual(['a']);
  });

  it('a dead-letter queue that is dropped makes those ready whose entries now have nowhere to go', async () => {
    const { createQueue, append, receive, commitOk, nextReady } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');
    await receive(queue, { forMs: 0 });
    const ready = nextReady(queue);

    await commitOk({ do: 'drop-queue', queue: deadLetter });

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a holder that closes makes ready what it held', async () => {
    const { store, createQueue, append, receive, openConsumer, nextReady } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const lease = await openConsumer(queue);
    await receive(queue, { lease });
    const ready = nextReady(queue);

    await store.closeHolder(lease.holder, 'end');

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a shorter delay of a strict queue makes it ready', async () => {
    const { createQueue, append, commitOk, nextReady, receive } = await setup();
    const queue = await createQueue({ ...strict, delayMs: minuteMs });
    await append(queue, 'a', { group: 'g' });
    const ready = nextReady(queue);

    await commitOk({ do: 'alter-queue', queue, settings: strict });

    await ready;
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('room in flight that a release to later makes tells the queue ready', async () => {
    const { createQueue, appendAll, receiveOne, settle, nextReady, receive, clock } = await setup();
    const queue = await createQueue({ leasedMax: 1, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b']);
    const delivery = await receiveOne(queue);
    const ready = nextReady(queue);

    await settle(delivery, { type: 'release', isCounted: true, visibleAt: clock.now() + minuteMs });

    await ready;
    expect(texts(await receive(queue))).toEqual(['b']);
  });

  it('room in flight that the end of one lease of a blocked group makes tells the queue ready, for other groups', async () => {
    const { createQueue, appendAll, append, receive, extend, nextReady, clock } = await setup();
    const queue = await createQueue({ ...strict, leasedMax: 2, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b'], { group: 'g' });
    const deliveries = await receive(queue);
    await extend(withText(deliveries, 'a'), 2 * leaseMs);
    await append(queue, 'other', { group: 'h' });
    const ready = nextReady(queue);

    clock.advance(leaseMs);

    await ready;
    expect(texts(await receive(queue))).toEqual(['other']);
  });

  it('room in flight that an ack makes tells the queue ready', async () => {
    const { createQueue, appendAll, receiveOne, ack, nextReady, receive } = await setup();
    const queue = await createQueue({ leasedMax: 1, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b']);
    const delivery = await receiveOne(queue);
    const ready = nextReady(queue);

    await ack(delivery);

    await ready;
    expect(texts(await receive(queue))).toEqual(['b']);
  });
}
