import { expect, test } from 'vitest';
import { defaultParts } from '../../../src/server/parts.ts';
import { startWorld } from '../setup.ts';
import { Client, post, turns } from './serve.ts';

/** A whole server with SQS; what is asked of it goes through the lane. */
async function setup() {
  const world = await startWorld({}, undefined, { createHttpFront: defaultParts.createHttpFront });
  const port = Number(new URL(world.url()).port);
  const caller = new Client(port);
  async function call(operation: string, input: object): Promise<unknown> {
    await caller.send(requestOf(operation, input));
    return JSON.parse((await caller.answer())?.body ?? '');
  }
  await call('CreateQueue', { QueueName: 'a' });
  return { world, port, call, QueueUrl: `${world.url()}000000000000/a` };
}

function requestOf(operation: string, input: object): string {
  return post(JSON.stringify(input), `X-Amz-Target: AmazonSQS.${operation}\r\n`).replace('/queue', '/');
}

test.each<readonly [string, (client: Client) => unknown, string]>([
  ['ends its side', (client) => client.socket.end(), ''],
  ['resets the connection', (client) => client.socket.resetAndDestroy(), ''],
  ['had sent more and ends its side', (client) => client.socket.end(), 'ListQueues'],
])('a client that %s in a long poll takes no message with it', async (_, part, behind) => {
  const { port, call, QueueUrl } = await setup();
  const client = new Client(port);
  await client.send(requestOf('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }));
  if (behind !== '') await client.send(requestOf(behind, {}));
  await call('ListQueues', {}); // Meanwhile the poll has looked, and waits.

  part(client);
  await client.closed;
  await turns();
  await call('SendMessage', { QueueUrl, MessageBody: 'm' });
  const received = await call('ReceiveMessage', { QueueUrl, AttributeNames: ['ApproximateReceiveCount'] });

  expect(client.unread).toBe('');
  expect(received).toMatchObject({ Messages: [{ Body: 'm', Attributes: { ApproximateReceiveCount: '1' } }] });
});

test('a client that stays has the message, and what it had sent meanwhile is answered behind it', async () => {
  const { port, call, QueueUrl } = await setup();
  const client = new Client(port);
  await client.send(requestOf('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }));
  await client.send(requestOf('GetQueueUrl', { QueueName: 'a' }));
  await call('ListQueues', {});

  await call('SendMessage', { QueueUrl, MessageBody: 'm' });

  expect((await client.answer())?.body).toContain('"Body":"m"');
  expect((await client.answer())?.body).toContain('000000000000/a');
});

test('a stop answers a long poll empty and as the last of its connection', async () => {
  const { world, port, call, QueueUrl } = await setup();
  const client = new Client(port);
  await client.send(requestOf('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }));
  await call('ListQueues', {});

  await world.server.stop();
  const answer = await client.answer();
  await client.closed;

  expect(answer).toMatchObject({ status: 200, body: '{}' });
  expect(answer?.headers.get('connection')).toBe('close');
  expect(client.wasReset).toBe(false);
});
