import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { defaultParts } from '../../src/server/parts.ts';
import { startWorld, type World } from './setup.ts';

const basic = { host: ['127.0.0.1'], httpPort: ['0'], dataDir: [':memory:'], logLevel: ['off'] };
type Flags = Readonly<Record<string, readonly string[]>>;

async function start(flags: Flags = {}): Promise<World> {
  return await startWorld(flags, undefined, { createHttpFront: defaultParts.createHttpFront });
}

async function reload(world: World, flags: Flags) {
  const { config } = await loadConfig({ flags: { ...basic, ...flags }, environment: {} });
  return await world.server.applyReload(config);
}

function call(world: World, operation: string, input: object, headers: Readonly<Record<string, string>> = {}) {
  const type = { 'X-Amz-Target': `AmazonSQS.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' };
  return fetch(world.url(), { method: 'POST', headers: { ...type, ...headers }, body: JSON.stringify(input) });
}

describe('a reload', () => {
  test('that changes nothing says so', async () => {
    const world = await start();

    expect(await reload(world, {})).toEqual({ changed: {}, waiting: [] });
  });

  test('names what is in effect, and what waits for a restart', async () => {
    const world = await start();

    const reloaded = await reload(world, { logLevel: ['debug'], dataDir: ['elsewhere'], httpPort: ['4566', '0'] });

    expect(reloaded).toEqual({ changed: { 'log-level': 'debug' }, waiting: ['http-port', 'data-dir'] });
    expect(await reload(world, { logLevel: ['debug'] })).toEqual({ changed: {}, waiting: [] });
  });

  test('of cors-origins lets a page in, and out again', async () => {
    const world = await start();
    const origin = 'https://console.example';
    const ask = async () => [
      (await fetch(world.url('/health'), { headers: { origin } })).status,
      (await call(world, 'ListQueues', {}, { origin })).status,
    ];

    const before = await ask();
    await reload(world, { corsOrigins: [origin] });
    const named = await ask();
    await reload(world, {});

    expect(before).toEqual([403, 403]);
    expect(named).toEqual([200, 200]);
    expect(await ask()).toEqual(before);
  });

  test('of request-bytes-max refuses what was taken before, on a connection that is there', async () => {
    const world = await start();
    await call(world, 'CreateQueue', { QueueName: 'a' });
    const send = async () =>
      (await call(world, 'SendMessage', { QueueUrl: 'a', MessageBody: 'x'.repeat(2000) })).status;

    const before = await send();
    await reload(world, { requestBytesMax: ['1024'] });

    expect(before).toBe(200);
    expect(await send()).toBe(413);
  });

  test('of keep-alive-timeout-ms is told to clients', async () => {
    const world = await start();
    const told = async () => (await call(world, 'ListQueues', {})).headers.get('keep-alive');

    const before = await told();
    await reload(world, { keepAliveTimeoutMs: ['9000'] });

    expect(before).toBe('timeout=75');
    expect(await told()).toBe('timeout=9');
  });

  test('of sqs-purge-interval-ms has a second purge wait, and no longer', async () => {
    const world = await start();
    await call(world, 'CreateQueue', { QueueName: 'a' });
    const purge = async () => (await call(world, 'PurgeQueue', { QueueUrl: 'a' })).status;

    const off = [await purge(), await purge()];
    await reload(world, { sqsPurgeIntervalMs: ['60s'] });
    const on = [await purge(), await purge()];
    await reload(world, {});

    expect(off).toEqual([200, 200]);
    expect(on).toEqual([200, 403]);
    expect(await purge()).toBe(200);
  });

  test('of sqs-fifo-rate-max throttles from then on', async () => {
    const world = await start();
    const QueueName = 'a.fifo';
    await call(world, 'CreateQueue', { QueueName, Attributes: { FifoQueue: 'true' } });
    const receive = async () => (await call(world, 'ReceiveMessage', { QueueUrl: QueueName })).status;

    const off = [await receive(), await receive()];
    await reload(world, { sqsFifoRateMax: ['1'] });

    expect(off).toEqual([200, 200]);
    expect([await receive(), await receive()]).toEqual([200, 403]);
  });

  test('of metrics-queues-max shows fewer queues', async () => {
    const world = await start();
    for (const QueueName of ['a', 'b']) await call(world, 'CreateQueue', { QueueName });
    await reload(world, { metricsQueuesMax: ['1'] });

    const text = await (await fetch(world.url('/metrics'))).text();

    expect(text).toContain('gantry_queues_left_out 1\n');
  });
});
