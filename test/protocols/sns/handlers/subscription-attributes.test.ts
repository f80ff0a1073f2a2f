import { expect, it, test } from 'vitest';
import { account, arnStart, queueArn, type Topics, withTopics } from '../with-topics.ts';

const invalid = (what: string) => ({ status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });
const doesNotExist = { status: 404, code: 'NotFound', message: 'Subscription does not exist' };

async function subscribed(topics: Topics, protocol = 'sqs', endpoint = queueArn('q'), topic = 't') {
  const topicArn = await topics.createTopic(topic);
  await topics.subscribe(topicArn, protocol, endpoint);
  const [subscription] = [...topics.broker.topics.subscriptions.all()];
  const arn = `${topicArn}:${subscription?.address.id}`;
  return {
    arn,
    topicArn,
    get: async () => (await topics.query('GetSubscriptionAttributes', { SubscriptionArn: arn })).entries(),
    set: (name: string, value: string) =>
      topics.query('SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName: name, AttributeValue: value }),
  };
}

test('a subscription of a queue shows these attributes and no other (verified) [2.3]', () =>
  withTopics(async (topics) => {
    const { arn, topicArn, get } = await subscribed(topics);

    expect(await get()).toEqual({
      ConfirmationWasAuthenticated: 'true',
      Endpoint: queueArn('q'),
      Owner: account,
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'false',
      SubscriptionArn: arn,
      SubscriptionPrincipal: `arn:aws:iam::${account}:user/gantry`,
      TopicArn: topicArn,
    });
  }));

test('a subscription of an endpoint shows what its delivery policy comes to (verified) [2.3]', () =>
  withTopics(async (topics) => {
    const { get, set } = await subscribed(topics, 'http', 'http://127.0.0.1:1/');
    const full = { minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3, numMaxDelayRetries: 0 };
    const plain = { ...full, numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear' };

    expect(JSON.parse((await get()).EffectiveDeliveryPolicy ?? '')).toEqual({
      ...{ healthyRetryPolicy: plain, sicklyRetryPolicy: null, throttlePolicy: null },
      ...{ requestPolicy: { headerContentType: 'text/plain; charset=UTF-8' }, guaranteed: false },
    });

    const given = { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 0 };
    const requestPolicy = { headerContentType: 'application/json' };
    const policy = { healthyRetryPolicy: given, throttlePolicy: { maxReceivesPerSecond: 1000 }, requestPolicy };
    expect(await set('DeliveryPolicy', JSON.stringify(policy))).toMatchObject({ status: 200 });

    const { DeliveryPolicy = '', EffectiveDeliveryPolicy = '' } = await get();
    expect(JSON.parse(DeliveryPolicy)).toMatchObject({ ...policy, sicklyRetryPolicy: null, guaranteed: false });
    expect(JSON.parse(EffectiveDeliveryPolicy)).toMatchObject({
      ...{ healthyRetryPolicy: { ...plain, ...given }, sicklyRetryPolicy: null, requestPolicy },
      throttlePolicy: { maxReceivesPerSecond: 1000 },
    });
    expect(await set('DeliveryPolicy', '')).toMatchObject({ status: 200 });
    expect(await get()).not.toHaveProperty('DeliveryPolicy');
  }));

test('a scope without a policy is remembered and not shown (verified) [2.3]', () =>
  withTopics(async (topics) => {
    const { get, set } = await subscribed(topics);

    expect(await set('FilterPolicyScope', 'MessageBody')).toMatchObject({ status: 200 });
    expect(await get()).not.toHaveProperty('FilterPolicyScope');

    expect(await set('FilterPolicy', '{"a":{"b":["c"]}}')).toMatchObject({ status: 200 });
    expect(await get()).toMatchObject({ FilterPolicy: '{"a":{"b":["c"]}}', FilterPolicyScope: 'MessageBody' });
    expect(await set('FilterPolicyScope', 'MessageAttributes')).toMatchObject(
      invalid('Filter policy scope MessageAttributes does not support nested filter policy'),
    );
  }));

it.each(['', '{}'])('FilterPolicy %j takes the policy away [2.3]', (nothing) =>
  withTopics(async (topics) => {
    const { get, set } = await subscribed(topics);
    await set('FilterPolicy', '{"a":["b"]}');
    expect(await get()).toMatchObject({ FilterPolicy: '{"a":["b"]}', FilterPolicyScope: 'MessageAttributes' });

    expect(await set('FilterPolicy', nothing)).toMatchObject({ status: 200 });

    expect(await get()).not.toHaveProperty('FilterPolicy');
    expect(await get()).not.toHaveProperty('FilterPolicyScope');
  }),
);

test('RawMessageDelivery is taken in any case, and an empty RedrivePolicy removes it (verified) [2.3]', () =>
  withTopics(async (topics) => {
    const { get, set } = await subscribed(topics);
    const RedrivePolicy = `{"deadLetterTargetArn":"${queueArn('dead')}"}`;

    await set('RawMessageDelivery', 'True');
    await set('RedrivePolicy', RedrivePolicy);
    expect(await get()).toMatchObject({ RawMessageDelivery: 'true', RedrivePolicy });
    await set('RedrivePolicy', '');

    expect(await get()).not.toHaveProperty('RedrivePolicy');
  }));

const unparsed =
  "failed to parse JSON. Unexpected character ('i' (code 105)): was expecting double-quote to start field name\n" +
  ' at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]';

it.each([
  ['FakeAttribute', 'x', 'AttributeName'],
  ['RawMessageDelivery', 'test-ValUe', 'RawMessageDelivery: Invalid value [test-ValUe]. Must be true or false.'],
  ['RawMessageDelivery', '', 'RawMessageDelivery: Invalid value []. Must be true or false.'],
  [
    'FilterPolicyScope',
    'x',
    'FilterPolicyScope: Invalid value [x]. Please use either MessageBody or MessageAttributes',
  ],
  ['RedrivePolicy', '{"deadLetterTargetArn": "fake-arn"}', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
  ['RedrivePolicy', '[]', 'RedrivePolicy: deadLetterTargetArn is an invalid arn'],
  ['RedrivePolicy', '{invalidjson}', `RedrivePolicy: ${unparsed}`],
  ['FilterPolicy', '{invalidjson}', `FilterPolicy: ${unparsed}`],
])('%s %j is refused as AWS refuses it (verified) [2.3]', (name, value, expected) =>
  withTopics(async (topics) => {
    const { set } = await subscribed(topics);

    expect(await set(name, value)).toMatchObject(invalid(expected));
  }),
);

test('a FIFO queue behind a FIFO topic has a FIFO queue for its dead letters (verified) [2.3]', () =>
  withTopics(async (topics) => {
    const { set } = await subscribed(topics, 'sqs', queueArn('q.fifo'), 't.fifo');

    expect(await set('RedrivePolicy', `{"deadLetterTargetArn":"${queueArn('dead')}"}`)).toMatchObject(
      invalid('RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.'),
    );
    expect(await set('RedrivePolicy', `{"deadLetterTargetArn":"${queueArn('dead.fifo')}"}`)).toMatchObject({
      status: 200,
    });
  }));

test('no function gets the bare message', () =>
  withTopics(async (topics) => {
    const { set } = await subscribed(topics, 'lambda', `arn:aws:lambda:us-east-1:${account}:function:f`);

    expect(await set('RawMessageDelivery', 'true')).toMatchObject(
      invalid('Delivery protocol [lambda] does not support raw message delivery.'),
    );
  }));

it.each([
  [`${arnStart}t:fake`, doesNotExist],
  ['randomstring', invalid('SubscriptionArn Reason: An ARN must have at least 6 elements, not 1')],
  [`${arnStart}t`, invalid('SubscriptionId')],
  ['', invalid('SubscriptionArn Reason: no value for required parameter')],
])('SubscriptionArn %j has no attributes (verified) [2.3]', (arn, expected) =>
  withTopics(async ({ query }) => {
    const named = { SubscriptionArn: arn, AttributeName: 'FakeAttribute', AttributeValue: 'x' };

    expect(await query('GetSubscriptionAttributes', { SubscriptionArn: arn })).toMatchObject(expected);
    expect(await query('SetSubscriptionAttributes', named)).toMatchObject(expected);
  }),
);

test('a subscription can be read when its topic is gone, and is in no list (verified) [2.2]', () =>
  withTopics(async (topics) => {
    const { topicArn, get } = await subscribed(topics);

    await topics.query('DeleteTopic', { TopicArn: topicArn });

    expect(await get()).toMatchObject({ Protocol: 'sqs' });
    expect((await topics.query('ListSubscriptions')).xml).toContain('<Subscriptions></Subscriptions>');
    expect(await topics.query('ListSubscriptionsByTopic', { TopicArn: topicArn })).toMatchObject({ status: 404 });
  }));

test('a replay policy sets a replay going, and is shown with how far that is [2.12]', () =>
  withTopics(async (topics) => {
    const { get, set } = await subscribed(topics, 'sqs', queueArn('q.fifo'), 't.fifo');
    const StartingPoint = new Date(topics.clock.now() - 3_600_000).toISOString();
    const ReplayPolicy = JSON.stringify({ PointType: 'Timestamp', StartingPoint });
    const operator = { name: 'operator', account, isAnonymous: false };
    const address = { account, region: 'us-east-1', name: 't.fifo' };

    expect(await set('ReplayPolicy', ReplayPolicy)).toMatchObject(
      invalid('ReplayPolicy: the topic has no ArchivePolicy'),
    );
    await topics.broker.topics.catalogue.alter(operator, address, () => ({ attributes: { archiveMs: 86_400_000 } }));
    expect(await set('ReplayPolicy', '{"PointType":"Offset"}')).toMatchObject(
      invalid('ReplayPolicy: PointType must be Timestamp'),
    );
    expect(await set('ReplayPolicy', ReplayPolicy)).toMatchObject({ status: 200 });

    expect(await get()).toMatchObject({
      ReplayPolicy,
      ReplayStatus: expect.stringMatching(/^(Pending|In progress|Completed)$/),
    });
    await set('ReplayPolicy', '');
    expect(await get()).not.toHaveProperty('ReplayPolicy');
  }));
