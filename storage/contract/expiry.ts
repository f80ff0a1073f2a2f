import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, plain, strict, texts } from './world.ts';

export function describeExpiry(setup: Setup): void {
  it('a message is never given once it has expired', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    const expiresAt = clock.now() + minuteMs;
    await append(queue, 'a', { expiresAt });
    await append(queue, 'b', { expiresAt });
    await append(queue, 'lasting');

    clock.advance(minuteMs - 1);
    expect(texts(await receive(queue, { max: 1, forMs: 0 }))).toEqual(['a']);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['lasting']);
  });

  it('a message that has expired when it is appended is never given', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();

    await append(queue, 'a', { expiresAt: clock.now() });

    expect(await receive(queue)).toEqual([]);
  });

  it('an expired message goes to the dead-letter queue where the queue says so, and stays there', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, onExpiry: 'dead-letter' });
    await append(queue, 'a', { expiresAt: clock.now() + minuteMs });
    clock.advance(minuteMs);

    expect(await receive(queue)).toEqual([]);

    clock.advance(minuteMs);
    const [delivery] = await receive(deadLetter);
    expect(delivery).toMatchObject({ deliveries: 1, deadLetteredFrom: { queue } });
  });

  it('an expired message is dropped where the queue says so, whatever its dead-letter queue', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, onExpiry: 'drop' });
    await append(queue, 'a', { expiresAt: clock.now() + minuteMs });
    clock.advance(minuteMs);

    expect(await receive(queue)).toEqual([]);

    expect(await receive(deadLetter)).toEqual([]);
  });

  it('an expired message whose dead-letter queue is gone is dropped', async () => {
    const { createQueue, append, receive, commitOk, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, onExpiry: 'dead-letter' });
    await append(queue, 'a', { expiresAt: clock.now() + minuteMs });
    await commitOk({ do: 'drop-queue', queue: deadLetter });
    clock.advance(minuteMs);

    expect(await receive(queue)).toEqual([]);
  });

  it('a message that expires while it is leased can still be acked', async () => {
    const { createQueue, append, receiveOne, receive, ack, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, onExpiry: 'dead-letter' });
    await append(queue, 'a', { expiresAt: clock.now() + 1000 });
    const delivery = await receiveOne(queue);
    clock.advance(2000);

    expect(await ack(delivery)).toBe('done');

    clock.advance(leaseMs);
    expect(await receive(queue)).toEqual([]);
    expect(await receive(deadLetter)).toEqual([]);
  });

  it('a message that expired while it was leased is dead-lettered when it is released', async () => {
    const { createQueue, append, receiveOne, receive, release, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, onExpiry: 'dead-letter' });
    await append(queue, 'a', { expiresAt: clock.now() + 1000 });
    const delivery = await receiveOne(queue);
    clock.advance(2000);

    await release(delivery);

    expect(await receive(queue)).toEqual([]);
    clock.advance(1000);
    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('a message older than the retention is never given, and one a millisecond younger is', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ retentionMs: minuteMs });
    await append(queue, 'old');
    clock.advance(1);
    await append(queue, 'young');

    clock.advance(minuteMs - 1);

    expect(texts(await receive(queue))).toEqual(['young']);
  });

  it('what is leased vanishes with its retention as well', async () => {
    const { createQueue, append, receiveOne, receive, ack, clock } = await setup();
    const queue = await createQueue({ retentionMs: minuteMs });
    await append(queue, 'a');
    clock.advance(minuteMs - 1000);
    const delivery = await receiveOne(queue, { forMs: 5000 });

    clock.advance(5000);

    expect(await receive(queue)).toEqual([]);
    expect(await ack(delivery)).toBe('gone');
  });

  it('a shorter retention applies to what already waits', async () => {
    const { createQueue, append, receive, commitOk, clock } = await setup();
    const queue = await createQueue({ retentionMs: 10 * minuteMs });
    await append(queue, 'a');
    clock.advance(2 * minuteMs);

    await commitOk({ do: 'alter-queue', queue, settings: { ...plain, retentionMs: minuteMs } });

    expect(await receive(queue)).toEqual([]);
  });

  it('a queue without retention keeps messages for years', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');

    clock.advance(10 * 365 * 24 * 60 * minuteMs);

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('in a strict queue what expires frees the rest of its group', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue({ ...strict, retentionMs: minuteMs });
    await append(queue, 'old', { group: 'g' });
    clock.advance(1000);
    await append(queue, 'young', { group: 'g' });
    await receive(queue, { max: 1, forMs: 10 * minuteMs });

    clock.advance(minuteMs - 1000);

    expect(texts(await receive(queue))).toEqual(['young']);
  });

  it('expiry is decided by the clock also when it passed while the store was stopped', async () => {
    const { createQueue, append, receive, store, clock, reopen } = await setup();
    const queue = await createQueue({ retentionMs: minuteMs });
    await append(queue, 'a');
    await store.stop();
    clock.advance(minuteMs);
    await reopen();

    expect(await receive(queue)).toEqual([]);
  });

  it('what was moved behind younger entries is counted as expired in its own time', async () => {
    const { store, createQueue, append, receive, tally, clock } = await setup();
    const from = await createQueue();
    const to = await createQueue({ retentionMs: 10 * minuteMs });
    await append(from, 'old');
    clock.advance(5 * minuteMs);
    await append(to, 'young');
    await store.move({ from, to, entriesMax: 10, isCountReset: false });

    clock.advance(5 * minuteMs + 2000);
    await receive(await createQueue());

    expect(await tally(to)).toMatchObject({ waiting: 1, total: { expired: 1 } });
  });

  it('what has expired is counted as such and no longer as waiting, within a second', async () => {
    const { createQueue, append, tally, receive, clock } = await setup();
    const queue = await createQueue({ retentionMs: minuteMs });
    await append(queue, 'by age');
    await append(queue, 'by itself', { expiresAt: clock.now() + 1000 });
    clock.advance(minuteMs + 1000);
    await receive(queue);

    expect(await tally(queue)).toMatchObject({ waiting: 0, bytes: 0, total: { appended: 2, expired: 2 } });
  });
}
