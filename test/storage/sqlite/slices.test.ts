/** What one turn may not do at once: a queue of thousands that has expired, or was received too often, goes in slices. */
import { expect, it } from 'vitest';
import type { World } from '../../../storage/contract/world.ts';
import { createSetup, minuteMs, texts } from '../../../storage/contract/world.ts';
import type { MoveCursor, QueueId } from '../../../storage/store.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

async function fill(world: World, queue: QueueId, count: number, priority = 4): Promise<void> {
  const change = { do: 'append', message: world.message('old', { priority }), to: [{ queue }] } as const;
  for (let left = count; left > 0; left -= 1_000) {
    await world.commitOk(...Array.from({ length: Math.min(left, 1_000) }, () => change));
  }
}

/** Asks as whoever waits does: again each time that the queue is told ready. */
async function askUntilGiven(
  world: World,
  queue: QueueId,
): Promise<{ readonly asked: number; readonly given: string[] }> {
  for (let asked = 1; ; asked++) {
    const ready = world.nextReady(queue);
    const given = texts(await world.receive(queue, { durability: 'memory' }));
    if (given.length > 0) return { asked, given };
    await ready;
  }
}

it('a receive that finds thousands expired drops a slice of them, and the queue is ready for the rest', async () => {
  const world = await setup();
  const queue = await world.createQueue({ retentionMs: 10 * minuteMs });
  await fill(world, queue, 8_000);
  world.clock.advance(9 * minuteMs);
  await world.append(queue, 'young');
  await world.reopen();
  world.clock.advance(2 * minuteMs);

  const { asked, given } = await askUntilGiven(world, queue);

  expect(given).toEqual(['young']);
  expect(asked).toBeGreaterThan(2);
});

it('a lower maximum of deliveries moves thousands to the dead-letter queue in slices', async () => {
  const world = await setup();
  const deadLetter = await world.createQueue();
  const queue = await world.createQueue();
  await fill(world, queue, 6_000);
  for (let turn = 0; turn < 6; turn++) await world.receive(queue, { max: 1_000, forMs: 1_000, durability: 'memory' });
  world.clock.advance(2_000);
  await world.append(queue, 'new');
  const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
  await world.commitOk({ do: 'alter-queue', queue, settings: { ...settings, deadLetter, deliveryCountMax: 1 } });

  const { asked, given } = await askUntilGiven(world, queue);

  expect(given).toEqual(['new']);
  expect(asked).toBeGreaterThan(2);
  expect(await world.tally(deadLetter)).toMatchObject({ waiting: 6_000 });
});

it('thousands that pass their retention are counted as expired within a second, whatever their priority', async () => {
  const world = await setup();
  const queue = await world.createQueue({ retentionMs: 10 * minuteMs });
  await fill(world, queue, 5_000, 9);
  world.clock.advance(5 * minuteMs);
  await world.append(queue, 'young', { priority: 1 });

  world.clock.advance(5 * minuteMs);
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(await world.tally(queue)).toMatchObject({ waiting: 1, total: { expired: 5_000 } });
});

it('what expires is dropped although thousands that expired before are in flight', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  const expiresAt = world.clock.now() + minuteMs;
  const change = { do: 'append', message: world.message('held', { expiresAt }), to: [{ queue }] } as const;
  await world.commitOk(...Array.from({ length: 2_000 }, () => change));
  for (let turn = 0; turn < 2; turn++) await world.receive(queue, { max: 1_000, forMs: 60 * minuteMs });
  const other = await world.createQueue();
  await world.append(other, 'waits', { expiresAt: expiresAt + 1 });

  world.clock.advance(minuteMs + 1_000);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(await world.tally(other)).toMatchObject({ waiting: 0, total: { expired: 1 } });
  expect(await world.tally(queue)).toMatchObject({ leased: 2_000, total: { expired: 0 } });
});

it('what expired while it was in flight goes when its lease ends', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await world.append(queue, 'a', { expiresAt: world.clock.now() + 5_000 });
  await world.receive(queue, { forMs: 10_000 });

  world.clock.advance(10_000);
  world.clock.advance(1_000);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(await world.tally(queue)).toMatchObject({ waiting: 0, leased: 0, total: { expired: 1 } });
});

it('a purged queue whose messages expired holds up the expiry of no other', async () => {
  const world = await setup();
  const purged = await world.createQueue();
  const other = await world.createQueue();
  const expiresAt = world.clock.now() + minuteMs;
  const change = { do: 'append', message: world.message('old', { expiresAt }), to: [{ queue: purged }] } as const;
  await world.commitOk(...Array.from({ length: 3_000 }, () => change));
  await world.append(other, 'a', { expiresAt: expiresAt + 1 });
  await world.commitOk({ do: 'purge-queue', queue: purged });

  world.clock.advance(minuteMs + 1);
  world.clock.advance(1_000);
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));

  expect(await world.tally(other)).toMatchObject({ waiting: 0, total: { expired: 1 } });
});

it('thousands that a move cannot take are passed in calls that each look at a part of them', async () => {
  const world = await setup();
  const to = await world.createQueue();
  const queue = await world.createQueue({ deadLetter: to });
  await fill(world, to, 10_000);
  await world.append(queue, 'last');
  await world.settle(await world.receiveOne(queue), { type: 'reject', cause: 'bad' });
  const options = { from: to, to: 'origin', entriesMax: 1, isCountReset: true } as const;
  const seen = { calls: 0, moved: 0, withoutOrigin: 0 };

  for (let after: MoveCursor | undefined; ; ) {
    const result = await world.store.move(after === undefined ? options : { ...options, after });
    seen.calls++;
    seen.moved += result.moved;
    seen.withoutOrigin += result.withoutOrigin;
    if (result.next === undefined) break;
    after = result.next;
  }

  expect(seen).toMatchObject({ moved: 1, withoutOrigin: 10_000 });
  expect(seen.calls).toBeGreaterThan(2);
});
