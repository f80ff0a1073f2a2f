import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { oneAtATime } from '../../src/server/one-at-a-time.ts';

const bodyBytes = 8 * 1024 * 1024;

/** Notes what has begun; the test answers. */
async function setup() {
  const begun: { readonly url: string | undefined; readonly response: ServerResponse; body: string }[] = [];
  const server = createServer(
    oneAtATime((request, response) => {
      const each = { url: request.url, response, body: '' };
      begun.push(each);
      request.on('data', (chunk: Buffer) => {
        each.body += chunk.toString();
      });
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const { port } = address;
  async function client(): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    onTestFinished(() => void socket.destroy());
    return socket.on('error', () => undefined);
  }
  const urls = () => begun.map(({ url }) => url).join(' ');
  return { server, begun, urls, client };
}

const get = (path: string) => `GET /${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

test('a request that was sent early begins when the answer before it is written', async () => {
  const { begun, urls, client } = await setup();
  const socket = await client();
  socket.write(get('1') + get('2') + get('3'));
  await until(() => begun.length > 0);
  await turns();
  const before = urls();

  begun[0]?.response.end('one');
  await until(() => begun.length > 1);
  await turns();

  expect([before, urls()]).toEqual(['/1', '/1 /2']);
});

test('it waits also for a client that has not taken the answer before it', async () => {
  const { begun, urls, client } = await setup();
  const socket = await client();
  socket.pause();
  socket.write(get('1') + get('2'));
  await until(() => begun.length > 0);

  begun[0]?.response.end(Buffer.alloc(bodyBytes));
  await turns();
  const before = urls();
  socket.resume();
  await until(() => begun.length > 1);

  expect(before).toBe('/1');
});

test('another connection waits for nobody', async () => {
  const { begun, urls, client } = await setup();
  const [one, other] = [await client(), await client()];
  one.write(get('1'));
  await until(() => begun.length > 0);

  other.write(get('2'));
  await until(() => begun.length > 1);

  expect(urls()).toBe('/1 /2');
});

test('what waits is forgotten with its connection', async () => {
  const { begun, urls, client } = await setup();
  const socket = await client();
  socket.write(get('1') + get('2'));
  await until(() => begun.length > 0);
  const gone = once(begun[0]?.response ?? socket, 'close');

  socket.destroy();
  await gone;
  await turns();

  expect(urls()).toBe('/1');
});

test('a connection is read no further when much waits, and all of it is served in the end, bodies too', async () => {
  const { server, begun, client } = await setup();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const socket = await client();
  const count = 5000;
  const body = 'x'.repeat(1000);
  const post = (at: number) => `POST /${at} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  for (let at = 0; at < count; at++) socket.write(post(at));
  socket.resume();
  await until(() => sockets[0]?.isPaused() === true);
  await turns();
  const readEarly = sockets[0]?.bytesRead ?? 0;

  for (let at = 0; at < count; at++) {
    await until(() => begun[at] !== undefined && begun[at]?.body.length === body.length);
    begun[at]?.response.end();
  }

  expect(readEarly).toBeLessThan(1_000_000);
  expect(begun.map(({ url }) => url)).toEqual(Array.from({ length: count }, (_, at) => `/${at}`));
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

/** Whatever would happen has happened. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
}
