import { describe, expect, it } from 'vitest';
import { arn, wires } from './cases.ts';
import { type World, withWorld } from './world.ts';

/** Verified [sqs-sns 2.2], down to the order of members. */
const effectivePolicy =
  '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}';
const defaultPolicyOf = (TopicArn: string) => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        ...['SNS:GetTopicAttributes', 'SNS:SetTopicAttributes', 'SNS:AddPermission', 'SNS:RemovePermission'],
        ...['SNS:DeleteTopic', 'SNS:Subscribe', 'SNS:ListSubscriptionsByTopic', 'SNS:Publish'],
      ],
      Resource: TopicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': '000000000000' } },
    },
  ],
});
const fresh = {
  DisplayName: '',
  EffectiveDeliveryPolicy: effectivePolicy,
  Owner: '000000000000',
  SubscriptionsConfirmed: '0',
  SubscriptionsDeleted: '0',
  SubscriptionsPending: '0',
};

const set = ({ sns }: World, TopicArn: string, AttributeName: string, AttributeValue: string) =>
  sns('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });

describe.each(wires)('over %s', (wire) => {
  it('a fresh standard topic has these attributes and no others (verified)', () =>
    withWorld(async ({ topic, good }) => {
      const TopicArn = await topic('a');

      const { Attributes } = await good('GetTopicAttributes', { TopicArn }, { wire });

      expect(Attributes).toEqual({ ...fresh, TopicArn, Policy: JSON.stringify(defaultPolicyOf(TopicArn)) });
    }));

  it('a fresh FIFO topic has two more (verified)', () =>
    withWorld(async ({ topic, good }) => {
      const TopicArn = await topic('a.fifo');

      const { Attributes } = await good('GetTopicAttributes', { TopicArn }, { wire });

      expect(Attributes).toEqual({
        ...{ ...fresh, TopicArn, Policy: JSON.stringify(defaultPolicyOf(TopicArn)) },
        ...{ FifoTopic: 'true', ContentBasedDeduplication: 'false' },
      });
    }));

  it.each(['FifoTopic', 'Nonsense', ''])('the attribute "%s" cannot be set (verified)', (AttributeName) =>
    withWorld(async ({ topic, sns }) => {
      const input = { TopicArn: await topic('a'), AttributeName, AttributeValue: 'true' };

      const { status, error } = await sns('SetTopicAttributes', input, { wire });

      expect([status, error]).toEqual([400, 'InvalidParameter: Invalid parameter: AttributeName']);
    }),
  );
});

it.each([
  ['DisplayName', 'Orders é'],
  ['KmsMasterKeyId', 'alias/aws/sns'],
  ['SignatureVersion', '2'],
  ['TracingConfig', 'Active'],
  ...['HTTP', 'Firehose', 'Lambda', 'SQS', 'Application'].flatMap((protocol) => [
    [`${protocol}SuccessFeedbackRoleArn`, 'arn:aws:iam::000000000000:role/feedback'],
    [`${protocol}SuccessFeedbackSampleRate`, '100'],
    [`${protocol}FailureFeedbackRoleArn`, 'arn:aws:iam::000000000000:role/feedback'],
  ]),
  ['MaximumMessageSize', '1024'],
  ['MaximumMessageSize', '1048576'],
])('%s can be set to %s on a standard topic', (name = '', value = '') =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('a');

    expect((await set(world, TopicArn, name, value)).status).toBe(200);

    expect(await world.attributes(TopicArn)).toHaveProperty(name, value);
  }),
);

it.each([
  ['ContentBasedDeduplication', 'true'],
  ['FifoThroughputScope', 'MessageGroup'],
  ['FifoThroughputScope', 'Topic'],
  ['ArchivePolicy', '{"MessageRetentionPeriod":"365"}'],
])('%s can be set to %s on a FIFO topic, and on no other', (name, value) =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('a.fifo');

    expect((await set(world, TopicArn, name, value)).status).toBe(200);
    expect(await world.attributes(TopicArn)).toHaveProperty(name, value);
    const { status, error } = await set(world, await world.topic('b'), name, value);
    expect([status, error]).toEqual([400, expect.stringMatching(/can only be set for FIFO topics$/)]);
  }),
);

it.each([
  ['DisplayName', 'x'.repeat(101)],
  ['SignatureVersion', '0'],
  ['SignatureVersion', ''],
  ['TracingConfig', 'active'],
  ['KmsMasterKeyId', 'a\u0000'],
  ['HTTPSuccessFeedbackSampleRate', '101'],
  ['HTTPSuccessFeedbackSampleRate', '-1'],
  ['SQSFailureFeedbackRoleArn', 'role'],
  ['ContentBasedDeduplication', 'yes'],
  ['FifoThroughputScope', 'topic'],
  ['MaximumMessageSize', '1023'],
  ['MaximumMessageSize', '1048577'],
  ['MaximumMessageSize', '1e5'],
  ['ArchivePolicy', '{"MessageRetentionPeriod":"0"}'],
  ['ArchivePolicy', '{"MessageRetentionPeriod":"366"}'],
  ['ArchivePolicy', '{"MessageRetentionPeriod":[1]}'],
  ['ArchivePolicy', '{"Days":"1"}'],
  ['ArchivePolicy', '['],
  ['ArchivePolicy', 'null'],
  ['DeliveryPolicy', '{'],
])('%s cannot be %s', (name, value) =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('a.fifo');
    const before = await world.attributes(TopicArn);

    const { status, error } = await set(world, TopicArn, name, value);

    expect([status, error]).toEqual([400, expect.stringMatching(`^InvalidParameter: Invalid parameter: ${name}: `)]);
    expect(await world.attributes(TopicArn)).toEqual(before);
  }),
);

it.each(['KmsMasterKeyId', 'HTTPSuccessFeedbackRoleArn', 'DeliveryPolicy'])(
  '%s goes when it is set to nothing',
  (name) =>
    withWorld(async (world) => {
      const TopicArn = await world.topic('a');
      const values = new Map([
        ['DeliveryPolicy', '{"http":{}}'],
        ['HTTPSuccessFeedbackRoleArn', 'arn:aws:iam::000000000000:role/feedback'],
      ]);
      await set(world, TopicArn, name, values.get(name) ?? 'key');
      expect(await world.attributes(TopicArn)).toHaveProperty(name);

      await set(world, TopicArn, name, '');

      expect(await world.attributes(TopicArn)).not.toHaveProperty(name);
    }),
);

describe('a delivery policy', () => {
  it('is kept without what is null, and replaces the one before as a whole (verified)', () =>
    withWorld(async (world) => {
      const TopicArn = await world.topic('a');
      const policyAfter = async (value: string) => {
        await set(world, TopicArn, 'DeliveryPolicy', value);
        return (await world.attributes(TopicArn)).DeliveryPolicy;
      };
      const retry = '{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1}';

      expect(await policyAfter(`{"http":{"defaultHealthyRetryPolicy":${retry},"defaultThrottlePolicy":null}}`)).toBe(
        `{"http":{"defaultHealthyRetryPolicy":${retry},"disableSubscriptionOverrides":false}}`,
      );
      expect(JSON.parse((await world.attributes(TopicArn)).EffectiveDeliveryPolicy ?? '')).toMatchObject({
        http: {
          defaultHealthyRetryPolicy: {
            ...{ minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1, numMaxDelayRetries: 0, numNoDelayRetries: 0 },
            ...{ numMinDelayRetries: 0, backoffFunction: 'linear' },
          },
        },
      });
      expect(await policyAfter('{"http":{"defaultHealthyRetryPolicy":null}}')).toBe(
        '{"http":{"disableSubscriptionOverrides":false}}',
      );
      expect((await world.attributes(TopicArn)).EffectiveDeliveryPolicy).toBe(effectivePolicy);
    }));
});

describe('an archive', () => {
  it('begins when it is switched on, and later with what it still keeps', () =>
    withWorld(async (world) => {
      const { clock } = world;
      const TopicArn = await world.topic('a.fifo');
      expect(await world.attributes(TopicArn)).not.toHaveProperty('BeginningArchiveTime');

      const since = clock.now();
      await set(world, TopicArn, 'ArchivePolicy', '{"MessageRetentionPeriod":2}');
      const beginning = async () => (await world.attributes(TopicArn)).BeginningArchiveTime;

      expect(await beginning()).toBe(new Date(since).toISOString());
      clock.advance(86_400_000);
      expect(await beginning()).toBe(new Date(since).toISOString());
      clock.advance(2 * 86_400_000);
      expect(await beginning()).toBe(new Date(since + 86_400_000).toISOString());
    }));

  it('ends with {}', () =>
    withWorld(async (world) => {
      const TopicArn = await world.topic('a.fifo', { ArchivePolicy: '{"MessageRetentionPeriod":"2"}' });

      await set(world, TopicArn, 'ArchivePolicy', '{}');

      const attributes = await world.attributes(TopicArn);
      expect(attributes).not.toHaveProperty('ArchivePolicy');
      expect(attributes).not.toHaveProperty('BeginningArchiveTime');
    }));
});

it('how many subscriptions there are, and how many have ended, is counted', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('a');
    for (const queue of ['one', 'two']) {
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
      await world.good('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint });
    }
    const counts = async () => {
      const { SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted } = await world.attributes(TopicArn);
      return [SubscriptionsConfirmed, SubscriptionsPending, SubscriptionsDeleted];
    };

    expect(await counts()).toEqual(['2', '0', '0']);
    const { subscriptions } = world.broker.topics;
    const [first] = subscriptions.all();
    if (first === undefined) throw new Error('there is no subscription');
    const owner = { name: 'owner', account: '000000000000', isAnonymous: true };
    await subscriptions.drop(owner, first.address, undefined);
    expect(await counts()).toEqual(['1', '0', '1']);
  }));

it('long messages are for topics whose subscribers can take them', () =>
  withWorld(async (world) => {
    const TopicArn = await world.topic('a');
    const topic = { account: '000000000000', region: 'us-east-1', name: 'a' };
    const owner = { name: 'owner', account: '000000000000', isAnonymous: true };
    await world.broker.topics.subscriptions.create(owner, {
      ...{ topic, protocol: 'email', endpoint: 'a@b.test', target: { type: 'push' }, state: 'pending', isRaw: false },
      ...{ filter: undefined, deadLetter: undefined, owner: '000000000000', extras: {} },
    });

    expect((await set(world, TopicArn, 'MaximumMessageSize', '262145')).error).toBe(
      'InvalidParameter: Invalid parameter: MaximumMessageSize: the topic has a subscription of the protocol email',
    );
    expect((await set(world, TopicArn, 'MaximumMessageSize', '262144')).status).toBe(200);
  }));

describe('a policy', () => {
  it('is kept as it was given, and the default comes back when it goes', () =>
    withWorld(async (world) => {
      const TopicArn = await world.topic('a');
      const policy = '{ "Statement": {"Effect":"Allow","Principal":"*","Action":"sns:*","Resource":"*"} }';

      await set(world, TopicArn, 'Policy', policy);
      expect((await world.attributes(TopicArn)).Policy).toBe(policy);
      await set(world, TopicArn, 'Policy', '');
      expect(JSON.parse((await world.attributes(TopicArn)).Policy ?? '')).toEqual(defaultPolicyOf(TopicArn));
    }));

  it.each([
    ['{', 'Policy Error: null', 'Policy: it is no JSON object, or too large'],
    ['[]', 'Policy Error: null', 'Policy: it is no JSON object, or too large'],
    [`{"Id":"${'x'.repeat(30_720)}"}`, 'Policy Error: null', 'Policy: it is no JSON object, or too large'],
    ['{"Statement":[{"Effect":"Maybe"}]}', 'Policy Error: null', 'Policy: Statement.0.Effect expected Allow or Deny'],
    [
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}',
      'Policy statement action out of service scope!',
      'Policy: the action "sqs:SendMessage" is none that a topic\'s policy can give',
    ],
    [
      '{"Statement":[{"Effect":"Allow","Principal":"*","Action":["SNS:Publish","SNS:Pulbish"],"Resource":"*"}]}',
      'Policy statement action out of service scope!',
      'Policy: the action "SNS:Pulbish" is none that a topic\'s policy can give',
    ],
  ])('of %s is refused, and a hint says why', (policy, why, told) =>
    withWorld(async (world) => {
      const { error, hint } = await set(world, await world.topic('a'), 'Policy', policy);

      expect([error, hint]).toEqual([`InvalidParameter: Invalid parameter: ${why}`, told]);
    }),
  );
});

describe.each([
  'GetTopicAttributes',
  'SetTopicAttributes',
  'DeleteTopic',
  'AddPermission',
  'RemovePermission',
] as const)('%s', (operation) => {
  it.each([
    ['', 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['orders', 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
    ['a:b:c:d:e', 'TopicArn Reason: An ARN must have at least 6 elements, not 5'],
    [arn('a', '000000000000', 'eu-west-1'), 'TopicArn'],
    ['arn:aws:sqs:us-east-1:000000000000:a', 'TopicArn'],
  ])('refuses the ARN "%s" (verified)', (TopicArn, why) =>
    withWorld(async ({ sns }) => {
      for (const wire of wires) {
        const { status, error } = await sns(operation, { TopicArn }, { wire });

        expect([status, error]).toEqual([400, `InvalidParameter: Invalid parameter: ${why}`]);
      }
    }),
  );
});

it.each(['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'])(
  '%s of an unknown topic is NotFound (verified)',
  (operation) =>
    withWorld(async ({ sns }) => {
      for (const wire of wires) {
        const { status, error } = await sns(operation, { TopicArn: arn('a') }, { wire });

        expect([status, error]).toEqual([404, 'NotFound: Topic does not exist']);
      }
    }),
);
