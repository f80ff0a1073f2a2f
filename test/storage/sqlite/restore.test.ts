import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { createSetup, texts } from '../../../storage/contract/world.ts';
import { openSqliteStore } from '../../../storage/sqlite/index.ts';
import { restoreStore } from '../../../storage/sqlite/restore.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openSqlite } from './open-sqlite.ts';

const setUpStore = createSetup(openSqlite());

/** A backup with one message, and a folder that is not there yet. */
async function setup() {
  const { store, harness, createQueue, append } = await setUpStore();
  const queue = await createQueue();
  await append(queue, 'kept');
  await store.backup(harness.backupPath);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-restore-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { backup: harness.backupPath, queue, folder, dataDir: join(folder, 'data') };
}

async function open(dataDir: string) {
  mkdirSync(dataDir, { recursive: true });
  const store = openSqliteStore({ dataDir, clock: createFakeClock(), synchronous: 'OFF', isThreaded: false });
  onTestFinished(() => store.stop());
  await store.start();
  return store;
}

async function waiting(dataDir: string, queue: Awaited<ReturnType<typeof setup>>['queue']) {
  const store = await open(dataDir);
  const { entries } = await store.browse({ queue, states: ['waiting'], entriesMax: 10, scannedMax: 10 });
  await store.stop();
  return texts(entries);
}

it('a backup is restored into a new folder, for its owner alone, and its store opens', async () => {
  const { backup, queue, dataDir } = await setup();
  chmodSync(backup, 0o644);

  const restored = await restoreStore({ file: backup, dataDir, isForced: false });

  expect(restored).toMatchObject({ schema: 1, queues: 1, messages: 1, movedTo: undefined });
  expect(statSync(join(dataDir, 'gantry.db')).mode & 0o777).toBe(0o600);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('gantry.db'))).toEqual(['gantry.db']);
  expect(await waiting(dataDir, queue)).toEqual(['kept']);
});

it('a folder that holds messages is refused; with force they are moved aside', async () => {
  const { backup, queue, dataDir } = await setup();
  const store = await open(dataDir);
  const other = store.newQueueId();
  const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
  await store.commit({ changes: [{ do: 'create-queue', queue: other, settings }], durability: 'disk' });
  await store.stop();

  await expect(restoreStore({ file: backup, dataDir, isForced: false })).rejects.toMatchObject({
    code: 'already-exists',
    hint: expect.stringContaining('--force'),
  });
  const { movedTo } = await restoreStore({ file: backup, dataDir, isForced: true });

  expect(await waiting(dataDir, queue)).toEqual(['kept']);
  const former = new Database(String(movedTo), { readonly: true });
  onTestFinished(() => void former.close());
  expect(former.prepare('SELECT count(*) FROM queue WHERE id = ?').pluck().get(other)).toBe(1);
});

it('a damaged file in the folder is moved aside as it is', async () => {
  const { backup, queue, dataDir } = await setup();
  await (await open(dataDir)).stop();
  writeFileSync(join(dataDir, 'gantry.db'), 'no database at all');

  const { movedTo } = await restoreStore({ file: backup, dataDir, isForced: true });

  expect(readFileSync(String(movedTo), 'utf8')).toBe('no database at all');
  expect(await waiting(dataDir, queue)).toEqual(['kept']);
});

it('a folder that a broker runs on is refused, also with force', async () => {
  const { backup, dataDir } = await setup();
  const store = openSqliteStore({ dataDir, clock: createFakeClock(), synchronous: 'OFF' });
  onTestFinished(() => store.stop());
  await store.start();

  await expect(restoreStore({ file: backup, dataDir, isForced: true })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('in use'),
  });
});

const refusals: readonly [string, (backup: string) => void, object][] = [
  ['no file', (backup) => rmSync(backup), { code: 'not-found' }],
  ['a text', (backup) => writeFileSync(backup, 'x'.repeat(10_000)), { code: 'unsupported' }],
  ['an empty file', (backup) => writeFileSync(backup, ''), { code: 'unsupported' }],
  ['a database of others', (backup) => edit(backup, 'PRAGMA application_id = 7'), { code: 'unsupported' }],
  [
    'a store with a trigger of others',
    (backup) => edit(backup, trigger),
    { code: 'unsupported', message: expect.stringContaining('trigger thief') },
  ],
  ['a store with a table of others', (backup) => edit(backup, 'CREATE TABLE more (a)'), { code: 'unsupported' }],
  ['a store with a view of others', (backup) => edit(backup, 'CREATE VIEW more AS SELECT 1'), { code: 'unsupported' }],
  ['a store without an index', (backup) => edit(backup, 'DROP INDEX entry_due'), { code: 'unsupported' }],
  [
    'a folder',
    (backup) => becomeFolder(backup),
    { code: 'invalid-argument', message: expect.stringContaining('is a folder') },
  ],
  ['a newer schema', (backup) => edit(backup, 'PRAGMA user_version = 99'), { code: 'unsupported' }],
  ['a half file', (backup) => halve(backup), { code: 'unavailable', message: expect.stringContaining('damaged') }],
  ['a file with a log beside it', (backup) => writeFileSync(`${backup}-wal`, 'log'), { code: 'invalid-argument' }],
];

const trigger = 'CREATE TRIGGER thief AFTER INSERT ON entry BEGIN DELETE FROM entry; END';
/** Seen before anything is made in the folder. */
const atOnce = ['no file', 'a text', 'an empty file', 'a database of others', 'a newer schema', 'a folder'];

for (const [what, spoil, error] of refusals) {
  it(`${what} is refused, and the folder stays without a store`, async () => {
    const { backup, dataDir } = await setup();
    spoil(backup);

    await expect(restoreStore({ file: backup, dataDir, isForced: false })).rejects.toMatchObject(error);

    const left = existsSync(dataDir) ? readdirSync(dataDir) : [];
    expect(left.filter((name) => name.startsWith('gantry.db'))).toEqual([]);
    if (atOnce.includes(what)) expect(existsSync(dataDir)).toBe(false);
  });
}

it('a device is no backup', async () => {
  const { dataDir } = await setup();

  await expect(restoreStore({ file: '/dev/zero', dataDir, isForced: false })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: '/dev/zero is a device or pipe, no backup',
  });
});

function becomeFolder(file: string): void {
  rmSync(file);
  mkdirSync(file);
}

function edit(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

function halve(file: string): void {
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length / 2));
}
