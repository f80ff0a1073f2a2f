import { expect, test } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { createBroker } from '../../src/core/broker.ts';
import { limits } from '../../src/core/limits.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Store } from '../../storage/store.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { address, alice, bodies, createWorld, message, plainAttributes, quiet, watch } from './world.ts';

function newQueue(name: string) {
  return { address: address(name), kind: 'standard', attributes: plainAttributes, extras: {}, tags: {} } as const;
}

function names(broker: Broker, prefix = '', after?: string, max = 1_000): string[] {
  return broker.catalogue.list(address(''), prefix, after, max).map((queue) => queue.address.name);
}

test('a queue is found by address and by id, with all that it was made with', async () => {
  const { broker, clock } = await createWorld();
  const attributes = {
    ...plainAttributes,
    retentionMs: undefined,
    policy: '{"Version":"2012-10-17"}',
    redrive: { deadLetter: address('dead.fifo'), deliveryCountMax: 3 },
    redriveAllow: { permission: 'by-queue', sources: [address('s.fifo')] },
  } as const;

  const made = await broker.catalogue.create(alice, {
    ...{ address: address('orders.fifo'), kind: 'fifo', attributes },
    ...{ extras: { SqsManagedSseEnabled: 'true' }, tags: { team: 'one', empty: '' } },
  });

  expect(made).toMatchObject({ attributes, kind: 'fifo', createdAt: clock.now(), modifiedAt: clock.now() });
  expect(broker.catalogue.find(address('orders.fifo'))).toBe(made);
  expect(broker.catalogue.findById(made.id)).toBe(made);
  expect([...broker.catalogue.all()]).toEqual([made]);
  expect(made.extras).toEqual({ SqsManagedSseEnabled: 'true' });
});

test('what was made is there after a restart, as it was', async () => {
  const { another, broker, createQueue } = await createWorld();
  await createQueue('orders', { delayMs: 1_000, redrive: { deadLetter: address('none'), deliveryCountMax: 2 } });
  await createQueue('bills.fifo');
  await broker.stop();

  const restarted = await another();

  for (const name of ['orders', 'bills.fifo']) {
    expect(restarted.catalogue.find(address(name))).toEqual(broker.catalogue.find(address(name)));
  }
  expect(names(restarted)).toEqual(['bills.fifo', 'orders']);
});

test('more queues than one page of records are read at the start', async () => {
  const { another, store } = await createWorld();
  const { broker: donor, createQueue } = await createWorld();
  const { id: _id, ...like } = await createQueue('like');
  expect(donor.catalogue.find(address('like'))).toBeDefined();
  const count = limits.recordPageMax + 1;
  const value = (id: number) =>
    Buffer.from(
      JSON.stringify({
        ...{ v: 1, id, kind: like.kind, createdAt: 1, modifiedAt: 1, dedupScopeAtCreation: 'queue' },
        ...{ attributes: like.attributes, extras: {}, tags: {} },
      }),
    );
  const changes = Array.from({ length: count }, (_, at) => {
    return { do: 'put', key: ['queue', '1', 'r', `q${at}`], value: value(at + 1) } as const;
  });
  await store.commit({ changes, durability: 'disk' });

  const restarted = await another();

  expect([...restarted.catalogue.all()]).toHaveLength(count);
});

test('a second create of a name is already-exists', async () => {
  const { createQueue } = await createWorld();
  await createQueue('orders');

  await expect(createQueue('orders')).rejects.toMatchObject({ code: 'already-exists', resource: 'orders' });
});

test('of creates that race on one node exactly one wins', async () => {
  const { broker, createQueue } = await createWorld();

  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => createQueue('orders')));

  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []))).toEqual(
    Array(4).fill('already-exists'),
  );
  expect(names(broker)).toEqual(['orders']);
});

test.each(['conflict', 'already-exists'] as const)(
  'of creates that race on two nodes exactly one wins, and the other, told %s, knows the winner',
  async (code) => {
    // An engine may say either of a record that was not to be there.
    const wrap = (store: Store): Store => ({
      ...store,
      async commit(batch) {
        const result = await store.commit(batch);
        return result.ok ? result : { ok: false, error: new GantryError(code, result.error.message) };
      },
    });
    const { another, broker } = await createWorld({ wrap });
    const other = await another();

    const outcomes = await Promise.allSettled(
      [broker, other].map((node) => node.catalogue.create(alice, newQueue('orders'))),
    );

    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [one, two] = [broker, other].map((node) => node.catalogue.find(address('orders'))?.id);
    expect(one).toBeDefined();
    expect(two).toBe(one);
  },
);

test('what another node creates, alters and drops is seen here', async () => {
  const { another, broker } = await createWorld();
  const other = await another();

  await other.catalogue.create(alice, newQueue('orders'));
  await quiet();
  const created = broker.catalogue.find(address('orders'));
  await other.catalogue.alter(alice, address('orders'), () => ({ tags: { a: 'b' } }));
  await quiet();
  const altered = broker.catalogue.find(address('orders'));
  await other.catalogue.drop(alice, address('orders'));
  await quiet();

  expect([created?.tags, altered?.tags]).toEqual([{}, { a: 'b' }]);
  expect(broker.catalogue.find(address('orders'))).toBeUndefined();
});

test('a queue that another node dropped and made anew is another queue', async () => {
  const { another, broker, createQueue } = await createWorld();
  const old = await createQueue('orders');
  const other = await another();

  await other.catalogue.drop(alice, address('orders'));
  await other.catalogue.create(alice, newQueue('orders'));
  await quiet();

  expect(broker.catalogue.find(address('orders'))?.id).not.toBe(old.id);
  expect(broker.catalogue.findById(old.id)).toBeUndefined();
});

test('an alteration replaces what is given and leaves the rest, and the engine acts on it', async () => {
  const { broker, clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders', { leaseMs: 7_000 });
  clock.advance(1_000);

  const altered = await broker.catalogue.alter(alice, address('orders'), () => ({
    attributes: { delayMs: 5_000 },
    tags: { team: 'one' },
  }));
  await publish(queue, message('a'));
  const early = bodies(await receive(queue));
  clock.advance(5_000);

  expect(altered).toMatchObject({ id: queue.id, tags: { team: 'one' }, createdAt: queue.createdAt });
  expect(altered.attributes).toEqual({ ...queue.attributes, delayMs: 5_000 });
  expect(altered.modifiedAt).toBe(queue.modifiedAt + 1_000);
  expect(broker.catalogue.find(address('orders'))).toEqual(altered);
  expect([early, bodies(await receive(queue))]).toEqual([[], ['a']]);
});

test('a change out of the queue as it is undoes none that was faster, on whatever node', async () => {
  const { another, broker, createQueue } = await createWorld();
  await createQueue('orders');
  const nodes = [broker, await another()];
  const tag = (node: Broker, key: string) =>
    node.catalogue.alter(alice, address('orders'), ({ tags }) => ({ tags: { ...tags, [key]: '' } }));

  await Promise.all(nodes.flatMap((node, at) => ['a', 'b', 'c'].map((key) => tag(node, `${key}${at}`))));
  await quiet();

  for (const node of nodes) {
    const { tags } = node.catalogue.find(address('orders')) ?? { tags: {} };
    expect(Object.keys(tags).toSorted()).toEqual(['a0', 'a1', 'b0', 'b1', 'c0', 'c1']);
  }
});

test('what a change throws is thrown, nothing is changed, and the next one has its turn', async () => {
  const { broker, createQueue } = await createWorld();
  await createQueue('orders');
  const before = broker.catalogue.find(address('orders'));
  const refusal = new Error('no');

  const refused = broker.catalogue.alter(alice, address('orders'), () => {
    throw refusal;
  });
  const next = broker.catalogue.alter(alice, address('orders'), (queue) => {
    expect(queue).toBe(before);
    return { tags: { a: 'b' } };
  });

  await expect(refused).rejects.toBe(refusal);
  expect((await next).tags).toEqual({ a: 'b' });
});

test('alterations that race on two nodes are all kept', async () => {
  const { another, broker, createQueue } = await createWorld();
  await createQueue('orders');
  const other = await another();

  await Promise.all([
    ...[1_000, 2_000].map((leaseMs) =>
      broker.catalogue.alter(alice, address('orders'), () => ({ attributes: { leaseMs } })),
    ),
    ...[3_000, 4_000].map((delayMs) =>
      other.catalogue.alter(alice, address('orders'), () => ({ attributes: { delayMs } })),
    ),
  ]);
  await quiet();

  const kept = [broker, other].map((node) => node.catalogue.find(address('orders')));
  expect(kept[0]?.attributes).toMatchObject({ leaseMs: 2_000, delayMs: 4_000 });
  expect(kept[1]).toEqual(kept[0]);
});

test.each([
  ['alter', (broker: Broker) => broker.catalogue.alter(alice, address('none'), () => ({ tags: {} }))],
  ['drop', (broker: Broker) => broker.catalogue.drop(alice, address('none'))],
  ['purge', (broker: Broker) => broker.catalogue.purge(alice, address('none'))],
])('%s of a queue that does not exist is not-found', async (_verb, run) => {
  const { broker } = await createWorld();

  await expect(run(broker)).rejects.toMatchObject({ code: 'not-found', resource: 'none' });
});

test('a dropped queue is gone with its messages, and a new one of its name is empty', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const old = await createQueue('orders');
  await publish(old, message('a'));

  await broker.catalogue.drop(alice, address('orders'));
  const made = await createQueue('orders');

  expect(made.id).not.toBe(old.id);
  expect(broker.catalogue.findById(old.id)).toBeUndefined();
  expect(await receive(made)).toEqual([]);
});

test('a drop that another node was faster with is not-found', async () => {
  const { another, broker, createQueue } = await createWorld();
  await createQueue('orders');
  const other = await another();

  const outcomes = await Promise.allSettled(
    [broker, other].map((node) => node.catalogue.drop(alice, address('orders'))),
  );

  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('a purge empties the queue and forgets its dedup ids', async () => {
  const { broker, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo');
  const sent = message('a', { groupId: 'g', dedupId: '1' });
  await publish(queue, sent);

  await broker.catalogue.purge(alice, address('orders.fifo'));
  const empty = await receive(queue);
  const [again] = await publish(queue, sent);

  expect(empty).toEqual([]);
  expect(again).toMatchObject({ isDuplicate: false });
});

test('tallies come in the order asked', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const [orders, bills] = await Promise.all([createQueue('orders'), createQueue('bills')]);
  await publish(orders, message('a'), message('b'), message('c', {}, 1_000));

  const tallies = await broker.catalogue.tallies([bills.id, orders.id]);

  expect(tallies.map(({ waiting, delayed }) => [waiting, delayed])).toEqual([
    [0, 0],
    [2, 1],
  ]);
});

test('lists are in name order, by prefix, after a name, and no longer than asked', async () => {
  const { broker, createQueue } = await createWorld();
  for (const name of ['b-2', 'a', 'b-10', 'c', 'B', 'b-1']) await createQueue(name);
  await broker.catalogue.create(alice, { ...newQueue('b-0'), address: { ...address('b-0'), region: 'eu-west-1' } });

  const before = [names(broker), names(broker, 'b-'), names(broker, 'b-', 'b-1'), names(broker, 'b-', 'a', 2)];
  await broker.catalogue.drop(alice, address('b-10'));
  await createQueue('b-11');

  expect(before).toEqual([
    ['B', 'a', 'b-1', 'b-10', 'b-2', 'c'],
    ['b-1', 'b-10', 'b-2'],
    ['b-10', 'b-2'],
    ['b-1', 'b-10'],
  ]);
  expect(names(broker, 'b-')).toEqual(['b-1', 'b-11', 'b-2']);
});

test.each([
  ['', 'invalid-argument'],
  ['x'.repeat(limits.addressPartLengthMax - 1), 'ok'],
  ['x'.repeat(limits.addressPartLengthMax), 'ok'],
  ['x'.repeat(limits.addressPartLengthMax + 1), 'invalid-argument'],
  ['a\u0000b', 'invalid-argument'],
])('a name such as %j is %s', async (name, expected) => {
  const { createQueue } = await createWorld();

  const code = await createQueue(name, {}, 'standard').then(
    () => 'ok',
    (error: unknown) => (error instanceof GantryError ? error.code : 'thrown'),
  );

  expect(code).toBe(expected);
});

test('a node that missed every notice reads what it lost against, and goes on from there', async () => {
  let nodes = 0;
  const wrap = (store: Store): Store => ({
    ...store,
    onRecords(prefix, listener) {
      if (nodes++ > 0) store.onRecords(prefix, listener);
    },
  });
  const { another, broker: deaf } = await createWorld({ wrap });
  const other = await another();
  await deaf.catalogue.create(alice, newQueue('orders'));
  await deaf.catalogue.create(alice, newQueue('bills'));
  await quiet();
  await other.catalogue.alter(alice, address('orders'), () => ({ attributes: { delayMs: 1_000 } }));
  await other.catalogue.alter(alice, address('bills'), () => ({ tags: { a: 'b' } }));
  await other.catalogue.create(alice, newQueue('made'));

  const altered = await deaf.catalogue.alter(alice, address('orders'), () => ({ attributes: { leaseMs: 2_000 } }));
  await deaf.catalogue.drop(alice, address('bills'));
  const create = deaf.catalogue.create(alice, newQueue('made'));

  expect(altered.attributes).toMatchObject({ delayMs: 1_000, leaseMs: 2_000 });
  await expect(create).rejects.toMatchObject({ code: 'already-exists' });
  expect(names(deaf)).toEqual(['made', 'orders']);
});

test('a create that the store refuses leaves nothing behind, and works when the store does', async () => {
  let isFull = true;
  const full = new GantryError('store-full', 'no space is left');
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) => (isFull ? Promise.resolve({ ok: false, error: full }) : store.commit(batch)),
  });
  const { broker, createQueue } = await createWorld({ wrap });

  await expect(createQueue('orders')).rejects.toBe(full);
  const found = broker.catalogue.find(address('orders'));
  isFull = false;
  await createQueue('orders');

  expect(found).toBeUndefined();
  expect(names(broker)).toEqual(['orders']);
});

test('who loses against others again and again hears conflict instead of waiting for ever', async () => {
  const conflict = new GantryError('conflict', 'another version');
  let isContended = false;
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) => (isContended ? Promise.resolve({ ok: false, error: conflict }) : store.commit(batch)),
  });
  const { broker, createQueue } = await createWorld({ wrap });
  await createQueue('orders');
  isContended = true;

  await expect(createQueue('bills')).rejects.toMatchObject({ code: 'conflict', resource: 'bills' });
  await expect(broker.catalogue.drop(alice, address('orders'))).rejects.toMatchObject({ code: 'conflict' });
  await expect(broker.catalogue.alter(alice, address('orders'), () => ({}))).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('a record of a later version keeps the broker from starting, with words that help', async () => {
  const { store } = await createWorld();
  const value = Buffer.from('{"v":2}');
  await store.commit({ changes: [{ do: 'put', key: ['queue', '1', 'r', 'orders'], value }], durability: 'disk' });
  const broker = createBroker({ store, authorize: () => undefined, random: createFixedRandom() });

  await expect(broker.start()).rejects.toMatchObject({ code: 'internal', resource: 'orders' });
});

test('a record that this version cannot read does not keep it from seeing the others', async () => {
  const { broker, store } = await createWorld();
  const value = Buffer.from('{"v":2}');
  await store.commit({ changes: [{ do: 'put', key: ['queue', '1', 'r', 'later'], value }], durability: 'disk' });
  await quiet();
  const other = createBroker({ store, authorize: () => undefined, random: createFixedRandom(2) });

  await other.catalogue.create(alice, newQueue('orders'));
  await quiet(20);

  expect(broker.catalogue.find(address('orders'))).toBeDefined();
});

test('when notices were missed everything is compared again', async () => {
  let tellAll: (() => void) | undefined;
  let isDeaf = false;
  const wrap = (store: Store): Store => ({
    ...store,
    onRecords(prefix, listener) {
      tellAll ??= () => listener('all');
      store.onRecords(prefix, (keys) => {
        if (!isDeaf) listener(keys);
      });
    },
  });
  const { another, broker } = await createWorld({ wrap });
  const other = await another();
  for (const name of ['kept', 'dropped', 'remade']) await broker.catalogue.create(alice, newQueue(name));
  await quiet();
  isDeaf = true;
  await other.catalogue.create(alice, newQueue('made'));
  await other.catalogue.drop(alice, address('dropped'));
  await other.catalogue.drop(alice, address('remade'));
  await other.catalogue.create(alice, newQueue('remade'));
  await quiet();
  const before = names(broker);

  tellAll?.();
  await quiet();

  expect(before).toEqual(['dropped', 'kept', 'remade']);
  expect([...broker.catalogue.all()].toSorted((a, b) => a.id - b.id)).toEqual(
    [...other.catalogue.all()].toSorted((a, b) => a.id - b.id),
  );
});

test('a record that could not be read is read when the store is well again', async () => {
  let tellOk: (() => void) | undefined;
  let isBroken = false;
  const wrap = (store: Store): Store => ({
    ...store,
    records: (...of) => (isBroken ? Promise.reject(new GantryError('unavailable', 'no')) : store.records(...of)),
    onState(listener) {
      tellOk ??= () => listener('ok', '');
    },
  });
  const { another, broker } = await createWorld({ wrap });
  const other = await another();
  isBroken = true;
  await other.catalogue.create(alice, newQueue('orders'));
  await quiet();
  const before = names(broker);

  isBroken = false;
  tellOk?.();
  await quiet();

  expect([before, names(broker)]).toEqual([[], ['orders']]);
});

test('stopping before the start, twice or after it is harmless', async () => {
  const { store, broker } = await createWorld();
  const unstarted = createBroker({ store, authorize: () => undefined, random: createFixedRandom() });

  await unstarted.stop();
  await unstarted.stop();
  await broker.stop();
  await broker.stop();
});

test('a stopped broker follows the records no longer', async () => {
  const { another, broker } = await createWorld();
  const other = await another();

  await broker.stop();
  await other.catalogue.create(alice, newQueue('orders'));
  await quiet();

  expect(names(broker)).toEqual([]);
  expect(names(other)).toEqual(['orders']);
});

test('changes of one queue run in the order asked', async () => {
  const { broker, createQueue } = await createWorld();
  await createQueue('orders');

  const altered = watch(broker.catalogue.alter(alice, address('orders'), () => ({ tags: { a: '1' } })));
  const dropped = broker.catalogue.drop(alice, address('orders'));
  const made = createQueue('orders');
  await dropped;
  await made;

  expect(altered.value?.tags).toEqual({ a: '1' });
  expect(broker.catalogue.find(address('orders'))).toEqual(await made);
});
