import { describe, expect, test } from 'vitest';
import type { PlainRequest } from '../../../src/server/lane/lane-connection.ts';
import { startWorld } from '../setup.ts';
import { Client, echoed, post, serveLane, turns } from './serve.ts';

describe('time that is over', () => {
  test.each([
    ['sends no first byte', '', { headerTimeoutMs: 100 }],
    ['sends the beginning of a head', post().slice(0, 30), { headerTimeoutMs: 100, requestTimeoutMs: 100 }],
    ['sends a head without its body', post('abc').slice(0, -3), { headerTimeoutMs: 100, requestTimeoutMs: 100 }],
  ])('a client that %s is answered 408, and its connection closed without a reset', async (_, bytes, changes) => {
    const world = await serveLane(changes);
    const client = new Client(world.port);
    if (bytes !== '') await client.send(bytes);
    const answer = await client.answer();
    await client.send('more');
    await client.closed;

    expect(answer?.status).toBe(408);
    expect(answer?.headers.get('connection')).toBe('close');
    expect(client.wasReset).toBe(false);
    expect(world.ways).toEqual([]);
  });

  test('a slow body has as long as a head where that is more, as with node:http', async () => {
    const world = await serveLane({ headerTimeoutMs: 60_000, requestTimeoutMs: 100, keepAliveTimeoutMs: 100 });
    const slow = new Client(world.port);
    await slow.send(post('abc').slice(0, -1));
    const idle = new Client(world.port);
    await idle.send(post());
    await idle.answer();
    await idle.closed; // Two sweeps at least.
    await slow.send('c');

    expect(echoed(await slow.answer())).toBe('abc');
  });

  test('an idle connection is closed in silence; one that is served is not', async () => {
    const requests: PlainRequest[] = [];
    const world = await serveLane({ keepAliveTimeoutMs: 100, headerTimeoutMs: 100 }, (request) => {
      if (request.body.toString() !== 'poll') return undefined;
      requests.push(request);
      return true;
    });
    const polling = new Client(world.port);
    await polling.send(post('poll'));
    const idle = new Client(world.port);
    await idle.send(post());
    await idle.answer();
    await idle.closed;
    requests[0]?.answer(200, [], 'late', false);

    expect(idle.unread).toBe('');
    expect(idle.wasReset).toBe(false);
    expect(await polling.answer()).toMatchObject({ body: 'late' });
  });
});

describe('a stop', () => {
  test('closes what is idle or has not begun, and ends', async () => {
    const world = await serveLane();
    const fresh = new Client(world.port);
    const idle = new Client(world.port);
    await idle.send(post());
    await idle.answer();
    const behindNode = new Client(world.port);
    await behindNode.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await behindNode.answer();

    const isClean = await world.stop(10_000);
    for (const client of [fresh, idle, behindNode]) {
      await client.closed;
      expect(client.unread).toBe('');
      expect(client.wasReset).toBe(false);
    }
    expect(isClean).toBe(true);
  });

  test('lets what is served be answered, as the last on its connection; what waits behind it is not begun', async () => {
    const requests: PlainRequest[] = [];
    const world = await serveLane({}, (request) => {
      requests.push(request);
      return true;
    });
    const alone = new Client(world.port);
    await alone.send(post('alone'));
    const pipelining = new Client(world.port);
    await pipelining.send(post('pipelining'));
    await pipelining.send(post('behind'));

    const stopping = world.stop(10_000);
    await turns();
    for (const request of requests) request.answer(200, [], 'the last', false);
    for (const client of [alone, pipelining]) {
      const answer = await client.answer();
      await client.closed;
      expect(answer?.body).toBe('the last');
      expect(answer?.headers.get('connection')).toBe('close');
      expect(client.unread).toBe('');
      expect(client.wasReset).toBe(false);
    }
    expect(await stopping).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test('lets a body that is on its way arrive, and answers it', async () => {
    const world = await serveLane();
    const client = new Client(world.port);
    await client.send(post('abcdef').slice(0, -3));

    const stopping = world.stop(10_000);
    await turns();
    await client.send('def');
    const answer = await client.answer();
    await client.closed;

    expect(echoed(answer)).toBe('abcdef');
    expect(world.ways).toEqual(['node']);
    expect(client.wasReset).toBe(false);
    expect(await stopping).toBe(true);
  });

  test('lets a slow reader have its answer', async () => {
    const size = 8 * 1024 * 1024;
    const world = await serveLane({}, (request) => {
      request.answer(200, [], Buffer.alloc(size, 'a'), false);
      return true;
    });
    const client = new Client(world.port);
    client.socket.pause();
    await client.send(post());

    const stopping = world.stop(10_000);
    await turns();
    client.socket.resume();

    expect((await client.answer())?.body).toHaveLength(size);
    await client.closed;
    expect(client.wasReset).toBe(false);
    expect(await stopping).toBe(true);
  });

  test.each([
    ['is never answered', () => true],
    [
      'has an answer that nobody reads',
      (request: PlainRequest) => {
        request.answer(200, [], Buffer.alloc(8 * 1024 * 1024), false);
        return true;
      },
    ],
  ])('cuts off what %s when the time is over', async (_, take) => {
    const world = await serveLane({}, take);
    const client = new Client(world.port);
    client.socket.pause();
    await client.send(post());

    expect(await world.stop(50)).toBe(false);
    client.socket.resume();
    await client.closed;
  });
});

describe('a whole server', () => {
  test('a front that throws at a plain request answers 500, counts it, and serves the next', async () => {
    let calls = 0;
    const world = await startWorld({}, undefined, {
      createHttpFront: async () => ({
        handle: () => false,
        handleWhole: (request) => {
          if (calls++ === 0) throw new Error('a defect');
          request.answer(200, [], 'fine', false);
          return true;
        },
      }),
    });
    const port = Number(new URL(world.url()).port);
    const first = new Client(port);
    await first.send(post());
    const failed = await first.answer();
    await first.closed;
    const second = new Client(port);
    await second.send(post());

    expect(failed).toMatchObject({ status: 500, body: 'internal failure: the log has its trace\n' });
    expect(failed?.headers.get('connection')).toBe('close');
    expect(await second.answer()).toMatchObject({ status: 200, body: 'fine' });
    expect(await (await fetch(world.url('/metrics'))).text()).toContain('gantry_invariant_failures_total 1\n');
  });

  test('while it stops a plain request is asked to come again', async () => {
    const world = await startWorld();
    const client = new Client(Number(new URL(world.url()).port));
    await client.send(post('abc').slice(0, -1));

    const stopping = world.server.stop();
    await turns();
    await client.send('c');

    expect(await client.answer()).toMatchObject({ status: 503 });
    await stopping;
  });
});
