import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSocket } from '../server/setup.ts';
import {
  type LaunchedBroker,
  type LaunchOptions,
  launch,
  type StartedProcess,
  startProcess,
  temporaryFolder,
} from '../support/launch.ts';

async function launched(options?: LaunchOptions): Promise<LaunchedBroker> {
  const broker = await launch(options);
  onTestFinished(async () => {
    await broker.kill9();
    await broker.stop();
  });
  return broker;
}

/** A start that must fail: its last words and its code. */
async function failedStart(
  args: readonly string[],
  options: LaunchOptions = {},
): Promise<{ code: number | null; said: string }> {
  const dataDir = await temporaryFolder();
  const started = startProcess(['serve', '--http-port', '0', '--data-dir', dataDir, ...args], options);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  const { code } = await started.exited;
  expect(started.output().stdout).toBe('');
  return { code, said: started.output().stderr };
}

function logLines(process: Pick<StartedProcess, 'output'>): readonly Record<string, unknown>[] {
  return process
    .output()
    .stderr.trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
}

describe('a running broker', () => {
  test('says on stdout that it is ready, with every listener, and nothing else; logs are JSON on stderr', async () => {
    const broker = await launched({ args: ['--host', 'localhost', '--http-port', '0,0'] });

    const listeners = await listenersOf(broker);
    await broker.stop();

    const { stdout } = broker.output();
    expect(stdout).toBe(`${broker.readyLine}\n`);
    expect(stdout).toMatch(/^Gantry ready: http:\/\/127\.0\.0\.1:\d+( http:\/\/\S+)+\n$/);
    expect(broker.readyLine.split(' ').slice(2)).toEqual(listeners.httpAll);
    expect(logLines(broker).map(({ event }) => event)).toEqual(['started', 'stopping', 'stopped']);
  });

  test('a protocol that is not built yet is off, and the log says once that its option has no effect', async () => {
    const broker = await launched({ args: ['--mqtt-port', '1883'], env: { GANTRY_STOMP_PORT: '61613' } });

    const listeners = await listenersOf(broker);
    await broker.stop();

    expect(listeners.mqtt).toBe('off');
    const warnings = logLines(broker).filter(({ event }) => event === 'option-without-effect');
    expect(warnings.map(({ option }) => option)).toEqual(['--mqtt-port', '--stomp-port']);
  });

  test('options come from the environment, and from gantry.yaml where it stands', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'gantry.yaml'), 'stomp-port: 61613\nlog-level: error\n');
    const broker = await launched({ cwd, env: { GANTRY_LOG_LEVEL: 'warn' } });

    await broker.stop();

    expect(logLines(broker).map(({ option }) => option)).toEqual(['--stomp-port']);
  });

  test('what was acknowledged is there after a kill', async () => {
    const first = await launched();
    await callSqs(first, 'CreateQueue', { QueueName: 'orders' });
    const QueueUrl = `${first.endpoint}/000000000000/orders`;
    await callSqs(first, 'SendMessage', { QueueUrl, MessageBody: 'one crate of oranges' });

    await first.kill9();
    const second = await launched({ dataDir: first.dataDir });

    const received = await callSqs(second, 'ReceiveMessage', { QueueUrl });
    expect(received).toMatchObject({ Messages: [{ Body: 'one crate of oranges' }] });
  });

  test('a waiting receive is answered empty by a stop', async () => {
    const broker = await launched();
    await callSqs(broker, 'CreateQueue', { QueueName: 'orders' });
    const QueueUrl = `${broker.endpoint}/000000000000/orders`;
    const receiving = callSqs(broker, 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
    await expect.poll(() => metricsOf(broker)).toContain('gantry_waiting_receives 1\n');

    const exit = await broker.stop();

    expect(await receiving).toEqual({});
    expect(exit).toEqual({ code: 0, signal: null });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it with code 0', async (signal) => {
    const broker = await launched();

    broker.signal(signal);

    expect(await broker.exited).toEqual({ code: 0, signal: null });
  });

  test.each(['throw new Error("planted")', 'void Promise.reject(new Error("planted"))'])(
    'a defect (%s) is logged with its trace and ends it with code 1',
    async (defect) => {
      const plant = `data:text/javascript,process.on('SIGUSR2', () => { ${defect} })`;
      const broker = await launched({ nodeArgs: ['--import', plant] });

      broker.signal('SIGUSR2');

      expect(await broker.exited).toEqual({ code: 1, signal: null });
      expect(logLines(broker).at(-1)).toMatchObject({
        level: 'fatal',
        event: 'defect',
        error: { message: 'planted', stack: expect.stringContaining('at process') },
      });
    },
  );

  test('Ctrl-C below npm, which passes it on as well, is one signal and not two', async () => {
    const broker = await launched({ env: { npm_lifecycle_event: 'start' } });
    const { socket, received, closed } = await requestInFlight(broker);

    broker.signal('SIGINT');
    await untilLog(broker, 'stopping');
    broker.signal('SIGINT');
    socket.write('{}        ');

    await closed;
    expect(received()).toContain('HTTP/1.1 200 OK');
    expect(await broker.exited).toEqual({ code: 0, signal: null });
  });

  test('a second signal ends it at once, a request in flight or not', async () => {
    const broker = await launched();
    const { closed } = await requestInFlight(broker);

    broker.signal('SIGTERM');
    await untilLog(broker, 'stopping');
    broker.signal('SIGTERM');

    expect(await broker.exited).toEqual({ code: 143, signal: null });
    await closed;
    expect(broker.output().stderr).not.toContain('"stopped"');
  });
});

describe('a start that must fail says one line', () => {
  test('unknown option: code 2, with the one that was meant', async () => {
    expect(await failedStart(['--http-prot', '1'])).toEqual({
      code: 2,
      said: 'gantry: unknown option \'--http-prot\'; did you mean "--http-port"?\n',
    });
  });

  test('half an option: code 2, with the one that has it in its name', async () => {
    expect(await failedStart(['--port', '1'])).toEqual({
      code: 2,
      said: 'gantry: unknown option \'--port\'; did you mean "--http-port"?\n',
    });
  });

  test('bad value: code 2', async () => {
    expect(await failedStart(['--http-port', '99999'])).toEqual({
      code: 2,
      said: 'gantry: --http-port "99999": expected a port from 0 (any free one) to 65535, or off; none twice\n',
    });
  });

  test('unknown variable: code 2', async () => {
    expect(await failedStart([], { env: { GANTRY_DATADIR: 'x' } })).toEqual({
      code: 2,
      said: 'gantry: unknown variable "GANTRY_DATADIR"; did you mean "GANTRY_DATA_DIR"?\n',
    });
  });

  test('unknown key in gantry.yaml: code 2, with its place', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'gantry.yaml'), '# mine\n\nhtp-port: 1\n');

    expect(await failedStart([], { cwd })).toEqual({
      code: 2,
      said: 'gantry: gantry.yaml:3:1: unknown key "htp-port"; did you mean "http-port"?\n',
    });
  });

  test('a value without its option: code 2', async () => {
    expect((await failedStart(['4566'])).code).toBe(2);
  });

  test('open to others without users: code 2, with the way out', async () => {
    const { code, said } = await failedStart(['--host', '0.0.0.0']);

    expect(code).toBe(2);
    expect(said).toMatch(/^gantry: --host 0\.0\.0\.0 .*--allow-anonymous.*\n$/);
  });

  test('busy port: code 1, with port and option', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void holder.close());
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' ? address?.port : undefined;

    expect(await failedStart(['--http-port', String(port)])).toEqual({
      code: 1,
      said: `gantry: port ${port} is in use on 127.0.0.1: choose another with --http-port\n`,
    });
  });

  test('a data folder that cannot be: code 1, with the option', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');

    expect(await failedStart(['--data-dir', join(file, 'data')])).toEqual({
      code: 1,
      said: `gantry: --data-dir ${join(file, 'data')}: a part of its path is no folder\n`,
    });
  });

  test('a data folder in use: code 1, with its process and the option; the first goes on', async () => {
    const first = await launched();
    const { code, said } = await failedStart(['--data-dir', first.dataDir]);

    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^gantry: .*in use.*process ${first.pid}.*--data-dir.*\\n$`));
    expect((await fetch(`${first.endpoint}/health`)).status).toBe(200);
  });

  test('a file of somebody else in the place of the store: code 1, and the file is left as it was', async () => {
    const dataDir = await temporaryFolder();
    await writeFile(join(dataDir, 'gantry.db'), 'minutes of the meeting\n'.repeat(100));
    const { code, said } = await failedStart(['--data-dir', dataDir]);

    expect(code).toBe(1);
    expect(said).toMatch(/^gantry: --data-dir .*gantry\.db is not a Gantry store\n$/);
    expect(await readFile(join(dataDir, 'gantry.db'), 'utf8')).toBe('minutes of the meeting\n'.repeat(100));
  });
});

async function listenersOf({ endpoint }: LaunchedBroker): Promise<Readonly<Record<string, unknown>>> {
  const { listeners }: { listeners: Record<string, unknown> } = JSON.parse(
    await (await fetch(`${endpoint}/health`)).text(),
  );
  return listeners;
}

/** Taken by the broker, which awaits its body of ten bytes. */
async function requestInFlight({ endpoint }: LaunchedBroker): Promise<ReturnType<typeof openSocket>> {
  const opened = openSocket(endpoint);
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS.ListQueues\r\nContent-Length: 10\r\n';
  opened.socket.write(`${head}Expect: 100-continue\r\n\r\n`);
  await once(opened.socket, 'data'); // `100 Continue`
  return opened;
}

async function metricsOf({ endpoint }: LaunchedBroker): Promise<string> {
  return await (await fetch(`${endpoint}/metrics`)).text();
}

async function callSqs({ endpoint }: LaunchedBroker, operation: string, input: object): Promise<unknown> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return text === '' ? undefined : JSON.parse(text);
}

async function untilLog(broker: LaunchedBroker, event: string): Promise<void> {
  await expect.poll(() => broker.output().stderr, { timeout: 5000 }).toContain(`"event":"${event}"`);
}
