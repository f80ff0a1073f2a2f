/** `aws` without the AWS CLI, against the real broker; test/clients/sqs/awscli holds it against the CLI itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchWithUsers, operatorKey, shopKey } from '../../clients/sqs/users.ts';
import { type LaunchedBroker, launch } from '../../support/launch.ts';

const program = fileURLToPath(new URL('../../../src/cli/aws/main.js', import.meta.url));
let open: LaunchedBroker;
let closed: LaunchedBroker;

beforeAll(async () => {
  [open, closed] = await Promise.all([launch(), launchWithUsers()]);
});
afterAll(() => Promise.all([open?.stop(), closed?.stop()]));

async function aws(broker: LaunchedBroker, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS|GANTRY)_/.test(name));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(kept), AWS_ENDPOINT_URL: broker.endpoint, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr: stderr.trim() };
}

const signedBy = ({ accessKeyId, secretAccessKey }: typeof shopKey) => ({
  ...{ AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
});

test('where there are users, requests are signed with the key of the environment', async () => {
  const make = ['sqs', 'create-queue', '--queue-name', 'orders'];

  const byOperator = await aws(closed, make, signedBy(operatorKey));
  const who = await aws(
    closed,
    ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'],
    signedBy(shopKey),
  );
  const byShop = await aws(closed, make, signedBy(shopKey));
  const byForger = await aws(closed, make, { ...signedBy(shopKey), AWS_SECRET_ACCESS_KEY: 'guess' });
  const byNobody = await aws(closed, [...make, '--no-sign-request']);

  expect(byOperator).toMatchObject({ code: 0, stderr: '' });
  expect(who.stdout).toBe('arn:aws:iam::000000000000:user/shop\n');
  expect(byShop.code).toBe(254);
  expect(byShop.stderr).toMatch(/^An error occurred \(AccessDenied\) when calling the CreateQueue operation: /);
  expect(byForger.stderr).toMatch(/^An error occurred \(SignatureDoesNotMatch\) /);
  expect(byNobody.stderr).toMatch(/^An error occurred \(\w+\) when calling the CreateQueue operation: /);
});

test('temporary credentials sign as well', async () => {
  const query = 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]';
  const given = await aws(
    closed,
    ['sts', 'get-session-token', '--query', query, '--output', 'text'],
    signedBy(operatorKey),
  );
  const [keyId = '', secret = '', token = ''] = given.stdout.trim().split('\t');

  const env = { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token };
  const made = await aws(closed, ['sqs', 'create-queue', '--queue-name', 'by-session'], env);

  expect(made).toMatchObject({ code: 0, stderr: '' });
});

test('bytes are base64, or as they stand when that is asked for', async () => {
  const { stdout } = await aws(open, [
    'sqs',
    'create-queue',
    '--queue-name',
    'bytes',
    '--query',
    'QueueUrl',
    '--output',
    'text',
  ]);
  const send = (attribute: string, ...more: readonly string[]) =>
    aws(open, [
      'sqs',
      'send-message',
      '--queue-url',
      stdout.trim(),
      '--message-body',
      'x',
      '--message-attributes',
      attribute,
      ...more,
    ]);

  await send('b={DataType=Binary,BinaryValue=aGk=}');
  await send('b={DataType=Binary,BinaryValue=hi}', '--cli-binary-format', 'raw-in-base64-out');
  const query = 'Messages[].MessageAttributes.b.BinaryValue';
  const receive = ['sqs', 'receive-message', '--queue-url', stdout.trim(), '--message-attribute-names', 'All'];
  const received = await aws(open, [
    ...receive,
    '--max-number-of-messages',
    '10',
    '--query',
    query,
    '--output',
    'text',
  ]);

  expect(received).toEqual({ code: 0, stdout: 'aGk=\taGk=\n', stderr: '' });
});

test('what only the AWS CLI can do is said in one line', async () => {
  const { code, stderr } = await aws(open, ['s3', 'mb', 's3://bucket']);

  expect(code).toBe(252);
  expect(stderr).toMatch(/^aws: error: "s3" needs the AWS CLI.*Gantry serves SQS, SNS and STS.*$/);
});

test('a profile is passed over with a word', async () => {
  const { code, stderr } = await aws(open, ['sqs', 'list-queues', '--profile', 'localstack', '--no-cli-pager']);

  expect(code).toBe(0);
  expect(stderr).toBe('gantry: the profile "localstack" is not read: set AWS_ACCESS_KEY_ID, AWS_REGION instead');
});

test('`aws configure set`, with which many scripts begin, does not stop them', async () => {
  const { code, stdout, stderr } = await aws(open, ['configure', 'set', 'aws_secret_access_key', 'test']);

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  expect(stderr).toMatch(/^gantry: `aws configure set` sets nothing here: AWS_REGION/);
});

test.each([
  [['--endpoint-url', 'http://127.0.0.1:1', 'sqs', 'list-queues'], 255, /^Could not connect to the endpoint URL: /],
  [['--endpoint-url', 'nowhere', 'sqs', 'list-queues'], 255, /^Invalid endpoint: nowhere$/],
  [['--region', 'a\nb', 'sqs', 'list-queues'], 255, /^Provided region_name /],
  [['sqs', 'creat-queue'], 252, /did you mean "create-queue"\?$/],
  [['sqs', 'create-queue', '--queue-nam', 'x'], 252, /did you mean "--queue-name"\?$/],
  [['sqs', 'list-queues', '--starting-token', 'x'], 252, /^aws: error: Bad starting token/],
  [['sqs', 'list-queues', '--max-items', '0'], 252, /^aws: error: argument --max-items/],
])('%j ends with %i', async (args, code, said) => {
  const ended = await aws(open, args);

  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(said);
});

test('help names operations and options', async () => {
  expect((await aws(open, ['sqs', 'help'])).stdout.split('\n')).toContain('list-dead-letter-source-queues');
  expect((await aws(open, ['sqs', 'get-queue-url', 'help'])).stdout).toContain('--queue-owner-aws-account-id\n');
  expect((await aws(open, ['--version'])).stdout).toMatch(/^gantry\/\d/);
});

test('SNS has its words too: topics, subscriptions, messages with attributes', async () => {
  const ask = async (...args: readonly string[]) => await aws(open, ['sns', ...args]);
  const answerOf = async (...args: readonly string[]): Promise<unknown> => JSON.parse((await ask(...args)).stdout);
  await aws(open, ['sqs', 'create-queue', '--queue-name', 'from-alerts']);
  const topic = 'arn:aws:sns:us-east-1:000000000000:alerts';
  const queue = 'arn:aws:sqs:us-east-1:000000000000:from-alerts';
  const subscribe = ['subscribe', '--topic-arn', topic, '--protocol', 'sqs', '--notification-endpoint', queue];

  expect(await answerOf('create-topic', '--name', 'alerts', '--attributes', 'DisplayName=Alerts')).toEqual({
    TopicArn: topic,
  });
  const made = await answerOf(...subscribe, '--attributes', 'RawMessageDelivery=true', '--return-subscription-arn');
  expect(made).toEqual({ SubscriptionArn: expect.stringContaining(`${topic}:`) });
  const level = '{"level":{"DataType":"String","StringValue":"high"}}';
  const published = await answerOf('publish', '--topic-arn', topic, '--message', 'hot', '--message-attributes', level);
  expect(published).toEqual({ MessageId: expect.any(String) });
  const received = await aws(open, [
    'sqs',
    'receive-message',
    '--queue-url',
    'from-alerts',
    '--query',
    'Messages[].Body',
  ]);
  expect(JSON.parse(received.stdout)).toEqual(['hot']);
  expect(await answerOf('list-topics', '--max-items', '5')).toMatchObject({ Topics: [{ TopicArn: topic }] });
  expect(await ask('delete-topic', '--topic-arn', topic)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await ask('publish', '--topic-arn', topic, '--message', 'gone')).toMatchObject({
    code: 254,
    stderr: 'An error occurred (NotFound) when calling the Publish operation: Topic does not exist',
  });
  await ask('create-topic', '--name', 'alarms');
  expect(await ask('publish', '--topic-arn', topic.replace(/[^:]+$/, 'alarm'), '--message', 'near')).toMatchObject({
    code: 254,
    stderr:
      'An error occurred (NotFound) when calling the Publish operation: Topic does not exist\ngantry: did you mean "alarms"?',
  });
  expect((await ask('help')).stdout).toContain('set-subscription-attributes\n');
  expect(await ask('list-topics', '--page-size', '5')).toMatchObject({ code: 252 });
});
