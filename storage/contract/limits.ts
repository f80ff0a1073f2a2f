import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, plain, texts } from './world.ts';

export function describeLimits(setup: Setup): void {
  it('a queue that refuses takes as many entries as its limit and fails the batch of the next', async () => {
    const { createQueue, appendAll, commit, message, receive } = await setup();
    const queue = await createQueue({ limit: { entries: 2, onFull: 'refuse' } });
    await appendAll(queue, ['a', 'b']);

    const result = await commit(
      { do: 'put', key: ['k'], value: Uint8Array.of(1) },
      { do: 'append', message: message('c'), to: [{ queue }] },
    );

    expect(result).toMatchObject({ ok: false, error: { code: 'limit-exceeded' } });
    expect(texts(await receive(queue))).toEqual(['a', 'b']);
  });

  it('what is leased counts for the limit, what was acked does not', async () => {
    const { createQueue, append, receiveOne, ack, commit, message } = await setup();
    const queue = await createQueue({ limit: { entries: 1, onFull: 'refuse' } });
    await append(queue, 'a');
    const delivery = await receiveOne(queue);
    const change = () => ({ do: 'append', message: message('b'), to: [{ queue }] }) as const;

    const whileLeased = await commit(change());
    await ack(delivery);
    const afterwards = await commit(change());

    expect([whileLeased.ok, afterwards.ok]).toEqual([false, true]);
  });

  it('the appends of one batch count against the limit together', async () => {
    const { createQueue, commit, message, receive } = await setup();
    const queue = await createQueue({ limit: { entries: 2, onFull: 'refuse' } });
    const change = (body: string) => ({ do: 'append', message: message(body), to: [{ queue }] }) as const;

    const result = await commit(change('a'), change('b'), change('c'));

    expect(result.ok).toBe(false);
    expect(await receive(queue)).toEqual([]);
  });

  it('a limit of bytes counts bodies and heads', async () => {
    const { createQueue, commit, message } = await setup();
    const queue = await createQueue({ limit: { bytes: 20, onFull: 'refuse' } });
    const change = (bytes: number) =>
      ({ do: 'append', message: message('x'.repeat(bytes - 1)), to: [{ queue }] }) as const;

    const results = [];
    for (const bytes of [12, 9, 8, 1]) results.push((await commit(change(bytes))).ok);

    expect(results).toEqual([true, false, true, false]);
  });

  it('a queue that drops the new answers so and keeps what it has', async () => {
    const { createQueue, append, receive, tally } = await setup();
    const queue = await createQueue({ limit: { entries: 1, onFull: 'drop-new' } });
    await append(queue, 'a');

    expect(await append(queue, 'b')).toEqual({ dropped: true });

    expect(await tally(queue)).toMatchObject({ waiting: 1, total: { appended: 1, dropped: 1 } });
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a full target drops without harm to the others', async () => {
    const { createQueue, append, commitOk, message, receive } = await setup();
    const full = await createQueue({ limit: { entries: 1, onFull: 'drop-new' } });
    const roomy = await createQueue();
    await append(full, 'a');

    await commitOk({ do: 'append', message: message('b'), to: [{ queue: full }, { queue: roomy }] });

    expect(texts(await receive(roomy))).toEqual(['b']);
  });

  it('a dropped message leaves no dedup key behind', async () => {
    const { createQueue, append, receiveOne, ack } = await setup();
    const queue = await createQueue({ limit: { entries: 1, onFull: 'drop-new' } });
    await append(queue, 'a');
    await append(queue, 'b', { dedup: 'k' });
    await ack(await receiveOne(queue));

    expect(await append(queue, 'b', { dedup: 'k' })).toHaveProperty('pos');
  });

  it('a queue that drops the old loses the oldest that nobody has', async () => {
    const { createQueue, appendAll, append, receiveOne, receive, tally } = await setup();
    const queue = await createQueue({ limit: { entries: 3, onFull: 'drop-old' } });
    await appendAll(queue, ['leased', 'b', 'c']);
    await receiveOne(queue);

    expect(await append(queue, 'd')).toHaveProperty('pos');

    expect(await tally(queue)).toMatchObject({ waiting: 2, leased: 1, total: { appended: 4, dropped: 1 } });
    expect(texts(await receive(queue))).toEqual(['c', 'd']);
  });

  it('dropping the old by bytes makes as much room as is needed', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue({ limit: { bytes: 12, onFull: 'drop-old' } });
    await appendAll(queue, ['aaa', 'bbb', 'ccc']);

    await append(queue, 'ddddd');

    expect(texts(await receive(queue))).toEqual(['ccc', 'ddddd']);
  });

  it('a message larger than all the bytes allowed is dropped, and drops nothing', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue({ limit: { bytes: 12, onFull: 'drop-old' } });
    await appendAll(queue, ['aaa', 'bbb']);

    expect(await append(queue, 'x'.repeat(12))).toEqual({ dropped: true });

    expect(texts(await receive(queue))).toEqual(['aaa', 'bbb']);
  });

  it('a queue that drops the old drops the new when all it has is leased', async () => {
    const { createQueue, append, receiveOne, ack } = await setup();
    const queue = await createQueue({ limit: { entries: 1, onFull: 'drop-old' } });
    await append(queue, 'a');
    const delivery = await receiveOne(queue);

    expect(await append(queue, 'b')).toEqual({ dropped: true });

    expect(await ack(delivery)).toBe('done');
  });

  it('a new limit holds from then on and removes nothing', async () => {
    const { createQueue, appendAll, append, commitOk, receive } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c']);

    await commitOk({
      do: 'alter-queue',
      queue,
      settings: { ...plain, limit: { entries: 2, onFull: 'drop-new' } },
    });

    expect(await append(queue, 'd')).toEqual({ dropped: true });
    expect(texts(await receive(queue))).toEqual(['a', 'b', 'c']);
  });

  it('a limit of entries counts the same after a restart', async () => {
    const { createQueue, appendAll, append, reopen } = await setup();
    const queue = await createQueue({ limit: { entries: 2, onFull: 'drop-new' } });
    await appendAll(queue, ['a', 'b']);
    await reopen();

    expect(await append(queue, 'c')).toEqual({ dropped: true });
  });

  it('no more are in flight than the maximum: a receive gives what is left of it, then nothing', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue({ leasedMax: 3, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b', 'c', 'd']);

    expect(texts(await receive(queue, { max: 2 }))).toEqual(['a', 'b']);
    expect(texts(await receive(queue, { max: 2 }))).toEqual(['c']);
    expect(await receive(queue)).toEqual([]);
  });

  it('beyond the maximum in flight a receive is refused where the queue says so', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue({ leasedMax: 2, leasedMaxAs: 'error' });
    await appendAll(queue, ['a', 'b', 'c']);
    await receive(queue);

    await expect(receive(queue)).rejects.toMatchObject({ code: 'limit-exceeded' });
  });

  it('an ack, a release and the end of a lease make room in flight', async () => {
    const { createQueue, appendAll, receiveOne, receive, ack, release, clock } = await setup();
    const queue = await createQueue({ leasedMax: 1, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b']);

    await ack(await receiveOne(queue));
    const afterAck = texts(await receive(queue, { max: 1 }));
    clock.advance(leaseMs);
    const afterEnd = await receiveOne(queue);
    await release(afterEnd);

    expect(afterAck).toEqual(['b']);
    expect(texts([afterEnd, ...(await receive(queue))])).toEqual(['b', 'b']);
  });

  it("a holder's deliveries are in flight as well", async () => {
    const { createQueue, appendAll, receive, openConsumer } = await setup();
    const queue = await createQueue({ leasedMax: 1, leasedMaxAs: 'nothing' });
    await appendAll(queue, ['a', 'b']);
    await receive(queue, { lease: await openConsumer(queue) });

    expect(await receive(queue, { forMs: minuteMs })).toEqual([]);
  });
}
