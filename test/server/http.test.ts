import { once } from 'node:events';
import { expect, test } from 'vitest';
import { createHttpServer, retuneHttpServer } from '../../src/server/http.ts';
import { createWrongProtocolLog } from '../../src/server/wrong-protocol.ts';
import { config } from './lane/serve.ts';
import { exchangeBytes, openSocket, startWorld } from './setup.ts';

const silent = { fatal: heard, error: heard, warn: heard, info: heard, debug: heard };
function heard(): void {
  // Who asks looks at the server.
}

test('headers beyond the limit are answered 431, below it served', async () => {
  const world = await startWorld({ headerBytesMax: ['1024'] });
  const bomb = `GET /health HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(2000)}\r\n\r\n`;
  const fair = `GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: ${'a'.repeat(500)}\r\n\r\n`;

  expect(await exchangeBytes(world.url(), bomb)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await exchangeBytes(world.url(), fair)).toMatch(/^HTTP\/1\.1 200 /);
});

test.each([
  ['no HTTP at all', 'NONSENSE\r\n\r\n'],
  ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['an AMQP greeting', 'AMQP\x00\x01\x00\x00'],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two hosts', 'GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
  ['two hosts of a POST', 'POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 1\r\n\r\na'],
  ['the same host twice', 'GET /health HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n'],
])('%s is answered 400 and its connection closed; the next is served', async (_, bytes) => {
  const world = await startWorld();

  expect(await exchangeBytes(world.url(), bytes)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(world.url('/health'))).status).toBe(200);
});

test.each([
  ['headers', 'GET /health HTTP/1.1\r\nHost: x\r\nX-Slow'],
  ['a first byte', ''],
])('a client that never finishes %s is answered 408 and cut off', async (_, bytes) => {
  const world = await startWorld({ headerTimeoutMs: ['100'], requestTimeoutMs: ['100'] });

  expect(await exchangeBytes(world.url(), bytes)).toMatch(/^HTTP\/1\.1 408 /);
});

test('a client that never finishes a body is answered 408 and cut off', async () => {
  const world = await startWorld({ headerTimeoutMs: ['100'], requestTimeoutMs: ['100'] }, (request) => {
    request.resume();
    return true;
  });
  const bytes = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc';

  expect(await exchangeBytes(world.url(), bytes)).toMatch(/^HTTP\/1\.1 408 /);
});

test.each([
  ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 'http:// instead of https://'],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP/1.1'],
  ['AMQP', 'AMQP\x00\x01\x00\x00', '--amqp-port'],
  ['MQTT', '\x10\x10\x00\x04MQTT\x04\x02\x00\x3c\x00\x04abcd', '--mqtt-port'],
  ['STOMP', 'CONNECT\naccept-version:1.2\n\n\0', '--stomp-port'],
  ['OpenWire', '\x00\x00\x00\xf0\x01ActiveMQ\x00\x00\x00\x0c', '--openwire-port'],
])('%s on the HTTP port is answered with what the port speaks', async (_, bytes, way) => {
  const world = await startWorld();

  const answer = await exchangeBytes(world.url(), bytes);

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain(way);
});

test('another protocol is told to the log once, however often it comes', () => {
  const lines: unknown[] = [];
  const note = createWrongProtocolLog({ warn: (event, fields) => lines.push({ event, ...fields }) });
  const peer = { remoteAddress: '10.0.0.7', localPort: 4566 };
  const greeting = Buffer.from([0x16, 0x03, 0x01]);

  const answers = [note(greeting, peer), note(greeting, peer), note(Buffer.from('GET / HTTP/1.0'), peer)];

  expect(lines).toEqual([
    { event: 'wrong-protocol', protocol: 'TLS', why: answers[0], port: 4566, remoteAddress: '10.0.0.7' },
  ]);
  expect(answers[1]).toBe(answers[0]);
  expect(answers[2]).toBeUndefined();
});

test('limits of a server that serves can be changed', async () => {
  const server = createHttpServer(config, { listener: () => undefined, whole: () => false }, silent);

  retuneHttpServer(server, { ...config, connectionsMax: 7, headerTimeoutMs: 900, requestTimeoutMs: 800 });

  expect(server.maxConnections).toBe(7);
  expect([server.headersTimeout, server.requestTimeout]).toEqual([900, 900]); // No request ends before its headers do.
});

test('connections beyond the limit are closed, and room is made by one that leaves', async () => {
  const world = await startWorld({ connectionsMax: ['1'] });
  const first = openSocket(world.url());
  first.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(first.socket, 'data');

  expect(await exchangeBytes(world.url(), 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('');
  first.socket.destroy();
  await first.closed;
  await expect.poll(async () => await exchangeBytes(world.url(), closing)).toMatch(/^HTTP\/1\.1 200 /);
});

const closing = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

test('an idle connection is closed when its time is over', async () => {
  const world = await startWorld({ keepAliveTimeoutMs: ['100'] });

  expect(await exchangeBytes(world.url(), 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
});

test('a request without need for the answer does not trouble the next', async () => {
  const world = await startWorld();
  const { socket, closed } = openSocket(world.url());
  socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
  socket.resetAndDestroy();
  await closed;

  expect((await fetch(world.url('/health'))).status).toBe(200);
});
