import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, startProcess } from '../support/launch.ts';
import { fieldOf, listOf, textOf } from './support/fields.ts';
import { inspectStore } from './support/inspect.ts';
import { countOf } from './support/load.ts';
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts';
import { type Answer, Wire } from './support/wire.ts';

const megabytes = 96;
const freeMin = 32 * 1024 * 1024;
const body = 'x'.repeat(64 * 1024);
const sentFirst = 200;
const trialsMax = 20_000;

interface World {
  readonly disk: SmallDisk;
  readonly broker: LaunchedBroker;
  readonly wire: Wire;
  readonly queueUrl: string;
}

/** Undefined: no file system of its own. */
async function setup(): Promise<World | undefined> {
  const disk = await mountSmallDisk(megabytes);
  if (disk === undefined) return undefined;
  onTestFinished(() => disk.remove());
  const broker = await launch({ dataDir: join(disk.folder, 'data'), args: ['--disk-free-min', String(freeMin)] });
  onTestFinished(async () => void (await broker.stop()));
  const wire = await Wire.open(broker.endpoint);
  const { value } = await wire.call('CreateQueue', { QueueName: 'q' });
  const world = { disk, broker, wire, queueUrl: textOf(value, 'QueueUrl') };
  for (let sent = 0; sent < sentFirst; sent++) expect((await send(world)).status).toBe(200);
  return world;
}

function send({ wire, queueUrl }: World, text = body): Promise<Answer> {
  return wire.call('SendMessage', { QueueUrl: queueUrl, MessageBody: text });
}

/** Sends on until an answer of that status comes. @returns how many were stored meanwhile, and that answer */
async function sendUntil(
  world: World,
  status: number,
  text = body,
): Promise<{ readonly stored: number; readonly last: Answer }> {
  let stored = 0;
  for (let trial = 0; trial < trialsMax; trial++) {
    const last = await send(world, text);
    if (last.status === 200) stored++;
    if (last.status === status) return { stored, last };
  }
  throw new Error(`no send of ${trialsMax} was answered ${status}`);
}

async function consume({ wire, queueUrl }: World, max: number): Promise<number> {
  let deleted = 0;
  while (deleted < max) {
    const { status, value } = await wire.call('ReceiveMessage', { QueueUrl: queueUrl, MaxNumberOfMessages: 10 });
    expect(status).toBe(200);
    const messages = listOf(value, 'Messages');
    if (messages.length === 0) return deleted;
    const rows = messages.map((message, at) => ({ Id: `${at}`, ReceiptHandle: textOf(message, 'ReceiptHandle') }));
    const answer = await wire.call('DeleteMessageBatch', { QueueUrl: queueUrl, Entries: rows });
    expect(listOf(answer.value, 'Successful')).toHaveLength(rows.length);
    deleted += rows.length;
  }
  return deleted;
}

async function healthOf({ broker }: World): Promise<unknown> {
  const response = await fetch(`${broker.endpoint}/health`);
  return fieldOf(await response.json(), 'status');
}

test('on a full disk sends are refused with a 503, receives and deletes go on, and room ends it', async (context) => {
  const world = await setup();
  if (world === undefined) return context.skip('only root can mount a small file system');
  const { disk, broker, wire, queueUrl } = world;

  disk.fill();
  const refused = await sendUntil(world, 503);
  const healthWhenFull = await healthOf(world);
  const deleted = await consume(world, 100);
  disk.clear();
  const recovered = await sendUntil(world, 200);

  expect(textOf(refused.last.value, '__type')).toMatch(/#ServiceUnavailable$/);
  expect(textOf(refused.last.value, 'message')).toContain('full');
  expect(healthWhenFull).toBe('full');
  expect(deleted).toBe(100);
  expect(await countOf(wire, queueUrl)).toBe(sentFirst + refused.stored - deleted + recovered.stored);
  expect(await healthOf(world)).toBe('ok');
  expect(await broker.stop()).toEqual({ code: 0, signal: null });
  expect(inspectStore(broker.dataDir)).toEqual([]);
});

test('below --disk-free-min sends are refused and health names the option, until others make room', async (context) => {
  const world = await setup();
  if (world === undefined) return context.skip('only root can mount a small file system');
  const { disk, broker } = world;

  disk.leave(freeMin - 4 * 1024 * 1024);
  // Small ones: within the second until the disk is looked at, large ones would fill it to its end, which is another state.
  const refused = await sendUntil(world, 503, 'x');
  const healthWhenLow = await (await fetch(`${broker.endpoint}/health`)).text();
  const deleted = await consume(world, 10);
  disk.clear();
  await expect.poll(() => healthOf(world), { timeout: 5000 }).toBe('ok'); // Nobody has sent since.

  expect(textOf(refused.last.value, 'message')).toContain('full');
  expect(healthWhenLow).toMatch(/"status":"full".*--disk-free-min/);
  expect(deleted).toBe(10);
  expect((await send(world)).status).toBe(200);
});

test('a disk that others fill again at once ends nothing: what finds no room is answered 503', async (context) => {
  const world = await setup();
  if (world === undefined) return context.skip('only root can mount a small file system');
  const { disk, broker, wire, queueUrl } = world;

  disk.fill();
  const refused = await sendUntil(world, 503);
  for (let round = 0; round < 20; round++) {
    disk.fill(); // The reserve as well, as soon as it is given up.
    await consumeOrBeRefused(world);
  }
  disk.clear();
  const recovered = await sendUntil(world, 200);
  const left = await countOf(wire, queueUrl);
  const consumed = await consume(world, left);

  expect(refused.last.status).toBe(503);
  expect(recovered.stored).toBe(1);
  expect(consumed).toBe(left);
  expect(await broker.stop()).toEqual({ code: 0, signal: null });
  expect(inspectStore(broker.dataDir)).toEqual([]);
});

test('a broker stops well on a full disk, says why it cannot start, and has everything when there is room', async (context) => {
  const world = await setup();
  if (world === undefined) return context.skip('only root can mount a small file system');
  const { disk, broker } = world;
  disk.fill();
  const { stored } = await sendUntil(world, 503);

  const exit = await broker.stop();
  disk.fill(); // What the stop gave back is gone too: not even the room for a start.
  const failed = startProcess(['serve', '--host', '127.0.0.1', '--http-port', '0', '--data-dir', broker.dataDir]);
  const failedExit = await failed.exited;
  disk.clear();
  const deleted = await consumeAgain(world, sentFirst + stored);

  expect(exit).toEqual({ code: 0, signal: null });
  expect(failedExit.code).toBe(1);
  expect(failed.output().stderr).toMatch(/^gantry: [^\n]*--data-dir[^\n]*no space[^\n]*\n$/);
  expect(deleted).toBe(sentFirst + stored);
});

test('a broker that was killed on a full disk starts again and lets consume', async (context) => {
  const world = await setup();
  if (world === undefined) return context.skip('only root can mount a small file system');
  world.disk.fill();

  await world.broker.kill9();
  const deleted = await consumeAgain(world, sentFirst);

  expect(deleted).toBe(sentFirst);
});

async function consumeAgain(world: World, max: number): Promise<number> {
  const broker = await launch({ dataDir: world.broker.dataDir, args: ['--disk-free-min', String(freeMin)] });
  onTestFinished(async () => void (await broker.stop()));
  return consume({ ...world, broker, wire: await Wire.open(broker.endpoint) }, max);
}

/** Either is right; the end of the connection, and with it of the process, is not. */
async function consumeOrBeRefused({ wire, queueUrl }: World): Promise<void> {
  const { status, value } = await wire.call('ReceiveMessage', { QueueUrl: queueUrl, VisibilityTimeout: 0 });
  expect([200, 503]).toContain(status);
  for (const message of listOf(value, 'Messages')) {
    const receipt = textOf(message, 'ReceiptHandle');
    const answer = await wire.call('DeleteMessage', { QueueUrl: queueUrl, ReceiptHandle: receipt });
    expect([200, 503]).toContain(answer.status);
  }
}
