import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { LoadReply } from '../../src/cli/bench/load/plan.ts';
import { bodyBytes } from '../../src/cli/bench/load/requests.ts';
import { Load } from '../../src/cli/bench/load.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setup(listener: RequestListener): Promise<{ run(): Promise<LoadReply> }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const load = await Load.start();
  closers.push(
    () => load.stop(),
    () => server.closeAllConnections(),
    () => void server.close(),
  );
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const subject = { name: 'planted', host: '127.0.0.1', port: address.port, pid: process.pid, stop: async () => {} };
  const run = async (): Promise<LoadReply> => {
    await load.open(subject, 2, { do: 'drain', queueUrl: 'http://127.0.0.1/000000000000/planted' });
    return await load.run(100);
  };
  return { run };
}

test('an empty queue is no failure', async () => {
  const { run } = await setup((_request, response) => response.writeHead(200, { 'Content-Length': 2 }).end('{}'));

  const reply = await run();

  expect(reply.failures).toEqual([]);
  expect(reply.emptyReceives).toBe(reply.requests);
  expect(reply.requests).toBeGreaterThan(2);
});

test('an answer that comes in pieces is put together', async () => {
  const body = JSON.stringify({ Messages: [{ MessageId: 'a', ReceiptHandle: 'b', MD5OfBody: '', Body: 'short' }] });
  const { run } = await setup((_request, response) => {
    response.writeHead(200, { 'Content-Length': body.length });
    response.write(body.slice(0, 30));
    setImmediate(() => response.end(body.slice(30)));
  });

  const reply = await run();

  expect(reply.failures[0]).toMatch(/not the bodies that were sent: .*"Body":"short"}]}/);
});

test('an answer in chunks is put together', async () => {
  const { run } = await setup((_request, response) => {
    response.write('{"Messages":[{"ReceiptHandle":"b",');
    setImmediate(() => response.end('"MD5OfBody":"","Body":"short"}]}'));
  });

  const reply = await run();

  expect(reply.failures[0]).toMatch(/not the bodies that were sent: {"Messages".*"Body":"short"}]}$/);
});

test.each([
  {
    name: 'another status',
    listener: (_request, response) => response.writeHead(503, { 'Content-Length': 4 }).end('full'),
    says: 'status 503: full',
  },
  {
    name: 'an answer of unknown length',
    listener: (request) => request.socket.end('HTTP/1.1 200 OK\r\n\r\n{}'),
    says: /without Content-Length/,
  },
  {
    name: 'a chunk of no size',
    listener: (request) => request.socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}\r\n'),
    says: /without Content-Length/,
  },
  { name: 'a connection that closes', listener: (request) => destroy(request.socket), says: 'closed by the server' },
  { name: 'an entry that failed', listener: failDeletes, says: /"Failed":\[\{"Id":"d0"/ },
] satisfies readonly { name: string; listener: RequestListener; says: string | RegExp }[])(
  '$name is a failure',
  async ({ listener, says }) => {
    const { run } = await setup(listener);

    const reply = await run();

    expect(reply.failures[0]).toMatch(says);
  },
);

function destroy(socket: Socket): void {
  socket.destroy();
}

const text = 'x'.repeat(bodyBytes);
function failDeletes(request: IncomingMessage, response: ServerResponse): void {
  const isDelete = request.headers['x-amz-target'] === 'AmazonSQS.DeleteMessageBatch';
  const message = { ReceiptHandle: 'r', MD5OfBody: hash('md5', text, 'hex'), Body: text };
  const body = isDelete ? '{"Failed":[{"Id":"d0"}]}' : JSON.stringify({ Messages: [message] });
  request.resume().on('end', () => response.writeHead(200, { 'Content-Length': body.length }).end(body));
}
