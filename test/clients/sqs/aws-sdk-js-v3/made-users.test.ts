import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, type LaunchOptions, launch, temporaryFolder } from '../../../support/launch.ts';

const password = 'hidden of the root';

interface Key {
  readonly id: string;
  readonly secret: string;
}

async function start(options: LaunchOptions = {}): Promise<LaunchedBroker> {
  const broker = await launch(options);
  onTestFinished(async () => void (await broker.stop()));
  return broker;
}

function admin(broker: LaunchedBroker, method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { Authorization: `Basic ${Buffer.from(`root:${password}`).toString('base64')}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${broker.endpoint}/_gantry${path}`, { method, headers, ...sent });
}

async function makeRoot(broker: LaunchedBroker): Promise<void> {
  expect((await admin(broker, 'PUT', '/users/root', { admin: true, password })).status).toBe(201);
}

async function makeKey(broker: LaunchedBroker, user: string): Promise<Key> {
  const answer = await admin(broker, 'POST', `/users/${user}/keys`);
  const { id, secret } = Object(await answer.json());
  return { id: String(id), secret: String(secret) };
}

function client({ endpoint }: LaunchedBroker, { id, secret }: Key): SQSClient {
  const credentials = { accessKeyId: id, secretAccessKey: secret };
  const made = new SQSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => made.destroy());
  return made;
}

const anyKey: Key = { id: 'AKIAANY', secret: 'any' };

test('a key that was made while the broker runs signs, and one that is dropped signs no more', async () => {
  const broker = await start();
  const { QueueUrl } = await client(broker, anyKey).send(new CreateQueueCommand({ QueueName: 'orders' }));
  await makeRoot(broker);
  const policy = [{ Effect: 'Allow', Action: 'send', Resource: 'orders' }];
  await admin(broker, 'PUT', '/users/shop', { policy });
  const key = await makeKey(broker, 'shop');
  const shop = client(broker, key);
  const send = () => shop.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));

  await send();
  await expect(shop.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({ name: 'AccessDenied' });
  await expect(client(broker, anyKey).send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });

  await admin(broker, 'PATCH', '/users/shop', { policy: [{ ...policy[0], Effect: 'Deny' }] });
  await expect(send()).rejects.toMatchObject({ name: 'AccessDenied' });
  await admin(broker, 'DELETE', `/users/shop/keys/${key.id}`);
  await expect(send()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('a long poll that began before there were users gets nothing that was sent after', async () => {
  const broker = await start();
  const { QueueUrl } = await client(broker, anyKey).send(new CreateQueueCommand({ QueueName: 'orders' }));
  const waiting = client(broker, anyKey).send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await untilWaiting(broker, 1);

  await makeRoot(broker);
  const key = await makeKey(broker, 'root');
  await client(broker, key).send(new SendMessageCommand({ QueueUrl, MessageBody: 'of the root' }));

  expect((await waiting).Messages).toBeUndefined();
});

test('under load nothing passes unsigned after the answer, and nothing signed is refused', async () => {
  const broker = await start();
  const { QueueUrl } = await client(broker, anyKey).send(new CreateQueueCommand({ QueueName: 'orders' }));
  const root: Key = { id: 'AKIAROOT', secret: 'a secret that is known before' };
  const world = { isGuarded: false, isOver: false };
  const outcomes = { wronglyLetIn: 0, wronglyRefused: [] as unknown[], letIn: 0, refused: 0, signed: 0 };
  const unsigned = async () => {
    const sqs = client(broker, anyKey);
    while (!world.isOver) {
      const { isGuarded } = world;
      const isIn = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'u' })).then(
        () => true,
        () => false,
      );
      if (isIn && isGuarded) outcomes.wronglyLetIn++;
      else if (isIn) outcomes.letIn++;
      else outcomes.refused++;
    }
  };
  const signed = async () => {
    const sqs = client(broker, root);
    while (!world.isOver)
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 's' })).then(
        () => outcomes.signed++,
        (error: unknown) => outcomes.wronglyRefused.push(error),
      );
  };
  const running = [unsigned(), unsigned(), unsigned(), signed(), signed()];

  await until(() => outcomes.letIn > 20);
  const accessKeys = [{ id: root.id, secret: root.secret }];
  expect((await admin(broker, 'PUT', '/users/root', { admin: true, password, accessKeys })).status).toBe(201);
  world.isGuarded = true;
  const before = { ...outcomes };
  await until(() => outcomes.refused > before.refused + 20 && outcomes.signed > before.signed + 20);
  world.isOver = true;
  await Promise.all(running);

  expect(outcomes.wronglyLetIn).toBe(0);
  expect(outcomes.wronglyRefused).toEqual([]);
});

test('what was answered outlives kill -9, and no file shows a secret', async () => {
  const dataDir = await temporaryFolder();
  const first = await start({ dataDir });
  await makeRoot(first);
  const key = await makeKey(first, 'root');
  await first.kill9();

  expect((await stat(join(dataDir, 'users.key'))).mode & 0o777).toBe(0o600);
  for (const name of await readdir(dataDir)) {
    const bytes = await readFile(join(dataDir, name));
    for (const hidden of [password, key.secret]) expect(bytes.includes(hidden)).toBe(false);
  }
  const second = await start({ dataDir });
  await client(second, key).send(new ListQueuesCommand({}));
  expect((await admin(second, 'GET', '/users')).status).toBe(200);
  expect((await fetch(`${second.endpoint}/metrics`)).status).toBe(401);
  for (const { stdout, stderr } of [first.output(), second.output()])
    for (const hidden of [password, key.secret]) expect(`${stdout}${stderr}`).not.toContain(hidden);
});

test('users of the store let the broker listen beyond loopback, and the last of them stays there', async () => {
  const dataDir = await temporaryFolder();
  const first = await start({ dataDir });
  await makeRoot(first);
  await first.stop();

  const second = await start({ dataDir, args: ['--host', '0.0.0.0'] });
  const refused = await admin(second, 'DELETE', '/users/root');

  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain(
    'without users everybody would be let in, and --host 0.0.0.0 is open to others',
  );
  expect((await admin(second, 'GET', '/users')).status).toBe(200);
});

test('without the key file nobody signs in, and nobody is let in', async () => {
  const dataDir = await temporaryFolder();
  const first = await start({ dataDir });
  await makeRoot(first);
  await first.stop();
  await rm(join(dataDir, 'users.key'));

  const second = await start({ dataDir });

  expect((await fetch(`${second.endpoint}/metrics`)).status).toBe(401);
  expect((await admin(second, 'GET', '/users')).status).toBe(401);
  expect(second.output().stderr).toContain('user-unreadable');
});

async function untilWaiting({ endpoint }: LaunchedBroker, count: number): Promise<void> {
  await until(async () => {
    const text = await (await fetch(`${endpoint}/metrics`)).text();
    return text.includes(`gantry_waiting_receives ${count}\n`);
  });
}

/** Asks again and again, with a turn of the event loop in between. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
