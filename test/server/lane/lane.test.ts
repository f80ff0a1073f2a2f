import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { installLane, type LaneOptions } from '../../../src/server/lane/lane.ts';
import { Client, post } from './serve.ts';

/** The lane alone in front of node:http, where times are short. */
async function setup(changes: Partial<LaneOptions>) {
  const server = createServer((_, response) => response.end('node'));
  installLane(server, {
    ...{ headBytesMax: 4096, bodyBytesMax: 4096, stallMs: 60_000 },
    ...{ headerTimeoutMs: 60_000, requestTimeoutMs: 60_000, keepAliveTimeoutMs: 60_000 },
    serve: () => true,
    ...changes,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    client: new Client(address.port),
    connections: () =>
      new Promise<number>((resolve, reject) => {
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      }),
  };
}

test.each([
  ['stays', () => undefined],
  ['ends its side', (client: Client) => void client.socket.end()],
])('a client that takes nothing of its answer and %s is cut off when it has stood still too long', async (_, part) => {
  const { client, connections } = await setup({
    stallMs: 50,
    serve: (request) => {
      request.answer(200, [], Buffer.alloc(16 * 1024 * 1024), false);
      return true;
    },
  });
  client.socket.pause();
  await client.send(post());
  const before = await connections();
  part(client);

  expect(before).toBe(1);
  await expect.poll(connections, { timeout: 5_000 }).toBe(0);
});

test('a client that has taken its answer stays when another one is cut off after it', async () => {
  const { client, connections } = await setup({
    stallMs: 300,
    serve: (request) => {
      request.answer(200, [], Buffer.alloc(Number(request.body.toString())), false);
      return true;
    },
  });
  await client.send(post('1000000'));
  const answer = await client.answer();
  const stalling = new Client(client.socket.remotePort ?? 0);
  stalling.socket.pause();
  await stalling.send(post('16000000'));
  const before = await connections();
  await expect.poll(connections, { timeout: 5_000 }).toBe(1);
  await client.send(post('3'));

  expect(answer?.body).toHaveLength(1_000_000);
  expect(before).toBe(2);
  expect((await client.answer())?.body).toHaveLength(3);
});

test('a request that the front forgets does not keep its connection for ever', async () => {
  let tell = (): void => undefined;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const { client } = await setup({
    stallMs: 50,
    serve: (request) => {
      request.onGone(tell);
      return true;
    },
  });
  await client.send(post());
  await client.closed;
  await told;

  expect(client.unread).toBe('');
});
