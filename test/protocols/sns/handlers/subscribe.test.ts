import { expect, it, test } from 'vitest';
import { account, arnStart, entries, queueArn, type TopicsOptions, withTopics } from '../with-topics.ts';

const invalid = (what: string) => ({ status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });
const unknownTopic = { status: 404, code: 'NotFound', message: 'Topic does not exist' };

const refusals: readonly (readonly [string, string, string, object])[] = [
  ['randomstring', 'http', 'asdf', invalid('TopicArn Reason: An ARN must have at least 6 elements, not 1')],
  [
    'arn:aws:sns:us-east-1:random',
    'sqs',
    'asdf',
    invalid('TopicArn Reason: An ARN must have at least 6 elements, not 5'),
  ],
  [`${arnStart}unknown`, 'sqs', 'asdf', unknownTopic],
  [`arn:aws:sns:eu-west-1:${account}:t`, 'sqs', 'asdf', invalid('TopicArn')],
  [`${arnStart}t`, 'pigeon', 'x', invalid('Amazon SNS does not support this protocol string: pigeon')],
  [`${arnStart}t`, 'sqs', 'unknown', invalid('SQS endpoint ARN')],
  [`${arnStart}t`, 'sqs', `http://localhost:4566/${account}/q`, invalid('SQS endpoint ARN')],
  [`${arnStart}t`, 'http', 'https://host.example/', invalid('Endpoint must match the specified protocol')],
  [`${arnStart}t`, 'https', 'http://host.example/', invalid('Endpoint must match the specified protocol')],
  [`${arnStart}t`, 'http', 'http://', invalid('Endpoint must match the specified protocol')],
  [`${arnStart}t`, 'email', 'nobody', invalid('Email address')],
  [`${arnStart}t`, 'application', 'unknown', invalid('ApplicationEndpoint ARN')],
  [`${arnStart}t`, 'lambda', 'unknown', invalid('Lambda endpoint ARN')],
  [`${arnStart}t`, 'firehose', 'arn:aws:firehose:x', invalid('Protocol Reason: firehose is not served here')],
  [
    `${arnStart}t`,
    'sqs',
    queueArn('q.fifo'),
    invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics'),
  ],
  ...['+15--551234567', 'NAA+15551234567', '+15551234567.', '/+15551234567'].map(
    (number) =>
      [
        `${arnStart}t`,
        'sms',
        number,
        { status: 400, code: 'InvalidParameter', message: `Invalid SMS endpoint: ${number}` },
      ] as const,
  ),
];

it.each(refusals)(
  'to %s by %s, %s is refused as AWS refuses it (verified) [2.3]',
  (topicArn, protocol, endpoint, expected) =>
    withTopics(async ({ createTopic, subscribe }) => {
      await createTopic('t');

      expect(await subscribe(topicArn, protocol, endpoint)).toMatchObject(expected);
    }),
);

it.each([
  ['sqs', queueArn('not-there')],
  ['sqs', queueArn('elsewhere', 'eu-west-1')],
  ['sms', '+15551234567'],
  ['sms', '+12/34-567.890'],
  ['lambda', `arn:aws:lambda:us-east-1:${account}:function:f`],
])('%s endpoint %s is subscribed at once (verified) [2.3]', (protocol, endpoint) =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const topicArn = await createTopic('t');

    const arn = (await subscribe(topicArn, protocol, endpoint)).text('SubscriptionArn') ?? '';

    expect(arn).toMatch(/^arn:aws:sns:us-east-1:000000000000:t:[0-9a-f-]{36}$/);
    expect((await query('GetSubscriptionAttributes', { SubscriptionArn: arn })).entries()).toMatchObject({
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'true',
    });
  }),
);

test('a device is subscribed at once while its endpoint is there, and stays so without it (verified) [2.3] [2.15]', () =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const topicArn = await createTopic('t');
    const credentials = entries({ PlatformCredential: 'key' });
    const application = await query('CreatePlatformApplication', { Name: 'app', Platform: 'GCM', ...credentials });
    const PlatformApplicationArn = application.text('PlatformApplicationArn') ?? '';
    const endpoint = await query('CreatePlatformEndpoint', { PlatformApplicationArn, Token: 'token' });
    const EndpointArn = endpoint.text('EndpointArn') ?? '';

    const SubscriptionArn = (await subscribe(topicArn, 'application', EndpointArn)).text('SubscriptionArn') ?? '';
    await query('DeleteEndpoint', { EndpointArn });

    expect((await query('GetSubscriptionAttributes', { SubscriptionArn })).entries()).toMatchObject({
      ...{ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'true', Endpoint: EndpointArn },
    });
    expect(await subscribe(await createTopic('other'), 'application', EndpointArn)).toMatchObject(
      invalid(`Endpoint Reason: Endpoint does not exist for endpoint arn${EndpointArn}`),
    );
    const elsewhere = EndpointArn.replace('us-east-1', 'eu-west-1');
    expect(await subscribe(topicArn, 'application', elsewhere)).toMatchObject(invalid('Endpoint'));
  }));

test('a standard queue may be subscribed to a FIFO topic, and nothing but queues (verified) [2.3]', () =>
  withTopics(async ({ createTopic, subscribe }) => {
    const topicArn = await createTopic('t.fifo');

    expect(await subscribe(topicArn, 'sqs', queueArn('standard'))).toMatchObject({ status: 200 });
    expect(await subscribe(topicArn, 'sqs', queueArn('queue.fifo'))).toMatchObject({ status: 200 });
    expect(await subscribe(topicArn, 'https', 'https://host.example/')).toMatchObject(
      invalid('Invalid parameter: Endpoint Reason: Please use FIFO SQS queue'),
    );
  }));

test('whoever must confirm is pending, and its ARN is told only to who asks for it (verified) [2.3]', () =>
  withTopics(async ({ createTopic, subscribe, query }) => {
    const topicArn = await createTopic('t');
    const parameters = {
      TopicArn: topicArn,
      Protocol: 'email',
      Endpoint: 'a@b.example',
      ReturnSubscriptionArn: 'true',
    };

    const first = await subscribe(topicArn, 'email', 'a@b.example');
    const second = await query('Subscribe', parameters);

    expect(first.text('SubscriptionArn')).toBe('pending confirmation');
    const arn = second.text('SubscriptionArn') ?? '';
    expect((await query('GetSubscriptionAttributes', { SubscriptionArn: arn })).entries()).toMatchObject({
      PendingConfirmation: 'true',
      ConfirmationWasAuthenticated: 'false',
    });
    expect((await query('ListSubscriptionsByTopic', { TopicArn: topicArn })).text('SubscriptionArn')).toBe(
      'PendingConfirmation',
    );
  }));

test('subscribing an endpoint again gives the same subscription, unless a value differs (verified) [2.3]', () =>
  withTopics(async ({ createTopic, subscribe }) => {
    const topicArn = await createTopic('t');
    const policy = { FilterPolicy: '{"a":["b"]}' };
    const again = (attributes: Record<string, string>) => subscribe(topicArn, 'sqs', queueArn('q'), attributes);

    const arn = (await again({ RawMessageDelivery: 'true', ...policy })).text('SubscriptionArn');

    const byDefault = { FilterPolicyScope: 'MessageAttributes' };
    for (const attributes of [
      {},
      byDefault,
      policy,
      { RawMessageDelivery: 'True' },
      { ...policy, RawMessageDelivery: 'true' },
    ]) {
      expect((await again(attributes)).text('SubscriptionArn')).toBe(arn);
    }
    expect((await again({ FilterPolicy: '' })).text('SubscriptionArn')).toBe(arn);
    const differs = invalid('Attributes Reason: Subscription already exists with different attributes');
    expect(await again({ RawMessageDelivery: 'false' })).toMatchObject(differs);
    expect(await again({ FilterPolicyScope: 'MessageBody' })).toMatchObject(differs);
    expect(await again({ FilterPolicy: '{"a":["c"]}' })).toMatchObject(differs);
    expect(await again({ SubscriptionRoleArn: 'arn:aws:iam::0:role/r' })).toMatchObject(differs);
  }));

test('two who subscribe one endpoint at the same time get one subscription [2.3]', () =>
  withTopics(async ({ createTopic, subscribe, broker }) => {
    const topicArn = await createTopic('t');

    const answers = await Promise.all([1, 2, 3].map(() => subscribe(topicArn, 'sqs', queueArn('q'))));

    expect(new Set(answers.map((answer) => answer.text('SubscriptionArn'))).size).toBe(1);
    expect([...broker.topics.subscriptions.all()]).toHaveLength(1);
  }));

const attributesReason = (what: string) => invalid(`Attributes Reason: ${what}`);

it.each([
  [{ Unknown: 'x' }, attributesReason('AttributeName')],
  [
    { RawMessageDelivery: 'wrongvalue' },
    attributesReason('RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false.'),
  ],
  [
    { FilterPolicyScope: 'Body' },
    attributesReason('FilterPolicyScope: Invalid value [Body]. Please use either MessageBody or MessageAttributes'),
  ],
  [
    { FilterPolicy: 'invalid' },
    {
      status: 400,
      message: expect.stringMatching(/^Invalid parameter: Attributes Reason: FilterPolicy: failed to parse JSON\. /),
    },
  ],
  [
    { FilterPolicy: JSON.stringify(Object.fromEntries([...'abcdef'].map((name) => [name, ['x']]))) },
    attributesReason('FilterPolicy: Filter policy can not have more than 5 keys'),
  ],
  [
    { FilterPolicy: JSON.stringify({ a: Array.from({ length: 151 }, (_, at) => at) }) },
    attributesReason('FilterPolicy: Filter policy is too complex'),
  ],
  [
    { FilterPolicy: '{"a":[]}' },
    attributesReason(
      'FilterPolicy: Empty arrays are not allowed\n at [Source: (String)"{"a":[]}"; line: 1, column: 8]',
    ),
  ],
  [
    { FilterPolicy: '{"a":{"b":["c"]}}' },
    attributesReason('Filter policy scope MessageAttributes does not support nested filter policy'),
  ],
  [
    { RedrivePolicy: '{"deadLetterTargetArn":"x"}' },
    attributesReason('RedrivePolicy: deadLetterTargetArn is an invalid arn'),
  ],
])('attributes %o are refused with the words for a creation (verified) [2.3]', (attributes, expected) =>
  withTopics(async ({ createTopic, subscribe, broker }) => {
    const topicArn = await createTopic('t');

    expect(await subscribe(topicArn, 'sqs', queueArn('q'), attributes)).toMatchObject(expected);
    expect([...broker.topics.subscriptions.all()]).toEqual([]);
  }),
);

test('a nested policy is taken with the scope that allows it, in whichever order both come [2.3]', () =>
  withTopics(async ({ createTopic, query }) => {
    const topicArn = await createTopic('t');
    const attributes = { FilterPolicy: '{"a":{"b":["c"]}}', FilterPolicyScope: 'MessageBody' };

    const made = await query('Subscribe', {
      ...{ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn('q') },
      ...entries(attributes),
    });

    const arn = made.text('SubscriptionArn') ?? '';
    expect((await query('GetSubscriptionAttributes', { SubscriptionArn: arn })).entries()).toMatchObject(attributes);
  }));

const noQuotas = {
  ...{
    perTopicMax: undefined,
    filtersPerTopicMax: undefined,
    filtersPerAccountMax: undefined,
    filterBytesMax: undefined,
  },
};
const quotas: NonNullable<TopicsOptions['quotas']> = { ...noQuotas, perTopicMax: 2, filtersPerTopicMax: 1 };

test('AWS quotas are kept where they are set [2.3]', () =>
  withTopics(
    async ({ createTopic, subscribe, query }) => {
      const topicArn = await createTopic('t');
      const FilterPolicy = '{"a":["b"]}';

      const first = await subscribe(topicArn, 'sqs', queueArn('1'), { FilterPolicy });
      const overFilters = await subscribe(topicArn, 'sqs', queueArn('2'), { FilterPolicy });
      const second = await subscribe(topicArn, 'sqs', queueArn('2'));
      const overCount = await subscribe(topicArn, 'sqs', queueArn('3'));
      const again = await subscribe(topicArn, 'sqs', queueArn('2'));
      const SubscriptionArn = second.text('SubscriptionArn') ?? '';
      const filter = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: FilterPolicy };

      expect([first, second, again].map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(overFilters).toMatchObject({ status: 403, code: 'FilterPolicyLimitExceeded' });
      expect(overCount).toMatchObject({ status: 403, code: 'SubscriptionLimitExceeded' });
      expect(await query('SetSubscriptionAttributes', filter)).toMatchObject({ code: 'FilterPolicyLimitExceeded' });
    },
    { quotas },
  ));

test('the filter policies of an account have so many bytes at most, blanks and all', () =>
  withTopics(
    async ({ createTopic, subscribe, query }) => {
      const [one, other] = [await createTopic('one'), await createTopic('other')];
      const policy = (bytes: number) => `{"a":["b"]${' '.repeat(bytes - 11)}}`;
      const set = (SubscriptionArn: string, AttributeValue: string) =>
        query('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue });
      const attributesOf = async (SubscriptionArn: string) =>
        (await query('GetSubscriptionAttributes', { SubscriptionArn })).entries();

      const first = await subscribe(one, 'sqs', queueArn('1'), { FilterPolicy: policy(600) });
      const over = await subscribe(other, 'sqs', queueArn('2'), { FilterPolicy: policy(401) });
      const second = await subscribe(other, 'sqs', queueArn('2'), { FilterPolicy: policy(400) });
      const [firstArn, secondArn] = [first, second].map((answer) => answer.text('SubscriptionArn') ?? '');
      const longer = await set(secondArn ?? '', policy(401));
      const shorter = await set(firstArn ?? '', policy(599));
      const now = await set(secondArn ?? '', policy(401));

      const refused = { status: 403, code: 'FilterPolicyLimitExceeded' };
      expect([first.status, second.status, shorter.status, now.status]).toEqual([200, 200, 200, 200]);
      expect([over, longer]).toMatchObject([refused, refused]);
      expect(await attributesOf(firstArn ?? '')).toMatchObject({ FilterPolicy: policy(599) });
      expect(await attributesOf(secondArn ?? '')).toMatchObject({ FilterPolicy: policy(401) });
      await query('Unsubscribe', { SubscriptionArn: firstArn ?? '' });
      expect(await set(secondArn ?? '', policy(1_000))).toMatchObject({ status: 200 });
    },
    { quotas: { ...noQuotas, filterBytesMax: 1_000 } },
  ));
