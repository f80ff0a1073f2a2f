import { expect, it, vi } from 'vitest';
import type { KnownSubscription } from '../../../src/core/topics/subscription-record.ts';
import { SubscriptionIndex } from '../../../src/core/topics/topic-index.ts';
import { address } from '../world.ts';

function subscription(name: string, id: string, more: Partial<KnownSubscription> = {}): KnownSubscription {
  const topic = address(name);
  return {
    ...{ address: { topic, id }, topicId: `id of ${name}`, protocol: 'sqs', endpoint: id, state: 'confirmed' },
    ...{ target: { type: 'queue', queue: address(id) }, stateSince: 0, isRaw: false, filter: undefined },
    ...{ deadLetter: undefined, owner: topic.account, extras: {}, createdAt: 0, version: 1, pushId: undefined },
    ...more,
  };
}

function indexOf(...subscriptions: readonly KnownSubscription[]): SubscriptionIndex {
  const index = new SubscriptionIndex();
  for (const each of subscriptions) index.set(each);
  return index;
}

const wordsOf = (found: readonly KnownSubscription[]) =>
  found.map(({ address: { topic, id } }) => `${topic.name}:${id}`).join(' ');
const pushQueue = (id: number) => id as NonNullable<KnownSubscription['pushId']>;

it('a page of a topic with very many subscriptions sorts nothing and looks at no more than it shows', () => {
  const index = indexOf(
    ...Array.from({ length: 20_000 }, (_, at) => subscription('t', String((at * 7_919) % 20_000).padStart(5, '0'))),
  );
  const sorts = vi.spyOn(Array.prototype, 'sort');
  const looked = vi.spyOn(Map.prototype, 'get');

  const ofTopic = index.ofTopic({ address: address('t'), id: 'id of t' }, '09999', 100);
  const listed = index.list(address('t'), { topic: address('t'), id: '19949' }, 100);
  const sortCount = sorts.mock.calls.length;
  const lookCount = looked.mock.calls.length;
  for (const spy of [sorts, looked]) spy.mockRestore();

  expect(ofTopic.map((each) => each.address.id)).toEqual(Array.from({ length: 100 }, (_, at) => String(10_000 + at)));
  expect(listed).toHaveLength(50);
  expect(sortCount).toBe(0);
  expect(lookCount).toBeLessThan(200);
});

it('a list goes topic by topic through one namespace, on from any place, also from one that is gone', () => {
  const elsewhere = subscription('c', '1');
  const topic = { ...elsewhere.address.topic, region: 'eu-west-1' };
  const index = indexOf(
    ...['b:2', 'a:3', 'b:1', 'a:1', 'c:9'].map((text) => subscription(text.slice(0, 1), text.slice(2))),
    { ...elsewhere, address: { topic, id: '1' } },
  );

  expect(wordsOf(index.list(address('-'), undefined, 3))).toBe('a:1 a:3 b:1');
  expect(wordsOf(index.list(address('-'), { topic: address('b'), id: '1' }, 3))).toBe('b:2 c:9');
  expect(wordsOf(index.list(address('-'), { topic: address('a'), id: '2' }, 2))).toBe('a:3 b:1');
  expect(wordsOf(index.list(address('-'), { topic: address('ab'), id: '2' }, 9))).toBe('b:1 b:2 c:9');
  expect(wordsOf(index.list(topic, undefined, 9))).toBe('c:1');
  const isOdd = (each: KnownSubscription) => Number(each.address.id) % 2 === 1;
  expect(wordsOf(index.list(address('-'), { topic: address('a'), id: '1' }, 2, isOdd))).toBe('a:3 b:1');
  index.remove({ topic: address('b'), id: '1' });
  index.remove({ topic: address('b'), id: '2' });
  expect(wordsOf(index.list(address('-'), undefined, 9))).toBe('a:1 a:3 c:9');
});

it('counts by state, filter and endpoint are kept as subscriptions are made, altered and dropped', () => {
  const topic = { address: address('t'), id: 'id of t' };
  const index = indexOf(subscription('t', '1'), subscription('t', '2', { state: 'pending', pushId: pushQueue(7) }));
  expect(index.countsOf(topic)).toEqual({ all: 2, pending: 1, confirmed: 1, filtered: 0 });

  const filter = { policy: '{"a":["b"]}', scope: 'attributes' } as const;
  index.set(subscription('t', '2', { filter, pushId: pushQueue(7) }));
  index.set(subscription('t', '1', { state: 'ended' }));
  expect(index.countsOf(topic)).toEqual({ all: 2, pending: 0, confirmed: 1, filtered: 1 });
  expect(wordsOf(index.pushedOf(topic, undefined, 9))).toBe('t:2');
  expect(index.count).toBe(2);

  index.remove({ topic: topic.address, id: '2' });
  expect(index.countsOf(topic)).toEqual({ all: 1, pending: 0, confirmed: 0, filtered: 0 });
  expect(index.pushedOf(topic, undefined, 9)).toEqual([]);
  expect([...index.ofEndpoint('sqs', '2')]).toEqual([]);
});

it('those of an earlier topic of the same name are told apart, and stay in lists until they are swept', () => {
  const index = indexOf(subscription('t', '1', { topicId: 'earlier' }), subscription('t', '2'));

  expect(wordsOf(index.ofTopic({ address: address('t'), id: 'id of t' }, undefined, 9))).toBe('t:2');
  expect(wordsOf(index.ofTopic({ address: address('t'), id: 'earlier' }, undefined, 9))).toBe('t:1');
  expect(index.countsOf({ address: address('t'), id: 'earlier' }).confirmed).toBe(1);
  expect(wordsOf(index.list(address('t'), undefined, 9))).toBe('t:1 t:2');
  expect(index.find({ topic: address('t'), id: '1' })?.topicId).toBe('earlier');
});
