import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { OutgoingMessage } from '../../src/core/broker.ts';
import { limits } from '../../src/core/limits.ts';
import { decodeHead } from '../../src/model/head.ts';
import type { Property } from '../../src/model/message.ts';
import type { Batch, Store } from '../../storage/store.ts';
import { address, alice, bodies, createWorld, message, quiet } from './world.ts';

function codes(results: readonly { readonly ok: boolean; readonly error?: { readonly code: string } }[]) {
  return results.map((result) => result.error?.code ?? 'ok');
}

test('a message comes back with id, body, headers and properties, and the time it was sent', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  const properties: Property[] = [{ name: 'colour', type: 'string', value: 'red' }];

  const [result] = await publish(queue, { ...message('a', { type: 'order' }), properties });
  const [delivery] = await receive(queue);

  expect(result).toMatchObject({
    ok: true,
    isDuplicate: false,
    dedupId: undefined,
    id: delivery?.id,
    pos: delivery?.pos,
  });
  expect(delivery?.id).toHaveLength(16);
  expect(decodeHead(delivery?.head ?? new Uint8Array())).toEqual({
    headers: { type: 'order', sentAt: clock.now() },
    properties,
  });
});

test('a time of sending that the message brings is kept', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('a', { sentAt: 17 }));

  const [delivery] = await receive(queue);

  expect(decodeHead(delivery?.head ?? new Uint8Array()).headers.sentAt).toBe(17);
});

test('nothing published is nothing done', async () => {
  const { createQueue, publish } = await createWorld();
  const queue = await createQueue('orders');

  expect(await publish(queue)).toEqual([]);
});

test.each([
  ['one under the limit', 1_023, 'ok'],
  ['at the limit', 1_024, 'ok'],
  ['one over it', 1_025, 'too-large'],
])('a body of %s', async (_name, bytes, expected) => {
  const { createQueue, publish } = await createWorld();
  const queue = await createQueue('orders', { messageBytesMax: 1_024 });

  expect(codes(await publish(queue, message('x'.repeat(bytes))))).toEqual([expected]);
});

test.each<[string, Property, number]>([
  ['a text: name, type and bytes of UTF-8', { name: 'né', type: 'string', value: 'ü' }, 3 + 6 + 2],
  ['a type of the sender: its own words', { name: 'n', type: 'string', label: 'String.Array', value: 'x' }, 1 + 12 + 1],
  ['a number as SQS spells it', { name: 'n', type: 'number', value: '12.50' }, 1 + 6 + 5],
  ['bytes', { name: 'n', type: 'binary', value: new Uint8Array(7) }, 1 + 6 + 7],
  ['a number of another protocol: as SQS would show it', { name: 'n', type: 'long', value: -120n }, 1 + 4 + 4],
  ['a truth value', { name: 'n', type: 'boolean', value: true }, 1 + 7 + 4],
  ['nothing', { name: 'n', type: 'null', value: null }, 1 + 4],
])('of a property counts %s', async (_name, property, bytes) => {
  const { createQueue, publish } = await createWorld();
  const queue = await createQueue('orders', { messageBytesMax: 100 });
  const sized = (size: number): OutgoingMessage => ({ ...message('x'.repeat(size)), properties: [property] });

  const results = await publish(queue, sized(99 - bytes), sized(100 - bytes), sized(101 - bytes));

  expect(codes(results)).toEqual(['ok', 'ok', 'too-large']);
});

test('one bad message spoils no other, and results keep the order', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders', { messageBytesMax: 5 });

  const results = await publish(
    queue,
    message('a'),
    message('too large'),
    message('b', { priority: 10 }),
    message('c'),
  );

  expect(codes(results)).toEqual(['ok', 'too-large', 'invalid-argument', 'ok']);
  expect(bodies(await receive(queue))).toEqual(['a', 'c']);
});

test.each([
  [{ delayMs: -1 }, 'invalid-argument'],
  [{ delayMs: 0.5 }, 'invalid-argument'],
  [{ delayMs: Number.NaN }, 'invalid-argument'],
  [{ delayMs: limits.delayMsMax - 1 }, 'ok'],
  [{ delayMs: limits.delayMsMax }, 'ok'],
  [{ delayMs: limits.delayMsMax + 1 }, 'invalid-argument'],
  [{ headers: { priority: -1 } }, 'invalid-argument'],
  [{ headers: { priority: 0 } }, 'ok'],
  [{ headers: { priority: 9 } }, 'ok'],
  [{ headers: { priority: 10 } }, 'invalid-argument'],
  [{ headers: { priority: 4.5 } }, 'invalid-argument'],
])('a message with %j is %s', async (part, expected) => {
  const { createQueue, publish } = await createWorld();
  const queue = await createQueue('orders');

  expect(codes(await publish(queue, { ...message('a'), ...part }))).toEqual([expected]);
});

test('all messages of a call are handed to the store in one turn, before the first answer', async () => {
  const batches: Batch[] = [];
  const wrap = (store: Store): Store => ({
    ...store,
    commitAll(handedOver) {
      batches.push(...handedOver);
      return store.commitAll(handedOver);
    },
  });
  const { createQueue, publish } = await createWorld({ wrap });
  const queue = await createQueue('orders');
  batches.length = 0;

  const published = publish(queue, message('a'), message('b'), message('c'));
  const handed = batches.length;
  await published;

  expect(handed).toBe(3);
});

test('higher priority goes first, and 4 is what a message has without one', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(
    queue,
    message('low', { priority: 3 }),
    message('plain'),
    message('same', { priority: 4 }),
    message('high', { priority: 5 }),
  );

  expect(bodies(await receive(queue))).toEqual(['high', 'plain', 'same', 'low']);
});

test('a message that expires is not given afterwards', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');
  await publish(queue, message('short', { expiresAt: clock.now() + 1_000 }), message('long'));

  clock.advance(1_000);

  expect(bodies(await receive(queue))).toEqual(['long']);
});

test('a delay of its own overrides the delay of a standard queue, 0 as well', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders', { delayMs: 10_000 });
  await publish(queue, message('queue’s own'), message('none', {}, 0), message('short', {}, 1_000));

  const atOnce = bodies(await receive(queue));
  clock.advance(1_000);
  const afterOne = bodies(await receive(queue));
  clock.advance(9_000);
  const afterTen = bodies(await receive(queue));

  expect([atOnce, afterOne, afterTen]).toEqual([['none'], ['short'], ['queue’s own']]);
});

test('0 does not override the delay of a FIFO queue', async () => {
  const { clock, createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo', { delayMs: 10_000 });
  await publish(queue, message('a', { groupId: 'g' }, 0));

  const atOnce = bodies(await receive(queue));
  clock.advance(10_000);

  expect([atOnce, bodies(await receive(queue))]).toEqual([[], ['a']]);
});

test('a FIFO queue puts what has no group into the group default, and a standard queue leaves it without', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const [fifo, standard] = await Promise.all([createQueue('orders.fifo'), createQueue('orders')]);
  await publish(fifo, message('a'));
  await publish(standard, message('b'), message('c', { groupId: 'tenant' }));

  const heads = [...(await receive(fifo)), ...(await receive(standard))].map(({ head }) => decodeHead(head).headers);

  expect(heads.map(({ groupId }) => groupId)).toEqual(['default', undefined, 'tenant']);
});

test('on a queue deduplicated by content the same body is stored once, and the head shows the id that acted', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo', { isContentDeduplicated: true });
  const digest = createHash('sha256').update('a').digest('hex');

  const [first, second] = await publish(queue, message('a', { groupId: 'g' }), message('a', { groupId: 'h' }));
  const deliveries = await receive(queue);

  expect(second).toEqual({ ...first, isDuplicate: true });
  expect(first).toMatchObject({ isDuplicate: false, dedupId: digest });
  expect(bodies(deliveries)).toEqual(['a']);
  expect(deliveries.map(({ head }) => decodeHead(head).headers.dedupId)).toEqual([digest]);
});

test('an id that is given wins over the content', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo', { isContentDeduplicated: true });

  const results = await publish(
    queue,
    message('a', { groupId: 'g', dedupId: '1' }),
    message('a', { groupId: 'g', dedupId: '2' }),
    message('b', { groupId: 'g', dedupId: '2' }),
  );

  expect(results.map((result) => result.ok && result.isDuplicate)).toEqual([false, false, true]);
  expect(bodies(await receive(queue))).toEqual(['a', 'a']);
});

test('a FIFO queue without ids and without content takes every message', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders.fifo');

  await publish(queue, message('a', { groupId: 'g' }), message('a', { groupId: 'g' }));

  expect(bodies(await receive(queue))).toEqual(['a', 'a']);
});

test('a standard queue deduplicates nothing', async () => {
  const { createQueue, publish, receive } = await createWorld();
  const queue = await createQueue('orders');

  await publish(queue, message('a', { dedupId: '1' }), message('a', { dedupId: '1' }));

  expect(bodies(await receive(queue))).toEqual(['a', 'a']);
});

test('the window is five minutes from the first, and a duplicate does not make it longer', async () => {
  const { clock, createQueue, publish } = await createWorld();
  const queue = await createQueue('orders.fifo');
  const send = async () => (await publish(queue, message('a', { groupId: 'g', dedupId: '1' })))[0];
  await send();

  clock.advance(299_999);
  const inside = await send();
  clock.advance(1);
  const outside = await send();

  expect(inside).toMatchObject({ isDuplicate: true });
  expect(outside).toMatchObject({ isDuplicate: false });
});

test.each([
  ['queue', 'message-group', [false, true]],
  ['message-group', 'queue', [false, false]],
] as const)('the dedup scope %s of the creation acts after a change to %s', async (first, later, duplicates) => {
  const { another, broker, createQueue } = await createWorld();
  await createQueue('orders.fifo', { dedupScope: first });
  await broker.catalogue.alter(alice, address('orders.fifo'), () => ({ attributes: { dedupScope: later } }));
  const restarted = await another();
  const queue = restarted.catalogue.find(address('orders.fifo'));
  if (queue === undefined) throw new Error('the queue is gone');

  const messages = [message('a', { groupId: 'g', dedupId: '1' }), message('b', { groupId: 'h', dedupId: '1' })];
  const results = await restarted.publish(alice, queue, messages, 'disk');

  expect(queue.attributes.dedupScope).toBe(later);
  expect(results.map((result) => result.ok && result.isDuplicate)).toEqual(duplicates);
});

test('with the scope message-group no two pairs of group and id are taken for one', async () => {
  const { createQueue, publish } = await createWorld();
  const queue = await createQueue('orders.fifo', { dedupScope: 'message-group' });

  const results = await publish(
    queue,
    message('a', { groupId: 'g', dedupId: 'h\u0000i' }),
    message('b', { groupId: 'g\u0000h', dedupId: 'i' }),
  );

  expect(codes(results)).toEqual(['ok', 'invalid-argument']);
});

test('a queue that was dropped meanwhile answers not-found', async () => {
  const { broker, createQueue, publish } = await createWorld();
  const queue = await createQueue('orders');
  await broker.catalogue.drop(alice, address('orders'));

  expect(codes(await publish(queue, message('a'), message('b')))).toEqual(['not-found', 'not-found']);
});

test('a store that takes nothing is the error of each message', async () => {
  const { createQueue, publish, store } = await createWorld();
  const queue = await createQueue('orders');
  await store.stop();

  expect(codes(await publish(queue, message('a')))).toEqual(['unavailable']);
  expect(codes(await publish(queue, message('a'), message('b')))).toEqual(['unavailable', 'unavailable']);
  await quiet();
});
