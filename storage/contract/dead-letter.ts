import { expect, it } from 'vitest';
import type { Setup, World } from './world.ts';
import { leaseMs, minuteMs, plain, strict, texts } from './world.ts';

/** Receives and lets the lease end, so many times. */
async function receiveTimes({ receive, clock }: World, queue: Parameters<World['receive']>[0], times: number) {
  for (let time = 0; time < times; time++) {
    await receive(queue);
    clock.advance(leaseMs);
  }
}

export function describeDeadLetter(setup: Setup): void {
  for (const deliveryCountMax of [1, 3]) {
    it(`the receive after ${deliveryCountMax} deliveries moves the entry, not the end of the lease`, async () => {
      const world = await setup();
      const { createQueue, append, receive, tally } = world;
      const deadLetter = await createQueue();
      const queue = await createQueue({ deadLetter, deliveryCountMax });
      await append(queue, 'a');
      await receiveTimes(world, queue, deliveryCountMax);
      const before = [(await tally(queue)).waiting, (await tally(deadLetter)).waiting];

      expect(await receive(queue)).toEqual([]);

      expect(before).toEqual([1, 0]);
      expect([(await tally(queue)).waiting, (await tally(deadLetter)).waiting]).toEqual([0, 1]);
      expect(texts(await receive(deadLetter))).toEqual(['a']);
    });
  }

  it('a receive that moves an entry goes on to the next', async () => {
    const world = await setup();
    const { createQueue, append, receive } = world;
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'bad');
    await receiveTimes(world, queue, 1);
    await append(queue, 'good');

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['good']);
  });

  it('a moved entry keeps id, head, body, note and age, says where it was, and its count goes on', async () => {
    const world = await setup();
    const { createQueue, append, receive, receiveOne } = world;
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 2 });
    const head = Uint8Array.of(1, 2, 3);
    const note = Uint8Array.of(9);
    await append(queue, 'a', { head, note });
    const { id, appendedAt, firstReceivedAt } = await receiveOne(queue, { forMs: 0 });
    await receiveTimes(world, queue, 1);
    await receive(queue);

    const moved = await receiveOne(deadLetter);

    expect(moved).toMatchObject({ queue: deadLetter, appendedAt, firstReceivedAt, deliveries: 3, isRedelivered: true });
    expect([[...moved.id], [...moved.head], [...(moved.note ?? [])]]).toEqual([[...id], [...head], [...note]]);
    expect(moved.deadLetteredFrom?.queue).toBe(queue);
    expect(moved.deadLetteredFrom?.cause).not.toBe('');
  });

  it('an entry that was never dead-lettered says nothing of it', async () => {
    const { createQueue, append, receiveOne } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');

    expect((await receiveOne(queue)).deadLetteredFrom).toBeUndefined();
  });

  it('in the dead-letter queue deliveries are compared from 0, and chains work', async () => {
    const world = await setup();
    const { createQueue, append, receive, receiveOne } = world;
    const last = await createQueue();
    const middle = await createQueue({ deadLetter: last, deliveryCountMax: 2 });
    const queue = await createQueue({ deadLetter: middle, deliveryCountMax: 1 });
    await append(queue, 'a');
    await receiveTimes(world, queue, 2);

    await receiveTimes(world, middle, 2);
    expect(await receive(middle)).toEqual([]);

    expect(await receiveOne(last)).toMatchObject({ deliveries: 4, deadLetteredFrom: { queue: middle } });
  });

  it('a dead-lettered entry of a plain queue keeps its age for the retention there', async () => {
    const world = await setup();
    const { createQueue, append, receive, clock } = world;
    const deadLetter = await createQueue({ retentionMs: 10 * minuteMs });
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');
    clock.advance(9 * minuteMs);
    await receiveTimes(world, queue, 2);

    clock.advance(minuteMs);

    expect(await receive(deadLetter)).toEqual([]);
  });

  it('an entry too old for its dead-letter queue has expired there, though it is purged in the same turn', async () => {
    const world = await setup();
    const { createQueue, append, receiveOne, settle, commit, tally, clock } = world;
    const deadLetter = await createQueue({ retentionMs: 10 * minuteMs });
    const queue = await createQueue({ deadLetter });
    await append(queue, 'a');
    clock.advance(11 * minuteMs);
    const delivery = await receiveOne(queue);

    const [was] = await Promise.all([
      settle(delivery, { type: 'reject', cause: 'no use' }),
      commit({ do: 'purge-queue', queue: deadLetter }),
    ]);

    expect(was).toBe('done');
    expect(await tally(deadLetter)).toMatchObject({ waiting: 0, total: { expired: 1 } });
    expect(await tally(queue)).toMatchObject({ waiting: 0, total: { deadLettered: 1 } });
  });

  it('a dead-lettered entry of a strict queue begins its age anew', async () => {
    const world = await setup();
    const { createQueue, append, receive, clock } = world;
    const deadLetter = await createQueue({ ...strict, retentionMs: 10 * minuteMs });
    const queue = await createQueue({ ...strict, deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a', { group: 'g' });
    clock.advance(9 * minuteMs);
    await receiveTimes(world, queue, 2);

    clock.advance(8 * minuteMs);

    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('without a dead-letter queue, or when it is gone, the entry stays and is given again', async () => {
    const world = await setup();
    const { createQueue, append, receive, commitOk } = world;
    const deadLetter = await createQueue();
    const bereft = await createQueue({ deadLetter, deliveryCountMax: 1 });
    const without = await createQueue({ deliveryCountMax: 1 });
    await commitOk({ do: 'drop-queue', queue: deadLetter });
    for (const queue of [bereft, without]) await append(queue, 'a');

    for (const queue of [bereft, without]) await receiveTimes(world, queue, 2);

    expect((await receive(bereft)).map(({ deliveries }) => deliveries)).toEqual([3]);
    expect((await receive(without)).map(({ deliveries }) => deliveries)).toEqual([3]);
  });

  for (const queueOf of [plain, strict]) {
    it(`a queue that is its own dead letter (groups: ${queueOf.groups}) keeps the entry where it is, in its turn`, async () => {
      const world = await setup();
      const { createQueue, appendAll, receive, commitOk, settle, tally } = world;
      const queue = await createQueue(queueOf);
      const settings = { ...queueOf, deadLetter: queue, deliveryCountMax: 1, onExpiry: 'dead-letter' } as const;
      await commitOk({ do: 'alter-queue', queue, settings });
      await appendAll(queue, ['a', 'b'], { group: 'g', expiresAt: world.clock.now() + 2 * minuteMs });
      await receiveTimes(world, queue, 2);

      const given = await receive(queue);
      for (const delivery of given) await settle(delivery, { type: 'reject', cause: 'poison' });

      expect(given.map(({ deliveries, deadLetteredFrom }) => [deliveries, deadLetteredFrom])).toEqual([
        [3, undefined],
        [3, undefined],
      ]);
      expect(texts(await receive(queue, { forMs: 0 }))).toEqual(['a', 'b']);
      expect((await tally(queue)).total.deadLettered).toBe(0);
      world.clock.advance(minuteMs);
      expect(await receive(queue)).toEqual([]);
    });
  }

  it('the receipt of a moved entry finds it gone', async () => {
    const world = await setup();
    const { createQueue, append, receive, receiveOne, ack } = world;
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');
    const delivery = await receiveOne(queue, { forMs: 0 });
    await receive(queue);

    expect(await ack(delivery)).toBe('gone');

    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('a lower maximum applies to what already waits', async () => {
    const world = await setup();
    const { createQueue, append, receive, commitOk } = world;
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 5 });
    await append(queue, 'a');
    await receiveTimes(world, queue, 2);
    const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;

    await commitOk({ do: 'alter-queue', queue, settings: { ...settings, deadLetter, deliveryCountMax: 2 } });

    expect(await receive(queue)).toEqual([]);
    expect(texts(await receive(deadLetter))).toEqual(['a']);
  });

  it('a release that does not count brings no entry nearer to the dead-letter queue', async () => {
    const { createQueue, append, receiveOne, settle } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');

    for (let time = 0; time < 3; time++) {
      await settle(await receiveOne(queue), { type: 'release', isCounted: false });
    }

    expect((await receiveOne(queue)).deliveries).toBe(1);
  });

  it('a rejected delivery goes to the dead-letter queue at once, with its cause', async () => {
    const { createQueue, append, receiveOne, receive, settle } = await setup();
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter });
    await append(queue, 'a');

    expect(await settle(await receiveOne(queue), { type: 'reject', cause: 'poison' })).toBe('done');

    expect(await receiveOne(deadLetter)).toMatchObject({
      deliveries: 2,
      deadLetteredFrom: { queue, cause: 'poison' },
    });
    expect(await receive(queue)).toEqual([]);
  });

  it('a delivery rejected where there is no dead-letter queue is released, counted', async () => {
    const { createQueue, append, receiveOne, settle } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');

    expect(await settle(await receiveOne(queue), { type: 'reject', cause: 'poison' })).toBe('done');

    expect((await receiveOne(queue)).deliveries).toBe(2);
  });

  it('in a strict queue the moved head frees the rest of its group, which the same receive gives', async () => {
    const world = await setup();
    const { createQueue, appendAll, receive } = world;
    const deadLetter = await createQueue(strict);
    const queue = await createQueue({ ...strict, deadLetter, deliveryCountMax: 1 });
    await appendAll(queue, ['bad', 'good', 'better'], { group: 'g' });
    await receive(queue, { max: 1, forMs: 0 });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['good']);
    expect(texts(await receive(deadLetter))).toEqual(['bad']);
  });

  it('a strict dead-letter queue keeps groups and the order of the moves', async () => {
    const world = await setup();
    const { createQueue, append, receive } = world;
    const deadLetter = await createQueue(strict);
    const queue = await createQueue({ ...strict, deadLetter, deliveryCountMax: 1 });
    for (const body of ['a', 'b']) await append(queue, body, { group: 'g' });
    await receiveTimes(world, queue, 2);

    expect(texts(await receive(deadLetter, { max: 1 }))).toEqual(['a']);
    expect(await receive(deadLetter)).toEqual([]);
  });

  it('the totals of the queue it came from say that it was dead-lettered, and those of the other not that it was sent', async () => {
    const world = await setup();
    const { createQueue, append, tally } = world;
    const deadLetter = await createQueue();
    const queue = await createQueue({ deadLetter, deliveryCountMax: 1 });
    await append(queue, 'a');
    await receiveTimes(world, queue, 2);

    expect((await tally(queue)).total).toMatchObject({ appended: 1, delivered: 1, deadLettered: 1 });
    expect(await tally(deadLetter)).toMatchObject({ waiting: 1, total: { appended: 0, deadLettered: 0 } });
  });
}
