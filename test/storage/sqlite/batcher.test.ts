import { expect, it, onTestFinished } from 'vitest';
import { Batcher } from '../../../storage/sqlite/batcher.ts';
import { Engine } from '../../../storage/sqlite/engine.ts';
import type { Post } from '../../../storage/sqlite/post.ts';
import { Receipts } from '../../../storage/sqlite/receipt.ts';
import type { Change, QueueId, ReceiveRequest } from '../../../storage/store.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A batcher whose posts the test hands to the engine when it wants. */
function setup(options: { readonly bodyCacheBytes?: number; readonly pendingBytesMax?: number } = {}) {
  const engine = new Engine({ file: ':memory:', synchronous: 'OFF', now: 0 });
  onTestFinished(() => engine.close());
  const receipts = new Receipts(engine.receiptKey);
  const posts: Post[] = [];
  const batcher = new Batcher({
    packers: {
      pack: () => ({ lane: 0, digest: undefined }),
      receipt: (text) => receipts.decode(text),
    },
    receipts,
    bodyCacheBytes: options.bodyCacheBytes ?? 16_384,
    pendingBytesMax: options.pendingBytesMax ?? 1_000_000,
    refusalOf: () => undefined,
    now: () => 0,
    post: (post) => posts.push(post),
  });
  const queue = engine.queueIdFrom as QueueId;
  const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
  const append = (body: Uint8Array): Change => ({
    do: 'append',
    message: { id: new Uint8Array(16), head: new Uint8Array(1), body, priority: 4 },
    to: [{ queue }],
  });
  const commit = async (...changes: readonly Change[]) => {
    const [result] = await batcher.commitAll([{ changes, durability: 'disk' }]);
    return result;
  };
  /** Takes what was posted to the engine, until nothing more comes. */
  const work = async () => {
    for (await nextTurn(); posts.length > 0; await nextTurn()) batcher.take(engine.commitGroup(posts.splice(0)));
  };
  return {
    engine,
    batcher,
    posts,
    queue,
    append,
    commit,
    work,
    create: { do: 'create-queue', queue, settings } as const,
  };
}

const request = (queue: QueueId): ReceiveRequest => ({
  queue,
  lease: { forMs: 60_000 },
  deliveriesMax: 10,
  durability: 'memory',
});

it('a delivery whose body left the cache meanwhile is read again, and left out when a purge took it', async () => {
  for (const isPurged of [false, true]) {
    const { engine, batcher, posts, queue, append, commit, work, create } = setup();
    void commit(create, append(Buffer.alloc(500, 'a')));
    await work();

    // In the answer the appends, which push it out, come before the receive.
    void commit(...Array.from({ length: 40 }, () => append(Buffer.alloc(900, 'b'))));
    const received = batcher.receive({ ...request(queue), deliveriesMax: 1 });
    if (isPurged) void commit({ do: 'purge-queue', queue });
    await nextTurn();
    const answer = engine.commitGroup(posts.splice(0));
    batcher.take(answer);
    while (engine.sweep());
    await work();

    expect((await received).map(({ body }) => (body instanceof Uint8Array ? body.length : -1))).toEqual(
      isPurged ? [] : [500],
    );
  }
});

it('a receive of more than its field holds fails alone, and all around it go on', async () => {
  const { batcher, queue, append, commit, work, create } = setup();
  const before = commit(create, append(Buffer.from('a')));
  const refused = batcher.receive({ ...request(queue), deliveriesMax: 100_000 });
  const after = batcher.receive(request(queue));
  refused.catch(() => undefined);
  await work();

  expect(await before).toMatchObject({ ok: true });
  await expect(refused).rejects.toThrow(RangeError);
  expect(await after).toHaveLength(1);
});

it('appends wait above the mark of pending bytes, in order, and what makes room does not', async () => {
  const { batcher, posts, queue, append, commit, work, create } = setup({ pendingBytesMax: 10_000 });
  void commit(create);
  await work();
  const order: string[] = [];
  const sent = Array.from({ length: 20 }, async (_, index) => {
    await commit(append(Buffer.alloc(3_000, index)));
    order.push(`append ${index}`);
  });
  const received = batcher.receive(request(queue)).then((deliveries) => order.push(`receive ${deliveries.length}`));
  await nextTurn();

  expect(posts.reduce((bytes, post) => bytes + post.packed.length, 0)).toBeLessThan(16_000);
  await work();
  await Promise.all([...sent, received]);

  expect(order.filter((name) => name.startsWith('append'))).toEqual(
    Array.from({ length: 20 }, (_, index) => `append ${index}`),
  );
  expect(order.indexOf('receive 4')).toBeLessThan(5);
  expect(batcher.pendingBytes).toBe(0);
});

it('everything that waits fails when the engine is lost, and so does what comes', async () => {
  const { batcher, queue, append, commit, create } = setup({ pendingBytesMax: 1 });
  const waiting = [commit(create), commit(append(Buffer.from('a'))), commit(append(Buffer.from('b')))];
  const received = batcher.receive(request(queue));
  const { GantryError } = await import('../../../src/model/errors.ts');

  batcher.fail(new GantryError('unavailable', 'lost'));

  expect(await Promise.all(waiting)).toMatchObject(waiting.map(() => ({ ok: false, error: { code: 'unavailable' } })));
  await expect(received).rejects.toMatchObject({ code: 'unavailable' });
  expect(await commit(create)).toMatchObject({ ok: false });
});
