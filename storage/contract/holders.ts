import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { minuteMs, texts } from './world.ts';

export function describeHolders(setup: Setup): void {
  it("a consumer's deliveries are its holder's for as long as that is open", async () => {
    const { createQueue, append, receive, openConsumer, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { lease: await openConsumer(queue) });

    clock.advance(100 * 24 * 60 * minuteMs);

    expect(await receive(queue)).toEqual([]);
  });

  it("a consumer's delivery can be acked, released and rejected like any other", async () => {
    const { createQueue, appendAll, receive, openConsumer, settle, ack, release } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter });
    await appendAll(queue, ['a', 'b', 'c']);
    const [a, b, c] = await receive(queue, { lease: await openConsumer(queue) });
    if (!a || !b || !c) throw new Error('three deliveries expected');

    expect([await ack(a), await release(b), await settle(c, { type: 'reject', cause: 'bad' })]).toEqual(
      Array(3).fill('done'),
    );
    expect(texts(await receive(queue))).toEqual(['b']);
    expect(texts(await receive(deadLetter))).toEqual(['c']);
  });

  it('closing a connection releases what it held at its old place, counted but the unseen', async () => {
    const { store, createQueue, appendAll, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['seen', 'unseen', 'never given']);
    const lease = await openConsumer(queue);
    const [, unseen] = await receive(queue, { lease, max: 2 });
    if (unseen === undefined) throw new Error('two deliveries expected');

    await store.closeHolder(lease.holder, { unseen: [unseen.receipt] });

    const deliveries = await receive(queue);
    expect(texts(deliveries)).toEqual(['seen', 'unseen', 'never given']);
    expect(deliveries.map((delivery) => delivery.deliveries)).toEqual([2, 1, 1]);
  });

  it('an older receipt among the unseen uncounts nothing: it is of another delivery', async () => {
    const { store, createQueue, append, receiveOne, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const older = await receiveOne(queue, { forMs: 0 });
    const lease = await openConsumer(queue);
    await receive(queue, { lease });

    await store.closeHolder(lease.holder, { unseen: [older.receipt] });

    expect((await receiveOne(queue)).deliveries).toBe(3);
  });

  it('closing a holder leaves the deliveries of others alone', async () => {
    const { store, createQueue, appendAll, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['timed', 'of another', 'its own']);
    await receive(queue, { max: 1 });
    await receive(queue, { max: 1, lease: await openConsumer(queue) });
    const lease = await openConsumer(queue);
    await receive(queue, { max: 1, lease });

    await store.closeHolder(lease.holder, 'end');

    expect(texts(await receive(queue))).toEqual(['its own']);
  });

  it('a closed holder closes harmlessly again, and its consumers are given nothing', async () => {
    const { store, createQueue, append, receive, openConsumer } = await setup();
    const queue = await createQueue();
    const lease = await openConsumer(queue);
    await store.closeHolder(lease.holder, 'end');
    await append(queue, 'a');

    await store.closeHolder(lease.holder, 'end');

    expect(await receive(queue, { lease })).toEqual([]);
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('what a closed consumer was given stays with the holder', async () => {
    const { store, createQueue, append, receive, ack } = await setup();
    const queue = await createQueue();
    const holder = await store.openHolder('connection');
    const consumer = await store.openConsumer({ holder, queue, priority: 0, isExclusive: false });
    await append(queue, 'a');
    const [delivery] = await receive(queue, { lease: { consumer } });
    if (delivery === undefined) throw new Error('a delivery expected');

    await store.closeConsumer(consumer);

    expect(texts(await store.held(holder))).toEqual(['a']);
    expect(await receive(queue)).toEqual([]);
    expect(await ack(delivery)).toBe('done');
  });

  it('a consumer opens on a queue that is there, for a holder that is open', async () => {
    const { store, createQueue, commitOk } = await setup();
    const gone = await createQueue();
    await commitOk({ do: 'drop-queue', queue: gone });
    const holder = await store.openHolder('connection');
    const queue = await createQueue();
    const closed = await store.openHolder('connection');
    await store.closeHolder(closed, 'end');
    const options = { priority: 0, isExclusive: false };

    await expect(store.openConsumer({ ...options, holder, queue: gone })).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.openConsumer({ ...options, holder: closed, queue })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('held tells what a holder has, in the order first given, with tags and with receipts that settle', async () => {
    const { store, createQueue, appendAll, receive, openConsumer, release, ack } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b', 'c']);
    const lease = await openConsumer(queue);
    const first = await receive(queue, { lease: { ...lease, tags: [7, 8, 9] } });
    const [a] = first;
    if (a === undefined) throw new Error('three deliveries expected');
    await release(a);
    await receive(queue, { lease: { ...lease, tags: [10] }, max: 1 });

    const held = await store.held(lease.holder);

    expect(first.map(({ tag }) => tag)).toEqual([7, 8, 9]);
    expect(held.map(({ tag }) => tag)).toEqual([8, 9, 10]);
    expect(texts(held)).toEqual(['b', 'c', 'a']);
    expect(await Promise.all(held.map(ack))).toEqual(['done', 'done', 'done']);
    expect(await store.held(lease.holder)).toEqual([]);
  });

  it('a tag ends with its lease', async () => {
    const { createQueue, append, receive, openConsumer, release, receiveOne } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const [delivery] = await receive(queue, { lease: { ...(await openConsumer(queue)), tags: [7] } });
    if (delivery === undefined) throw new Error('a delivery expected');

    await release(delivery);

    expect((await receiveOne(queue)).tag).toBeUndefined();
  });

  it('a session keeps its deliveries, tags and order while it is away', async () => {
    const { store, createQueue, appendAll, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b']);
    const session = await store.openHolder('session', 'client-1');
    await receive(queue, { lease: { ...(await openConsumer(queue, session)), tags: [1, 2] } });

    await store.closeHolder(session, 'keep');
    const whileAway = await receive(queue);
    const again = await store.openHolder('session', 'client-1');

    expect(whileAway).toEqual([]);
    expect(again).toBe(session);
    const held = await store.held(again);
    expect(held.map(({ tag }) => tag)).toEqual([1, 2]);
    expect(texts(held)).toEqual(['a', 'b']);
  });

  it('a session that ends releases what it held, and its key opens another', async () => {
    const { store, createQueue, append, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    const session = await store.openHolder('session', 'client-1');
    await receive(queue, { lease: await openConsumer(queue, session) });

    await store.closeHolder(session, 'end');

    expect((await receive(queue)).map(({ deliveries }) => deliveries)).toEqual([2]);
    const next = await store.openHolder('session', 'client-1');
    expect(next).not.toBe(session);
    expect(await store.held(next)).toEqual([]);
  });

  it('sessions of different keys, and connections, are different holders', async () => {
    const { store } = await setup();

    const holders = await Promise.all([
      store.openHolder('session', 'a'),
      store.openHolder('session', 'b'),
      store.openHolder('connection'),
      store.openHolder('connection'),
    ]);

    expect(new Set(holders).size).toBe(4);
  });

  it('opening a session that is open takes it over: the earlier opener hears, its consumers close, the leases stay', async () => {
    const { store, createQueue, appendAll, receive, openConsumer } = await setup();
    const queue = await createQueue();
    await appendAll(queue, ['a', 'b']);
    const session = await store.openHolder('session', 'client-1');
    const lease = await openConsumer(queue, session);
    await receive(queue, { lease, max: 1 });
    const taken = new Promise((resolve) => store.onHolderTaken(resolve));

    const again = await store.openHolder('session', 'client-1');

    expect(await taken).toBe(session);
    expect(again).toBe(session);
    expect(await receive(queue, { lease })).toEqual([]);
    expect(texts(await store.held(session))).toEqual(['a']);
    expect(texts(await receive(queue, { lease: await openConsumer(queue, session) }))).toEqual(['b']);
  });

  it('a session outlives a crash with leases and tags, a connection does not', async () => {
    const world = await setup();
    const { createQueue, appendAll, receive, openConsumer, crash } = world;
    const queue = await createQueue();
    await appendAll(queue, ['of a session', 'of a connection']);
    const session = await world.store.openHolder('session', 'client-1');
    await receive(queue, { lease: { ...(await openConsumer(queue, session)), tags: [5] }, max: 1 });
    await receive(queue, { lease: await openConsumer(queue), max: 1 });

    await crash();

    const again = await world.store.openHolder('session', 'client-1');
    expect((await world.store.held(again)).map(({ tag }) => tag)).toEqual([5]);
    const others = await receive(queue);
    expect(texts(others)).toEqual(['of a connection']);
    expect(others[0]).toMatchObject({ deliveries: 2, isRedelivered: true });
  });

  it('what a connection held when it crashed waits again: it is counted so, and leaves its room in flight', async () => {
    const { createQueue, append, receive, openConsumer, tally, crash } = await setup();
    const queue = await createQueue({ leasedMax: 1, leasedMaxAs: 'nothing' });
    await append(queue, 'a');
    await receive(queue, { lease: await openConsumer(queue) });

    await crash();

    expect(await tally(queue)).toMatchObject({ waiting: 1, leased: 0 });
    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a stop ends connections as a crash does', async () => {
    const { createQueue, append, receive, openConsumer, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { lease: await openConsumer(queue) });

    await reopen();

    expect((await receive(queue)).map(({ deliveries }) => deliveries)).toEqual([2]);
  });

  it.skip('prepared work survives a crash, its appends unseen, its receipts held by nobody, until it is decided: prepared transactions come later', () => {});

  it('asked to prepare or to decide, the store says that it cannot', async () => {
    const { store } = await setup();
    const xid = Uint8Array.of(1);

    await expect(store.prepare(xid, { changes: [], durability: 'disk' })).rejects.toMatchObject({
      code: 'unsupported',
    });
    await expect(store.decide(xid, 'commit')).rejects.toMatchObject({ code: 'unsupported' });
    await expect(store.prepared()).rejects.toMatchObject({ code: 'unsupported' });
  });
}
