import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { temporaryFolder } from '../support/launch.ts';

const environment = { ORDERS_SECRET: 'from the environment' };

async function load(text: string) {
  const folder = await temporaryFolder();
  const path = join(folder, 'gantry.yaml');
  await writeFile(join(folder, 'secret'), 'from a file\n');
  await writeFile(path, text.replaceAll('FOLDER', folder));
  return { path, loading: loadConfig({ flags: { config: [path] }, environment }) };
}

test('a user with everything', async () => {
  const { loading } = await load(`
users:
  - name: orders
    account: 012345678901
    password-file: FOLDER/secret
    access-keys:
      - id: AKIAORDERS
        secret: \${ORDERS_SECRET}
      - { id: AKIAOTHER, secret-file: FOLDER/secret, account: "111122223333" }
    policy:
      - Effect: Allow
        Action: [send, sqs:GetQueueUrl]
        Resource: orders
  - name: root
    admin: true
`);

  expect((await loading).config.users).toEqual([
    {
      name: 'orders',
      account: '012345678901',
      isAdmin: false,
      password: 'from a file',
      accessKeys: [
        { id: 'AKIAORDERS', secret: 'from the environment', account: '012345678901' },
        { id: 'AKIAOTHER', secret: 'from a file', account: '111122223333' },
      ],
      statements: [{ Effect: 'Allow', Action: ['send', 'sqs:GetQueueUrl'], Resource: 'orders' }],
    },
    { name: 'root', account: '000000000000', isAdmin: true, password: undefined, accessKeys: [], statements: [] },
  ]);
});

test('a policy as AWS writes it', async () => {
  const statement = '{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}';
  const { loading } = await load(`users: [{name: a, policy: {"Version": "2012-10-17", "Statement": ${statement}}}]\n`);

  expect((await loading).config.users[0]?.statements).toEqual([JSON.parse(statement)]);
});

test('actions of AWS in any case, with wildcards, of batches and of other services', async () => {
  const actions = [
    'SQS:sendmessage',
    'sqs:Send*',
    'sqs:Nothing?',
    'sqs:SendMessageBatch',
    'sts:TagSession',
    's3:GetObject',
  ];
  const { loading } = await load(
    `users: [{name: a, policy: [{Effect: Allow, Action: ${JSON.stringify(actions)}, Resource: "*"}]}]\n`,
  );

  expect((await loading).config.users[0]?.statements).toEqual([{ Effect: 'Allow', Action: actions, Resource: '*' }]);
});

test('without users there are none', async () => {
  const { loading } = await load('http-port: 1\n');

  expect((await loading).config.users).toEqual([]);
});

describe('a mistake is refused with its place', () => {
  test.each([
    ['users: ada', ':1:8: expected a list of users'],
    ['usres: []', ':1:1: unknown key "usres"; did you mean "users"?'],
    ['users: [ada]', ':1:9: expected a user'],
    ['users: [{}]', ':1:9: a user needs a name'],
    ['users:\n  - nmae: ada', ':2:5: unknown key "nmae"; did you mean "name"?'],
    ['users:\n  - name: ada lovelace', ':2:11: expected a name of 1 to 64 letters'],
    ['users:\n  - name: ..', ':2:11: expected a name of 1 to 64 letters'],
    ['users:\n  - name: ada\n  - name: ada', ':3:11: the user "ada" is there already'],
    ['users:\n  - name: a\n    account: 12', ':3:14: expected an account of 12 digits'],
    ['users:\n  - name: a\n    admin: yes', ':3:12: expected true or false'],
    ['users:\n  - name: a\n    accessKeys: []', ':3:5: unknown key "accessKeys"; did you mean "access-keys"?'],
    ['users:\n  - name: a\n    access-keys: [{id: x}]', ':3:24: expected an id of 3 to 128 letters'],
    [
      'users:\n  - name: a\n    access-keys: [{id: AKIA}]',
      ':3:19: the access key "AKIA" needs a secret or a secret-file',
    ],
    ['users:\n  - name: a\n    access-keys: [{id: AKIA, secret: ""}]', ':3:38: the secret is empty'],
    [
      'users:\n  - name: a\n    access-keys: [{id: AKIA, secret: x, secret-file: y}]',
      ':3:54: has both secret and secret-file',
    ],
    [
      'users:\n  - name: a\n    access-keys: [{id: AKIA, secret: x}, {id: AKIA, secret: y}]',
      ':3:42: the access key "AKIA" is',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    ['users:\n  - name: a\n    password: ${NOBODY}', ':3:15: "${NOBODY}" names a variable that is not set'],
    ['users:\n  - name: a\n    password-file: FOLDER/none', ':3:20: password-file: ENOENT'],
    ['users:\n  - name: a\n    policy: all', ':3:13: expected a list of statements'],
    ['users:\n  - name: a\n    policy: {Version: 1}', ':3:13: a policy needs its Statement'],
    ['users:\n  - name: a\n    policy:\n      - Efect: Allow', ':4:9: unknown element "Efect"; did you mean "Effect"?'],
    ['users:\n  - name: a\n    policy:\n      - Effect: allow', ':4:9: expected Allow or Deny'],
    [
      'users:\n  - name: a\n    policy:\n      - {Effect: Allow, Action: sned, Resource: x}',
      ':4:25: unknown action "sned"; did you mean "send"?',
    ],
    [
      'users:\n  - name: a\n    policy:\n      - {Effect: Deny, Action: "sqs:SendMesage", Resource: x}',
      ':4:24: unknown action "sqs:SendMesage"; did you mean "sqs:SendMessage"?',
    ],
    [
      'users:\n  - name: a\n    policy:\n      - {Effect: Deny, NotAction: ["SQS:*", STS:AssumeRol], Resource: x}',
      'unknown action "STS:AssumeRol"; did you mean "sts:AssumeRole"?',
    ],
    ['users:\n  - name: a\n    policy:\n      - {Effect: Allow, Action: "*", Principal: "*"}', 'names no principal'],
    [
      'users:\n  - name: a\n    policy:\n      - {Effect: Allow, Action: send}',
      ':4:9: lacks its Resource: the names of queues, or "*"',
    ],
    [`users: ${'['.repeat(40)}${']'.repeat(40)}`, ': too many levels'],
  ])('%j', async (text, expected) => {
    const { path, loading } = await load(text);

    await expect(loading).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(loading).rejects.toThrow(expected);
    await expect(loading).rejects.toThrow(path);
  });

  test('and no secret is shown', async () => {
    const { loading } = await load('users:\n  - name: a\n    access-keys:\n      - {id: "!", secret: hidden}\n');

    await expect(loading).rejects.toThrow(/^(?!.*hidden)/s);
  });
});
