import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Answer, Client, echoed, post, serveLane, serveNode, turns } from './serve.ts';

const odd = 'POST /odd HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nodd\r\n0\r\n\r\n';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ['its first request is not plain', [odd], ['odd']],
  ['a later one is not plain', [post('a'), post('b'), odd], ['a', 'b', 'odd']],
  ['a head comes in pieces', [post('a').slice(0, 30), post('a').slice(30)], ['a']],
  ['a head ends between CR and LF', ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r', '\n'], ['']],
  ['a blank line is in two pieces', ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n', '\r\n'], ['']],
  ['requests come together', [post('a') + post('b') + odd + post('c')], ['a', 'b', 'odd', 'c']],
  ['one begins with the end of another', [post('ab').slice(0, -1), `b${post('c')}`], ['ab', 'c']],
  ['one comes with the beginning of another', [post('a') + post('b').slice(0, 9), post('b').slice(9)], ['a', 'b']],
  ['it is refused by the front', [post('not taken')], ['not taken']],
  ['its body comes later and is refused by the front', [post('not taken').slice(0, -9), 'not taken'], ['not taken']],
])('a connection that node:http gets because %s serves ten more there', async (_, pieces, bodies) => {
  const world = await serveLane({}, (request) => (request.body.toString() === 'not taken' ? false : undefined));
  const client = new Client(world.port);
  for (const piece of pieces) await client.send(piece);
  const answers: unknown[] = [];
  for (const _ of bodies) answers.push(echoed(await client.answer()));
  for (let count = 0; count < 10; count++) {
    await client.send(post(`further ${count}`));
    answers.push(echoed(await client.answer()));
  }
  await turns();

  expect(answers).toEqual([...bodies, ...Array.from({ length: 10 }, (_, count) => `further ${count}`)]);
  expect(client.unread).toBe('');
  expect(world.ways.at(-11)).toBe('node');
  expect(world.ways.slice(-10)).toEqual(Array.from({ length: 10 }, () => 'node'));
});

test('a connection that node:http gets behind an answer under way loses and doubles nothing', async () => {
  const answers: (() => void)[] = [];
  const world = await serveLane({ requestBytesMax: 10_000_000 }, (request) => {
    answers.push(() => request.answer(200, [], 'poll', false));
    return true;
  });
  const client = new Client(world.port);
  await client.send(post('poll'));
  const bodies = Array.from({ length: 400 }, (_, count) => `${count} ${'x'.repeat(count * 3)}`);
  client.socket.write(bodies.map((body) => post(body)).join('')); // Some of it is unread in the kernel.
  await turns(50);
  answers[0]?.();

  expect(await client.answer()).toMatchObject({ body: 'poll' });
  for (const body of bodies) expect(echoed(await client.answer())).toBe(body);
  expect(client.unread).toBe('');
});

test.each([
  ['Connection: close', post('a', 'Connection: close\r\n'), 200],
  ['HTTP/1.0', 'POST / HTTP/1.0\r\nContent-Length: 1\r\n\r\na', 200],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  ['a length and chunks', `${odd.replace('Host', 'Content-Length: 1\r\nHost')}`, 400],
  ['a length of +1', post('a').replace(': 1', ': +1'), 400],
  ['a length of 0x1', post('a').replace(': 1', ': 0x1'), 400],
  ['a blank before a colon', post('a').replace('Length:', 'Length :'), 400],
  ['a bare LF', post('a').replace('x\r\n', 'x\n'), 400],
  ['a bare CR', post('a').replace('x\r\n', 'x\r'), 400],
  ['a NUL', post('a').replace(': x', ': x\0'), 400],
  ['a folded length', post('a').replace(': 1', ':\r\n 1'), 400],
  ['no host', post('a').replace('Host: x\r\n', ''), 400],
  ['a head beyond the limit', post('a', `X-Long: ${'l'.repeat(5000)}\r\n`), 431],
])('%s is node:http to answer, and closes the connection', async (_, bytes, status) => {
  const world = await serveLane();
  const client = new Client(world.port);
  await client.send(bytes);
  const answer = await client.answer();
  await client.closed;

  expect(answer?.status).toBe(status);
  expect(world.ways).toEqual(status === 200 ? ['node'] : []);
});

test.each([
  ['GET', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['OPTIONS', 'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['an absolute URL', 'POST http://x/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n'],
  ['an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
  ['65 headers', post('a', 'X-A: b\r\n'.repeat(63))],
  ['a blank line first', `\r\n${post('a')}`],
  ['a length with zeros before it', post('a').replace(': 1', ': 01')],
])('%s is node:http to serve, and the connection stays', async (_, bytes) => {
  const world = await serveLane();
  const client = new Client(world.port);
  await client.send(bytes);
  const first = await client.answer();
  await client.send(post('next'));

  expect(first?.status).toBe(200);
  expect(echoed(await client.answer())).toBe('next');
  expect(world.ways).toEqual(['node', 'node']);
});

test('a client that waits for 100 Continue is told to go on', async () => {
  const world = await serveLane();
  const client = new Client(world.port);
  await client.send(post('abc', 'Expect: 100-continue\r\n').slice(0, -3));
  const first = await client.answer();
  await client.send('abc');

  expect(first?.status).toBe(100);
  expect(echoed(await client.answer())).toBe('abc');
  expect(world.ways).toEqual(['node']);
});

test('a HEAD is answered without a body', async () => {
  const world = await serveLane();
  const client = new Client(world.port);
  await client.send('HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  await client.closed;

  expect(client.unread).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\n$/);
});

test('whatever the lane serves, node:http alone serves alike, and what that refuses the lane never takes', async () => {
  const world = await serveLane();
  const nodePort = await serveNode();
  const lines = fc.constantFrom(
    ...['Host: x', 'Content-Length: 3', 'content-length:3', 'Content-Length: 03', 'Transfer-Encoding: chunked'],
    ...['Connection: keep-alive', 'Connection: close', 'X-A: b', 'X-A:\t b\t', 'X B: c', 'X-A : b', ': b', ' folded'],
    ...['X-Ü: c', 'X-A: \xfc', 'X-A: \x01', 'X-A: b\0', 'Expect: x', 'TE: trailers', 'X-A:', 'nothing', 'Upgrade: h2c'],
  );
  const start = fc.oneof(
    { weight: 5, arbitrary: fc.constant('POST / HTTP/1.1') },
    fc.constantFrom(
      'POST /a"b HTTP/1.1',
      'POST /a#b HTTP/1.1',
      'POST /\x80 HTTP/1.1',
      'POST / HTTP/1.0',
      'POST /%zz HTTP/1.1',
    ),
    fc.stringMatching(/^\/[\x21-\xff]{0,12}$/).map((url) => `POST ${url} HTTP/1.1`),
  );
  const end = fc.oneof({ weight: 9, arbitrary: fc.constant('\r\n') }, fc.constantFrom('\n', '\r', '\r\r\n', ' \r\n'));
  const more = fc.array(fc.tuple(lines, end), { maxLength: 4 });
  const plainly = fc.boolean();
  let taken = 0;
  let refused = 0;

  await fc.assert(
    fc.asyncProperty(start, more, plainly, async (first, given, isPlain) => {
      const base = isPlain ? 'Host: x\r\nContent-Length: 3\r\n' : '';
      const bytes = `${first}\r\n${base}${given.map((pair) => pair.join('')).join('')}\r\nabc`;
      world.ways.length = 0;
      const lane = await answerOf(world.port, bytes);
      const node = await answerOf(nodePort, bytes);
      const isTaken = world.ways[0] === 'lane';
      if (isTaken) taken++;
      if (node?.status === 400) refused++;
      expect(lane?.status).toBe(node?.status);
      if (isTaken) expect(lane).toMatchObject({ status: 200, body: node?.body });
    }),
    { numRuns: 600 },
  );
  expect(taken).toBeGreaterThan(30);
  expect(refused).toBeGreaterThan(30);
});

/** Its own end follows the request, so that one that is never whole ends as well. */
async function answerOf(port: number, bytes: string): Promise<Answer | undefined> {
  const client = new Client(port);
  await client.send(bytes);
  client.socket.end();
  const answer = await client.answer();
  client.socket.destroy();
  return answer;
}
