import { expect, test } from 'vitest';
import type { KnownQueue } from '../../src/core/queue-record.ts';
import { addressOfKey, decodeQueueRecord, encodeQueueRecord, recordKey } from '../../src/core/queue-record.ts';
import { GantryError } from '../../src/model/errors.ts';
import type { QueueId } from '../../src/model/queue.ts';
import { address, plainAttributes } from './world.ts';

const full: KnownQueue = {
  id: 12 as QueueId,
  address: address('orders.fifo'),
  kind: 'fifo',
  attributes: {
    ...plainAttributes,
    redrive: { deadLetter: { account: '1', region: 'r', name: 'dead.fifo' }, deliveryCountMax: 5 },
    redriveAllow: { permission: 'by-queue', sources: [address('a'), address('b')] },
    policy: '{}',
  },
  extras: { key: 'value' },
  tags: JSON.parse('{"__proto__":"a tag like any other","ä":""}'),
  createdAt: 1,
  modifiedAt: 2,
  version: 3,
  dedupScopeAtCreation: 'message-group',
  deadLetterId: 11 as QueueId,
  leasedMax: 120_000,
};
const bare: KnownQueue = {
  ...full,
  attributes: { ...plainAttributes, retentionMs: undefined },
  extras: {},
  tags: {},
  deadLetterId: undefined,
  leasedMax: undefined,
};

test.each([
  ['everything', full],
  ['nothing that may be missing', bare],
])('a queue with %s comes back as it was', (_name, queue) => {
  expect(decodeQueueRecord(queue.address, encodeQueueRecord(queue), 3)).toStrictEqual(queue);
});

test('the format is what older data folders hold', () => {
  const text = Buffer.from(encodeQueueRecord(bare)).toString();

  expect(text).toBe(
    '{"v":1,"id":12,"kind":"fifo","createdAt":1,"modifiedAt":2,"dedupScopeAtCreation":"message-group","attributes":' +
      '{"delayMs":0,"leaseMs":30000,"messageBytesMax":1048576,"receiveWaitMs":0,"isContentDeduplicated":false,' +
      '"dedupScope":"queue","throughputScope":"queue"},"extras":{},"tags":{}}',
  );
});

test.each([
  ['a later version', '{"v":2}'],
  ['no JSON', '{'],
  ['no object', '[]'],
  ['nothing', '{}'],
  ['an id that is no number', Buffer.from(encodeQueueRecord(bare)).toString().replace('"id":12', '"id":"12"')],
  ['a kind that is none', Buffer.from(encodeQueueRecord(bare)).toString().replace('"fifo"', '"topic"')],
  ['a tag that is no text', Buffer.from(encodeQueueRecord(bare)).toString().replace('"tags":{}', '"tags":{"a":1}')],
  [
    'sources that are no list',
    Buffer.from(encodeQueueRecord(full))
      .toString()
      .replace(/"sources":\[.*?\]/, '"sources":1'),
  ],
  ['a truth value that is none', Buffer.from(encodeQueueRecord(bare)).toString().replace('false', '"false"')],
  ['a policy that is no text', Buffer.from(encodeQueueRecord(full)).toString().replace('"policy":"{}"', '"policy":{}')],
])('a record with %s is refused with the queue’s name', (_name, text) => {
  let refusal: unknown;
  try {
    decodeQueueRecord(address('orders'), Buffer.from(text), 1);
  } catch (error) {
    refusal = error;
  }

  expect(refusal).toBeInstanceOf(GantryError);
  expect(refusal).toMatchObject({ code: 'internal', resource: 'orders' });
});

test('a key and an address say the same, and other keys say nothing', () => {
  expect(addressOfKey(recordKey(full.address))).toEqual(full.address);
  expect(
    [
      ['topic', '1', 'r', 'a'],
      ['queue', '1', 'r'],
      ['queue', '1', 'r', 'a', 'b'],
      ['queue', 1, 'r', 'a'],
    ].map(addressOfKey),
  ).toEqual([undefined, undefined, undefined, undefined]);
});
