/** Scripts that fill a broker that has just started, run by the real one. */
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchOptions, launch, startProcess, temporaryFolder } from '../support/launch.ts';

async function hooks(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

async function launched(folder: string, options: LaunchOptions = {}) {
  const broker = await launch({ ...options, args: ['--init-dir', folder, ...(options.args ?? [])] });
  onTestFinished(async () => void (await broker.stop()));
  const lines = () => linesOf(broker.output().stderr);
  const init = async (): Promise<unknown> => (await fetch(`${broker.endpoint}/_localstack/init`)).json();
  return { broker, lines, init };
}

function linesOf(stderr: string): readonly Record<string, unknown>[] {
  const whole = stderr.slice(0, stderr.lastIndexOf('\n') + 1).trim();
  return whole === '' ? [] : whole.split('\n').map((line): Record<string, unknown> => JSON.parse(line));
}

/** A start whose hook waits until the test lets it go on. */
async function startedWithWaiting(script: string) {
  const folder = await hooks({ '10-wait.sh': script });
  const dataDir = await temporaryFolder();
  const args = ['serve', '--host', '127.0.0.1', '--http-port', '0', '--data-dir', dataDir, '--init-dir', folder];
  const started = startProcess(args, { env: { WORLD: folder } });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  const says = () => linesOf(started.output().stderr).find(({ event }) => event === 'hook-says');
  await expect.poll(says, { timeout: 10_000 }).toBeDefined();
  return { ...started, folder, endpoint: String(says()?.line) };
}

test('a hook finds endpoint, region and credentials, and what it made is there when the broker is ready', async () => {
  const folder = await hooks({
    '10-env.sh': 'echo "$AWS_ENDPOINT_URL $AWS_ENDPOINT_URL_SQS $GANTRY_ENDPOINT $AWS_DEFAULT_REGION $AWS_REGION"\n',
    '20-credentials.sh': 'echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY" >&2\n',
    '30-queue.mjs': `
      const headers = { 'X-Amz-Target': 'AmazonSQS.CreateQueue', 'Content-Type': 'application/x-amz-json-1.0' };
      await fetch(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers, body: '{"QueueName":"orders"}' });
    `,
  });
  const { broker, lines, init } = await launched(folder, { env: { AWS_DEFAULT_REGION: 'eu-west-1' } });
  const { endpoint } = broker;

  const metrics = await (await fetch(`${endpoint}/metrics`)).text();

  expect(lines().filter(({ event }) => event === 'hook-says')).toMatchObject([
    { level: 'info', hook: '10-env.sh', line: `${endpoint} ${endpoint} ${endpoint} eu-west-1 eu-west-1` },
    { level: 'info', hook: '20-credentials.sh', line: 'test test' },
  ]);
  expect(metrics).toMatch(/queue="orders"/);
  expect(await init()).toEqual({
    completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false },
    scripts: ['10-env.sh', '20-credentials.sh', '30-queue.mjs'].map((name) => ({
      ...{ stage: 'READY', name, state: 'SUCCESSFUL' },
    })),
  });
  expect(readdirSync(broker.dataDir)).not.toContain('init-bin');
});

test('while a hook runs the broker serves, and is not ready', async () => {
  const waiting = 'echo "$GANTRY_ENDPOINT"\nuntil [ -e "$WORLD/go-on" ]; do sleep 0.05; done\n';
  const { endpoint, folder, output } = await startedWithWaiting(waiting);
  const ask = async (path: string) => {
    const response = await fetch(`${endpoint}${path}`);
    return { status: response.status, body: await response.json() };
  };

  const health = await ask('/health');
  const ready = await ask('/health/ready');
  const localstack = await ask('/_localstack/health');
  const init = await ask('/_localstack/init/ready');
  const boot = await ask('/_localstack/init/boot');
  const command = await startProcess(['health', '--ready', '--endpoint', endpoint]).exited;
  const saidEarly = output().stdout;
  await writeFile(join(folder, 'go-on'), '');
  await expect.poll(() => output().stdout, { timeout: 5000 }).toContain('Gantry ready');

  expect(health.status).toBe(200);
  expect(ready).toMatchObject({
    ...{ status: 503, body: { isReady: false, reasons: ['the init hook 10-wait.sh is running'] } },
  });
  expect(localstack).toMatchObject({ status: 503, body: { services: { sqs: 'initializing' } } });
  expect(init.body).toEqual({
    ...{ completed: false, scripts: [{ stage: 'READY', name: '10-wait.sh', state: 'RUNNING' }] },
  });
  expect(boot.body).toEqual({ completed: true, scripts: [] });
  expect(command.code).toBe(1);
  expect(saidEarly).toBe('');
  expect((await ask('/health/ready')).status).toBe(200);
  expect((await ask('/_localstack/health')).status).toBe(200);
});

test('a hook that fails is told with its code; the others run, and the broker is ready', async () => {
  const folder = await hooks({
    '10-bad.sh': 'exit 3\n',
    '20-none.sh': '#!/no/such/shell\n',
    '30-good.sh': 'echo ok\n',
  });
  const { broker, lines, init } = await launched(folder);

  expect(lines().filter(({ event }) => event === 'hook-failed')).toMatchObject([
    { level: 'error', hook: '10-bad.sh', exitCode: 3 },
    { level: 'error', hook: '20-none.sh', why: expect.stringContaining('/no/such/shell') },
  ]);
  expect(await init()).toMatchObject({ scripts: [{ state: 'ERROR' }, { state: 'ERROR' }, { state: 'SUCCESSFUL' }] });
  expect((await fetch(`${broker.endpoint}/health/ready`)).status).toBe(200);
});

test('a hook that does not end in time is ended, with what it has started', async () => {
  const folder = await hooks({ '10-long.sh': 'sleep 1000 &\necho $!\nwait\n' });
  const { lines } = await launched(folder, { args: ['--init-timeout-ms', '500'] });

  const child = Number(lines().find(({ event }) => event === 'hook-says')?.line);

  expect(lines().find(({ event }) => event === 'hook-failed')).toMatchObject({
    ...{ hook: '10-long.sh', why: 'not done within 500 ms (--init-timeout-ms)' },
  });
  await expect.poll(() => isAlive(child), { timeout: 5000 }).toBe(false);
});

test('a stop during a hook ends it with all it has started, and the broker cleanly', async () => {
  const { child, exited, output } = await startedWithWaiting(
    'echo "$GANTRY_ENDPOINT"\nsleep 1000 &\necho $! > "$WORLD/pid"\ntrap "" TERM\nwait\nsleep 1000\n',
  );
  const pidFile = join(String(child.spawnargs.at(-1)), 'pid');
  await expect.poll(() => existsSync(pidFile), { timeout: 5000 }).toBe(true);
  const pid = Number(await readFile(pidFile, 'utf8'));

  child.kill('SIGTERM');

  expect(await exited).toEqual({ code: 0, signal: null });
  expect(output().stdout).toBe('');
  await expect.poll(() => isAlive(pid), { timeout: 5000 }).toBe(false);
});

test('awslocal is lent to hooks where nobody has installed it, and calls aws at the endpoint', async () => {
  const bin = await temporaryFolder();
  await writeFile(join(bin, 'aws'), '#!/bin/sh\necho "aws $*"\n');
  await chmod(join(bin, 'aws'), 0o755);
  const folder = await hooks({ '10-a.sh': 'awslocal sqs create-queue --queue-name "my queue"\n' });
  const { broker, lines } = await launched(folder, { env: { PATH: `${bin}:/usr/bin:/bin` } });

  expect(lines().find(({ event }) => event === 'hook-says')).toMatchObject({
    line: `aws --endpoint-url ${broker.endpoint} sqs create-queue --queue-name my queue`,
  });
});

test("where there is no AWS CLI, LocalStack's hooks make their queues all the same", async () => {
  const bin = await temporaryFolder();
  await symlink('/bin/sh', join(bin, 'sh'));
  const folder = await hooks({
    '10-queues.sh': `set -e
      awslocal sqs create-queue --queue-name dead
      ARN=$(awslocal sqs get-queue-attributes --queue-url http://localhost:4566/000000000000/dead \\
        --attribute-names QueueArn --query Attributes.QueueArn --output text)
      awslocal sqs create-queue --queue-name orders --attributes '{
        "VisibilityTimeout": "30", "RedrivePolicy": "{\\"deadLetterTargetArn\\":\\"'"$ARN"'\\",\\"maxReceiveCount\\":\\"3\\"}"
      }'
      awslocal sqs create-queue --queue-name x.fifo --attributes FifoQueue=true,ContentBasedDeduplication=true
      aws sqs list-queues --query 'length(QueueUrls)' --output text
      TOPIC=$(awslocal sns create-topic --name alerts --query TopicArn --output text)
      awslocal sns subscribe --topic-arn "$TOPIC" --protocol sqs --notification-endpoint "$ARN"
      awslocal sns publish --topic-arn "$TOPIC" --message hot
      awslocal sqs get-queue-attributes --queue-url http://localhost:4566/000000000000/dead \\
        --attribute-names ApproximateNumberOfMessages --query Attributes.ApproximateNumberOfMessages`,
    '20-url.sh': 'awslocal sqs get-queue-url --queue-name none --output text || echo "ended with $?"',
  });
  const { broker, lines, init } = await launched(folder, { env: { PATH: bin } });

  const found = await fetch(broker.endpoint, {
    method: 'POST',
    headers: { 'X-Amz-Target': 'AmazonSQS.GetQueueAttributes', 'Content-Type': 'application/x-amz-json-1.0' },
    body: '{"QueueUrl":"orders","AttributeNames":["All"]}',
  });

  expect(await init()).toMatchObject({ scripts: [{ state: 'SUCCESSFUL' }, { state: 'SUCCESSFUL' }] });
  const said = lines().flatMap(({ event, line }) => (event === 'hook-says' ? [line] : []));
  expect(said).toContain('3');
  expect(said).toContain('"1"');
  expect(said.at(-1)).toBe('ended with 254');
  const policy = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3}';
  expect(await found.json()).toMatchObject({ Attributes: { VisibilityTimeout: '30', RedrivePolicy: policy } });
});

test('an awslocal that is installed is the one that hooks get', async () => {
  const bin = await temporaryFolder();
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'awslocal'), '#!/bin/sh\necho installed\n');
  await chmod(join(bin, 'awslocal'), 0o755);
  const folder = await hooks({ '10-a.sh': 'awslocal\n' });
  const { lines } = await launched(folder, { env: { PATH: `${bin}:/usr/bin:/bin` } });

  expect(lines().find(({ event }) => event === 'hook-says')).toMatchObject({ line: 'installed' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a folder that is not there keeps nobody waiting, and the log names it', async () => {
  const { lines } = await launched('/nowhere/ready.d');

  expect(lines()).toContainEqual(expect.objectContaining({ event: 'init-folder-missing', folder: '/nowhere/ready.d' }));
});
