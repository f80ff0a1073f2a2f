import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, texts } from './world.ts';

export function describePurge(setup: Setup): void {
  it('a purge removes what waits, is delayed and is leased, for good [SQS 1.13]', async () => {
    const { createQueue, appendAll, append, receive, commitOk, tally, clock } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['leased', 'waiting']);
    await append(queue, 'delayed', { visibleAt: clock.now() + minuteMs });
    await receive(queue, { max: 1 });

    await commitOk({ do: 'purge-queue', queue });

    expect(await tally(queue)).toMatchObject({ waiting: 0, delayed: 0, leased: 0, bytes: 0 });
    clock.advance(minuteMs + leaseMs);
    expect(await receive(queue)).toEqual([]);
    expect((await tally(queue)).waiting).toBe(0);
  });

  it('a purged queue takes and gives messages as before', async () => {
    const { createQueue, append, commitOk, receive, tally } = await setup();
    const queue = await createQueue();
    await append(queue, 'old');
    await commitOk({ do: 'purge-queue', queue });
    await append(queue, 'new');

    expect((await tally(queue)).waiting).toBe(1);
    expect(texts(await receive(queue))).toEqual(['new']);
  });

  it('a purge in a batch falls between what stands before and after it', async () => {
    const { createQueue, commitOk, message, receive } = await setup();
    const queue = await createQueue();

    await commitOk(
      { do: 'append', message: message('before'), to: [{ queue }] },
      { do: 'purge-queue', queue },
      { do: 'append', message: message('after'), to: [{ queue }] },
    );

    expect(texts(await receive(queue))).toEqual(['after']);
  });

  it('a purge leaves other queues alone', async () => {
    const { createQueue, commitOk, message, receive } = await setup();
    const [queue, other] = [await createQueue(), await createQueue()];
    await commitOk({ do: 'append', message: message('a'), to: [{ queue }, { queue: other }] });

    await commitOk({ do: 'purge-queue', queue });

    expect(texts(await receive(other))).toEqual(['a']);
  });

  it('a purge outlives a crash', async () => {
    const { createQueue, append, commitOk, receive, crash } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await commitOk({ do: 'purge-queue', queue });
    await crash();

    expect(await receive(queue)).toEqual([]);
  });

  it('what a consumer held of a purged queue is held no longer', async () => {
    const { store, createQueue, append, commitOk, receive, openConsumer, ack } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const lease = await openConsumer(queue);
    const [delivery] = await receive(queue, { lease });
    if (delivery === undefined) throw new Error('a delivery expected');

    await commitOk({ do: 'purge-queue', queue });

    expect(await store.held(lease.holder)).toEqual([]);
    expect(await ack(delivery)).toBe('gone');
  });

  it('a dropped queue is gone with its messages, over a crash as well', async () => {
    const { createQueue, append, commitOk, receive, tally, crash } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await commitOk({ do: 'drop-queue', queue });
    const before = (await tally(queue)).waiting;
    await crash();

    expect(before).toBe(0);
    expect(await receive(queue)).toEqual([]);
  });

  it('ten thousand entries are purged, and the queue goes on at once', async () => {
    const { createQueue, commitOk, message, receive, append, tally } = await setup();
    const queue = await createQueue();
    const change = { do: 'append', message: message('x'), to: [{ queue }] } as const;
    await commitOk(...Array.from({ length: 10_000 }, () => change));

    await commitOk({ do: 'purge-queue', queue });
    await append(queue, 'after');

    expect((await tally(queue)).waiting).toBe(1);
    expect(texts(await receive(queue, { max: 1000 }))).toEqual(['after']);
  });
}
