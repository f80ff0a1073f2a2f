import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../../support/launch.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const cwd = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return cwd;
}

async function start(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  dataDir?: string,
  env: Readonly<Record<string, string>> = {},
) {
  const cwd = await folderWith(files);
  const broker = await launch({ cwd, args, env, ...(dataDir === undefined ? {} : { dataDir }) });
  onTestFinished(async () => void (await broker.stop()));
  return broker;
}

async function definitionsOf(endpoint: string, authorization?: string): Promise<unknown> {
  const headers = authorization === undefined ? {} : { authorization };
  return await (await fetch(`${endpoint}/_gantry/definitions`, { headers })).json();
}

async function failedStart(files: Readonly<Record<string, string>>, args: readonly string[], command = 'serve') {
  const cwd = await folderWith(files);
  const fixed = command === 'serve' ? ['--http-port', '0', '--data-dir', ':memory:', '--log-level', 'off'] : [];
  const started = startProcess([command, ...fixed, ...args], { cwd });
  const { code } = await started.exited;
  return { code, stderr: started.output().stderr };
}

describe('definitions at the start', () => {
  test('are there when the broker says that it is ready', async () => {
    const { endpoint } = await start(
      {
        'gantry.yaml': 'queues:\n- name: inline\n  deadLetter: {queue: dead, after: 3}\n',
        'd.yaml': 'queues:\n- name: dead\n- name: tagged\n  tags: {constructor: a}\n',
      },
      ['--definitions', 'd.yaml'],
    );

    expect(await definitionsOf(endpoint)).toMatchObject({
      queues: [
        { name: 'dead' },
        { name: 'inline', deadLetter: { queue: 'dead', after: 3 } },
        { name: 'tagged', tags: { constructor: 'a' } },
      ],
    });
  });

  test('put back what was changed meanwhile, and drop nothing', async () => {
    const dataDir = await temporaryFolder();
    const files = { 'd.yaml': 'queues:\n- name: orders\n  delay: 1s\n' };
    const args = ['--definitions', 'd.yaml'];
    const first = await start(files, args, dataDir);
    const sqs = async (operation: string, input: object) =>
      await fetch(first.endpoint, {
        method: 'POST',
        headers: { 'X-Amz-Target': `AmazonSQS.${operation}` },
        body: JSON.stringify(input),
      });
    await sqs('SetQueueAttributes', { QueueUrl: 'orders', Attributes: { DelaySeconds: '9', VisibilityTimeout: '5' } });
    await sqs('CreateQueue', { QueueName: 'another' });
    await first.stop();

    const second = await start(files, args, dataDir);

    expect(await definitionsOf(second.endpoint)).toMatchObject({
      queues: [{ name: 'another' }, { name: 'orders', delay: '1s' }],
    });
    expect(second.output().stderr).toContain('~ queue orders: delay 9s -> 1s, visibilityTimeout 5s -> 30s');
  });

  test('subscribe to topics of the configuration file, and ask those who have to confirm', async () => {
    const topics = 'topics:\n- name: alerts\n  subscriptions: [{queue: orders}, {email: ann@example.org}]\n';
    const { endpoint } = await start({ 'gantry.yaml': `queues:\n- name: orders\n${topics}` }, []);
    const read = async (path: string): Promise<unknown> => (await fetch(`${endpoint}/_gantry${path}`)).json();

    expect(await read('/topics/alerts')).toMatchObject({ subscriptions: { confirmed: 1, pending: 1 } });
    const mails = async () => JSON.stringify(await read('/outbox?kind=mail&to=ann@example.org'));
    await expect.poll(mails, { timeout: 10_000 }).toContain(`${endpoint}/?Action=ConfirmSubscription`);
  });

  test('need nobody to allow them where there are users', async () => {
    const users = 'users:\n- {name: ann, password: secret, admin: true}\n';
    const { endpoint } = await start({ 'gantry.yaml': `${users}queues:\n- name: orders\n` }, []);
    const ann = `Basic ${Buffer.from('ann:secret').toString('base64')}`;

    expect(await definitionsOf(endpoint, ann)).toEqual({ queues: [{ name: 'orders' }], topics: [], users: [] });
  });

  test('users of a file are made records of the store, whose secrets later starts do without', async () => {
    const dataDir = await temporaryFolder();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    const users = "users:\n- {name: ann, admin: true, password: '${USER_ANN_PASSWORD}'}\n- name: bob\n";
    const config = 'users:\n- {name: file, password: secret}\nqueues:\n- name: orders\n';
    const files = { 'd.yaml': users, 'gantry.yaml': config ?? '' };
    const args = ['--definitions', 'd.yaml'];
    const ann = `Basic ${Buffer.from('ann:secret of ann').toString('base64')}`;
    const expected = {
      queues: [{ name: 'orders' }],
      topics: [],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as an export has it
      users: [{ name: 'ann', admin: true, password: '${USER_ANN_PASSWORD}' }, { name: 'bob' }],
    };

    expect(await failedStart(files, args)).toEqual({
      code: 2,
      stderr: expect.stringContaining('d.yaml:2:28: user "ann": the variable USER_ANN_PASSWORD is not set'),
    });
    const first = await start(files, args, dataDir, { USER_ANN_PASSWORD: 'secret of ann' });
    expect(await definitionsOf(first.endpoint, ann)).toEqual(expected);
    expect(first.output().stderr).not.toContain('secret of ann');
    await first.stop();
    const second = await start(files, args, dataDir);
    expect(await definitionsOf(second.endpoint, ann)).toEqual(expected);
  });

  test('with users in them a broker may listen to others, and lets nobody in before', async () => {
    const users = 'users:\n- {name: ann, admin: true, password: secret}\n';
    const { endpoint } = await start({ 'd.yaml': users }, ['--definitions', 'd.yaml', '--host', '0.0.0.0']);

    expect((await fetch(`${endpoint}/_gantry/queues`)).status).toBe(401);
    expect(await failedStart({ 'd.yaml': 'users: []\n' }, ['--definitions', 'd.yaml', '--host', '0.0.0.0'])).toEqual({
      code: 2,
      stderr: expect.stringContaining('no user is configured'),
    });
  });

  test('a user of the configuration file is not defined once more', async () => {
    const files = { 'gantry.yaml': 'users:\n- {name: ann, password: secret}\n', 'd.yaml': 'users:\n- name: ann\n' };

    expect(await failedStart(files, ['--definitions', 'd.yaml'])).toEqual({
      code: 2,
      stderr:
        'gantry: d.yaml:2:3: user "ann": is of the configuration file, or of users.yaml in the data folder: change it there\n',
    });
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['a misspelt key', 'queues:\n- name: a\n  dely: 1s\n', 'd.yaml:3:3: unknown key "dely"; did you mean "delay"?'],
    [
      'a dead-letter queue that nobody defines',
      'queues:\n- name: a\n  deadLetter: {queue: b, after: 1}\n',
      'd.yaml:3:16: queue "a": its dead-letter queue "b" does not exist',
    ],
    [
      'a queue that is its own dead-letter queue',
      'queues:\n- name: round\n  deadLetter: {queue: round, after: 1}\n',
      'd.yaml:3:16: queue "round": a queue cannot be its own dead-letter queue',
    ],
    [
      'a dead-letter queue of another kind',
      'queues:\n- {name: a, deadLetter: {queue: b.fifo, after: 1}}\n- name: b.fifo\n',
      'd.yaml:2:26: queue "a": its dead-letter queue "b.fifo" is of the kind fifo',
    ],
    [
      'a dead-letter queue that takes none of it',
      'queues:\n- {name: a, deadLetter: {queue: b, after: 1}}\n- {name: b, deadLetterSources: [c]}\n',
      'd.yaml:2:26: queue "a": its dead-letter queue "b" takes no messages of it (deadLetterSources)',
    ],
    [
      'a queue that stands there twice',
      'queues:\n- name: a\n- name: b\n- name: a\n',
      'd.yaml:4:3: queue "a" is defined twice, first at d.yaml:2:3',
    ],
    [
      'a variable that is no placeholder and not set',
      `users:\n- {name: ann, password: '\${NO_SUCH_VARIABLE}'}\n`,
      `d.yaml:2:25: "\${NO_SUCH_VARIABLE}" names a variable that is not set`,
    ],
    [
      'what only FIFO queues have',
      'queues:\n- name: a\n  deduplicationScope: queue\n',
      'd.yaml:3:3: queue "a": deduplicationScope is for FIFO queues, whose names end in .fifo',
    ],
  ];
  test.each(mistakes)('%s ends it with its place and code 2', async (_, text, expected) => {
    expect(await failedStart({ 'd.yaml': text }, ['--definitions', 'd.yaml'])).toEqual({
      code: 2,
      stderr: `gantry: ${expected}\n`,
    });
  });

  test('are judged by check-config too', async () => {
    const stderr = 'gantry: gantry.yaml:2:3: lacks the key "name"\n';

    expect(await failedStart({ 'gantry.yaml': 'queues:\n- delay: 1s\n' }, [], 'check-config')).toEqual({
      code: 2,
      stderr,
    });
  });
});
