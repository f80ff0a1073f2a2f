import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlainRequest } from '../../../src/server/lane/lane-connection.ts';
import { Client, config, echoed, post, serveLane, turns } from './serve.ts';

/** Takes every request through the lane and answers none until the test does. */
function holder() {
  const held: { readonly request: PlainRequest; answer(text?: string): void }[] = [];
  let wake = (): void => undefined;
  return {
    held,
    take: (request: PlainRequest) => {
      const body = request.body.toString();
      held.push({ request, answer: (text = body) => request.answer(200, [], text, false) });
      wake();
      return true;
    },
    /** Settles when so many have come. */
    async count(wanted: number) {
      while (held.length < wanted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe('any split of the bytes gives the same answer', () => {
  test('cut in two at every byte', async () => {
    const world = await serveLane();
    const bytes = post('{"a":1}', 'X-Amz-Target: A.B\r\n');

    for (let cut = 1; cut < bytes.length; cut++) {
      const client = new Client(world.port);
      await client.send(bytes.slice(0, cut));
      await client.send(bytes.slice(cut));
      expect(echoed(await client.answer())).toBe('{"a":1}');
      client.socket.destroy();
    }

    expect(new Set(world.ways)).toEqual(new Set(['lane', 'node']));
    expect(world.ways).toHaveLength(bytes.length - 1);
  });

  test('requests in a row, cut anywhere', async () => {
    const world = await serveLane();
    const bodies = fc.array(fc.string({ maxLength: 40, unit: 'binary-ascii' }), { minLength: 1, maxLength: 6 });
    const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 12 });

    await fc.assert(
      fc.asyncProperty(bodies, cuts, async (given, places) => {
        const client = new Client(world.port);
        const bytes = given.map((body) => post(body)).join('');
        const ends = [...new Set(places.filter((place) => place < bytes.length))].sort((a, b) => a - b);
        let start = 0;
        for (const end of [...ends, bytes.length]) {
          await client.send(bytes.slice(start, end));
          start = end;
        }
        const answers: unknown[] = [];
        for (const _ of given) answers.push(echoed(await client.answer()));
        await turns();
        expect(answers).toEqual(given);
        expect(client.unread).toBe('');
        client.socket.destroy();
      }),
      { numRuns: 100 },
    );
    expect(new Set(world.ways)).toEqual(new Set(['lane', 'node']));
  });

  test('a body byte by byte', async () => {
    const world = await serveLane();
    const client = new Client(world.port);
    const body = 'x'.repeat(500);
    await client.send(post(body).slice(0, -body.length));
    for (const byte of body) await client.send(byte);

    expect(echoed(await client.answer())).toBe(body);
    expect(world.ways).toEqual(['lane']);
  });
});

describe('a body', () => {
  test.each([
    ['of no bytes', 0, 'lane'],
    ['one byte below the limit', config.requestBytesMax - 1, 'lane'],
    ['at the limit', config.requestBytesMax, 'lane'],
    ['one byte beyond it', config.requestBytesMax + 1, 'node'],
  ])('%s is read whole', async (_, size, way) => {
    const world = await serveLane();
    const client = new Client(world.port);
    const body = 'y'.repeat(size);
    await client.send(post(body));

    expect(echoed(await client.answer())).toBe(body);
    expect(world.ways).toEqual([way]);
  });

  test('that ends in the middle, by a reset, leaves nothing behind', async () => {
    const world = await serveLane();
    const client = new Client(world.port);
    await client.send(post('abcdef').slice(0, -3));
    client.socket.resetAndDestroy();
    await client.closed;
    await expect.poll(() => connectionsOf(world.server)).toBe(0);

    expect(world.ways).toEqual([]);
  });

  test('that ends in the middle, by the end of what the client sends, is answered 400 as by node:http', async () => {
    const world = await serveLane();
    const client = new Client(world.port);
    await client.send(post('abcdef').slice(0, -3));
    client.socket.end();

    expect(await client.answer()).toMatchObject({ status: 400 });
    await client.closed;
    expect(world.ways).toEqual([]);
  });
});

describe('while a request is served', () => {
  test('the next one waits for its answer, and each is answered once, in order', async () => {
    const { held, take, count } = holder();
    const world = await serveLane({}, take);
    const client = new Client(world.port);
    await client.send(post('first'));
    await client.send(post('second'));
    await client.send(post('third').slice(0, 20));

    expect(held).toHaveLength(1);
    held[0]?.answer();
    held[0]?.answer('never said');
    expect(await client.answer()).toMatchObject({ body: 'first' });
    // The second comes with the beginning of a third, so both are node:http's.
    await client.send(post('third').slice(20));
    expect(echoed(await client.answer())).toBe('second');
    expect(echoed(await client.answer())).toBe('third');
    await count(1);
    expect(world.ways).toEqual(['lane', 'node', 'node']);
    expect(client.unread).toBe('');
  });

  test('a second one that comes alone stays in the lane', async () => {
    const { held, take, count } = holder();
    const world = await serveLane({}, take);
    const client = new Client(world.port);
    await client.send(post('first'));
    for (const byte of post('second')) await client.send(byte);
    held[0]?.answer();
    await count(2);
    held[1]?.answer();

    expect(await client.answer()).toMatchObject({ body: 'first' });
    expect(await client.answer()).toMatchObject({ body: 'second' });
    expect(world.ways).toEqual(['lane', 'lane']);
  });

  test.each([
    ['ends its side', (client: Client) => client.socket.end()],
    ['resets the connection', (client: Client) => client.socket.resetAndDestroy()],
    ['closes it', (client: Client) => client.socket.destroy()],
  ])('a client that %s is known to be gone, once, and is told nothing', async (_, part) => {
    const { held, take, count } = holder();
    const world = await serveLane({}, take);
    const client = new Client(world.port);
    await client.send(post('poll'));
    await count(1);
    let gone = 0;
    const told = new Promise<void>((resolve) => {
      held[0]?.request.onGone(() => {
        gone++;
        resolve();
      });
    });

    part(client);
    await told;
    const isGone = held[0]?.request.isGone;
    held[0]?.answer('to nobody');
    await client.closed;
    await expect.poll(() => connectionsOf(world.server)).toBe(0);

    expect(gone).toBe(1);
    expect(isGone).toBe(true);
    expect(client.unread).toBe('');
    let late = 0;
    held[0]?.request.onGone(() => late++);
    expect(late).toBe(1);
  });

  test('a client that has more to say behind it is heard when it goes', async () => {
    const { held, take, count } = holder();
    const world = await serveLane({}, take);
    const client = new Client(world.port);
    await client.send(post('poll'));
    await count(1);
    const told = new Promise<void>((resolve) => held[0]?.request.onGone(resolve));
    await client.send(post('behind'));
    await client.send(post('further'));

    client.socket.end();
    await told;
    await client.closed;

    expect(held).toHaveLength(1);
    expect(world.ways).toEqual(['lane']);
  });

  test('what comes behind it is read up to a bound, and all of it is served in the end', async () => {
    const { held, take, count } = holder();
    const world = await serveLane({ requestBytesMax: 10_000_000 }, take);
    const client = new Client(world.port);
    await client.send(post('poll'));
    await count(1);
    const big = 'z'.repeat(8_000_000);
    client.socket.write(post(big));
    await turns(200);

    const waiting = client.socket.writableLength;
    held[0]?.answer();
    await count(2);
    held[1]?.answer('the big one');

    expect(waiting).toBeGreaterThan(0);
    expect(await client.answer()).toMatchObject({ body: 'poll' });
    expect(await client.answer()).toMatchObject({ body: 'the big one' });
    expect(world.ways).toEqual(['lane', 'lane']);
  });
});

test('a client that does not read is served no further request, and all when it reads', async () => {
  const answerBytes = 8 * 1024 * 1024;
  const world = await serveLane({}, (request) => {
    request.answer(200, [], Buffer.alloc(answerBytes, 'a'), false);
    return true;
  });
  const client = new Client(world.port);
  client.socket.pause();
  for (let count = 0; count < 20; count++) await client.send(post(`request ${count}`));
  const servedUnread = world.ways.length;
  client.socket.resume();

  for (let count = 0; count < 20; count++) {
    const answer = await client.answer();
    // What was pipelined went to node:http behind the first answer.
    if (count === 0) expect(answer?.body).toHaveLength(answerBytes);
    else expect(echoed(answer)).toBe(`request ${count}`);
  }
  expect(servedUnread).toBe(1);
  expect(world.ways).toHaveLength(20);
});

test('an answer says its length, its time and how long the connection stays, as node:http does', async () => {
  const world = await serveLane();
  const client = new Client(world.port);
  await client.send(post());
  const lane = await client.answer();
  await client.send(post('abc', 'TE: trailers\r\n'));
  const node = await client.answer();

  expect(world.ways).toEqual(['lane', 'node']);
  expect(new Set(lane?.headers.keys())).toEqual(new Set(node?.headers.keys()));
  expect(lane?.headers.get('keep-alive')).toBe(node?.headers.get('keep-alive'));
  expect(Math.abs(Date.parse(lane?.headers.get('date') ?? '') - Date.now())).toBeLessThan(5_000);
});

test('an answer that is the last closes the connection behind it', async () => {
  const world = await serveLane({}, (request) => {
    request.answer(500, [], 'the last', true);
    return true;
  });
  const client = new Client(world.port);
  await client.send(post());
  const answer = await client.answer();
  await client.closed;

  expect(answer).toMatchObject({ status: 500, body: 'the last' });
  expect(answer?.headers.get('connection')).toBe('close');
  expect(client.wasReset).toBe(false);
});

test('text beyond ASCII and a body of bytes arrive as they are', async () => {
  const texts = ['ü€😀', '\ud800'];
  const world = await serveLane({}, (request) => {
    const text = texts.shift();
    request.answer(200, [], text ?? Buffer.from([0, 0xff, 0x80]), false);
    return true;
  });
  const client = new Client(world.port);
  const bodies: (string | undefined)[] = [];
  for (let count = 0; count < 3; count++) {
    await client.send(post());
    bodies.push((await client.answer())?.body);
  }

  expect(bodies).toEqual([
    Buffer.from('ü€😀').toString('latin1'),
    Buffer.from('\ud800').toString('latin1'),
    '\0\xff\x80',
  ]);
});

test('a request that is taken keeps nothing but its address', async () => {
  const { held, take, count } = holder();
  const world = await serveLane({}, take);
  const client = new Client(world.port);
  await client.send(post('poll'));
  await count(1);
  const request = held[0]?.request;

  expect(request).toMatchObject({
    url: '/queue',
    isEncrypted: false,
    localAddress: '127.0.0.1',
    localPort: world.port,
  });
  expect(request?.rawHeaders).toEqual([]);
  expect(request?.body).toHaveLength(0);
});

test('connections are counted, in the lane and beyond it', async () => {
  const world = await serveLane({ connectionsMax: 3 });
  const silent = new Client(world.port);
  const inLane = new Client(world.port);
  const beyond = new Client(world.port);
  await inLane.send(post());
  await inLane.answer();
  await beyond.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await beyond.answer();
  const count = await connectionsOf(world.server);
  const tooMany = new Client(world.port);
  await tooMany.closed;
  for (const client of [silent, inLane, beyond]) client.socket.destroy();

  expect(count).toBe(3);
  await expect.poll(() => connectionsOf(world.server)).toBe(0);
});

function connectionsOf(server: import('node:http').Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
