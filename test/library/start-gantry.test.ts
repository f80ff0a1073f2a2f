import { spawnSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startGantry } from '../../src/index.ts';
import { ask as askTls, certificateFiles } from '../server/tls/setup.ts';
import { temporaryFolder } from '../support/launch.ts';
import { ask, receive, startWorld } from './world.ts';

const library = fileURLToPath(new URL('../../src/index.js', import.meta.url));

/** Runs a program that has the library as `gantry`, in a folder of its own. */
async function run(code: string, { cwd = '', env = {} }: { cwd?: string; env?: Record<string, string> } = {}) {
  const program = `import * as gantry from ${JSON.stringify(library)};\n${code}`;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: cwd === '' ? await temporaryFolder() : cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 90_000,
  });
}

test('it listens on a free port of this machine alone, and says where', async () => {
  const { endpoint, port, listeners, env } = await startWorld();

  expect(endpoint).toBe(`http://127.0.0.1:${port}`);
  for (const url of listeners.http ?? []) expect(url).toMatch(/^http:\/\/(127\.0\.0\.1|\[::1\]):\d+$/);
  expect(listeners).toMatchObject({ amqp: [] });
  expect(env).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test' });
});

test('twenty at once are twenty brokers, and what they took comes back', { timeout: 120_000 }, async () => {
  const result = await run(`
    const round = async () => {
      const many = await Promise.all(Array.from({ length: 20 }, () => gantry.startGantry()));
      const ports = new Set(many.map(({ port }) => port)).size;
      await Promise.all(many.map((one) => one.stop()));
      return ports;
    };
    const ports = await round();
    const before = process.memoryUsage().rss;
    for (let rounds = 0; rounds < 2; rounds++) await round();
    const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
    console.log(JSON.stringify({ ports, grownMiB, left: process.getActiveResourcesInfo() }));`);
  const { ports, grownMiB, left } = JSON.parse(result.stdout);

  expect(result.stderr).toBe('');
  expect(ports).toBe(20);
  // Forty brokers later: one that runs takes 13 MiB.
  expect(grownMiB).toBeLessThan(60);
  expect(left.filter((name: string) => !/^(PipeWrap|TTYWrap)$/.test(name))).toEqual([]);
});

test('a process ends by itself when its broker is stopped, whatever was asked of it', async () => {
  const result = await run(`
    const broker = await gantry.startGantry();
    const ask = (operation, input) => fetch(broker.endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AmazonSQS.' + operation },
      body: JSON.stringify(input),
    });
    for (const path of ['/metrics', '/health', '/nothing']) await (await fetch(broker.endpoint + path)).text();
    await ask('CreateQueue', { QueueName: 'orders' });
    broker.faults.add({ action: 'SendMessage', kind: 'delay', delayMs: 60000 });
    const waiting = ask('ReceiveMessage', { QueueUrl: 'orders', WaitTimeSeconds: 20 });
    const sending = ask('SendMessage', { QueueUrl: 'orders', MessageBody: 'a' });
    while (broker.faults.list()[0].hits === 0) await ask('ListQueues', {});
    await broker[Symbol.asyncDispose]();
    await broker.stop();
    await Promise.all([waiting, sending]);
    console.log('ended');`);

  expect(result).toMatchObject({ status: 0, signal: null, stdout: 'ended\n', stderr: '' });
});

test('nothing around it counts: no file, no variable, no signal, no output', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'gantry.yaml'), 'http-port: 1\nnonsense: true\n');
  const code = `
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'exit', 'beforeExit'];
    const count = () => signals.map((name) => process.listenerCount(name)).join();
    const before = count();
    const broker = await gantry.startGantry();
    if (count() !== before) throw new Error('listeners of the process: ' + count());
    await broker.stop();`;

  const env = { GANTRY_HTTP_PORT: '1', GANTRY_NONSENSE: '1', GANTRY_DATA_DIR: 'elsewhere' };
  const { status, stdout, stderr } = await run(code, { cwd, env });

  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await readdir(cwd)).toEqual(['gantry.yaml']);
});

test('no trace goes to a collector that the environment names', async () => {
  const result = await run(`
    import { createServer } from 'node:http';
    let requests = 0;
    const collector = createServer((_, response) => response.end(requests++)).listen(0, '127.0.0.1', async () => {
      process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:' + collector.address().port;
      const broker = await gantry.startGantry();
      const ask = async (operation, input) => {
        const headers = { 'X-Amz-Target': 'AmazonSQS.' + operation };
        await (await fetch(broker.endpoint, { method: 'POST', headers, body: JSON.stringify(input) })).text();
      };
      await ask('CreateQueue', { QueueName: 'orders' });
      await ask('SendMessage', { QueueUrl: 'orders', MessageBody: 'a' });
      await broker.stop(); // What a trace has gathered would be sent now.
      collector.close();
      console.log(requests);
    });`);

  expect(result).toMatchObject({ status: 0, stdout: '0\n', stderr: '' });
});

test('on a folder what was sent is there for the next one, which waits for nobody', async () => {
  const dataDir = join(await temporaryFolder(), 'data');
  const first = await startGantry({ dataDir, durability: 'normal' });
  await ask(first, 'CreateQueue', { QueueName: 'orders' });
  await ask(first, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'kept' });
  const second = startGantry({ dataDir });

  await expect(second).rejects.toMatchObject({ name: 'GantryError', code: 'unavailable' });
  await expect(second).rejects.toThrow('is in use by another Gantry');
  await first.stop();
  const third = await startWorld({ dataDir });

  expect(await receive(third, { QueueUrl: 'orders' })).toEqual(['kept']);
});

test('a port that is taken refuses the start, and nothing of it stays', async () => {
  const { port } = await startWorld();

  await expect(startGantry({ port })).rejects.toThrow(`port ${port} is in use`);
  expect((await startWorld({ httpPort: [0, 0] })).listeners.http?.length).toBeGreaterThanOrEqual(2);
});

test.each([
  [null, 'startGantry: expected an object of options'],
  [[], 'startGantry: expected an object of options'],
  ['4566', 'startGantry: expected an object of options'],
  [{ onBroken: 'stop' }, 'startGantry: onBroken: expected a function'],
  [{ dataDir: {} }, 'startGantry: dataDir is an object'],
  [{ users: 'x' }, 'users: expected a list of users'],
  [{ users: [null] }, 'users[0]: expected an object: name, account'],
  [{ users: [{ name: 'a', accessKeys: [null] }] }, 'users[0].accessKeys[0]: expected an object: id, secret'],
  [{ users: [{ name: 'a', 'password-file': '/dev/zero' }] }, 'users[0].password-file: unknown key "password-file"'],
  [
    { users: [{ name: 'a', accessKeys: [{ id: 'KEY', 'secret-file': '/dev/zero' }] }] },
    'users[0].accessKeys[0].secret-file: unknown key "secret-file"',
  ],
  [{ httpPrt: 1 }, 'startGantry: unknown option "httpPrt"; did you mean "httpPort"?'],
  [{ config: 'gantry.yaml' }, 'startGantry: unknown option "config"'],
  [{ port: 70_000 }, 'startGantry: httpPort "70000": expected a port'],
  [{ port: 0, httpPort: 0 }, 'startGantry: has both port and httpPort'],
  [{ logLevel: 'loud' }, 'startGantry: logLevel "loud": expected error, warn, info, debug or off'],
  [{ connectionsMax: 0 }, 'startGantry: connectionsMax "0": expected a whole number from 1'],
  [{ users: [{ name: 'a b' }] }, 'users[0].name: expected a name'],
  [{ users: [{ name: 'a', acess: 1 }] }, 'users[0].acess: unknown key "acess"'],
  [
    { users: [{ name: 'a', accessKeys: [{ id: 'KEY' }] }] },
    'users[0].access-keys[0]: the access key "KEY" needs a secret',
  ],
  [
    { users: [{ name: 'a', policy: [{ Effect: 'Allow', Action: 'sqs:SendMesage', Resource: '*' }] }] },
    'did you mean "sqs:SendMessage"?',
  ],
])('%o is refused by name', async (options, why) => {
  // Through JSON: what TypeScript refuses, JavaScript hands in.
  const start = startGantry(JSON.parse(JSON.stringify(options)));

  await expect(start).rejects.toMatchObject({ name: 'GantryError', code: 'invalid-argument' });
  await expect(start).rejects.toThrow(why);
});

test('options are those of the table, in their own types or as they are written elsewhere', async () => {
  const gantry = await startWorld({ requestBytesMax: '2KiB', corsOrigins: 'https://a.example', trustProxy: true });
  await ask(gantry, 'CreateQueue', { QueueName: 'orders' });

  expect(await ask(gantry, 'SendMessage', { QueueUrl: 'orders', MessageBody: 'x'.repeat(3000) })).toMatchObject({
    status: 413,
  });
});

test('with users a request has to be signed, and env has the first key', async () => {
  const users = [
    { name: 'reader', policy: { Statement: { Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' } } },
    { name: 'root', admin: true, accessKeys: [{ id: 'ROOTKEY', secret: 'secret' }] },
  ];
  const gantry = await startWorld({ users });

  expect(await ask(gantry, 'ListQueues', {})).toMatchObject({ status: 403 });
  expect(gantry.env).toMatchObject({ AWS_ACCESS_KEY_ID: 'ROOTKEY', AWS_SECRET_ACCESS_KEY: 'secret' });
});

test('without a port there is no endpoint', async () => {
  const gantry = await startWorld({ httpPort: 'off' });

  expect(gantry).toMatchObject({ endpoint: '', port: 0, listeners: { http: [] } });
});

test('it speaks HTTPS with a certificate that is handed to it', async () => {
  const { tlsCert, tlsKey, ca } = await certificateFiles();
  const gantry = await startGantry({ httpsPort: 0, tlsCert, tlsKey });
  onTestFinished(() => gantry.stop());
  const [url = ''] = gantry.listeners.https ?? [];

  expect((await askTls(`${url}/health`, { ca })).status).toBe(200);
  await expect(startGantry({ httpsPort: [], tlsCert })).rejects.toThrow('--tls-cert needs --tls-key');
});
