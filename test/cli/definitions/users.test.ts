import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../../support/launch.ts';

type Environment = Readonly<Record<string, string>>;

async function setup() {
  const broker = await launch({ args: ['--durability', 'normal'] });
  onTestFinished(async () => void (await broker.stop()));
  const cwd = await temporaryFolder();
  const asRoot = { GANTRY_USER: 'root', GANTRY_PASSWORD: password };
  return {
    path: (name: string) => join(cwd, name),
    write: (name: string, text: string) => writeFile(join(cwd, name), text),
    gantry: async (args: readonly string[], env: Environment = asRoot) => {
      const started = startProcess(args, { cwd, env: { GANTRY_ENDPOINT: broker.endpoint, ...env } });
      const { code } = await started.exited;
      return { code, ...started.output() };
    },
    sqs: (accessKeyId: string, secretAccessKey: string) => {
      const credentials = { accessKeyId, secretAccessKey };
      const client = new SQSClient({ endpoint: broker.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
      onTestFinished(() => client.destroy());
      return client;
    },
  };
}

const password = 'hidden of the root';
const shopSecret = 'hidden/of+the=shop';
const otherSecret = 'hidden of the other';
const secrets = { USER_ROOT_PASSWORD: password, KEY_AKIASHOP_SECRET: shopSecret, KEY_AKIAOTHER_SECRET: otherSecret };
const definitions = `
queues: [{ name: orders }]
users:
  - name: shop
    access-keys: [{ id: AKIASHOP, secret: '${shopSecret}' }, { id: AKIAOTHER, secret: '${otherSecret}' }]
    policy: [{ Effect: Allow, Action: [send, sqs:GetQueueUrl], Resource: 'orders*' }]
  - { name: root, admin: true, password: ${password} }
`;
const plan = `+ queue orders
+ user root (admin, password)
+ user shop (2 access keys, policy)
`;
const exported = `# yaml-language-server: $schema=definitions.schema.json
# Passwords and secrets are not in here. A broker that has these users keeps theirs; for another one set the variables
# named below, USER_<name>_PASSWORD and KEY_<id>_SECRET, before gantry import.
queues:
  - name: orders
topics: []
users:
  - name: root
    admin: true
    password: \${USER_ROOT_PASSWORD}
  - name: shop
    access-keys:
      - id: AKIASHOP
        secret: \${KEY_AKIASHOP_SECRET}
      - id: AKIAOTHER
        secret: \${KEY_AKIAOTHER_SECRET}
    policy:
      - Effect: Allow
        Action:
          - send
          - sqs:GetQueueUrl
        Resource: orders*
`;
const noChanges = { code: 0, stdout: 'no changes\n', stderr: '' };

describe('gantry export, import and diff of users', () => {
  test('users go from one broker to another, whose clients then sign in with the same keys', async () => {
    const one = await setup();
    const other = await setup();
    await one.write('d.yaml', definitions);

    expect(await one.gantry(['import', 'd.yaml'], {})).toEqual({ code: 0, stdout: plan, stderr: '3 changes made\n' });
    expect(await one.gantry(['export'])).toEqual({ code: 0, stdout: exported, stderr: '' });
    await one.gantry(['export', other.path('all.yaml')]);
    // Where they came from nobody needs the secrets.
    await one.write('all.yaml', await readFile(other.path('all.yaml'), 'utf8'));
    expect(await one.gantry(['import', '--prune', 'all.yaml'])).toEqual(noChanges);
    expect(await one.gantry(['diff', 'all.yaml'])).toEqual(noChanges);

    expect(await other.gantry(['import', 'all.yaml'], {})).toEqual({
      code: 2,
      stdout: '',
      stderr: `gantry: all.yaml:10:5: user "root": the variable USER_ROOT_PASSWORD is not set, nor are KEY_AKIASHOP_SECRET, KEY_AKIAOTHER_SECRET (${missingHint})\n`,
    });
    expect(await other.gantry(['import', 'all.yaml'], secrets)).toMatchObject({ code: 0, stdout: plan });
    const QueueUrl = 'orders';
    const sent = await other.sqs('AKIASHOP', shopSecret).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect(sent.MessageId).toBeDefined();
    await expect(
      other.sqs('AKIAOTHER', otherSecret).send(new CreateQueueCommand({ QueueName: 'another' })),
    ).rejects.toMatchObject({ name: expect.stringContaining('AccessDenied') });
    expect(await other.gantry(['import', 'all.yaml'])).toEqual(noChanges);
    expect(
      await other.gantry(['import', 'all.yaml'], { ...secrets, GANTRY_USER: 'root', GANTRY_PASSWORD: password }),
    ).toEqual(noChanges);
  });

  test('JSON goes the same way, and no output shows a secret', async () => {
    const { gantry, write } = await setup();
    await write('d.yaml', definitions);
    const outputs = [await gantry(['import', '-o', 'json', 'd.yaml'], {})];

    const json = await gantry(['export', '-o', 'json']);
    await write('all.json', json.stdout);
    outputs.push(json, await gantry(['import', 'all.json']));
    await write('less.yaml', `users: [{ name: shop, access-keys: [{ id: AKIASHOP, secret: hidden anew }] }]\n`);
    outputs.push(await gantry(['diff', 'less.yaml']), await gantry(['import', '--prune', '--force', 'less.yaml']));

    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 1, 0]);
    expect(outputs[2]?.stdout).toBe('no changes\n');
    expect(outputs.slice(3).map(({ stdout }) => stdout)).toEqual([changed, changed]);
    expect(JSON.stringify(outputs)).not.toContain('hidden');
  });

  test('who is no admin exports without users, and is told so', async () => {
    const { gantry, write, path } = await setup();
    const looks = '[{ Effect: Allow, Action: sqs:GetQueueAttributes, Resource: "*" }]';
    await write('d.yaml', `${definitions}  - { name: looks, password: looks, policy: ${looks} }\n`);
    await gantry(['import', 'd.yaml'], {});
    const env = { GANTRY_USER: 'looks', GANTRY_PASSWORD: 'looks' };

    expect(await gantry(['export', path('some.yaml')], env)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Users are left out: only an admin exports them.\n'),
    });
    expect(await readFile(path('some.yaml'), 'utf8')).toBe(
      '# yaml-language-server: $schema=definitions.schema.json\n# Users are left out: only an admin exports them.\nqueues:\n  - name: orders\ntopics: []\n',
    );
    expect(await gantry(['diff', 'some.yaml'], env)).toEqual(noChanges);
    expect(await gantry(['diff', 'd.yaml'], env)).toMatchObject({ code: 5, stdout: '' });
  });
});

const missingHint = 'Set it for whoever imports: an export has no passwords and no secrets.';
const changed = '~ user shop: access key AKIASHOP: secret, access key AKIAOTHER dropped, policy\n';
