import { expect, it } from 'vitest';
import { FilterPolicies } from '../../../src/core/topics/filter-policies.ts';
import type { Subscription, SubscriptionFilter } from '../../../src/model/topic.ts';
import { address } from '../world.ts';
import { createTopicsWorld } from './world.ts';

const long = `{"a":["b"]${' '.repeat(20_000)}}`;
const filterOf = (policy: string): SubscriptionFilter => ({ policy, scope: 'attributes' });

async function setup() {
  const world = await createTopicsWorld();
  const topic = await world.topic('t');
  const filters = () => world.broker.topics.subscriptions.ofTopic(topic, undefined, 99).map(({ filter }) => filter);
  const use = () => world.broker.topics.subscriptions.filtersOf(topic);
  return { world, topic, filters, use };
}

it('equal policies are one object, when they are made and when they are read at a start, each as it was given', async () => {
  const { world, topic, filters } = await setup();
  for (const name of ['a', 'b', 'c']) await world.subscribe(topic, name, { filter: filterOf(` ${long}`.slice(1)) });
  await world.subscribe(topic, 'd', { filter: { policy: long, scope: 'body' } });
  await world.subscribe(topic, 'e', { filter: filterOf(`${long} `) });

  for (const when of ['made', 'read']) {
    if (when === 'read') await world.restart();
    expect(new Set(filters()).size).toBe(3);
    expect(filters().filter((filter) => filter?.policy === long)).toHaveLength(4);
    expect(filters().filter((filter) => filter?.policy === `${long} `)).toHaveLength(1);
  }
  await world.stop();
});

it('counts and bytes of an account are kept as policies come, change and go, and after a start', async () => {
  const { world, topic, use } = await setup();
  const other = await world.topic('other');
  const one = await world.subscribe(topic, 'a', { filter: filterOf('{"a":["é"]}') });
  await world.subscribe(other, 'b', { filter: filterOf('{"a":["é"]}') });
  await world.subscribe(other, 'c');
  expect(use()).toEqual({ ofTopic: 1, ofAccount: { count: 2, bytes: 24 } });

  const { subscriptions } = world.broker.topics;
  const alice = { name: 'alice', account: one.owner, isAnonymous: false };
  await subscriptions.alter(alice, one.address, () => ({ filter: filterOf('{"a":["long"]}') }), undefined);
  expect(use()).toEqual({ ofTopic: 1, ofAccount: { count: 2, bytes: 26 } });
  await subscriptions.alter(alice, one.address, () => ({ isRaw: false }), undefined);
  await world.restart();
  expect(use()).toEqual({ ofTopic: 1, ofAccount: { count: 2, bytes: 26 } });

  await world.broker.topics.subscriptions.alter(alice, one.address, () => ({ filter: undefined }), undefined);
  expect(use()).toEqual({ ofTopic: 0, ofAccount: { count: 1, bytes: 12 } });
  await world.stop();
});

it('two texts that differ in half a surrogate pair alone stay two', () => {
  const policies = new FilterPolicies();
  const text = (half: string) => `{"a":["${'x'.repeat(2_000)}${half}"]}`;
  const one = policies.shared(filterOf(text('\ud800')));
  const subscription = { address: { topic: address('t'), id: '1' }, filter: one } as Subscription;
  policies.change(undefined, subscription);

  expect(policies.shared(filterOf(text('\ud800')))).toBe(one);
  expect(policies.shared(filterOf(text('\ud801')))?.policy).toBe(text('\ud801'));
});
