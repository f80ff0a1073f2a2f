import { expect, it } from 'vitest';
import { createSetup, textOf } from '../../../storage/contract/world.ts';
import { openSqlite } from './open-sqlite.ts';

const setup = createSetup(openSqlite());

it('a backup that begins while a transaction is open is whole', async () => {
  const { store, harness, createQueue, append } = await setup();
  const queue = await createQueue();
  await append(queue, 'on disk');
  await append(queue, 'in memory', { durability: 'memory' });

  await store.backup(harness.backupPath);

  const copy = await harness.openBackup();
  const given = await copy.receive({ queue, lease: { forMs: 1 }, deliveriesMax: 9, durability: 'memory' });
  expect(given.map(textOf)).toEqual(['on disk', 'in memory']);
});

it('a backup among batches that leave their transaction open is whole, each batch in it or not', async () => {
  const { store, harness, createQueue, append, commitOk, message } = await setup();
  const queue = await createQueue();
  const change = { do: 'append', message: message('x'.repeat(1_000)), to: [{ queue }] } as const;
  await commitOk(...Array.from({ length: 5_000 }, () => change));
  let isDone = false;

  const backup = store.backup(harness.backupPath).finally(() => {
    isDone = true;
  });
  let sent = 0;
  for (; !isDone; sent++) await append(queue, `m${sent}`, { durability: 'memory' });
  await backup;

  expect(sent).toBeGreaterThan(1);
  const copy = await harness.openBackup();
  const [tally] = await copy.tallies([queue]);
  expect(tally?.waiting).toBeGreaterThanOrEqual(5_000);
  expect(tally?.waiting).toBeLessThanOrEqual(5_000 + sent);
});

it('a backup that a stop overtakes settles', async () => {
  const { store, harness, createQueue, commitOk, message } = await createSetup(openSqlite({ isThreaded: true }))();
  const queue = await createQueue();
  const change = { do: 'append', message: message('x'.repeat(1_000)), to: [{ queue }] } as const;
  await commitOk(...Array.from({ length: 10_000 }, () => change));

  const backup = store.backup(harness.backupPath);
  await store.stop();

  expect(await Promise.allSettled([backup])).toHaveLength(1);
});
