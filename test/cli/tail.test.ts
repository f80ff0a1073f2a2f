import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, type StartedProcess, startProcess, temporaryFolder } from '../support/launch.ts';

async function sqs(broker: LaunchedBroker, operation: string, members: object): Promise<void> {
  const headers = { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
  const response = await fetch(broker.endpoint, { method: 'POST', headers, body: JSON.stringify(members) });
  expect(response.status).toBe(200);
}

/** A broker with the queue `orders`. */
async function setup(...args: readonly string[]): Promise<LaunchedBroker> {
  const broker = await launch({ args });
  onTestFinished(async () => void (await broker.stop()));
  await sqs(broker, 'CreateQueue', { QueueName: 'orders' });
  return broker;
}

function startTail(broker: LaunchedBroker, ...args: readonly string[]): StartedProcess {
  const started = startProcess(['tail', ...args, '--endpoint', broker.endpoint]);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

/** Settles when it has printed what is looked for. */
async function until(started: StartedProcess, stream: 'stdout' | 'stderr', text: string): Promise<string> {
  while (!started.output()[stream].includes(text)) {
    const [chunk]: unknown[] = await Promise.race([
      once(started.child[stream] ?? started.child, 'data'),
      started.exited.then(() => []),
    ]);
    if (chunk === undefined) throw new Error(`it ended: ${JSON.stringify(started.output())}`);
  }
  return started.output()[stream];
}

const begun = 'until Ctrl-C\n';

async function send(broker: LaunchedBroker, MessageBody: string): Promise<void> {
  await sqs(broker, 'SendMessage', { QueueUrl: 'orders', MessageBody });
}

test('messages are shown while they come, a line each, until Ctrl-C', async () => {
  const broker = await setup();
  const started = startTail(broker, 'ord*');

  await until(started, 'stderr', begun);
  await send(broker, 'first\nline');
  await send(broker, 'second');
  const stdout = await until(started, 'stdout', 'second');
  started.child.kill('SIGINT');
  const { code } = await started.exited;

  expect(code).toBe(0);
  expect(started.output().stderr).toBe(`gantry: showing what happens at ${broker.endpoint} until Ctrl-C\n`);
  const line = /^\d\d:\d\d:\d\d\.\d{3} {2}orders {2}appended {2}[0-9a-f-]{36} {2}(.*)$/;
  const lines = stdout.trim().split('\n');
  expect(lines.map((each) => line.exec(each)?.[1])).toEqual(['first\\x0aline', 'second']);
});

test('as JSON each line is what the broker told', async () => {
  const broker = await setup();
  const started = startTail(broker, 'orders', '-o', 'json', '--body-bytes', '2');

  await until(started, 'stderr', begun);
  await send(broker, 'hello');
  const stdout = await until(started, 'stdout', '\n');

  expect(JSON.parse(stdout)).toMatchObject({
    ...{ kind: 'appended', queue: 'orders', body: 'he', isCut: true, bytes: 5 },
    ...{ principal: 'anonymous', protocol: 'sqs', remoteAddress: '127.0.0.1' },
  });
});

test('a broker that restarts is waited for, and the person is told', async () => {
  const dataDir = await temporaryFolder();
  const first = await launch({ dataDir });
  onTestFinished(async () => void (await first.stop()));
  await sqs(first, 'CreateQueue', { QueueName: 'orders' });
  const started = startTail(first, 'orders');
  await until(started, 'stderr', begun);
  await first.kill9();
  await until(started, 'stderr', 'has ended the tail; waiting for it');
  const second = await launch({ dataDir, args: ['--http-port', new URL(first.endpoint).port] });
  onTestFinished(async () => void (await second.stop()));
  await until(started, 'stderr', 'the tail goes on');
  await send(second, 'after');
  await until(started, 'stdout', 'after');
  started.child.kill('SIGTERM');

  expect(await started.exited).toMatchObject({ code: 0 });
});

test.each([
  ['a queue that is not there', ['nothing'], 4, /^gantry: queue "nothing" does not exist/],
  [
    'a kind that there is not',
    ['--kinds', 'eaten'],
    2,
    /^gantry: parameter kinds: "eaten": expected all, or of appended/,
  ],
])('%s ends it at once', async (_, args, code, said) => {
  const broker = await setup();
  const started = startTail(broker, ...args);

  expect(await started.exited).toMatchObject({ code });
  expect(started.output().stderr).toMatch(said);
});

test('without a broker it ends with 3', async () => {
  const started = startProcess(['tail', '--endpoint', 'http://127.0.0.1:1']);

  expect(await started.exited).toMatchObject({ code: 3 });
});

const users = `
users:
  - { name: root, admin: true, password: a }
  - name: clerk
    password: a
    policy:
      Version: "2012-10-17"
      Statement:
        - { Effect: Allow, Action: "sqs:*", Resource: "arn:aws:sqs:*:*:orders" }
`;

test('where there are users, each is shown the queues that it may receive from', async () => {
  const config = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(config, users);
  const broker = await launch({ args: ['--config', config] });
  onTestFinished(async () => void (await broker.stop()));
  const asRoot = async (method: string, path: string): Promise<void> => {
    const headers = { Authorization: `Basic ${btoa('root:a')}` };
    expect((await fetch(`${broker.endpoint}/_gantry${path}`, { method, headers })).ok).toBe(true);
  };
  const asClerk = (...args: readonly string[]): StartedProcess =>
    startProcess(['tail', ...args, '--user', 'clerk', '--endpoint', broker.endpoint], {
      env: { GANTRY_PASSWORD: 'a' },
    });
  for (const name of ['orders', 'wages']) await asRoot('PUT', `/queues/${name}`);

  const denied = asClerk('wages');
  const allowed = asClerk('--kinds', 'queue-purged');
  onTestFinished(() => void allowed.child.kill('SIGKILL'));
  await until(allowed, 'stderr', begun);
  for (const name of ['wages', 'orders']) await asRoot('POST', `/queues/${name}/purge`);
  const stdout = await until(allowed, 'stdout', 'orders');

  expect(await denied.exited).toMatchObject({ code: 5 });
  expect(stdout).not.toContain('wages');
});
