/** What a full disk leaves behind: the transaction is rolled back, memory is read again, and the group is applied anew. */
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { createSetup, texts } from '../../../storage/contract/world.ts';
import type { Step } from '../../../storage/sqlite/engine-state.ts';
import { openSqlite } from './open-sqlite.ts';

async function setup() {
  let strikeAt: Step | undefined;
  const onStep = (step: Step) => {
    if (step !== strikeAt) return;
    strikeAt = undefined;
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  };
  const world = await createSetup(openSqlite({ onStep }))();
  return Object.assign(world, {
    failAt(step: Step) {
      strikeAt = step;
    },
    hasFailed: () => strikeAt === undefined,
  });
}

it('holders that are opened after a full disk have ids of their own', async () => {
  const { store, failAt } = await setup();
  const holders = [await store.openHolder('connection')];

  for (let turn = 0; turn < 3; turn++) {
    failAt('before-commit');
    holders.push(await store.openHolder('connection'), await store.openHolder('connection'));
  }

  expect(new Set(holders).size).toBe(holders.length);
});

it('a session that a full disk undid is opened again with the group, and outlives a crash', async () => {
  const world = await setup();

  world.failAt('before-commit');
  const holder = await world.store.openHolder('session', 's');
  await world.crash();

  expect(await world.store.openHolder('session', 's')).toBe(holder);
});

it('a disk that fills up during a checkpoint or a sweep breaks nothing', async () => {
  for (const step of ['before-checkpoint', 'sweep'] as const) {
    const { failAt, createQueue, append, receive, ack, clock, hasFailed } = await setup();
    const queue = await createQueue();

    failAt(step);
    for (let turn = 0; turn < 100 && !hasFailed(); turn++) {
      await append(queue, 'x'.repeat(100_000));
      for (const delivery of await receive(queue)) await ack(delivery);
    }
    clock.advance(60_000);
    await append(queue, 'a');

    expect(hasFailed()).toBe(true);
    expect(texts(await receive(queue)).at(-1)).toBe('a');
  }
});

it('what was answered without waiting for the disk survives a sweep that finds it full', async () => {
  const { failAt, createQueue, append, receive, receiveOne, store, clock, hasFailed } = await setup();
  const queue = await createQueue();
  await append(queue, 'acked');
  const { receipt } = await receiveOne(queue);

  failAt('sweep');
  await append(queue, 'kept', { durability: 'memory' });
  await store.commit({ changes: [{ do: 'settle', receipt, as: { type: 'ack' } }], durability: 'memory' });
  await store.tallies([]); // The sweep's turn was before this one.

  expect(hasFailed()).toBe(true);
  clock.advance(60_000);
  expect(texts(await receive(queue))).toEqual(['kept']);
});

it('bodies are the right ones after a full disk took some back whose ids are given again', async () => {
  const { failAt, createQueue, append, receive, clock } = await setup();
  const queue = await createQueue();
  await append(queue, 'kept');

  failAt('before-commit');
  await expect(append(queue, 'refused')).rejects.toMatchObject({ code: 'store-full' });
  clock.advance(2_000);
  await append(queue, 'new');
  await append(queue, 'newer');

  expect(texts(await receive(queue))).toEqual(['kept', 'new', 'newer']);
});
