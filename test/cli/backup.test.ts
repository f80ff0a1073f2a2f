import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { barOf, createProgress } from '../../src/cli/progress.ts';
import { listOf, textOf } from '../faults/support/fields.ts';
import { Wire } from '../faults/support/wire.ts';
import { launch, startProcess, temporaryFolder } from '../support/launch.ts';

const body = 'x'.repeat(256 * 1024);

async function start(dataDir: string) {
  const broker = await launch({ dataDir });
  onTestFinished(async () => void (await broker.stop()));
  const wire = await Wire.open(broker.endpoint);
  const { value } = await wire.call('CreateQueue', { QueueName: 'q' });
  const QueueUrl = textOf(value, 'QueueUrl');
  return {
    broker,
    send: async (count: number) => {
      for (let sent = 0; sent < count; sent++)
        expect((await wire.call('SendMessage', { QueueUrl, MessageBody: body })).status).toBe(200);
    },
    waiting: async () => {
      const answer = await wire.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
      return Number(textOf(Object(answer.value).Attributes, 'ApproximateNumberOfMessages'));
    },
    receive: async () => listOf((await wire.call('ReceiveMessage', { QueueUrl })).value, 'Messages').length,
  };
}

async function setup() {
  const folder = await temporaryFolder();
  const world = await start(join(folder, 'data'));
  return { ...world, folder, file: join(folder, 'copy.db'), dataDir: join(folder, 'data') };
}

async function run(...args: string[]) {
  const { exited, output } = startProcess(args);
  const { code } = await exited;
  return { code, ...output() };
}

/** Resolves when the file or folder has an entry that ends so, with something in it. */
async function entryIn(folder: string, ending: string): Promise<void> {
  const isThere = () =>
    existsSync(folder) &&
    readdirSync(folder).some(
      (name) => name.endsWith(ending) && (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0) > 0,
    );
  while (!isThere()) await sleep(1);
}

test('a backup of a running broker is restored into a new folder and served', async () => {
  const { broker, send, folder, file } = await setup();
  await send(3);

  const backup = await run('backup', file, '--endpoint', broker.endpoint);
  await send(1);
  const restored = await run('restore', file, '--data-dir', join(folder, 'restored'));

  expect(backup).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining(file) });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining('1 queues, 3 messages') });
  const second = await start(join(folder, 'restored'));
  expect(await second.waiting()).toBe(3);
  expect(await second.receive()).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(['copy.db', 'data', 'restored']);
});

test('a file that is there is refused and stays; with --force it is replaced', async () => {
  const { broker, file } = await setup();
  writeFileSync(file, 'mine');

  const refused = await run('backup', file, '--endpoint', broker.endpoint);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect(readFileSync(file, 'utf8')).toBe('mine');

  expect((await run('backup', file, '--endpoint', broker.endpoint, '--force')).code).toBe(0);
  expect(readFileSync(file).subarray(0, 15).toString()).toBe('SQLite format 3');
});

test('where no broker answers, and where no file can be, the code says so and nothing is left', async () => {
  const folder = await temporaryFolder();

  const unreachable = await run('backup', join(folder, 'a.db'), '--endpoint', 'http://127.0.0.1:9');
  const impossible = await run('backup', join(folder, 'no', 'a.db'), '--endpoint', 'http://127.0.0.1:9');

  expect(unreachable.code).toBe(3);
  expect(impossible).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be written') });
  expect(readdirSync(folder)).toEqual([]);
});

test('a broker in memory says that it has nothing to copy', async () => {
  const broker = await launch({ args: ['--data-dir', ':memory:'] });
  onTestFinished(async () => void (await broker.stop()));
  const folder = await temporaryFolder();

  const { code, stderr } = await run('backup', join(folder, 'a.db'), '--endpoint', broker.endpoint);

  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('memory') });
  expect(readdirSync(folder)).toEqual([]);
});

test('a broker that is killed in the middle leaves no file here, and nothing there after its next start', async () => {
  const { broker, send, folder, file, dataDir } = await setup();
  await send(150);

  const backup = run('backup', file, '--endpoint', broker.endpoint);
  await entryIn(join(dataDir, 'gantry.backups'), '.part');
  await broker.kill9();

  expect(await backup).toMatchObject({ code: 3 });
  expect(readdirSync(folder)).toEqual(['data']);
  const second = await start(dataDir);
  expect(existsSync(join(dataDir, 'gantry.backups'))).toBe(false);
  expect(await second.waiting()).toBe(150);
});

test('a command that is killed in the middle leaves no file of the name, the broker nothing, and the next one clears up', async () => {
  const { broker, send, folder, file, dataDir } = await setup();
  await send(150);

  const { child, exited } = startProcess(['backup', file, '--endpoint', broker.endpoint]);
  await entryIn(folder, '.part');
  child.kill('SIGKILL');
  await exited;

  expect(readdirSync(folder).sort()).toEqual([`${basename(file)}.${child.pid}.part`, 'data']);
  expect((await run('backup', file, '--endpoint', broker.endpoint)).code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['copy.db', 'data']);
  expect(readdirSync(join(dataDir, 'gantry.backups'))).toEqual([]);
});

test('restore refuses a folder with messages, and one that a broker runs on', async () => {
  const { broker, folder, file, dataDir } = await setup();
  await run('backup', file, '--endpoint', broker.endpoint);

  const running = await run('restore', file, '--data-dir', dataDir, '--force');
  await broker.stop();
  const taken = await run('restore', file, '--data-dir', dataDir);
  const forced = await run('restore', file, '--data-dir', dataDir, '--force');

  expect(running).toMatchObject({ code: 1, stderr: expect.stringContaining('in use') });
  expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect(forced).toMatchObject({ code: 0, stderr: expect.stringContaining('gantry.db.replaced-') });
  expect((await run('restore', join(folder, 'none.db'), '--data-dir', dataDir)).code).toBe(4);
});

test('a bar shows how far it is, on a terminal and after a second only', () => {
  const written: string[] = [];
  const terminal = Object.assign(Object.create(process.stderr), {
    isTTY: true,
    write: (text: string) => written.push(text),
  });

  createProgress(terminal).show('copy', 1, 2);

  expect(written).toEqual([]);
  expect(barOf('copy', 1, 2)).toBe(`copy [${'#'.repeat(15)}${'.'.repeat(15)}] 50 %`);
  expect(barOf('copy', 0, 0)).toBe('copy ...');
});
