import { expect, test } from 'vitest';
import { createOutboxProvider } from '../../../../protocols/sns/delivery/outbox.ts';
import { createOutboxStorage } from '../../../../protocols/sns/delivery/outbox-storage.ts';
import { applicationKey, applicationsOf } from '../../../../protocols/sns/mobile/applications.ts';
import {
  alterEndpoint,
  createEndpoint,
  dropEndpoint,
  endpointsOf,
} from '../../../../protocols/sns/mobile/endpoints.ts';
import { createMobileSenders, type MobileMessage } from '../../../../protocols/sns/mobile/senders.ts';
import { optOut } from '../../../../protocols/sns/sms/opt-outs.ts';
import { GantryError } from '../../../../src/model/errors.ts';
import { defaultNamespace } from '../../../../src/model/queue.ts';
import type { Store } from '../../../../storage/store.ts';
import { createWorld, quiet } from '../../../core/world.ts';

const application = { ...defaultNamespace, platform: 'FCM', name: 'app' };
const attributes = { Enabled: 'true', Token: 'token' };
const topicArn = 'arn:aws:sns:us-east-1:000000000000:news';
const message: MobileMessage = {
  ...{ messageId: 'm1', topicArn, subscriptionArn: `${topicArn}:1`, text: 'all', texts: undefined },
  ...{ subject: 'news', properties: [{ name: 'n', type: 'number', value: '1' }] },
};

async function world(wrap?: (store: Store) => Store) {
  const { broker, clock } = await createWorld(wrap && { wrap });
  const storage = createOutboxStorage(broker);
  const senders = createMobileSenders({ broker, provider: createOutboxProvider(storage, clock) });
  await applicationsOf(broker).change(applicationKey(application), () => ({
    id: 'one',
    attributes: { Enabled: 'true' },
  }));
  return { broker, clock, storage, senders, endpoint: await createEndpoint(broker, application, attributes) };
}

test('a telephone that is subscribed gets the message with its topic, its subject and its attributes', async () => {
  const { storage, senders, clock } = await world();

  const outcome = await senders.toPhone(defaultNamespace, '+15551234567', message);

  expect(outcome).toEqual({ type: 'delivered' });
  expect(await storage.list({ kind: 'sms' })).toEqual([
    {
      ...{ kind: 'sms', ...defaultNamespace, phoneNumber: '+15551234567', messageId: 'm1', message: 'all' },
      ...{ topicArn, subscriptionArn: `${topicArn}:1`, subject: 'news', sentAt: clock.now() },
      messageAttributes: { n: { DataType: 'Number', StringValue: '1' } },
    },
  ]);
});

test('a telephone that is opted out is told nothing, and no try will change that', async () => {
  const { broker, storage, senders } = await world();
  await optOut(broker, defaultNamespace.account, '+15551234567');

  const outcome = await senders.toPhone(defaultNamespace, '+15551234567', message);

  expect(outcome).toEqual({ type: 'failed', reason: 'the phone number is opted out' });
  expect(await storage.list({ kind: 'sms' })).toEqual([]);
});

test('FCM and GCM are two names of one platform', async () => {
  const { storage, senders, endpoint } = await world();
  const texts = new Map([
    ['default', 'd'],
    ['GCM', 'g'],
  ]);

  await senders.toEndpoint(endpoint, { ...message, texts });

  expect(await storage.list({ kind: 'push' })).toMatchObject([{ message: 'g', messageStructure: 'json' }]);
});

test('an endpoint that is missing or disabled, or whose application is, fails for good', async () => {
  const { broker, storage, senders, endpoint } = await world();
  const outcome = () => senders.toEndpoint(endpoint, message);

  await alterEndpoint(broker, endpoint, { Enabled: 'false' });
  expect(await outcome()).toEqual({ type: 'failed', reason: 'the endpoint is disabled' });
  const key = applicationKey(application);
  await applicationsOf(broker).change(key, () => ({ id: 'one', attributes: { Enabled: 'false' } }));
  expect(await outcome()).toEqual({ type: 'failed', reason: 'the platform application is disabled' });
  await dropEndpoint(broker, endpoint);
  expect(await outcome()).toEqual({ type: 'failed', reason: 'the endpoint does not exist' });
  expect(await storage.list({ kind: 'push' })).toEqual([]);
});

test('what the store does not take now is worth another try', async () => {
  let isFull = false;
  const { senders } = await world((store) => ({
    ...store,
    commit: async (batch) =>
      isFull ? { ok: false, error: new GantryError('store-full', 'the disk is full') } : await store.commit(batch),
  }));
  isFull = true;

  const outcome = await senders.toPhone(defaultNamespace, '+15551234567', message);

  expect(outcome).toEqual({ type: 'retry', reason: 'the disk is full' });
});

test('a claim whose endpoint a crash kept from being made is taken up by the next who asks', async () => {
  const { broker, endpoint } = await world();
  const key = `one/${endpoint.id}`;
  await endpointsOf(broker).change(key, () => undefined); // As it was when only the claim was on disk.

  expect(await createEndpoint(broker, application, attributes)).toEqual(endpoint);
  expect(endpointsOf(broker).get(key)).toEqual({ attributes });
});

test('a claim that a crash left behind when its endpoint took another token is taken over', async () => {
  const { broker, endpoint } = await world();
  await endpointsOf(broker).change(`one/${endpoint.id}`, () => ({ attributes: { ...attributes, Token: 'other' } }));

  const second = await createEndpoint(broker, application, attributes);
  await alterEndpoint(broker, endpoint, { Token: 'third' });

  expect(second.id).not.toBe(endpoint.id);
  expect(await createEndpoint(broker, application, { ...attributes, Token: 'third' })).toEqual(endpoint);
  expect(await createEndpoint(broker, application, attributes)).toEqual(second);
});

test('two nodes that make one endpoint make the same', async () => {
  const { broker, another } = await createWorld();
  const other = await another();
  await applicationsOf(broker).change(applicationKey(application), () => ({ id: 'one', attributes: {} }));
  await quiet();

  const made = await Promise.all(
    [broker, other, broker, other].map((node) => createEndpoint(node, application, attributes)),
  );

  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(endpointsOf(broker).list('one/', undefined, 10)).toHaveLength(1);
});
