import { expect, test } from 'vitest';
import { createBroker } from '../../src/core/broker.ts';
import { encodeQueueRecord, recordKey } from '../../src/core/queue-record.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Queue } from '../../src/model/queue.ts';
import type { Store } from '../../storage/store.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { address, alice, bodies, createWorld, message, quiet } from './world.ts';

const redrive = { deadLetter: address('dead'), deliveryCountMax: 1 };
const unlinked = { dedupScopeAtCreation: 'queue', deadLetterId: undefined, leasedMax: undefined } as const;
type World = Awaited<ReturnType<typeof createWorld>>;

/** Publishes one message and receives it as often as it takes to exceed the count. @returns bodies of the last receive */
async function exceed({ publish, receive }: World, queue: Queue): Promise<string[]> {
  await publish(queue, message('poison'));
  await receive(queue, { leaseMs: 0 });
  return bodies(await receive(queue, { leaseMs: 0 }));
}

test('a message that was received too often moves to the dead-letter queue', async () => {
  const world = await createWorld();
  const dead = await world.createQueue('dead');
  const queue = await world.createQueue('orders', { redrive });

  const given = await exceed(world, queue);

  expect(given).toEqual([]);
  expect(bodies(await world.receive(dead))).toEqual(['poison']);
});

test('without the dead-letter queue the message stays where it is', async () => {
  const world = await createWorld();
  const queue = await world.createQueue('orders', { redrive });

  expect(await exceed(world, queue)).toEqual(['poison']);
});

test('a dead-letter queue that is made later is used from then on', async () => {
  const world = await createWorld();
  const queue = await world.createQueue('orders', { redrive });
  const dead = await world.createQueue('dead');

  const given = await exceed(world, queue);

  expect(given).toEqual([]);
  expect(bodies(await world.receive(dead))).toEqual(['poison']);
});

test('a dead-letter queue that is dropped is used no longer, and its successor is', async () => {
  const world = await createWorld();
  await world.createQueue('dead');
  const queue = await world.createQueue('orders', { redrive });
  await world.broker.catalogue.drop(alice, address('dead'));

  const without = await exceed(world, queue);
  const successor = await world.createQueue('dead');
  const withIt = bodies(await world.receive(queue));

  expect([without, withIt]).toEqual([['poison'], []]);
  expect(bodies(await world.receive(successor))).toEqual(['poison']);
});

test('naming another dead-letter queue, or none, acts at once', async () => {
  const world = await createWorld();
  const [, other] = await Promise.all([world.createQueue('dead'), world.createQueue('other')]);
  const queue = await world.createQueue('orders', { redrive });
  const { catalogue } = world.broker;

  await catalogue.alter(alice, queue.address, () => ({
    attributes: { redrive: { ...redrive, deadLetter: address('other') } },
  }));
  await exceed(world, queue);
  const moved = bodies(await world.receive(other));
  await catalogue.alter(alice, queue.address, () => ({ attributes: { redrive: undefined } }));
  const kept = await exceed(world, queue);

  expect([moved, kept]).toEqual([['poison'], ['poison']]);
});

test('the sources made on one node and the dead-letter queue made on another find each other', async () => {
  const world = await createWorld();
  const other = await world.another();
  const attributes = (await world.createQueue('like')).attributes;
  const create = { address: address('dead'), kind: 'standard', attributes, extras: {}, tags: {} } as const;

  const [queue] = await Promise.all([world.createQueue('orders', { redrive }), other.catalogue.create(alice, create)]);
  await quiet(40);
  const given = await exceed(world, queue);

  expect(given).toEqual([]);
});

test('a link that was left wrong is mended at the next start', async () => {
  let isRefused = false;
  const wrap = (store: Store): Store => ({
    ...store,
    commit(batch) {
      const isAlter = batch.changes.some((change) => change.do === 'alter-queue');
      const error = new GantryError('store-full', 'no space is left');
      return isRefused && isAlter ? Promise.resolve({ ok: false, error }) : store.commit(batch);
    },
  });
  const world = await createWorld({ wrap });
  const queue = await world.createQueue('orders', { redrive });
  isRefused = true;
  await world.createQueue('dead');
  const before = await exceed(world, queue);
  await world.broker.stop();
  isRefused = false;

  const restarted = createBroker({ store: world.store, authorize: () => undefined, random: createFixedRandom(2) });
  await restarted.start();
  const after = bodies(await world.receive(queue));

  expect([before, after]).toEqual([['poison'], []]);
});

test('when the create of a dead-letter queue, or its drop, is answered, the links are mended', async () => {
  const { broker, createQueue } = await createWorld();
  const queue = await createQueue('orders', { redrive });

  const dead = await createQueue('dead');
  const withIt = broker.catalogue.find(queue.address);
  await broker.catalogue.drop(alice, dead.address);
  const without = broker.catalogue.find(queue.address);

  expect(withIt).toMatchObject({ deadLetterId: dead.id });
  expect(without).toMatchObject({ deadLetterId: undefined });
});

test('a start with right links writes nothing', async () => {
  let commits = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    commit(batch) {
      commits++;
      return store.commit(batch);
    },
  });
  const { another, createQueue } = await createWorld({ wrap });
  await createQueue('dead');
  await createQueue('a-source', { redrive }); // In key order before what it names.
  await createQueue('source', { redrive });
  await quiet();
  commits = 0;

  await another();
  await quiet();

  expect(commits).toBe(0);
});

test('what a node left wrong the others mend when they hear of it', async () => {
  const { broker, createQueue, store } = await createWorld();
  const dead = await createQueue('dead');
  const like = await createQueue('like', { redrive: { ...redrive, deadLetter: address('none') } });
  const attributes = { ...like.attributes, redrive };
  const record = { ...like, id: store.newQueueId(), address: address('orders'), attributes };
  const value = encodeQueueRecord({ ...record, ...unlinked });

  // As a node does that did not know the dead-letter queue yet, and made one that another queue waits for; then it ends.
  await store.commit({ changes: [{ do: 'put', key: recordKey(address('orders')), value }], durability: 'disk' });
  const made = encodeQueueRecord({ ...dead, ...{ id: store.newQueueId(), address: address('none') }, ...unlinked });
  await store.commit({ changes: [{ do: 'put', key: recordKey(address('none')), value: made }], durability: 'disk' });
  await quiet(20);

  expect(broker.catalogue.find(address('orders'))).toMatchObject({ deadLetterId: dead.id, version: 2 });
  const none = broker.catalogue.find(address('none'));
  expect(none).toBeDefined();
  expect(broker.catalogue.find(address('like'))).toMatchObject({ deadLetterId: none?.id, version: 2 });
});

test('a link that could not be mended is when the store is well again', async () => {
  let isRefused = false;
  let tellOk: (() => void) | undefined;
  const full = { ok: false, error: new GantryError('store-full', 'no space is left') } as const;
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) =>
      isRefused && batch.changes.some((change) => change.do === 'alter-queue')
        ? Promise.resolve(full)
        : store.commit(batch),
    onState(listener) {
      const others = tellOk;
      tellOk = () => {
        others?.();
        listener('ok', '');
      };
    },
  });
  const { broker, createQueue } = await createWorld({ wrap });
  const queue = await createQueue('orders', { redrive });
  isRefused = true;
  const dead = await createQueue('dead');
  const before = broker.catalogue.find(queue.address);

  isRefused = false;
  tellOk?.();
  await quiet();

  expect(before).toMatchObject({ deadLetterId: undefined });
  expect(broker.catalogue.find(queue.address)).toMatchObject({ deadLetterId: dead.id });
});

test('two queues that are each other’s dead letter can be made at once', async () => {
  const { broker, createQueue } = await createWorld();

  const [one, other] = await Promise.all([
    createQueue('orders', { redrive }),
    createQueue('dead', { redrive: { ...redrive, deadLetter: address('orders') } }),
  ]);
  await quiet();

  expect(broker.catalogue.find(one.address)).toMatchObject({ deadLetterId: other.id });
  expect(broker.catalogue.find(other.address)).toMatchObject({ deadLetterId: one.id });
});

test('mending a link does not look like a change by somebody', async () => {
  const { broker, clock, createQueue } = await createWorld();
  const altered: string[] = [];
  broker.events.on('queue-altered', ({ queue }) => altered.push(queue.name));
  const queue = await createQueue('orders', { redrive });
  clock.advance(1_000);

  await createQueue('dead');

  expect(broker.catalogue.find(queue.address)?.modifiedAt).toBe(queue.modifiedAt);
  expect(altered).toEqual([]);
});

test('a queue may be its own dead letter: nothing moves, and the record needs no mending', async () => {
  const world = await createWorld();
  const { catalogue } = world.broker;
  const queue = await world.createQueue('dead', { redrive });
  await quiet();
  const made = catalogue.find(queue.address);

  const given = await exceed(world, queue);

  expect(given).toEqual(['poison']);
  expect(made).toMatchObject({ deadLetterId: queue.id });
  expect(catalogue.find(queue.address)).toBe(made);
  expect([...catalogue.sourcesOf(queue.address)]).toEqual([made]);
  await catalogue.drop(alice, queue.address);
  expect(catalogue.find(queue.address)).toBeUndefined();
});
