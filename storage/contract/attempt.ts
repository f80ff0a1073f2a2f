import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { minuteMs, strict, texts } from './world.ts';

const receipts = (deliveries: readonly { readonly receipt: string }[]) => deliveries.map(({ receipt }) => receipt);

export function describeAttempt(setup: Setup): void {
  it('the same attempt gives the same deliveries with the same receipts and counts [SQS 1.11]', async () => {
    const { createQueue, appendAll, receive, ack } = await setup();
    const queue = await createQueue(strict);
    await appendAll(queue, ['a', 'b', 'c'], { group: 'g' });
    const first = await receive(queue, { max: 2, attempt: 't1' });

    const again = await receive(queue, { max: 2, attempt: 't1' });

    expect(texts(again)).toEqual(['a', 'b']);
    expect(receipts(again)).toEqual(receipts(first));
    expect(again.map(({ deliveries }) => deliveries)).toEqual([1, 1]);
    expect(await Promise.all(again.map(ack))).toEqual(['done', 'done']);
  });

  it('a repeated attempt begins the lease anew', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g' });
    await receive(queue, { attempt: 't1', forMs: minuteMs });
    clock.advance(minuteMs - 1);
    await receive(queue, { attempt: 't1', forMs: minuteMs });

    clock.advance(minuteMs - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('another attempt, and none, are receives of their own', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g1' });
    await append(queue, 'b', { group: 'g2' });
    await receive(queue, { attempt: 't1', max: 1 });

    expect(texts(await receive(queue, { attempt: 't2', max: 1 }))).toEqual(['b']);
    expect(await receive(queue)).toEqual([]);
  });

  it('an attempt counts in its own queue', async () => {
    const { createQueue, append, receive } = await setup();
    const [first, second] = [await createQueue(strict), await createQueue(strict)];
    await append(first, 'in first', { group: 'g' });
    await append(second, 'in second', { group: 'g' });
    await receive(first, { attempt: 't1' });

    expect(texts(await receive(second, { attempt: 't1' }))).toEqual(['in second']);
  });

  for (const outcome of ['ack', 'release', 'extend'] as const) {
    it(`after one of its deliveries was settled (${outcome}) an attempt is a new receive`, async () => {
      const { createQueue, appendAll, append, receive, ack, release, extend } = await setup();
      const queue = await createQueue(strict);
      await appendAll(queue, ['a', 'b'], { group: 'g1' });
      const [, b] = await receive(queue, { attempt: 't1' });
      await append(queue, 'c', { group: 'g2' });
      if (b === undefined) throw new Error('two deliveries expected');

      await { ack, release, extend: () => extend(b, minuteMs) }[outcome](b);

      expect(texts(await receive(queue, { attempt: 't1' }))).toEqual(['c']);
    });
  }

  it('after the lease has ended an attempt is a new receive that counts', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g' });
    const first = await receive(queue, { attempt: 't1', forMs: 1000 });
    clock.advance(1000);

    const again = await receive(queue, { attempt: 't1' });

    expect(again.map(({ deliveries }) => deliveries)).toEqual([2]);
    expect(receipts(again)).not.toEqual(receipts(first));
  });

  it('after five minutes an attempt is a new receive', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g1' });
    await receive(queue, { attempt: 't1', forMs: 60 * minuteMs });
    await append(queue, 'b', { group: 'g2' });
    clock.advance(5 * minuteMs + 1);

    expect(texts(await receive(queue, { attempt: 't1' }))).toEqual(['b']);
  });

  it('an attempt that was given nothing is asked anew', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue(strict);
    const first = await receive(queue, { attempt: 't1' });
    await append(queue, 'a', { group: 'g' });

    expect(first).toEqual([]);
    expect(texts(await receive(queue, { attempt: 't1' }))).toEqual(['a']);
  });

  it('a purge forgets attempts', async () => {
    const { createQueue, append, receive, commitOk } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g' });
    await receive(queue, { attempt: 't1' });
    await commitOk({ do: 'purge-queue', queue });
    await append(queue, 'b', { group: 'g' });

    expect(texts(await receive(queue, { attempt: 't1' }))).toEqual(['b']);
  });

  it('an attempt is remembered over a restart', async () => {
    const { createQueue, append, receive, reopen } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { group: 'g' });
    const first = await receive(queue, { attempt: 't1', forMs: 10 * minuteMs });
    await reopen();

    expect(receipts(await receive(queue, { attempt: 't1' }))).toEqual(receipts(first));
  });
}
