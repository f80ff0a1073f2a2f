import { expect, test } from 'vitest';
import type { Origin } from '../../src/core/broker.ts';
import { createBroker } from '../../src/core/broker.ts';
import type { EventMap } from '../../src/core/events.ts';
import { decodeHead } from '../../src/model/head.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { address, alice, createWorld, message, plainAttributes } from './world.ts';

const origin: Origin = { protocol: 'sqs', remoteAddress: '192.0.2.7', traceparent: '00-ab' };

test('an append tells what was stored of each message, and of duplicates and refusals nothing', async () => {
  const { broker, clock, createQueue } = await createWorld();
  const queue = await createQueue('orders.fifo', { messageBytesMax: 3 });
  const heard: EventMap['messages-appended'][] = [];
  broker.events.on('messages-appended', (event) => heard.push(event));
  const given = [
    message('ab', { groupId: 'g', dedupId: '1', replyTo: 'answers' }),
    message('ab', { groupId: 'g', dedupId: '1' }),
    message('abcd', { groupId: 'g', dedupId: '2' }),
  ];

  const results = await broker.publish(alice, queue, given, 'disk', origin);
  await broker.publish(alice, queue, [message('ab', { groupId: 'g', dedupId: '1' })], 'disk', origin);

  const [event] = heard;
  expect(heard).toHaveLength(1);
  expect(event).toMatchObject({ queue: queue.address, principal: 'alice', origin, carried: undefined });
  expect([event?.at, event?.askedAt]).toEqual([clock.now(), clock.now()]);
  expect(event?.messages).toHaveLength(1);
  const [told] = event?.messages ?? [];
  expect(results[0]).toMatchObject({ ok: true, id: told?.id, pos: told?.pos });
  expect([told?.bytes, String(told?.body)]).toEqual([2, 'ab']);
  expect(decodeHead(told?.head ?? new Uint8Array())).toMatchObject({ headers: { groupId: 'g', replyTo: 'answers' } });
});

test('a delivery tells who received what, and since when it had been asked for', async () => {
  const { broker, clock, createQueue, publish } = await createWorld();
  const queue = await createQueue('orders');
  const heard: EventMap['messages-delivered'][] = [];
  broker.events.on('messages-delivered', (event) => heard.push(event));
  const askedAt = clock.now();
  const waiting = broker.receive(alice, queue, { deliveriesMax: 10, leaseMs: undefined, waitMs: 5_000, origin });
  clock.advance(1_000);

  await publish(queue, message('a'));
  const deliveries = await waiting;

  expect(deliveries).toHaveLength(1);
  expect(heard).toEqual([
    { at: askedAt + 1_000, askedAt, queue: queue.address, principal: 'alice', origin, deliveries },
  ]);
});

test('a settlement tells the receipts of each outcome, but not of those that settled nothing', async () => {
  const { broker, clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a'), message('b'), message('c'));
  const [first, second, third] = await receive(queue);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were expected');
  const heard: EventMap['messages-settled'][] = [];
  broker.events.on('messages-settled', (event) => heard.push(event));
  const acked = { receipt: first.receipt, outcome: { type: 'ack' } } as const;
  const released = { receipt: second.receipt, outcome: { type: 'release', isCounted: true } } as const;

  await broker.settle(alice, queue, [acked, released, { ...acked, receipt: third.receipt }], 'disk', origin);
  await broker.settle(alice, queue, [acked], 'disk', origin);

  const by = { at: clock.now(), askedAt: clock.now(), queue: queue.address, principal: 'alice', origin };
  expect(heard).toEqual([
    { ...by, outcome: 'ack', receipts: [first.receipt, third.receipt] },
    { ...by, outcome: 'release', receipts: [second.receipt] },
  ]);
});

test('what a message carries on is asked for once a call, stored in its head, and told with its append', async () => {
  const { store } = await createWorld();
  const asked: unknown[] = [];
  const carried = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
  const random = createFixedRandom(7);
  const carry = (...question: readonly unknown[]) => {
    asked.push(question);
    return carried;
  };
  const broker = createBroker({ store, authorize: () => undefined, random, carry });
  await broker.start();
  const made = {
    address: address('traced'),
    kind: 'standard',
    attributes: plainAttributes,
    extras: {},
    tags: {},
  } as const;
  const queue = await broker.catalogue.create(alice, made);
  const told: unknown[] = [];
  broker.events.on('messages-appended', (event) => told.push(event.carried));
  const messages = [message('a', { replyTo: 'answers' }), message('b')];

  await broker.publish(alice, queue, messages, 'disk', origin);
  const deliveries = await broker.receive(alice, queue, { deliveriesMax: 10, leaseMs: undefined, waitMs: 0 });

  expect(asked).toEqual([[queue.address, messages, origin]]);
  expect(told).toEqual([carried]);
  expect(deliveries.map(({ head }) => decodeHead(head).headers)).toMatchObject([
    { ...carried, replyTo: 'answers' },
    carried,
  ]);
});
