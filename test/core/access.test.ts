import { expect, test } from 'vitest';
import type { Broker } from '../../src/core/broker.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { Action, Resource } from '../../src/model/principal.ts';
import type { Queue } from '../../src/model/queue.ts';
import type { Store } from '../../storage/store.ts';
import { address, alice, createWorld, message, plainAttributes, receiptOf } from './world.ts';

const newQueue = {
  address: address('new'),
  kind: 'standard',
  attributes: plainAttributes,
  extras: {},
  tags: {},
} as const;
const options = { deliveriesMax: 1, leaseMs: undefined, waitMs: undefined };
const settlement = { receipt: receiptOf('any'), outcome: { type: 'ack' } } as const;

type Row = readonly [string, Action, string, (broker: Broker, queue: Queue) => Promise<unknown>];
const rows: readonly Row[] = [
  ['publish of one', 'send', 'orders', (broker, queue) => broker.publish(alice, queue, [message('a')], 'disk')],
  [
    'publish of two',
    'send',
    'orders',
    (broker, queue) => broker.publish(alice, queue, [message('a'), message('b')], 'disk'),
  ],
  ['publish of none', 'send', 'orders', (broker, queue) => broker.publish(alice, queue, [], 'disk')],
  ['receive', 'receive', 'orders', (broker, queue) => broker.receive(alice, queue, options)],
  [
    'receive that waits',
    'receive',
    'orders',
    (broker, queue) => broker.receive(alice, queue, { ...options, waitMs: 1_000 }),
  ],
  ['settle of one', 'receive', 'orders', (broker, queue) => broker.settle(alice, queue, [settlement], 'disk')],
  [
    'settle of two',
    'receive',
    'orders',
    (broker, queue) => broker.settle(alice, queue, [settlement, settlement], 'disk'),
  ],
  ['create', 'create', 'new', (broker) => broker.catalogue.create(alice, newQueue)],
  [
    'create of one that exists',
    'create',
    'orders',
    (broker, { address }) => broker.catalogue.create(alice, { ...newQueue, address }),
  ],
  ['alter', 'manage', 'orders', (broker, { address }) => broker.catalogue.alter(alice, address, () => ({ tags: {} }))],
  [
    'alter of one that is not',
    'manage',
    'none',
    (broker) => broker.catalogue.alter(alice, address('none'), () => ({ tags: {} })),
  ],
  ['drop', 'manage', 'orders', (broker, { address }) => broker.catalogue.drop(alice, address)],
  ['drop of one that is not', 'manage', 'none', (broker) => broker.catalogue.drop(alice, address('none'))],
  ['purge', 'manage', 'orders', (broker, { address }) => broker.catalogue.purge(alice, address)],
  ['purge of one that is not', 'manage', 'none', (broker) => broker.catalogue.purge(alice, address('none'))],
];

async function setup(answer: (action: Action) => GantryError | undefined) {
  const asked: { readonly action: Action; readonly resource: Resource }[] = [];
  const calls: string[] = [];
  let isOpen = true;
  const counted =
    <A extends unknown[], R>(name: string, call: (...of: A) => R) =>
    (...of: A): R => {
      calls.push(name);
      return call(...of);
    };
  const world = await createWorld({
    authorize(_principal, action, resource) {
      if (isOpen) return undefined;
      asked.push({ action, resource });
      return answer(action);
    },
    wrap: (store: Store): Store => ({
      ...store,
      commit: counted('commit', store.commit),
      receive: counted('receive', store.receive),
      records: counted('records', store.records),
      newQueueId: counted('newQueueId', store.newQueueId),
    }),
  });
  const queue = await world.createQueue('orders');
  const before = calls.length;
  isOpen = false;
  return { ...world, queue, asked, touched: () => calls.slice(before) };
}

test.each(rows)('%s is refused without %s, and the store is not touched', async (_verb, action, name, run) => {
  const refusal = new GantryError('access-denied', 'no');
  const { broker, queue, asked, touched } = await setup(() => refusal);

  await expect(run(broker, queue)).rejects.toBe(refusal);

  expect(asked).toEqual([{ action, resource: { type: 'queue', ...address(name) } }]);
  expect(touched()).toEqual([]);
});

test.each(rows)('%s asks for nothing but %s', async (_verb, action, _name, run) => {
  const { broker, clock, queue, asked } = await setup((other) =>
    other === action ? undefined : new GantryError('access-denied', 'no'),
  );

  const outcome = run(broker, queue).catch((error: unknown) => error);
  await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
  clock.advance(1_000);
  const code = await outcome.then((result) => (result instanceof GantryError ? result.code : 'done'));

  expect(asked).toHaveLength(1);
  expect(code).not.toBe('access-denied');
});
