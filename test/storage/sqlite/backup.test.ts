import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { createSetup, textOf } from '../../../storage/contract/world.ts';
import { freeBytesBeside } from '../../../storage/sqlite/copied-file.ts';
import { copyStore } from '../../../storage/sqlite/copy.ts';
import { openSqliteStore } from '../../../storage/sqlite/index.ts';
import { mountSmallDisk } from '../../faults/support/small-disk.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
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

it('a backup is for its owner alone, and nothing else is left in its folder', async () => {
  const { store, harness } = await setup();

  await store.backup(harness.backupPath);

  expect(statSync(harness.backupPath).mode & 0o777).toBe(0o600);
  expect(readdirSync(dirname(harness.backupPath))).toEqual(['gantry.db']);
});

it('a backup that a stop overtakes fails and leaves nothing, and the stop is clean', async () => {
  const { store, harness } = await filled(createSetup(openSqlite({ isThreaded: true })));

  const backup = expectStopped(store.backup(harness.backupPath));
  await partOf(harness.backupPath);
  await store.stop();

  await backup;
  expect(readdirSync(dirname(harness.backupPath))).toEqual([]);
});

it('a backup that is called off in the middle leaves nothing, and the store goes on', async () => {
  const { store, harness, append, queue } = await filled(setup);
  const controller = new AbortController();

  const backup = expectStopped(store.backup(harness.backupPath, controller.signal));
  await partOf(harness.backupPath);
  controller.abort();

  await backup;
  expect(readdirSync(dirname(harness.backupPath))).toEqual([]);
  await append(queue, 'afterwards');
  await store.backup(harness.backupPath);
});

it('a folder that is not there is named', async () => {
  const { store, harness } = await setup();
  const to = join(harness.backupPath, 'deeper', 'copy.db');

  await expect(store.backup(to)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(to) });
});

it('a store in memory says that it has no file to copy', async () => {
  const store = openSqliteStore({ dataDir: ':memory:', clock: createFakeClock(), synchronous: 'OFF' });
  onTestFinished(() => store.stop());
  await store.start();

  await expect(store.backup('/never')).rejects.toMatchObject({ code: 'unsupported' });
});

it('a disk that runs out of room in the middle fails the backup and leaves nothing', async (context) => {
  const disk = await mountSmallDisk(96);
  if (disk === undefined) return context.skip('no file system of its own can be mounted here');
  onTestFinished(() => disk.remove());
  const [file, to] = [fileWithLongLog(48), join(disk.folder, 'copy.db')];

  const copying = copyStore({ file, to, signal: new AbortController().signal, freeBytesKept: 64 * 1024 * 1024 });

  await expect(copying).rejects.toMatchObject({
    code: 'store-full',
    message: expect.stringContaining('no space left'),
  });
  expect(readdirSync(disk.folder)).toEqual([]);
});

it('without room for it a backup is not begun, and what is missing is said', async (context) => {
  const disk = await mountSmallDisk(16);
  if (disk === undefined) return context.skip('no file system of its own can be mounted here');
  onTestFinished(() => disk.remove());
  const { store } = await setup();

  const backup = store.backup(join(disk.folder, 'copy.db'));

  await expect(backup).rejects.toMatchObject({ code: 'store-full', hint: expect.stringMatching(/^free \d+ MiB/) });
  expect(readdirSync(disk.folder)).toEqual([]);
});

it('a copy leaves what the store wants to have free, and half of the least beside it', () => {
  const mebibyte = 1024 * 1024;

  expect(freeBytesBeside(0)).toBe(64 * mebibyte);
  expect(freeBytesBeside(32 * mebibyte)).toBe(64 * mebibyte);
  expect(freeBytesBeside(64 * mebibyte)).toBe(96 * mebibyte);
});

/** What is looked at beforehand is the size of the file, and here all is in the log still. */
function fileWithLongLog(mebibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-copy-'));
  const db = new Database(join(folder, 'gantry.db'));
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec('CREATE TABLE t (data BLOB)');
  for (let count = 0; count < mebibytes; count++) db.exec('INSERT INTO t VALUES (zeroblob(1048576))');
  return db.name;
}

async function filled(setUp: typeof setup) {
  const world = await setUp();
  const queue = await world.createQueue();
  const change = { do: 'append', message: world.message('x'.repeat(1_000)), to: [{ queue }] } as const;
  for (let batch = 0; batch < 4; batch++) await world.commitOk(...Array.from({ length: 5_000 }, () => change));
  return { ...world, queue };
}

async function expectStopped(backup: Promise<void>): Promise<void> {
  await expect(backup).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('stopped') });
}

/** Resolves when the copy has its first pages. */
async function partOf(path: string): Promise<void> {
  const folder = dirname(path);
  const isUnderWay = () =>
    readdirSync(folder).some((name) => name.endsWith('.part') && statSync(join(folder, name)).size > 0);
  while (!isUnderWay()) await sleep(1);
}
