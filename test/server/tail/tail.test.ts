import type { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { Property } from '../../../src/model/message.ts';
import { tailLimits } from '../../../src/server/tail/limits.ts';
import { tailKinds } from '../../../src/server/tail/record.ts';
import { createTail, namePattern, type TailOptions, type TailReader } from '../../../src/server/tail/tail.ts';
import { alice, createWorld, message, quiet } from '../../core/world.ts';

const everything: TailOptions = {
  isShown: () => true,
  kinds: new Set(tailKinds),
  property: undefined,
  bodyBytesMax: 1_000,
};

const anybody: TailReader = { name: undefined, isAdmin: true, isKnown: () => true };

async function setup() {
  const world = await createWorld();
  const tail = createTail(world.broker.events, world.clock);
  onTestFinished(() => tail.stop());
  const open = (options: Partial<TailOptions> = {}, reader: Partial<TailReader> = {}) =>
    tail.open({ ...anybody, ...reader }, { ...everything, ...options });
  return { ...world, tail, open };
}

type Taken = Readonly<Record<string, unknown>>;

/** What a reader gets that takes what is there. */
function taken(reader: Readable): readonly Taken[] {
  const text = String(reader.read() ?? '');
  return text.split('\n').flatMap((line): Taken[] => (line === '' ? [] : [JSON.parse(line)]));
}

test('a message is told of from its append to its settlement', async () => {
  const { broker, clock, createQueue, publish, receive, open } = await setup();
  const queue = await createQueue('orders');
  const reader = open();
  const origin = { protocol: 'sqs', remoteAddress: '192.0.2.7', traceparent: undefined };
  const properties: readonly Property[] = [
    { name: 'country', type: 'string', value: 'de' },
    { name: 'long', type: 'long', value: 2n ** 62n },
    { name: 'bytes', type: 'binary', value: Uint8Array.of(1) },
  ];

  await broker.publish(alice, queue, [{ ...message('hello', { groupId: 'g' }), properties }], 'disk', origin);
  const [delivery] = await receive(queue);
  if (delivery === undefined) throw new Error('one was sent');
  const settle = async (outcome: Parameters<typeof broker.settle>[2][number]['outcome']) =>
    await broker.settle(alice, queue, [{ receipt: delivery.receipt, outcome }], 'disk');
  await settle({ type: 'extend', until: clock.now() + 60_000, totalMsMax: 100_000 });
  await settle({ type: 'ack' });
  await publish(queue, message('bye'));
  await broker.catalogue.purge(alice, queue.address);

  const id = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  const by = { at: new Date(clock.now()).toISOString(), queue: 'orders', principal: 'alice' };
  const shown = {
    ...{ id, position: expect.any(Number), group: 'g', body: 'hello', bytes: 5 },
    properties: { country: 'de', long: '4611686018427387904', bytes: 'AQ==' },
  };
  expect(taken(reader)).toEqual([
    { ...by, kind: 'appended', ...shown, protocol: 'sqs', remoteAddress: '192.0.2.7' },
    { ...by, kind: 'delivered', ...shown, deliveries: 1 },
    { ...by, kind: 'extended', id },
    { ...by, kind: 'acked', id },
    { ...by, kind: 'appended', id, position: expect.any(Number), body: 'bye', bytes: 3 },
    { ...by, kind: 'queue-purged' },
  ]);
});

test('only the kinds, queues and properties are shown that were asked for', async () => {
  const { createQueue, publish, receive, broker, open } = await setup();
  const [orders, other] = [await createQueue('orders'), await createQueue('other')];
  const isShown: TailOptions['isShown'] = ({ name }) => name === 'orders';
  const reader = open({ isShown, kinds: new Set(['appended', 'acked']), property: { name: 'n', value: '1' } });
  const numbered = (body: string, value: number) => ({
    ...message(body),
    properties: [{ name: 'n', type: 'int', value } as const],
  });

  await publish(orders, numbered('one', 1), numbered('two', 2), message('none'));
  await publish(other, numbered('one', 1));
  const settlements = (await receive(orders)).map(({ receipt }) => ({ receipt, outcome: { type: 'ack' } }) as const);
  await broker.settle(alice, orders, settlements, 'disk');

  expect(taken(reader)).toMatchObject([
    { kind: 'appended', queue: 'orders', body: 'one' },
    { kind: 'acked', queue: 'orders' },
  ]);
});

test('rights that go end what is shown', async () => {
  const { createQueue, publish, open } = await setup();
  const queue = await createQueue('orders');
  let isAllowed = true;
  const reader = open({ isShown: () => isAllowed });

  await publish(queue, message('before'));
  isAllowed = false;
  await publish(queue, message('after'));

  expect(taken(reader)).toMatchObject([{ body: 'before' }]);
});

test.each([
  ['a text over the limit between two characters', Buffer.from('abcdef'), { body: 'abcd', isCut: true, bytes: 6 }],
  ['a text at the limit not at all', Buffer.from('abcd'), { body: 'abcd', bytes: 4 }],
  ['a character at the limit as a whole', Buffer.from('abcé'), { body: 'abc', isCut: true, bytes: 5 }],
  ['bytes in base64', Uint8Array.of(0xff, 1, 2, 3, 4), { body: '/wECAw==', isBase64: true, isCut: true, bytes: 5 }],
  ['nothing', new Uint8Array(), { body: '', bytes: 0 }],
])('a body is cut: %s', async (_, body, expected) => {
  const { createQueue, publish, open } = await setup();
  const queue = await createQueue('orders');
  const reader = open({ bodyBytesMax: 4 });

  await publish(queue, { ...message(''), body });

  const [shown] = taken(reader);
  const { body: text, isBase64, isCut, bytes } = shown ?? {};
  expect({ body: text, isBase64, isCut, bytes }).toEqual({ isBase64: undefined, isCut: undefined, ...expected });
});

test('a slow reader loses what there is no room for, hears how many, and goes on', async () => {
  const { createQueue, publish, open } = await setup();
  const queue = await createQueue('orders');
  const reader = open();
  const lost = 7;

  for (let sent = 0; sent < tailLimits.linesMax + lost; sent += 1) await publish(queue, message('m'));
  const first: Taken[] = [];
  for (let part = taken(reader); part.length > 0; part = taken(reader)) {
    first.push(...part);
    await quiet(2);
  }
  await publish(queue, message('again'));

  const missed = first.filter(({ kind }) => kind === 'missed');
  expect(missed).toEqual([{ kind: 'missed', count: tailLimits.linesMax + lost - (first.length - 1) }]);
  expect(first.length).toBeGreaterThan(tailLimits.linesMax);
  expect(taken(reader)).toMatchObject([{ body: 'again' }]);
});

test('large bodies fill the room as well', async () => {
  const { createQueue, publish, open } = await setup();
  const queue = await createQueue('orders');
  const bodyBytesMax = tailLimits.bodyBytesMax;
  const reader = open({ bodyBytesMax });

  for (let sent = 0; sent < 20; sent++) await publish(queue, message('x'.repeat(bodyBytesMax)));
  let characters = 0;
  let text = '';
  for (let part = reader.read(); part !== null; part = reader.read()) {
    characters += String(part).length;
    text = String(part);
    await quiet(2);
  }

  expect(characters).toBeLessThan(tailLimits.charactersMax + 3 * bodyBytesMax);
  expect(text).toMatch(/\{"kind":"missed","count":\d+\}\n$/);
});

test('there are so many readers at most, and one that goes makes room', async () => {
  const { open } = await setup();
  const readers = Array.from({ length: tailLimits.readersMax }, () => open());

  expect(() => open()).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  readers[0]?.destroy();
  await quiet(2);
  expect(() => open()).not.toThrow();
});

test('a user has so many tails at most, and whatever those do who are no admins, an admin finds room', async () => {
  const { open } = await setup();
  const openAs = (name: string, isAdmin = false) => open({}, { name, isAdmin });
  const { readersBesidesAdminsMax, readersOfOneMax } = tailLimits;
  for (let opened = 0; opened < readersOfOneMax; opened++) openAs('low');

  expect(() => openAs('low')).toThrow(
    expect.objectContaining({ code: 'limit-exceeded', message: `user "low" has ${readersOfOneMax} tails already` }),
  );
  for (let opened = readersOfOneMax; opened < readersBesidesAdminsMax; opened++) openAs(`user-${opened}`);
  expect(() => openAs('one-more')).toThrow(
    expect.objectContaining({ message: `${readersBesidesAdminsMax} tails run already` }),
  );
  expect(() => openAs('root', true)).not.toThrow();
});

test('the tail of who is no more ends, and its place is free at once, read or not', async () => {
  const { createQueue, publish, broker, tail, open } = await setup();
  const queue = await createQueue('orders');
  let isKnown = true;
  const readers = Array.from({ length: tailLimits.readersMax }, () => open({}, { isKnown: () => isKnown }));
  await publish(queue, message('before'));

  tail.review();
  expect(() => open()).toThrow(expect.objectContaining({ code: 'limit-exceeded' }));
  isKnown = false;
  tail.review();

  expect(broker.events.has('messages-appended')).toBe(false);
  expect(() => open()).not.toThrow();
  const [reader] = readers;
  if (reader === undefined) throw new Error('some were opened');
  expect(taken(reader)).toMatchObject([{ body: 'before' }]);
  reader.resume();
  await new Promise((resolve) => reader.once('end', resolve));
});

test('nobody listens once the last reader has gone', async () => {
  const { broker, open } = await setup();
  const kinds = ['messages-appended', 'messages-delivered', 'messages-settled', 'queue-dropped'] as const;
  const listened = () => kinds.map((kind) => broker.events.has(kind));
  const before = listened();
  const reader = open();
  const during = listened();
  reader.destroy();
  await quiet(2);

  expect([before, during, listened()]).toEqual([Array(4).fill(false), Array(4).fill(true), Array(4).fill(false)]);
});

test('a quiet tail gives signs of life, and a stop ends it', async () => {
  const { clock, tail, open } = await setup();
  const reader = open();
  reader.read(); // A reader that waits.

  clock.advance(tailLimits.heartbeatMs);
  clock.advance(tailLimits.heartbeatMs);
  const text = reader.read();
  tail.stop();
  reader.resume();
  await new Promise((resolve) => reader.once('close', resolve));

  expect(text).toBe('\n\n');
  expect(() => open()).toThrow(expect.objectContaining({ code: 'unavailable' }));
});

test('a name fits a pattern as it would a regular expression', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const names = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(texts, names, (pattern, name) => {
      const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
      expect(namePattern(pattern)(name)).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});
