import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { bytesOf, fair, leaseMs, minuteMs, strict } from './world.ts';

const nothing = { waiting: 0, delayed: 0, leased: 0, bytes: 0, groupsLeased: 0, groupsNoisy: 0, appendedBytes: 0 };

export function describeTallies(setup: Setup): void {
  it('an empty queue has counted nothing', async () => {
    const { createQueue, tally } = await setup();

    const counted = await tally(await createQueue());

    expect(counted).toMatchObject(nothing);
    expect(counted.oldestAt).toBeUndefined();
    expect(counted.total).toEqual({
      appended: 0,
      duplicate: 0,
      delivered: 0,
      acked: 0,
      expired: 0,
      deadLettered: 0,
      dropped: 0,
    });
  });

  it('counts follow each step of a message exactly', async () => {
    const { createQueue, append, receiveOne, release, ack, tally, clock } = await setup();
    const queue = await createQueue();
    const states: string[] = [];
    const note = async () => {
      const { waiting, delayed, leased } = await tally(queue);
      states.push(`${waiting} ${delayed} ${leased}`);
    };

    await append(queue, 'a', { visibleAt: clock.now() + 1000 });
    await note();
    clock.advance(2000);
    await receiveOne(queue);
    await note();
    clock.advance(leaseMs);
    const delivery = await receiveOne(queue);
    await release(delivery);
    await note();
    await ack(await receiveOne(queue));
    await note();

    expect(states).toEqual(['0 1 0', '0 0 1', '1 0 0', '0 0 0']);
    expect((await tally(queue)).total).toMatchObject({ appended: 1, delivered: 3, acked: 1 });
  });

  it('what time has changed is counted within a second', async () => {
    const { createQueue, append, appendAll, receive, tally, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'delayed', { visibleAt: clock.now() + leaseMs });
    await appendAll(queue, ['a', 'b']);
    await receive(queue);

    clock.advance(leaseMs + 1000);

    expect(await tally(queue)).toMatchObject({ waiting: 3, delayed: 0, leased: 0 });
  });

  it('bytes are those of bodies and heads, until they are gone', async () => {
    const { createQueue, append, receiveOne, ack, tally } = await setup();
    const queue = await createQueue();
    await append(queue, 'four', { head: Uint8Array.of(1, 2, 3), note: bytesOf('not counted') });
    await append(queue, '', { head: Uint8Array.of(1) });
    const before = (await tally(queue)).bytes;

    await ack(await receiveOne(queue));

    expect([before, (await tally(queue)).bytes]).toEqual([8, 1]);
  });

  it('each target of a message counts its bytes', async () => {
    const { createQueue, commitOk, message, tally } = await setup();
    const [first, second] = [await createQueue(), await createQueue()];

    await commitOk({ do: 'append', message: message('four'), to: [{ queue: first }, { queue: second }] });

    expect([(await tally(first)).bytes, (await tally(second)).bytes]).toEqual([5, 5]);
  });

  it('the age of the oldest is told, and moves on when it is acked', async () => {
    const { createQueue, append, receiveOne, ack, tally, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const firstAt = clock.now();
    clock.advance(minuteMs);
    await append(queue, 'b');
    const before = (await tally(queue)).oldestAt;

    await ack(await receiveOne(queue));

    expect([before, (await tally(queue)).oldestAt]).toEqual([firstAt, firstAt + minuteMs]);
  });

  it('the oldest is told also where ages are in no order, as in a dead-letter queue', async () => {
    const { createQueue, append, receiveOne, settle, tally, clock } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter });
    await append(queue, 'old');
    const oldAt = clock.now();
    clock.advance(minuteMs);
    await append(deadLetter, 'young');

    await settle(await receiveOne(queue), { type: 'reject', cause: 'bad' });

    expect((await tally(deadLetter)).oldestAt).toBe(oldAt);
  });

  it('in a strict queue what a locked group holds back still counts as waiting', async () => {
    const { createQueue, appendAll, receive, tally } = await setup();
    const queue = await createQueue(strict);
    await appendAll(queue, ['a', 'b', 'c'], { group: 'g' });
    await receive(queue, { max: 1 });

    expect(await tally(queue)).toMatchObject({ waiting: 2, delayed: 0, leased: 1 });
  });

  it('bytes of appends add up, whatever becomes of the messages, and duplicates are none', async () => {
    const { createQueue, append, appendAll, receiveOne, ack, tally } = await setup();
    const queue = await createQueue({ dedupWindowMs: minuteMs });
    await append(queue, 'a', { dedup: 'd' });
    const { bytes } = await tally(queue);

    await append(queue, 'a', { dedup: 'd' });
    await ack(await receiveOne(queue));
    await appendAll(queue, ['b', 'c']);

    expect(bytes).toBeGreaterThan(0);
    expect(await tally(queue)).toMatchObject({ bytes: 2 * bytes, appendedBytes: 3 * bytes });
  });

  it('groups in flight are counted, each once', async () => {
    const { createQueue, appendAll, receive, ack, tally } = await setup();
    const queue = await createQueue(strict);
    await appendAll(queue, ['a', 'b'], { group: 'g1' });
    await appendAll(queue, ['c', 'd'], { group: 'g2' });
    const [a, b] = await receive(queue, { max: 3 });
    if (a === undefined || b === undefined) throw new Error('three deliveries expected');

    const before = (await tally(queue)).groupsLeased;
    await ack(a);
    const between = (await tally(queue)).groupsLeased;
    await ack(b);

    expect([before, between, (await tally(queue)).groupsLeased]).toEqual([2, 2, 1]);
  });

  it('groups of a fair queue with ten in flight or more are noisy, what has no group is not counted', async () => {
    const { createQueue, appendAll, receive, release, tally } = await setup();
    const queue = await createQueue(fair);
    await appendAll(queue, Array(10).fill('a'), { group: 'g1' });
    await appendAll(queue, Array(9).fill('b'), { group: 'g2' });
    await appendAll(queue, Array(12).fill('c'));
    const [first] = await receive(queue, { max: 31 });
    if (first === undefined) throw new Error('everything was given');

    const before = await tally(queue);
    await release(first);

    expect([before.groupsLeased, before.groupsNoisy, (await tally(queue)).groupsNoisy]).toEqual([2, 1, 0]);
  });

  it('groups in flight are counted the same after a restart', async () => {
    const { createQueue, appendAll, receive, tally, reopen } = await setup();
    const queue = await createQueue(strict);
    await appendAll(queue, ['a', 'b'], { group: 'g1' });
    await appendAll(queue, ['c', 'd'], { group: 'g2' });
    await receive(queue, { max: 3 });

    await reopen();

    expect((await tally(queue)).groupsLeased).toBe(2);
  });

  it('several queues are told in the order asked, one that is gone as empty', async () => {
    const { store, createQueue, appendAll, commitOk } = await setup();
    const [first, gone, second] = [await createQueue(), await createQueue(), await createQueue()];
    await appendAll(first, ['a']);
    await appendAll(gone, ['a', 'b']);
    await appendAll(second, ['a', 'b', 'c']);
    await commitOk({ do: 'drop-queue', queue: gone });

    const tallies = await store.tallies([second, gone, first]);

    expect(tallies.map(({ waiting }) => waiting)).toEqual([3, 0, 1]);
  });

  it('a tally asked in the turn of an append has counted it', async () => {
    const { createQueue, append, tally } = await setup();
    const queue = await createQueue();

    const [, counted] = await Promise.all([append(queue, 'a'), tally(queue)]);

    expect(counted.waiting).toBe(1);
  });

  it('counts and totals outlive a crash', async () => {
    const { createQueue, appendAll, receiveOne, ack, tally, crash } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c']);
    await ack(await receiveOne(queue));
    await receiveOne(queue);
    const before = await tally(queue);

    await crash();

    expect(await tally(queue)).toEqual({ ...before, appendedBytes: 0 });
  });

  it('what was refused is not counted', async () => {
    const { createQueue, commit, message, tally } = await setup();
    const queue = await createQueue();

    await commit(
      { do: 'append', message: message('a'), to: [{ queue }] },
      { do: 'put', key: ['k'], value: Uint8Array.of(1), ifVersion: 3 },
    );

    expect(await tally(queue)).toMatchObject({ ...nothing, total: { appended: 0 } });
  });
}
