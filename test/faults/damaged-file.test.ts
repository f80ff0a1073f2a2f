import { chmodSync, copyFileSync, cpSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore, storeFileName } from '../../storage/sqlite/index.ts';
import type { Change, QueueId, Store } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom, type FixedRandom } from '../support/fixed-random.ts';
import { launch, startProcess, temporaryFolder } from '../support/launch.ts';
import { inspectStore } from './support/inspect.ts';
import { mountSmallDisk } from './support/small-disk.ts';
import { nameOf } from './support/store-work.ts';

const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
const batches = 60;
/** A batch acknowledges what the one so many before it has sent. */
const lag = 5;
const messagesPerBatch = 3;
const walHeaderBytes = 32;

interface Written {
  readonly dataDir: string;
  readonly wal: string;
  readonly queue: QueueId;
  readonly random: FixedRandom;
}

/** A folder as a crash leaves it: batches in the log, nothing of them in the main file. */
async function writeBatches(): Promise<Written> {
  const living = await temporaryFolder();
  const dataDir = await temporaryFolder();
  const random = createFixedRandom(seed);
  const store = await openFolder(living);
  const queue = store.newQueueId();
  const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
  await commit(store, [{ do: 'create-queue', queue, settings }]);
  await store.stop(); // The queue is in the main file; the log begins anew.
  const again = await openFolder(living);
  for (let batch = 0; batch < batches; batch++) await commit(again, await changesOf(again, queue, batch, random));
  cpSync(living, dataDir, { recursive: true });
  await again.stop();
  return { dataDir, wal: join(dataDir, `${storeFileName}-wal`), queue, random };
}

async function openFolder(dataDir: string): Promise<Store> {
  const clock = createFakeClock();
  clock.advance(3_600_000);
  const store = openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false });
  await store.start();
  return store;
}

/** Messages, the end of earlier ones, and a record that counts: in one step or not at all. */
async function changesOf(store: Store, queue: QueueId, batch: number, random: FixedRandom): Promise<readonly Change[]> {
  const sends = Array.from({ length: messagesPerBatch }, (_, at): Change => {
    const body = Buffer.alloc(200 + random.below(6_000), ' ');
    body.write(`${batch}/${at}`);
    return { do: 'append', message: { id: random.uuid(), head: Buffer.alloc(8), body, priority: 4 }, to: [{ queue }] };
  });
  const isFirst = batch < lag;
  const request = { queue, lease: { forMs: 60_000 }, deliveriesMax: messagesPerBatch, durability: 'memory' } as const;
  const deliveries = isFirst ? [] : await store.receive(request);
  const acks = deliveries.map(({ receipt }): Change => ({ do: 'settle', receipt, as: { type: 'ack' } }));
  return [...sends, ...acks, { do: 'put', key: ['batch', batch], value: Buffer.from('x') }];
}

async function commit(store: Store, changes: readonly Change[]): Promise<void> {
  const result = await store.commit({ changes, durability: 'disk' });
  if (!result.ok) throw result.error;
}

/** @returns how many batches are there; what is in the store must be the state after just these */
async function checkPrefix(dataDir: string, queue: QueueId): Promise<number> {
  const store = await openFolder(dataDir);
  try {
    const records = await store.records(['batch']);
    const count = records.length;
    expect(records.map(({ key }) => key[1])).toEqual(Array.from({ length: count }, (_, batch) => batch));
    const request = { queue, lease: { forMs: 60_000 }, deliveriesMax: 1_000, durability: 'memory' } as const;
    const found = (await store.receive(request)).map(nameOf);
    const kept = Array.from({ length: Math.min(lag, count) }, (_, at) => count - Math.min(lag, count) + at);
    expect(found).toEqual(
      kept.flatMap((batch) => Array.from({ length: messagesPerBatch }, (_, at) => `${batch}/${at}`)),
    );
    expect(inspectStore(dataDir)).toEqual([]);
    return count;
  } finally {
    await store.stop();
  }
}

const cuts = 12;

test('a log that was cut anywhere gives the batches before the cut, each whole', async () => {
  const { dataDir, wal, queue, random } = await writeBatches();
  const bytes = statSync(wal).size;
  const counts: number[] = [];

  for (let cut = 0; cut < cuts; cut++) {
    const damaged = await copyOf(dataDir);
    truncateSync(join(damaged, `${storeFileName}-wal`), random.below(bytes));
    counts.push(await checkPrefix(damaged, queue));
  }

  expect(Math.max(...counts), `GANTRY_SEED=${seed}`).toBeGreaterThan(Math.min(...counts));
  expect(await checkPrefix(dataDir, queue)).toBe(batches); // The control: uncut, all are there.
});

test('a log with flipped bytes gives the batches before them, each whole', async () => {
  const { dataDir, queue, random } = await writeBatches();
  const counts: number[] = [];

  for (let flip = 0; flip < cuts; flip++) {
    const damaged = await copyOf(dataDir);
    const file = join(damaged, `${storeFileName}-wal`);
    const bytes = readFileSync(file);
    for (let at = 0; at < 4; at++) flipByte(bytes, walHeaderBytes + random.below(bytes.length - walHeaderBytes));
    writeFileSync(file, bytes);
    counts.push(await checkPrefix(damaged, queue));
  }

  expect(Math.min(...counts), `GANTRY_SEED=${seed}`).toBeLessThan(batches);
});

function flipByte(bytes: Buffer, at: number): void {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x55, at);
}

async function copyOf(dataDir: string): Promise<string> {
  const copy = await temporaryFolder();
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

/** Starts the broker and waits for its refusal. */
async function refusalOf(dataDir: string): Promise<{ readonly code: number | null; readonly stderr: string }> {
  const started = startProcess(['serve', '--host', '127.0.0.1', '--http-port', '0', '--data-dir', dataDir]);
  const timer = setTimeout(() => started.child.kill('SIGKILL'), 15_000);
  const { code } = await started.exited;
  clearTimeout(timer);
  return { code, stderr: started.output().stderr };
}

/** A whole file with messages and pages of every kind, closed. */
async function makeFile(): Promise<{ readonly dataDir: string; readonly file: string }> {
  const { dataDir } = await writeBatches();
  await (await openFolder(dataDir)).stop();
  return { dataDir, file: join(dataDir, storeFileName) };
}

const pageBytes = 4096;

const damages: readonly (readonly [string, RegExp, (bytes: Buffer) => void])[] = [
  ['a header of garbage', /is not a Gantry store/, (bytes) => bytes.fill(0xa5, 0, 100)],
  ['garbage throughout', /is not a Gantry store/, (bytes) => bytes.fill(0x5a)],
  ['a schema of garbage', /is damaged/, (bytes) => bytes.fill(0xa5, 100, pageBytes)],
  ['every later page of garbage', /is damaged/, (bytes) => bytes.fill(0xa5, pageBytes)],
  ['some pages of garbage', /is damaged/, (bytes) => bytes.fill(0xa5, 8 * pageBytes, 12 * pageBytes)],
];

test.each(damages)('a file with %s is refused in one line, and left as it was', async (_what, message, damage) => {
  const { dataDir, file } = await makeFile();
  const bytes = readFileSync(file);
  damage(bytes);
  writeFileSync(file, bytes);

  const { code, stderr } = await refusalOf(dataDir);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^gantry: [^\n]*--data-dir[^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(readFileSync(file).equals(bytes)).toBe(true);
});

test('a file that lost its end is refused', async () => {
  const { dataDir, file } = await makeFile();
  truncateSync(file, 6 * pageBytes);

  const { code, stderr } = await refusalOf(dataDir);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^gantry: [^\n]*is damaged[^\n]*\n$/);
});

const strangers: readonly (readonly [string, RegExp, (file: string) => void])[] = [
  [
    'another program',
    /is not a Gantry store/,
    (file) => change(file, 'CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)'),
  ],
  [
    'another program that names itself',
    /is not a Gantry store/,
    (file) => change(file, 'PRAGMA application_id = 77; CREATE TABLE theirs (a)'),
  ],
  [
    'a newer release',
    /has schema 999/,
    (file) => change(file, 'PRAGMA application_id = 0x47414e54; PRAGMA user_version = 999; CREATE TABLE later (a)'),
  ],
  ['no database at all', /is not a Gantry store/, (file) => writeFileSync(file, 'a letter to nobody '.repeat(500))],
];

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}

test.each(strangers)('a file of %s is refused in one line, and left as it was', async (_whose, message, make) => {
  const dataDir = await temporaryFolder();
  const file = join(dataDir, storeFileName);
  make(file);
  const before = readFileSync(file);

  const { code, stderr } = await refusalOf(dataDir);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^gantry: [^\n]*--data-dir[^\n]*\n$/);
  expect(stderr).toMatch(message);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a second process on the same folder is refused, and told the first one’s number', async () => {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));

  const { code, stderr } = await refusalOf(broker.dataDir);

  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^gantry: [^\\n]*in use by another Gantry \\(process ${broker.pid}\\)[^\\n]*\\n$`));
  expect((await fetch(`${broker.endpoint}/health`)).status).toBe(200);
});

test('a folder on a read-only file system is refused in one line', async (context) => {
  const disk = await mountSmallDisk(16);
  if (disk === undefined) return context.skip('only root can mount a small file system');
  onTestFinished(() => disk.remove());
  const { file } = await makeFile();
  copyFileSync(file, join(disk.folder, storeFileName));
  disk.makeReadOnly();

  const { code, stderr } = await refusalOf(disk.folder);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^gantry: [^\n]*cannot be written[^\n]*--data-dir[^\n]*\n$/);
});

test('a folder that another user owns is refused in one line', async (context) => {
  const isRoot = process.getuid?.() === 0;
  const dataDir = await temporaryFolder();
  chmodSync(dataDir, 0o500);
  if (isRoot) return context.skip('root may write everywhere; the read-only file system stands for this');

  const { code, stderr } = await refusalOf(dataDir);

  expect(code).toBe(1);
  expect(stderr).toMatch(/^gantry: [^\n]*cannot be written[^\n]*--data-dir[^\n]*\n$/);
});
