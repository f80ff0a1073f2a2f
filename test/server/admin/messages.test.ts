import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../../src/server/admin/message-filter.ts';
import { fetchJson, startWorld, type World } from '../setup.ts';

async function setup(...names: readonly string[]) {
  const world = await startWorld();
  for (const name of names) await fetchJson(world.url(`/_gantry/queues/${name}`), { method: 'PUT' });
  return { world, at: (path: string) => world.url(`/_gantry/queues/${path}`) };
}

function post(json: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(json) };
}

function send(world: World, queue: string, ...messages: readonly object[]) {
  return fetchJson(world.url(`/_gantry/queues/${queue}/messages`), post({ messages }));
}

describe('sending', () => {
  test('takes each message by itself, and says why another was refused', async () => {
    const { world } = await setup('orders');

    const answer = await send(
      world,
      'orders',
      { body: 'a' },
      { body: '\u0000' },
      { body: 'b', dedupId: '1' },
      { body: '!', isBase64: true },
      { body: 'c', properties: { n: { type: 'Number', value: 'x' } } },
      { body: 'AQI=', isBase64: true },
    );

    expect(answer).toMatchObject({
      status: 200,
      body: {
        results: [
          { id: expect.any(String), isDuplicate: false },
          { error: { code: 'invalid-argument', message: expect.stringContaining('control characters') } },
          { error: { message: expect.stringContaining('dedupId is for FIFO queues') } },
          { error: { message: 'the body is no base64' } },
          { error: { message: 'property "n": expected a number' } },
          { id: expect.any(String) },
        ],
      },
    });
  });

  test('what a FIFO queue knows already is a duplicate', async () => {
    const { world } = await setup('orders.fifo');

    const answer = await send(
      world,
      'orders.fifo',
      { body: 'a', group: 'g', dedupId: '1' },
      { body: 'b', group: 'g', dedupId: '1' },
    );

    expect(answer.body).toMatchObject({ results: [{ isDuplicate: false }, { isDuplicate: true }] });
  });

  test.each([
    ['no message', { messages: [] }, 'at least one'],
    ['a delay beyond a quarter of an hour', { messages: [{ body: 'a', delay: '16m' }] }, 'messages[0].delay'],
    ['a group with a space', { messages: [{ body: 'a', group: 'a b' }] }, 'messages[0].group'],
  ])('refuses %s', async (_, json, text) => {
    const { at } = await setup('orders');

    expect(await fetchJson(at('orders/messages'), post(json))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining(text) } },
    });
  });
});

test.each(['constructor', 'prototype', '__proto__'])('a property %s is one like any other', async (name) => {
  const { at } = await setup('orders');
  const body = `{"messages":[{"body":"a","properties":{"${name}":"x"}}]}`;

  await fetchJson(at('orders/messages'), { method: 'POST', body });

  const [message] = messagesIn((await fetchJson(at('orders/messages'))).body);
  expect(Object.entries(message?.properties ?? {})).toEqual([[name, { type: 'string', value: 'x' }]]);
});

describe('receiving', () => {
  test('hands out, with a receipt that settles', async () => {
    const { world, at } = await setup('orders');
    await send(world, 'orders', {
      body: 'a',
      properties: { n: 5, ok: true, s: 'x' },
      replyTo: 'r',
      correlationId: 'c',
    });

    const { body } = await fetchJson(at('orders/receive'), post({ wait: '1s' }));
    const [message] = messagesIn(body);
    const settle = (as: string) =>
      fetchJson(at('orders/settle'), post({ settlements: [{ receipt: message?.receipt, as }] }));

    expect(message).toMatchObject({
      body: 'a',
      deliveries: 1,
      replyTo: 'r',
      correlationId: 'c',
      properties: { n: { type: 'number', value: '5' }, ok: { type: 'boolean', value: true }, s: { type: 'string' } },
    });
    expect((await settle('extend')).body).toEqual({ results: [{ was: 'done' }] });
    expect((await settle('release')).body).toEqual({ results: [{ was: 'done' }] });
    expect(messagesIn((await fetchJson(at('orders/receive'), { method: 'POST' })).body)).toHaveLength(1);
    expect((await settle('ack')).body).toEqual({ results: [{ was: 'done' }] });
    expect(await fetchJson(at('orders'))).toMatchObject({ body: { waiting: 0, inFlight: 0 } });
  });

  test('a wait whose client left takes no message', async () => {
    const { world, at } = await setup('orders');
    const leaving = new AbortController();
    const answer = fetch(at('orders/receive'), { ...post({ wait: '20s' }), signal: leaving.signal });
    await fetchJson(at('orders')); // The wait came before it on the same server.

    leaving.abort();
    await answer.catch(() => undefined);
    await send(world, 'orders', { body: 'a' });

    const { body } = await fetchJson(at('orders/receive'), post({ wait: '5s' }));
    expect(messagesIn(body)).toMatchObject([{ body: 'a', deliveries: 1 }]);
  });
});

describe('peeking', () => {
  const bodies = Array.from({ length: 30 }, (_, n) => ({
    body: `{"n":${n}}`,
    properties: { even: n % 2 === 0 ? 'yes' : 'no' },
    ...(n < 5 ? { group: 'first' } : {}),
  }));

  test.each([
    ['even=yes', 15],
    ['even!=yes', 15],
    ['even~e', 15],
    ['body~"n":7', 1],
    ['body={"n":3}', 1],
    ['body!={"n":3}', 29],
    ['group=first', 5],
    ['group=first\neven=no', 2],
    ['property.even=yes', 15],
    [' even =yes', 15],
    ['body~{"n":2', 11],
    ['id=nothing', 0],
  ])('by %j finds %i', async (filter, count) => {
    const { world, at } = await setup('orders');
    await send(world, 'orders', ...bodies);

    const { body } = await fetchJson(at(`orders/messages?max=100&filter=${encodeURIComponent(filter)}`));

    expect(messagesIn(body)).toHaveLength(count);
    expect(body).toMatchObject({ looked: 30 });
    expect(body).not.toHaveProperty('next');
  });

  test('goes on where the page before ended', async () => {
    const { world, at } = await setup('orders');
    await send(world, 'orders', ...bodies);
    const seen: string[] = [];

    for (let after = ''; ; ) {
      const { body } = await fetchJson(at(`orders/messages?max=4&filter=even=no${after && `&after=${after}`}`));
      seen.push(...messagesIn(body).map((one) => one.body));
      const next = Reflect.get(Object(body), 'next');
      if (typeof next !== 'string') break;
      after = next;
    }

    expect(seen).toEqual(bodies.filter((_, n) => n % 2 === 1).map(({ body }) => body));
  });

  test.each(['x', 'a b c', '1e5', '-1.2'])('a place %j that it never gave is refused', async (after) => {
    const { at } = await setup('orders');

    expect(await fetchJson(at(`orders/messages?after=${encodeURIComponent(after)}`))).toMatchObject({ status: 400 });
  });

  test('a filter of many signs is refused: a search that goes back for each would never end', () => {
    expect(() => parseFilter(`${'+'.repeat(100_000)}a`)).toThrow('expected key=value');
  });

  test.each(['=a', '!=a', '!a=b', ' ~a', ''])('a filter %j is refused', async (filter) => {
    const { at } = await setup('orders');
    const { status } = await fetchJson(at(`orders/messages?filter=${encodeURIComponent(`n=1\n${filter || 'n'}`)}`));

    expect(status).toBe(400);
  });

  test('a filter that is none is refused', async () => {
    const { at } = await setup('orders');

    expect(await fetchJson(at('orders/messages?filter=even'))).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('expected key=value') } },
    });
  });
});

describe('moving', () => {
  test('to another queue, listed until it is done', async () => {
    const { world, at } = await setup('orders', 'returns');
    await send(world, 'orders', { body: 'a' }, { body: 'b' });

    const started = await fetchJson(at('orders/moves'), post({ to: 'returns', rate: 1000 }));
    expect(started).toMatchObject({ status: 201, body: { to: 'returns', rate: 1000, toMove: 2 } });
    await expect
      .poll(async () => (await fetchJson(at('orders/moves'))).body)
      .toMatchObject({
        moves: [{ state: 'completed', moved: 2 }],
      });
    expect(await fetchJson(at('returns'))).toMatchObject({ body: { waiting: 2 } });
  });

  test('a running task is cancelled by its id', async () => {
    const { world, at } = await setup('orders', 'returns');
    await send(world, 'orders', ...Array.from({ length: 50 }, () => ({ body: 'a' })));
    const { body } = await fetchJson(at('orders/moves'), post({ to: 'returns', rate: 1 }));
    const id = String(Reflect.get(Object(body), 'id'));

    expect(await fetchJson(at(`orders/moves/${id}`), { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { state: 'cancelling' },
    });
    expect(await fetchJson(at('orders/moves/nothing'), { method: 'DELETE' })).toMatchObject({ status: 404 });
  });

  test('to a queue that is not there is refused, with the one that was meant', async () => {
    const { at } = await setup('orders', 'returns');

    expect(await fetchJson(at('orders/moves'), post({ to: 'return' }))).toMatchObject({
      status: 404,
      body: { error: { message: 'queue "return" does not exist in us-east-1; did you mean "returns"?' } },
    });
  });
});

interface Shown {
  readonly body: string;
  readonly receipt?: string;
  readonly properties?: object;
}

function messagesIn(body: unknown): readonly Shown[] {
  const { messages }: { messages?: readonly Shown[] } = Object(body);
  return messages ?? [];
}
