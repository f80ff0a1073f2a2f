import { expect, it } from 'vitest';
import type { Batch } from '../store.ts';
import type { Setup } from './world.ts';
import { leaseMs, texts } from './world.ts';

export function describeBatch(setup: Setup): void {
  it('the changes of a batch are answered in order, with the instant of the clock', async () => {
    const { createQueue, append, receiveOne, commit, message, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const { receipt } = await receiveOne(queue);
    clock.advance(1234);

    const result = await commit(
      { do: 'settle', receipt, as: { type: 'ack' } },
      { do: 'append', message: message('b'), to: [{ queue }] },
      { do: 'put', key: ['k'], value: Uint8Array.of(1) },
      { do: 'forget', key: ['k'] },
    );

    expect(result).toMatchObject({
      ok: true,
      at: clock.now(),
      changes: [{ did: 'settle', was: 'done' }, { did: 'append' }, { did: 'put', version: 1 }, { did: 'done' }],
    });
  });

  it('an empty batch succeeds', async () => {
    const { commit } = await setup();

    expect(await commit()).toMatchObject({ ok: true, changes: [] });
  });

  it('batches of one call are applied in order and answered in order, each failing alone', async () => {
    const { store, createQueue, message, receive } = await setup();
    const queue = await createQueue();
    const append = (text: string) => ({ do: 'append', message: message(text), to: [{ queue }] }) as const;
    const put = { do: 'put', key: ['k'], value: Uint8Array.of(1), ifVersion: 0 } as const;

    const results = await store.commitAll([
      { changes: [append('a')], durability: 'disk' },
      { changes: [put], durability: 'disk' },
      { changes: [put, append('never')], durability: 'disk' },
      { changes: [append('b')], durability: 'memory' },
    ]);

    expect(results.map((result) => (result.ok ? result.changes.length : result.error.code))).toEqual([
      1,
      1,
      'conflict',
      1,
    ]);
    expect(texts(await receive(queue))).toEqual(['a', 'b']);
    expect(await store.commitAll([])).toEqual([]);
  });

  it('a queue, its record and its first message fit in one batch', async () => {
    const { store, commitOk, message, receive } = await setup();
    const queue = store.newQueueId();
    const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;

    await commitOk(
      { do: 'put', key: ['queue', 'orders'], value: Uint8Array.of(1), ifVersion: 0 },
      { do: 'create-queue', queue, settings },
      { do: 'append', message: message('a'), to: [{ queue }] },
    );

    expect(texts(await receive(queue))).toEqual(['a']);
    expect(await store.records(['queue'])).toHaveLength(1);
  });

  it('of a batch that fails nothing happens: appends, settles, records, queues', async () => {
    const { store, createQueue, appendAll, receiveOne, receive, commit, commitOk, message, clock } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b']);
    const { receipt } = await receiveOne(queue);
    const fresh = store.newQueueId();
    const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
    await commitOk({ do: 'put', key: ['taken'], value: Uint8Array.of(1) });

    const result = await commit(
      { do: 'settle', receipt, as: { type: 'ack' } },
      { do: 'append', message: message('c'), to: [{ queue }] },
      { do: 'put', key: ['new'], value: Uint8Array.of(1) },
      { do: 'create-queue', queue: fresh, settings },
      { do: 'put', key: ['taken'], value: Uint8Array.of(2), ifVersion: 0 },
    );

    expect(result).toMatchObject({ ok: false, error: { code: 'conflict' } });
    clock.advance(leaseMs);
    expect(texts(await receive(queue))).toEqual(['a', 'b']);
    expect((await store.records([])).map(({ key }) => key)).toEqual([['taken']]);
    expect(await commit({ do: 'create-queue', queue: fresh, settings })).toMatchObject({ ok: true });
  });

  it('a batch that fails spoils none of its turn', async () => {
    const { store, createQueue, message, receive } = await setup();
    const queue = await createQueue();
    const put = { do: 'put', key: ['k'], value: Uint8Array.of(1), ifVersion: 0 } as const;
    const batch = (body: string): Batch => ({
      changes: [{ do: 'append', message: message(body), to: [{ queue }] }, put],
      durability: 'disk',
    });

    const results = await Promise.all([store.commit(batch('a')), store.commit(batch('b')), store.commit(batch('c'))]);

    expect(results.map(({ ok }) => ok)).toEqual([true, false, false]);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a queue whose id is taken is refused', async () => {
    const { createQueue, commit } = await setup();
    const queue = await createQueue();
    const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;

    const result = await commit({ do: 'create-queue', queue, settings });

    expect(result).toMatchObject({ ok: false, error: { code: 'already-exists' } });
  });

  it('a change of a queue that is gone does nothing', async () => {
    const { createQueue, commitOk } = await setup();
    const queue = await createQueue();
    await commitOk({ do: 'drop-queue', queue });
    const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;

    const results = await commitOk(
      { do: 'alter-queue', queue, settings },
      { do: 'purge-queue', queue },
      { do: 'drop-queue', queue },
      { do: 'discard', queue, pos: 1 },
    );

    expect(results).toEqual(Array(4).fill({ did: 'done' }));
  });

  it('ids of queues are never given twice, also over restarts', async () => {
    const world = await setup();
    const ids = [world.store.newQueueId(), await world.createQueue(), world.store.newQueueId()];
    await world.reopen();
    ids.push(world.store.newQueueId(), world.store.newQueueId());

    expect(new Set(ids).size).toBe(5);
  });

  it('a strict batch whose settles are all done happens as a whole', async () => {
    const { store, createQueue, append, receiveOne, receive, message, clock } = await setup();
    const from = await createQueue();
    const to = await createQueue();
    await append(from, 'a');
    const { receipt } = await receiveOne(from);

    const result = await store.commit({
      changes: [
        { do: 'settle', receipt, as: { type: 'ack' } },
        { do: 'append', message: message('b'), to: [{ queue: to }] },
      ],
      durability: 'disk',
      isStrict: true,
    });

    expect(result.ok).toBe(true);
    clock.advance(leaseMs);
    expect(await receive(from)).toEqual([]);
    expect(texts(await receive(to))).toEqual(['b']);
  });

  it('a strict batch with a settle that is not done is refused as a whole', async () => {
    const { store, createQueue, appendAll, receive, ack, message, clock } = await setup();
    const from = await createQueue();
    const to = await createQueue();
    await appendAll(from, ['a', 'b']);
    const [a, b] = await receive(from);
    if (a === undefined || b === undefined) throw new Error('two deliveries expected');
    await ack(b);

    const result = await store.commit({
      changes: [
        { do: 'append', message: message('c'), to: [{ queue: to }] },
        { do: 'settle', receipt: a.receipt, as: { type: 'ack' } },
        { do: 'settle', receipt: b.receipt, as: { type: 'ack' } },
      ],
      durability: 'disk',
      isStrict: true,
    });

    expect(result.ok).toBe(false);
    clock.advance(leaseMs);
    expect(texts(await receive(from))).toEqual(['a']);
    expect(await receive(to)).toEqual([]);
  });

  it('without isStrict a settle that is not done is an answer, and the rest happens', async () => {
    const { createQueue, append, receiveOne, ack, commitOk, message, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const { receipt } = await receiveOne(queue);
    await ack({ receipt });

    const [settled] = await commitOk(
      { do: 'settle', receipt, as: { type: 'ack' } },
      { do: 'append', message: message('b'), to: [{ queue }] },
    );

    expect(settled).toEqual({ did: 'settle', was: 'gone' });
    expect(texts(await receive(queue))).toEqual(['b']);
  });

  it('a later change of a batch sees the earlier ones', async () => {
    const { createQueue, append, receiveOne, commitOk } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const { receipt } = await receiveOne(queue);

    const results = await commitOk(
      { do: 'put', key: ['k'], value: Uint8Array.of(1), ifVersion: 0 },
      { do: 'put', key: ['k'], value: Uint8Array.of(2), ifVersion: 1 },
      { do: 'settle', receipt, as: { type: 'ack' } },
      { do: 'settle', receipt, as: { type: 'ack' } },
    );

    expect(results).toEqual([
      { did: 'put', version: 1 },
      { did: 'put', version: 2 },
      { did: 'settle', was: 'done' },
      { did: 'settle', was: 'gone' },
    ]);
  });
}
