import { expect, test } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { limits } from '../../src/core/limits.ts';
import { createWorld } from './world.ts';

async function texts(broker: Broker, kind: string): Promise<string[]> {
  return (await entries(broker, kind)).map(({ text }) => text);
}

async function entries(broker: Broker, kind: string): Promise<{ pos: number; text: string }[]> {
  const found: { pos: number; text: string }[] = [];
  await broker.outbox.look(kind, ({ pos, body }) => {
    found.push({ pos, text: Buffer.from(body).toString() });
    return true;
  });
  return found;
}

test('what was appended is there in its order, kind by kind, after a restart as well', async () => {
  const { broker, another } = await createWorld();
  for (let at = 0; at < 60; at++) await broker.outbox.append('sms', Buffer.from(`sms ${at}`));
  await broker.outbox.append('push', Buffer.from('push'));

  const expected = Array.from({ length: 60 }, (_, at) => `sms ${at}`);
  expect(await texts(broker, 'sms')).toEqual(expected);
  expect(await texts(await another(), 'sms')).toEqual(expected);
  expect(await texts(broker, 'push')).toEqual(['push']);
  expect(await texts(broker, 'mail')).toEqual([]);
});

test('two that begin an outbox at once share it', async () => {
  const { broker, another } = await createWorld();
  const other = await another();

  await Promise.all([broker.outbox.append('sms', Buffer.from('a')), other.outbox.append('sms', Buffer.from('b'))]);

  expect((await texts(broker, 'sms')).sort()).toEqual(['a', 'b']);
});

test('who has seen enough sees no more', async () => {
  const { broker } = await createWorld();
  for (const text of ['a', 'b', 'c']) await broker.outbox.append('sms', Buffer.from(text));
  const seen: string[] = [];

  await broker.outbox.look('sms', ({ body }) => {
    seen.push(Buffer.from(body).toString());
    return seen.length < 2;
  });

  expect(seen).toEqual(['a', 'b']);
});

test('entries are taken out one by one, and all at once', async () => {
  const { broker } = await createWorld();
  for (const text of ['a', 'b', 'c']) await broker.outbox.append('sms', Buffer.from(text));
  const [first, , last] = await entries(broker, 'sms');

  await broker.outbox.discard('sms', [first?.pos ?? -1, last?.pos ?? -1, 1_000_000]);
  expect(await texts(broker, 'sms')).toEqual(['b']);
  await broker.outbox.clear('sms');
  expect(await texts(broker, 'sms')).toEqual([]);
  await broker.outbox.clear('push');
});

test('the oldest goes when there are too many, and when it is too old', async () => {
  const { broker, clock } = await createWorld();
  const mebibyte = (text: string) => Buffer.from(text.padEnd(1_048_576));
  const fits = limits.outboxBytesMax / 1_048_576 - 1; // Heads count as well.
  for (let at = 0; at < fits + 2; at++) await broker.outbox.append('sms', mebibyte(`${at} `));

  const found = (await texts(broker, 'sms')).map((text) => text.trimEnd());
  expect([found.length, found[0], found.at(-1)]).toEqual([fits, '2', `${fits + 1}`]);
  clock.advance(limits.outboxRetentionMs + 1);
  expect(await texts(broker, 'sms')).toEqual([]);
});

test('a reset forgets an outbox with its queue, and what comes after it is kept', async () => {
  const { broker, store } = await createWorld();
  await broker.outbox.append('sms', Buffer.from('a'));

  await broker.reset('tester');
  expect(await texts(broker, 'sms')).toEqual([]);
  await broker.outbox.append('sms', Buffer.from('b'));

  expect(await texts(broker, 'sms')).toEqual(['b']);
  expect(await store.records(['document'])).toHaveLength(1);
});
