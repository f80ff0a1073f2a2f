import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createBackups } from '../../src/server/backups.ts';
import { loadConfig } from '../../src/server/config.ts';
import { createServer } from '../../src/server/server.ts';
import { restoreStore } from '../../storage/sqlite/restore.ts';
import { listOf, textOf } from '../faults/support/fields.ts';
import { Wire } from '../faults/support/wire.ts';
import { temporaryFolder } from '../support/launch.ts';
import { storeWith } from './setup.ts';

async function start(dataDir: string) {
  const flags = { host: ['127.0.0.1'], httpPort: ['0'], dataDir: [dataDir], logLevel: ['off'] };
  const { config } = await loadConfig({ flags, environment: {} });
  const server = createServer(config, { onBroken: () => undefined });
  onTestFinished(() => server.stop());
  await server.start();
  const wires = await Wire.openMany(server.status.listeners.get('http')?.[0] ?? '', 4);
  onTestFinished(() => wires.forEach((wire) => void wire.close()));
  return { server, wires, backups: join(dataDir, 'gantry.backups') };
}

async function createQueue(wire: Wire | undefined): Promise<string> {
  const answer = await wire?.call('CreateQueue', { QueueName: 'q' });
  return textOf(answer?.value, 'QueueUrl');
}

async function receiveAll(wire: Wire | undefined, QueueUrl: string): Promise<readonly string[]> {
  const bodies: string[] = [];
  for (;;) {
    const answer = await wire?.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 });
    const messages = listOf(answer?.value, 'Messages');
    if (messages.length === 0) return bodies;
    bodies.push(...messages.map((message) => textOf(message, 'Body')));
  }
}

test('a backup under load has all that was acknowledged before it began, and a broker serves it', async () => {
  const { server, wires, backups } = await start(join(await temporaryFolder(), 'data'));
  const QueueUrl = await createQueue(wires[0]);
  const acknowledged: string[] = [];
  let isDone = false;
  const senders = wires.map(async (wire, sender) => {
    for (let count = 0; !isDone; count++) {
      const MessageBody = `${sender}-${count}`;
      if ((await wire.call('SendMessage', { QueueUrl, MessageBody })).status === 200) acknowledged.push(MessageBody);
    }
  });
  while (acknowledged.length < 200) await new Promise((resolve) => setImmediate(resolve));

  const before = [...acknowledged];
  const { stream, bytes } = await server.backup();
  const copy = await buffer(stream);
  isDone = true;
  await Promise.all(senders);

  expect(copy.length).toBe(bytes);
  expect(readdirSync(backups)).toEqual([]);
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'copy.db'), copy);
  await restoreStore({ file: join(folder, 'copy.db'), dataDir: join(folder, 'data'), isForced: false });
  const second = await start(join(folder, 'data'));
  const [wire] = second.wires;
  const found = new Set(await receiveAll(wire, await createQueue(wire)));
  expect(before.filter((body) => !found.has(body))).toEqual([]);
  expect([...found].filter((body) => !acknowledged.includes(body))).toEqual([]);
});

test('what a killed broker left of a backup is gone when the next is ready', async () => {
  const dataDir = join(await temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'gantry.backups'), { recursive: true });
  writeFileSync(join(dataDir, 'gantry.backups', '0011.db.4455.part'), 'half');

  const { backups } = await start(dataDir);

  expect(existsSync(backups)).toBe(false);
});

test('two backups are taken at once, a third is refused until one was read or given up', async () => {
  const dataDir = await temporaryFolder();
  const backup = (to: string) => writeFile(to, 'copy');
  const backups = createBackups({ store: storeWith({ backup }), dataDir });
  const [first, second] = [await backups.take(), await backups.take()];

  await expect(backups.take()).rejects.toMatchObject({ code: 'limit-exceeded' });

  expect((await buffer(first.stream)).toString()).toBe('copy');
  const third = await backups.take();
  for (const { stream } of [second, third]) {
    const closed = once(stream, 'close');
    stream.destroy();
    await closed;
  }
  expect((await buffer((await backups.take()).stream)).toString()).toBe('copy');
});

test('a backup that fails or is called off gives its place back, and leaves nothing', async () => {
  const dataDir = await temporaryFolder();
  const backup = async (to: string) => {
    await writeFile(to, 'half');
    throw new Error('no room');
  };
  const backups = createBackups({ store: storeWith({ backup }), dataDir });

  for (let trial = 0; trial < 3; trial++) await expect(backups.take()).rejects.toThrow('no room');

  expect(readdirSync(join(dataDir, 'gantry.backups'))).toEqual([]);
});

test('a reader who goes away ends the stream', async () => {
  const backups = createBackups({
    store: storeWith({ backup: (to) => writeFile(to, 'copy') }),
    dataDir: await temporaryFolder(),
  });
  const controller = new AbortController();
  const { stream } = await backups.take(controller.signal);
  const failed = once(stream, 'error');

  controller.abort();

  expect((await failed)[0]).toMatchObject({ name: 'AbortError' });
  expect(stream.destroyed).toBe(true);
});

test('a server that does not run makes no backup', async () => {
  const { server } = await start(join(await temporaryFolder(), 'data'));
  await server.stop();

  await expect(server.backup()).rejects.toMatchObject({ code: 'unavailable' });
});
