import { expect, test } from 'vitest';
import type { EventMap } from '../../src/core/events.ts';
import { createEvents } from '../../src/core/events.ts';
import { address, alice, Cancellation, createWorld, message, quiet } from './world.ts';

const created: EventMap['queue-created'] = { at: 1, queue: address('orders'), principal: 'alice' };

test('listeners hear their kind, in the order in which they came, until they end', () => {
  const events = createEvents();
  const heard: string[] = [];
  const end = events.on('queue-created', () => heard.push('first'));
  events.on('queue-created', () => heard.push('second'));
  events.on('queue-dropped', () => heard.push('dropped'));

  events.tell('queue-created', created);
  end();
  end();
  events.tell('queue-created', created);

  expect(heard).toEqual(['first', 'second', 'second']);
});

test('a kind has listeners from the first until the last', () => {
  const events = createEvents();
  const before = events.has('queue-created');
  const end = events.on('queue-created', () => {});
  const during = [events.has('queue-created'), events.has('queue-dropped')];
  end();

  expect([before, ...during, events.has('queue-created')]).toEqual([false, true, false, false]);
});

test('one function that listens twice is told twice and ends one by one', () => {
  const events = createEvents();
  let heard = 0;
  const listener = () => heard++;
  const end = events.on('queue-created', listener);
  events.on('queue-created', listener);

  events.tell('queue-created', created);
  end();
  events.tell('queue-created', created);

  expect(heard).toBe(3);
});

test('a listener may end itself while it is told', () => {
  const events = createEvents();
  const heard: string[] = [];
  const end = events.on('queue-created', () => {
    heard.push('once');
    end();
  });
  events.on('queue-created', () => heard.push('always'));

  events.tell('queue-created', created);
  events.tell('queue-created', created);

  expect(heard).toEqual(['once', 'always', 'always']);
});

test('each verb tells what it did', async () => {
  const { broker, clock, createQueue, publish, receive } = await createWorld();
  const heard: unknown[] = [];
  const kinds = [
    ...(['appended', 'delivered', 'empty-receive', 'settled'] as const),
    ...(['queue-created', 'queue-altered', 'queue-dropped', 'queue-purged'] as const),
  ];
  for (const kind of kinds) broker.events.on(kind, (event) => heard.push([kind, event]));
  const by = { at: clock.now(), queue: address('orders.fifo'), principal: 'alice' };
  const group = { groupId: 'g', dedupId: '1' };

  const queue = await createQueue('orders.fifo', { messageBytesMax: 3 });
  await receive(queue);
  await publish(queue, message('ab', group));
  await publish(queue, message('ab', group), message('abcd', { groupId: 'g' }), message('c', { groupId: 'h' }));
  await publish(queue, message('abcd', { groupId: 'g' }));
  const [first, second] = await receive(queue);
  if (first === undefined || second === undefined) throw new Error('two deliveries were expected');
  await broker.settle(
    alice,
    queue,
    [
      { receipt: first.receipt, outcome: { type: 'ack' } },
      { receipt: first.receipt, outcome: { type: 'ack' } },
      { receipt: second.receipt, outcome: { type: 'release', isCounted: true } },
    ],
    'disk',
  );
  await broker.catalogue.alter(alice, queue.address, () => ({ tags: {} }));
  await broker.catalogue.purge(alice, queue.address);
  await broker.catalogue.drop(alice, queue.address);

  expect(heard).toEqual([
    ['queue-created', by],
    ['empty-receive', { at: by.at, queue: by.queue }],
    ['appended', { ...by, messages: 1, bytes: 2, duplicates: 0 }],
    ['appended', { ...by, messages: 1, bytes: 1, duplicates: 1 }],
    ['delivered', { ...by, messages: 2 }],
    ['settled', { ...by, outcome: 'ack', messages: 1 }],
    ['settled', { ...by, outcome: 'release', messages: 1 }],
    ['queue-altered', by],
    ['queue-purged', by],
    ['queue-dropped', by],
  ]);
});

test('a cancelled receive is no event, and one whose wait ends is an empty receive', async () => {
  const { broker, clock, createQueue, receive } = await createWorld();
  const queue = await createQueue('orders');
  const heard: string[] = [];
  broker.events.on('empty-receive', ({ queue: { name } }) => heard.push(name));
  broker.events.on('delivered', () => heard.push('delivered'));
  const cancellation = new Cancellation();
  const waits = [receive(queue, { waitMs: 1_000, cancellation }), receive(queue, { waitMs: 2_000 })];
  await quiet();

  cancellation.cancel();
  await quiet();
  const afterCancel = [...heard];
  clock.advance(2_000);
  await Promise.all(waits);

  expect([afterCancel, heard]).toEqual([[], ['orders']]);
});
