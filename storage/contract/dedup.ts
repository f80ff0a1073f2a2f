import { expect, it } from 'vitest';
import type { Setup, TargetResult } from './world.ts';
import { changesOf, minuteMs, posOf, strict, texts } from './world.ts';

/** The answer names the message that came first, by its id and its position. */
function expectDuplicate(result: TargetResult, id: Uint8Array, first: TargetResult): void {
  const named = 'duplicateOf' in result ? result.duplicateOf : undefined;
  expect({ id: [...(named?.id ?? [])], pos: named?.pos }).toEqual({ id: [...id], pos: posOf(first) });
}

export function describeDedup(setup: Setup): void {
  it('a second append of a key stores nothing and answers with the first', async () => {
    const { createQueue, append, message, receive } = await setup();
    const queue = await createQueue();
    const { id } = message('');
    const first = await append(queue, 'a', { dedup: 'k', id });

    expectDuplicate(await append(queue, 'b', { dedup: 'k' }), id, first);

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('keys differ by every character, and none is no key', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();
    for (const dedup of ['k', 'K', 'k ', 'kk', '']) await append(queue, dedup, { dedup });
    await append(queue, 'none');
    await append(queue, 'none');

    expect(texts(await receive(queue))).toEqual(['k', 'K', 'k ', 'kk', '', 'none', 'none']);
  });

  it('the window begins with the first append, and a duplicate does not lengthen it', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { dedup: 'k' });
    clock.advance(4 * minuteMs);
    const within = await append(queue, 'b', { dedup: 'k' });
    clock.advance(minuteMs - 1);
    const justWithin = await append(queue, 'c', { dedup: 'k' });
    clock.advance(2);

    const after = await append(queue, 'd', { dedup: 'k' });

    expect([within, justWithin].map((result) => 'duplicateOf' in result)).toEqual([true, true]);
    expect(after).toHaveProperty('pos');
    expect(texts(await receive(queue))).toEqual(['a', 'd']);
  });

  it('after the window a new one begins, with the newer message as the first', async () => {
    const { createQueue, append, message, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { dedup: 'k' });
    clock.advance(5 * minuteMs + 1);
    const { id } = message('');
    const second = await append(queue, 'b', { dedup: 'k', id });
    clock.advance(4 * minuteMs);

    expectDuplicate(await append(queue, 'c', { dedup: 'k' }), id, second);
  });

  it('a key is remembered after its message was received and acked', async () => {
    const { createQueue, append, receiveOne, ack, receive } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { dedup: 'k', group: 'g' });
    await ack(await receiveOne(queue));

    expect(await append(queue, 'b', { dedup: 'k', group: 'g' })).toHaveProperty('duplicateOf');

    expect(await receive(queue)).toEqual([]);
  });

  it('a key is remembered over a crash', async () => {
    const { createQueue, append, message, crash } = await setup();
    const queue = await createQueue(strict);
    const { id } = message('');
    const first = await append(queue, 'a', { dedup: 'k', group: 'g', id });
    await crash();

    expectDuplicate(await append(queue, 'b', { dedup: 'k', group: 'g' }), id, first);
  });

  it('a key counts in its own queue only', async () => {
    const { createQueue, append } = await setup();
    const first = await createQueue();
    const second = await createQueue();
    await append(first, 'a', { dedup: 'k' });

    expect(await append(second, 'a', { dedup: 'k' })).toHaveProperty('pos');
  });

  it('the same key in another group is a duplicate: scope is part of the key', async () => {
    const { createQueue, append } = await setup();
    const queue = await createQueue(strict);
    await append(queue, 'a', { dedup: 'k', group: 'g1' });

    expect(await append(queue, 'b', { dedup: 'k', group: 'g2' })).toHaveProperty('duplicateOf');
  });

  it('a purge forgets the keys', async () => {
    const { createQueue, append, commitOk, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { dedup: 'k' });
    await commitOk({ do: 'purge-queue', queue });

    expect(await append(queue, 'b', { dedup: 'k' })).toHaveProperty('pos');

    expect(texts(await receive(queue))).toEqual(['b']);
  });

  it('a purge forgets the keys over a restart as well', async () => {
    const { createQueue, append, commitOk, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'a', { dedup: 'k' });
    await commitOk({ do: 'purge-queue', queue });
    await reopen();

    expect(await append(queue, 'b', { dedup: 'k' })).toHaveProperty('pos');
  });

  it('duplicates within one batch, and within one turn, are found', async () => {
    const { createQueue, commitOk, message, append, receive } = await setup();
    const queue = await createQueue();
    const change = (body: string) => ({ do: 'append', message: message(body), to: [{ queue, dedup: 'k' }] }) as const;

    const [first, second] = await commitOk(change('a'), change('b'));
    const inTurn = await Promise.all([append(queue, 'c', { dedup: 'l' }), append(queue, 'd', { dedup: 'l' })]);

    expect(first?.did === 'append' && first.targets[0]).toHaveProperty('pos');
    expect(second?.did === 'append' && second.targets[0]).toHaveProperty('duplicateOf');
    expect(inTurn[0]).toHaveProperty('pos');
    expect(inTurn[1]).toHaveProperty('duplicateOf');
    expect(texts(await receive(queue))).toEqual(['a', 'c']);
  });

  it('a key of a batch that was refused is not remembered', async () => {
    const { store, createQueue, commitOk, message, append } = await setup();
    const queue = await createQueue();
    await commitOk({ do: 'put', key: ['k'], value: Uint8Array.of(1) });
    const refused = await store.commit({
      changes: [
        { do: 'append', message: message('a'), to: [{ queue, dedup: 'k' }] },
        { do: 'put', key: ['k'], value: Uint8Array.of(2), ifVersion: 0 },
      ],
      durability: 'disk',
    });

    expect(() => changesOf(refused)).toThrow();
    expect(await append(queue, 'b', { dedup: 'k' })).toHaveProperty('pos');
  });

  it('a queue without a window takes every message', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue({ dedupWindowMs: 0 });
    await appendAll(queue, ['a', 'b'], { dedup: 'k' });

    expect(texts(await receive(queue))).toEqual(['a', 'b']);
  });

  it('duplicates are counted as such and as nothing else', async () => {
    const { createQueue, appendAll, tally } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c'], { dedup: 'k' });

    expect(await tally(queue)).toMatchObject({ waiting: 1, total: { appended: 1, duplicate: 2, dropped: 0 } });
  });
}
