import { expect, it } from 'vitest';
import type { Subscription, TopicAttributes } from '../../../src/model/topic.ts';
import { address, alice, createWorld } from '../world.ts';

const attributes: TopicAttributes = {
  isContentDeduplicated: false,
  dedupScope: 'topic',
  messageBytesMax: 1024,
  policy: undefined,
  archiveMs: undefined,
};

async function setup() {
  const { broker } = await createWorld();
  const { catalogue, subscriptions } = broker.topics;
  const topic = address('t');
  const make = async () => {
    await catalogue.create(alice, { address: topic, kind: 'standard', attributes, extras: {}, tags: {} });
  };
  const subscribe = (state: Subscription['state'] = 'confirmed') =>
    subscriptions.create(alice, {
      ...{ topic, protocol: 'sqs', endpoint: 'q', target: { type: 'queue', queue: address('q') }, state, isRaw: false },
      ...{ filter: undefined, deadLetter: undefined, owner: alice.account, extras: {} },
    });
  const turn = (one: Subscription, state: Subscription['state']) =>
    subscriptions.alter(alice, one.address, () => ({ state }), undefined);
  const deleted = () => {
    const found = catalogue.find(topic);
    return found === undefined ? undefined : subscriptions.countsOf(found).deleted;
  };
  await make();
  return { broker, topic, make, subscribe, turn, deleted };
}

it('a subscription that is dropped has ended, and none that is made or altered', async () => {
  const { broker, subscribe, turn, deleted } = await setup();
  const one = await subscribe('pending');
  await turn(one, 'confirmed');
  expect(deleted()).toBe(0);

  await broker.topics.subscriptions.drop(alice, one.address, undefined);

  expect(deleted()).toBe(1);
});

it('one that has ended and is gone later counts once, and not while it has come back', async () => {
  const { broker, subscribe, turn, deleted } = await setup();
  const one = await subscribe();

  await turn(one, 'ended');
  expect(deleted()).toBe(1);
  await turn(one, 'confirmed');
  expect(deleted()).toBe(0);
  await turn(one, 'ended');
  await broker.topics.subscriptions.drop(alice, one.address, undefined);
  expect(deleted()).toBe(1);
});

it('a topic that is made again begins anew', async () => {
  const { broker, topic, make, subscribe, deleted } = await setup();
  const one = await subscribe();
  await broker.topics.subscriptions.drop(alice, one.address, undefined);
  await subscribe();

  await broker.topics.catalogue.drop(alice, topic);
  await make();

  expect(deleted()).toBe(0);
});
