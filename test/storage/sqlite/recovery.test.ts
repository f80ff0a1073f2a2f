/** What a crash leaves: counts that are those of the rows, leases that were on disk, and the truth about redelivery. */
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { World } from '../../../storage/contract/world.ts';
import { createSetup, fair, leaseMs, minuteMs, strict, texts } from '../../../storage/contract/world.ts';
import type { Delivery, QueueId } from '../../../storage/store.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

interface Counts {
  readonly waiting: number;
  readonly delayed: number;
  readonly leased: number;
  readonly bytes: number;
}

/** Counted row by row in a copy of the file. */
async function countsOfRows(world: World, queues: readonly QueueId[], copy: number): Promise<readonly unknown[]> {
  const file = `${world.harness.backupPath}-${copy}`;
  await world.store.backup(file);
  const db = new Database(file);
  const count = db.prepare(
    `SELECT count(*) FILTER (WHERE due IS NULL AND holder IS NULL) AS waiting,
       count(*) FILTER (WHERE due IS NOT NULL AND leasedAt IS NULL) AS delayed,
       count(*) FILTER (WHERE leasedAt IS NOT NULL) AS leased, coalesce(sum(size), 0) AS bytes
     FROM queue JOIN entry ON entry.life = queue.life WHERE queue.id = ?`,
  );
  const rows = queues.map((queue) => count.get(queue));
  const orphans = db
    .prepare('SELECT count(*) FROM entry WHERE NOT EXISTS (SELECT 1 FROM body WHERE body.id = abs(entry.body))')
    .pluck()
    .get();
  db.close();
  expect(orphans).toBe(0);
  return rows;
}

async function tallied(world: World, queues: readonly QueueId[]): Promise<readonly Counts[]> {
  const tallies = await world.store.tallies(queues);
  return tallies.map(({ waiting, delayed, leased, bytes }) => ({ waiting, delayed, leased, bytes }));
}

it('tallies are those of the rows, before and after each crash, whatever was done', async () => {
  const random = createFixedRandom(7);
  const world = await setup();
  const deadLetter = await world.createQueue();
  const queues = [
    deadLetter,
    await world.createQueue({ deadLetter, deliveryCountMax: 2 }),
    await world.createQueue({ ...strict, delayMs: 2_000 }),
    await world.createQueue({ ...fair, retentionMs: 5 * minuteMs }),
    await world.createQueue({ limit: { entries: 20, onFull: 'drop-old' } }),
  ];
  let held: Delivery[] = [];

  for (let round = 0; round < 12; round++) {
    for (let step = 0; step < 40; step++) {
      const queue = queues[random.below(queues.length)] ?? deadLetter;
      const durability = random.below(2) === 0 ? 'disk' : 'memory';
      const drawn = random.below(10);
      if (drawn < 4) {
        const delay = random.below(4) === 0 ? { visibleAt: world.clock.now() + 1_000 * random.below(10) } : {};
        await world.append(queue, 'x'.repeat(random.below(50)), { group: `g${random.below(3)}`, durability, ...delay });
      } else if (drawn < 7) {
        const forMs = 1_000 * random.below(40);
        held.push(...(await world.receive(queue, { max: 1 + random.below(4), forMs, durability })));
      } else if (drawn === 7) world.clock.advance(500 * random.below(6));
      else {
        const delivery = held[random.below(held.length)];
        if (delivery === undefined) continue;
        if (drawn === 8) await world.ack(delivery);
        else {
          const visibleAt = world.clock.now() + 1_000 * random.below(5);
          await world.settle(delivery, { type: 'release', isCounted: random.below(2) === 0, visibleAt });
        }
      }
    }
    expect(await tallied(world, queues)).toEqual(await countsOfRows(world, queues, 2 * round));
    if (round % 2 === 0) await world.crash();
    else await world.reopen();
    held = [];
    expect(await tallied(world, queues)).toEqual(await countsOfRows(world, queues, 2 * round + 1));
  }
});

it('a lease that no disk knew is forgotten by a crash, and the next delivery says that there may have been one', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await world.appendAll(queue, ['a', 'b']);
  const [first] = await world.receive(queue, { max: 1, durability: 'memory' });

  await world.crash();

  expect(first?.isRedelivered).toBe(false);
  const again = await world.receive(queue, { durability: 'memory' });
  expect(again.map(({ deliveries, isRedelivered }) => ({ deliveries, isRedelivered }))).toEqual([
    { deliveries: 1, isRedelivered: true },
    { deliveries: 1, isRedelivered: true }, // It cannot be told from the other.
  ]);
});

it('a lease is on disk half a second later without any call', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await world.append(queue, 'a');
  await world.receive(queue, { durability: 'memory' });

  world.clock.advance(600);
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  await world.crash();

  expect(await world.receive(queue)).toEqual([]);
  world.clock.advance(leaseMs);
  expect((await world.receive(queue)).map(({ deliveries }) => deliveries)).toEqual([2]);
});

it('a message appended with durability memory is on disk within a second, whatever flushed leases meanwhile', async () => {
  const flushes: readonly ((world: World, queue: QueueId) => Promise<unknown>)[] = [
    (world, queue) => world.store.browse({ queue, states: ['leased'], entriesMax: 1, scannedMax: 1 }),
    async (world) => world.store.held(await world.store.openHolder('connection')),
    (world, queue) => world.store.move({ from: queue, to: queue, entriesMax: 1, isCountReset: false }),
  ];
  for (const flush of flushes) {
    const world = await setup();
    const queue = await world.createQueue();
    await world.store.openHolder('connection');
    await world.append(queue, 'a', { durability: 'memory' });
    await flush(world, queue);
    await world.append(queue, 'b', { durability: 'memory' });
    await world.store.browse({ queue, states: ['leased'], entriesMax: 1, scannedMax: 1 });

    world.clock.advance(1_000);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    await world.crash();

    expect(texts(await world.receive(queue))).toEqual(['a', 'b']);
  }
});

it('after a stop nothing says that it may have been delivered which was not', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await world.appendAll(queue, ['a', 'b']);
  await world.receive(queue, { max: 1, durability: 'memory' });

  await world.reopen();
  world.clock.advance(leaseMs);

  const again = await world.receive(queue);
  expect(again.map(({ isRedelivered }) => isRedelivered)).toEqual([true, false]);
});

it('with the clock set back before a restart leases, delays and retention go on, later', async () => {
  const world = await setup();
  const queue = await world.createQueue({ retentionMs: 10 * minuteMs });
  await world.appendAll(queue, ['a', 'b']);
  await world.receive(queue, { max: 1, forMs: minuteMs });

  world.clock.advance(-5 * minuteMs); // The fake one goes back as well.
  await world.reopen();
  expect(texts(await world.receive(queue, { forMs: minuteMs }))).toEqual(['b']);
  world.clock.advance(7 * minuteMs);

  expect(texts(await world.receive(queue)).sort()).toEqual(['a', 'b']);
});
