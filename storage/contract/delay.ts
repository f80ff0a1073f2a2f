import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { minuteMs, plain, strict, texts } from './world.ts';

export function describeDelay(setup: Setup): void {
  it('a delayed message becomes visible when its delay ends, to the millisecond', async () => {
    const { createQueue, append, receive, tally, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { visibleAt: clock.now() + minuteMs });

    expect(await tally(queue)).toMatchObject({ waiting: 0, delayed: 1, leased: 0 });
    clock.advance(minuteMs - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a message without a delay of its own has that of its queue', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ delayMs: minuteMs });
    await append(queue, 'a');

    clock.advance(minuteMs - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it("a message's own delay, also none at all, goes before that of its queue", async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ delayMs: minuteMs });
    await append(queue, 'now', { visibleAt: clock.now() });
    await append(queue, 'late', { visibleAt: clock.now() + 2 * minuteMs });

    expect(texts(await receive(queue))).toEqual(['now']);
    clock.advance(2 * minuteMs - 1);
    expect(texts(await receive(queue))).toEqual(['now']);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['late']);
  });

  it('delayed messages come in the order of their age once they are visible', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { visibleAt: clock.now() + 3000 });
    await append(queue, 'b', { visibleAt: clock.now() + 1000 });
    await append(queue, 'c');

    clock.advance(1000);
    expect(texts(await receive(queue, { forMs: 0 }))).toEqual(['b', 'c']);
    clock.advance(2000);
    expect(texts(await receive(queue))).toEqual(['a', 'b', 'c']);
  });

  it('a delay is over for good: a lease that ends brings it back at once', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ delayMs: minuteMs });
    await append(queue, 'a');
    clock.advance(minuteMs);
    await receive(queue, { forMs: 1000 });

    clock.advance(1000);

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a delay outlives a restart', async () => {
    const { createQueue, append, receive, clock, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { visibleAt: clock.now() + minuteMs });
    await reopen();

    expect(await receive(queue)).toEqual([]);
    clock.advance(minuteMs);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a new delay of a plain queue leaves what waits alone', async () => {
    const { createQueue, append, commitOk, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');

    await commitOk({ do: 'alter-queue', queue, settings: { ...plain, delayMs: minuteMs } });
    await append(queue, 'b');

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a new delay of a strict queue applies to what already waits, from when it was appended', async () => {
    const { createQueue, append, commitOk, receive, clock } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g' });
    clock.advance(20_000);

    await commitOk({ do: 'alter-queue', queue, settings: { ...strict, delayMs: minuteMs } });

    expect(await receive(queue)).toEqual([]);
    clock.advance(minuteMs - 20_000 - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a delay taken from a strict queue shows what was delayed', async () => {
    const { createQueue, append, commitOk, receive, tally } = await setup();
    const queue = await createQueue({ ...strict, delayMs: minuteMs });
    await append(queue, 'a', { group: 'g' });
    const before = await tally(queue);

    await commitOk({ do: 'alter-queue', queue, settings: strict });

    expect(before).toMatchObject({ waiting: 0, delayed: 1 });
    expect(await tally(queue)).toMatchObject({ waiting: 1, delayed: 0 });
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a delayed strict queue keeps the order of a group', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ ...strict, delayMs: minuteMs });
    await append(queue, 'a', { group: 'g' });
    clock.advance(1000);
    await append(queue, 'b', { group: 'g' });

    clock.advance(minuteMs - 1000);
    expect(texts(await receive(queue, { forMs: 0 }))).toEqual(['a']);
    clock.advance(1000);
    expect(texts(await receive(queue))).toEqual(['a', 'b']);
  });
}
