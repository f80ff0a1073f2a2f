import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { fair, leaseMs, texts } from './world.ts';

export function describeFairGroups(setup: Setup): void {
  it('a fair queue without groups gives the oldest first', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, ['a', 'b', 'c']);

    expect(texts(await receive(queue))).toEqual(['a', 'b', 'c']);
  });

  it('groups of a fair queue lock nothing: several of one are in flight for several consumers', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, ['a', 'b', 'c'], { group: 'g' });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['a']);
    expect(texts(await receive(queue, { max: 1 }))).toEqual(['b']);
  });

  it('a quiet group is served before one that has nearly all that is in flight', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(100).fill('noisy'), { group: 'noisy' });
    await receive(queue, { max: 60 });
    await append(queue, 'quiet', { group: 'quiet' });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['quiet']);
  });

  it('messages without a group are one group of their own', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(100).fill('without'));
    await receive(queue, { max: 60 });
    await append(queue, 'quiet', { group: 'quiet' });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['quiet']);
  });

  it('several noisy groups together hide no quiet one', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue(fair);
    for (const group of ['one', 'two', 'three']) await appendAll(queue, Array(40).fill(group), { group });
    await receive(queue, { max: 60 });
    await append(queue, 'quiet', { group: 'quiet' });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['quiet']);
  });

  it('of two noisy groups the one with far less in flight is served first', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(100).fill('most'), { group: 'most' });
    await receive(queue, { max: 80 });
    await appendAll(queue, Array(30).fill('some'), { group: 'some' });
    await receive(queue, { max: 12 });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['some']);
  });

  it('below ten in flight nobody is told apart: the oldest comes first', async () => {
    const { createQueue, appendAll, append, receive } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(20).fill('busy'), { group: 'busy' });
    await receive(queue, { max: 9 });
    await append(queue, 'quiet', { group: 'quiet' });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['busy']);
    expect(texts(await receive(queue, { max: 1 }))).toEqual(['quiet']);
  });

  it('a noisy group is served when no other waits, and in its order', async () => {
    const { createQueue, appendAll, receive } = await setup();
    const queue = await createQueue(fair);
    const names = Array.from({ length: 100 }, (_, index) => `m${index}`);
    await appendAll(queue, names, { group: 'noisy' });

    const given = [...(await receive(queue, { max: 60 })), ...(await receive(queue, { max: 60 }))];

    expect(texts(given)).toEqual(names);
  });

  it('a group whose deliveries were settled is quiet again', async () => {
    const { createQueue, appendAll, append, receive, commitOk } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(100).fill('old'), { group: 'first' });
    const deliveries = await receive(queue, { max: 60 });
    await append(queue, 'young', { group: 'second' });

    await commitOk(...deliveries.map(({ receipt }) => ({ do: 'settle', receipt, as: { type: 'ack' } }) as const));

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['old']);
  });

  it('every message of every group is given once', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue(fair);
    const names = Array.from({ length: 60 }, (_, index) => `g${index % 7}-m${index}`);
    for (const name of names) await append(queue, name, { group: name.split('-')[0] ?? '' });

    const given: string[] = [];
    for (let turn = 0; turn < 12; turn++) given.push(...texts(await receive(queue, { max: 7 })));

    expect(given.toSorted()).toEqual(names.toSorted());
  });

  it('on a fair queue an ack works after the lease has ended, as on a plain one', async () => {
    const { createQueue, append, receiveOne, ack, release, clock } = await setup();
    const queue = await createQueue(fair);
    await append(queue, 'a', { group: 'g' });
    const delivery = await receiveOne(queue);
    clock.advance(leaseMs);

    expect(await release(delivery)).toBe('not-leased');
    expect(await ack(delivery)).toBe('done');
  });

  it.skip('a sticky group stays with its consumer until that closes: sticky groups come later', () => {});

  it('asked for a queue of sticky groups, the store says that it cannot', async () => {
    const { store, commit } = await setup();
    const queue = store.newQueueId();

    const result = await commit({ do: 'create-queue', queue, settings: { ...fair, groups: 'sticky' } });

    expect(result).toMatchObject({ ok: false, error: { code: 'unsupported' } });
  });
}
