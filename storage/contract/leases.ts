import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, texts } from './world.ts';

export function describeLeases(setup: Setup): void {
  it('an entry is hidden until its lease ends, to the millisecond', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { forMs: 5000 });

    clock.advance(4999);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('an entry whose lease ended comes back before newer ones', async () => {
    const { createQueue, appendAll, append, receive, clock } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b']);
    await receive(queue, { max: 1 });
    await append(queue, 'c');
    clock.advance(leaseMs);

    expect(texts(await receive(queue))).toEqual(['a', 'b', 'c']);
  });

  it('leases of different length end each at its own instant', async () => {
    const { createQueue, appendAll, receive, clock } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['long', 'short']);
    await receive(queue, { max: 1, forMs: 2 * minuteMs });
    await receive(queue, { max: 1, forMs: minuteMs });

    clock.advance(minuteMs);
    expect(texts(await receive(queue, { forMs: 0 }))).toEqual(['short']);
    clock.advance(minuteMs);
    expect(texts(await receive(queue))).toEqual(['long', 'short']);
  });

  it('a lease outlives a restart and still ends at its instant', async () => {
    const { createQueue, append, receive, clock, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue);
    await reopen();

    expect(await receive(queue)).toEqual([]);
    clock.advance(leaseMs);
    expect((await receive(queue)).map(({ deliveries }) => deliveries)).toEqual([2]);
  });

  it('a lease that ended while the store was stopped has ended', async () => {
    const { createQueue, append, receive, store, clock, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue);
    await store.stop();
    clock.advance(leaseMs);
    await reopen();

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a lease of twelve hours holds for twelve hours', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { forMs: 720 * minuteMs });

    clock.advance(720 * minuteMs - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });
}
