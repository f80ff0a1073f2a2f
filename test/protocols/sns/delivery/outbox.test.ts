import { describe, expect, test } from 'vitest';
import {
  createOutboxProvider,
  isSelected,
  type OutboundMessage,
  type OutboxEntry,
  type OutboxStorage,
} from '../../../../protocols/sns/delivery/outbox.ts';
import { outboxFilter, outboxPage, phoneOptOutsPage } from '../../../../protocols/sns/delivery/outbox-pages.ts';
import { GantryError } from '../../../../src/model/errors.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const home = { account: '000000000000', region: 'us-east-1' };
const endpointArn = 'arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/1';
const topicArn = 'arn:aws:sns:us-east-1:000000000000:news';
const sms: OutboundMessage = { ...home, kind: 'sms', messageId: 'm1', phoneNumber: '+15551234567', message: 'hello' };
const push: OutboundMessage = {
  ...home,
  kind: 'push',
  messageId: 'm2',
  endpointArn,
  message: '{"aps":{}}',
  messageStructure: 'json',
};
const mail: OutboundMessage = {
  ...home,
  kind: 'mail',
  messageId: 'm3',
  topicArn,
  mail: { to: 'a@b.example', subject: 's', text: 't' },
};

function memoryStorage(): OutboxStorage & { entries: OutboxEntry[] } {
  const storage = {
    entries: [] as OutboxEntry[],
    append: async (entry: OutboxEntry) => void storage.entries.push(entry),
    list: async (filter: Parameters<typeof isSelected>[1]) =>
      storage.entries.filter((entry) => isSelected(entry, filter)),
    remove: async (filter: Parameters<typeof isSelected>[1]) => {
      storage.entries = storage.entries.filter((entry) => !isSelected(entry, filter));
    },
  };
  return storage;
}

describe('the provider of the outbox', () => {
  test('keeps each message with the time, and calls it delivered when it is kept', async () => {
    const storage = memoryStorage();
    const clock = createFakeClock(1_000);
    const provider = createOutboxProvider(storage, clock);

    for (const message of [sms, push, mail]) expect(await provider.send(message)).toEqual({ type: 'delivered' });

    expect(storage.entries).toEqual([sms, push, mail].map((message) => ({ ...message, sentAt: 1_000 })));
    expect(await storage.list({ kind: 'mail', receiver: 'a@b.example' })).toHaveLength(1);
    expect(await storage.list({ kind: 'sms', region: 'eu-west-1' })).toEqual([]);
  });

  test('a full disk is worth another try', async () => {
    const append = () => Promise.reject(new GantryError('store-full', 'the disk is full'));
    const provider = createOutboxProvider({ ...memoryStorage(), append }, createFakeClock());

    expect(await provider.send(sms)).toEqual({ type: 'retry', reason: 'the disk is full' });
  });

  test('a defect of the storage is none of its outcomes', async () => {
    const append = () => Promise.reject(new TypeError('defect'));
    const provider = createOutboxProvider({ ...memoryStorage(), append }, createFakeClock());

    await expect(provider.send(sms)).rejects.toThrow(TypeError);
  });
});

const entries: readonly OutboxEntry[] = [sms, push, mail, { ...sms, messageId: 'm4', region: 'eu-west-1' }].map(
  (one) => ({
    ...one,
    sentAt: 1,
  }),
);

describe('the pages that LocalStack has', () => {
  const smsShown = {
    ...{ PhoneNumber: '+15551234567', TopicArn: null, SubscriptionArn: null, MessageId: 'm1', Message: 'hello' },
    ...{ MessageAttributes: null, MessageStructure: null, Subject: null },
  };

  test('SMS by phone number, of the default account and region', () => {
    const filter = outboxFilter('sms', new URLSearchParams());

    expect(outboxPage('sms', filter, entries)).toEqual({
      sms_messages: { '+15551234567': [smsShown] },
      region: 'us-east-1',
    });
  });

  test('of one region', () => {
    const filter = outboxFilter('sms', new URLSearchParams('region=eu-west-1&accountId=000000000000'));

    expect(outboxPage('sms', filter, entries)).toEqual({
      sms_messages: { '+15551234567': [{ ...smsShown, MessageId: 'm4' }] },
      region: 'eu-west-1',
    });
  });

  test('a number that is asked for stands there without messages too', () => {
    const filter = outboxFilter('sms', new URLSearchParams({ phoneNumber: '+1' }));

    expect(filter).toEqual({ kind: 'sms', ...home, receiver: '+1' });
    expect(outboxPage('sms', filter, entries)).toEqual({ sms_messages: { '+1': [] }, region: 'us-east-1' });
  });

  test('of another account there is nothing', () => {
    const filter = outboxFilter('sms', new URLSearchParams('accountId=111111111111'));

    expect(outboxPage('sms', filter, entries)).toEqual({ sms_messages: {}, region: 'us-east-1' });
  });

  test('mobile pushes by endpoint, whose ARN says account and region', () => {
    const query = new URLSearchParams({ endpointArn, accountId: '111111111111', region: 'eu-west-1' });
    const filter = outboxFilter('push', query);

    expect(filter).toEqual({ kind: 'push', ...home, receiver: endpointArn });
    expect(outboxPage('push', filter, entries)).toEqual({
      platform_endpoint_messages: {
        [endpointArn]: [
          {
            ...{ TargetArn: endpointArn, TopicArn: null, MessageId: 'm2', Message: JSON.stringify('{"aps":{}}') },
            ...{ MessageAttributes: null, MessageStructure: 'json', Subject: null },
          },
        ],
      },
      region: 'us-east-1',
    });
  });

  test('receivers with names of JavaScript are receivers', () => {
    const odd: OutboxEntry = { ...sms, kind: 'sms', phoneNumber: '__proto__', message: 'x', sentAt: 1 };

    expect(JSON.stringify(outboxPage('sms', outboxFilter('sms', new URLSearchParams()), [odd]))).toContain(
      '"__proto__":[',
    );
  });
});

test('opted out numbers are listed with the region that was asked for', () => {
  expect(phoneOptOutsPage(['+1'], 'us-east-1')).toEqual({ phone_opt_outs: ['+1'], region: 'us-east-1' });
});
