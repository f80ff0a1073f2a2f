import { expect, it, test } from 'vitest';
import { quiet } from '../../../core/world.ts';
import { answering, type Endpoint, startEndpoint } from '../delivery/endpoints.ts';
import { account, namingSigner, queueArn, type Topics, withTopics } from '../with-topics.ts';

/** Confirmed by its link. */
async function subscribed(topics: Topics, endpoint: Endpoint, attributes: Record<string, string> = {}, topic = 't') {
  const topicArn = await topics.createTopic(topic);
  const before = endpoint.received.length;
  await topics.subscribe(topicArn, 'http', endpoint.url, attributes);
  await endpoint.hasReceived(before + 1);
  const { SubscribeURL } = JSON.parse(endpoint.received[before]?.body ?? '');
  const arn = (await topics.follow(SubscribeURL)).text('SubscriptionArn');
  const publish = async (Message: string, more: Record<string, string> = {}) =>
    (await topics.query('Publish', { TopicArn: topicArn, Message, ...more })).text('MessageId');
  return { topicArn, arn, publish };
}

/** Answers the confirmation with 200, then as it is told. */
async function turning(answers: () => number): Promise<Endpoint> {
  return await startEndpoint((request, response) => {
    const isConfirmation = request.headers['x-amz-sns-message-type'] !== 'Notification';
    response.writeHead(isConfirmation ? 200 : answers()).end();
  });
}

const attribute = (name: string, value: string) => ({
  'MessageAttributes.entry.1.Name': name,
  'MessageAttributes.entry.1.Value.DataType': 'String',
  'MessageAttributes.entry.1.Value.StringValue': value,
});

test('a notification is posted with these headers and this envelope (verified) [2.9]', () =>
  withTopics(
    async (topics) => {
      const endpoint = await answering(200);
      const { topicArn, arn, publish } = await subscribed(topics, endpoint);

      const id = await publish('hello', { Subject: 'greeting', ...attribute('type', 'SubscriptionConfirmation') });
      await endpoint.hasReceived(2);

      const post = endpoint.received[1];
      expect(post?.headers).toMatchObject({
        'content-type': 'text/plain; charset=UTF-8',
        'x-amz-sns-message-type': 'Notification',
        'x-amz-sns-message-id': id,
        'x-amz-sns-topic-arn': topicArn,
        'x-amz-sns-subscription-arn': arn,
      });
      expect(post?.headers).not.toHaveProperty('x-amz-sns-rawdelivery');
      expect(JSON.parse(post?.body ?? '')).toEqual({
        Type: 'Notification',
        MessageId: id,
        TopicArn: topicArn,
        Subject: 'greeting',
        Message: 'hello',
        Timestamp: new Date(topics.clock.now()).toISOString(),
        SignatureVersion: '1',
        Signature: 'v1:Message,MessageId,Subject,Timestamp,TopicArn,Type',
        SigningCertURL: `${topics.url}/cert.pem`,
        UnsubscribeURL: `${topics.url}/?Action=Unsubscribe&SubscriptionArn=${arn}`,
        MessageAttributes: { type: { Type: 'String', Value: 'SubscriptionConfirmation' } },
      });
    },
    { signer: namingSigner },
  ));

test('the bare message is posted where that is wanted, in the wanted content type (verified) [2.9]', () =>
  withTopics(async (topics) => {
    const endpoint = await answering(200);
    const healthyRetryPolicy = { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 0 };
    const DeliveryPolicy = JSON.stringify({
      ...{ healthyRetryPolicy, requestPolicy: { headerContentType: 'application/json' } },
    });
    const { publish } = await subscribed(topics, endpoint, { RawMessageDelivery: 'true', DeliveryPolicy });

    await publish('{"bare":true}');
    await endpoint.hasReceived(2);

    // What asks to confirm is never bare (verified) [2.4].
    expect(JSON.parse(endpoint.received[0]?.body ?? '')).toMatchObject({ Type: 'SubscriptionConfirmation' });
    expect(endpoint.received[0]?.headers).toMatchObject({ 'content-type': 'text/plain; charset=UTF-8' });
    expect(endpoint.received[0]?.headers).not.toHaveProperty('x-amz-sns-rawdelivery');
    expect(endpoint.received[1]).toMatchObject({
      body: '{"bare":true}',
      headers: { 'x-amz-sns-rawdelivery': 'true', 'content-type': 'application/json' },
    });
  }));

test('the content type of a topic is posted, unless the subscription has one of its own (verified) [2.9]', () =>
  withTopics(async (topics) => {
    const plain = await answering(200);
    const own = await answering(200);
    const healthyRetryPolicy = { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 0 };
    const DeliveryPolicy = JSON.stringify({ healthyRetryPolicy, requestPolicy: { headerContentType: 'text/csv' } });
    const { topicArn: TopicArn, publish } = await subscribed(topics, plain);
    await subscribed(topics, own, { DeliveryPolicy });
    const defaultRequestPolicy = { headerContentType: 'application/json' };
    const AttributeValue = JSON.stringify({ http: { defaultRequestPolicy } });
    const set = { TopicArn, AttributeName: 'DeliveryPolicy', AttributeValue };
    expect(await topics.query('SetTopicAttributes', set)).toMatchObject({ status: 200 });

    await publish('{}');
    await plain.hasReceived(2);
    await own.hasReceived(2);

    expect(plain.received[1]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(own.received[1]?.headers).toMatchObject({ 'content-type': 'text/csv' });
  }));

test('a pending endpoint gets nothing but the question [2.4]', () =>
  withTopics(async (topics) => {
    const endpoint = await answering(200);
    const topicArn = await topics.createTopic('t');
    await topics.subscribe(topicArn, 'http', endpoint.url);
    await endpoint.hasReceived(1);

    await topics.query('Publish', { TopicArn: topicArn, Message: 'not for it' });
    await quiet();

    expect(endpoint.received).toHaveLength(1);
  }));

async function receive({ port }: Topics, name: string) {
  const parameters = { Action: 'ReceiveMessage', QueueUrl: `http://localhost/${account}/${name}` };
  const url = `http://127.0.0.1:${port}/?${new URLSearchParams({ ...parameters, Version: '2012-11-05' })}`;
  const xml = await (await fetch(url)).text();
  return /<Body>([^<]*)<\/Body>/.exec(xml)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

async function createQueue({ port }: Topics, QueueName: string) {
  await fetch(`http://127.0.0.1:${port}/?${new URLSearchParams({ Action: 'CreateQueue', QueueName })}`);
}

test('what fails is tried three times more, 20 s apart, then its dead-letter queue has what would have been posted (verified) [2.11]', () =>
  withTopics(async (topics) => {
    await createQueue(topics, 'dead');
    const endpoint = await turning(() => 503);
    const RedrivePolicy = `{"deadLetterTargetArn":"${queueArn('dead')}"}`;
    const { publish } = await subscribed(topics, endpoint, { RedrivePolicy });

    await publish('nobody is there');
    for (let attempt = 1; attempt <= 4; attempt++) {
      await endpoint.hasReceived(1 + attempt);
      await quiet();
      expect(await receive(topics, 'dead')).toBe(attempt === 4 ? endpoint.received[1]?.body : undefined);
      topics.clock.advance(17_000); // Jitter makes a delay up to a tenth shorter.
      await quiet();
      expect(endpoint.received).toHaveLength(1 + attempt);
      topics.clock.advance(3_000);
    }

    await quiet();
    expect(endpoint.received).toHaveLength(5);
    expect(topics.failures.map(({ isGivenUp }) => isGivenUp)).toEqual([false, false, false, true]);
  }));

test('an endpoint that refuses is not asked again, and without a dead-letter queue the message is gone [2.11]', () =>
  withTopics(async (topics) => {
    const endpoint = await turning(() => 403);
    const { publish } = await subscribed(topics, endpoint);
    const told: object[] = [];
    topics.broker.events.on('notified', (event) => told.push(event));

    await publish('unwanted');
    await endpoint.hasReceived(2);
    await quiet();
    topics.clock.advance(3_600_000);
    await quiet();

    expect(endpoint.received).toHaveLength(2);
    expect(told).toContainEqual(expect.objectContaining({ failed: 1, delivered: 0, deadLettered: 0 }));
  }));

test('an endpoint that has not answered yet keeps no other waiting [2.11]', () =>
  withTopics(async (topics) => {
    const held: (() => void)[] = [];
    const slow = await startEndpoint((request, response) => {
      const isConfirmation = request.headers['x-amz-sns-message-type'] !== 'Notification';
      if (isConfirmation) response.end();
      else held.push(() => response.end());
    });
    const quick = await answering(200);
    const { publish } = await subscribed(topics, slow);
    await subscribed(topics, quick);

    for (let number = 0; number < 20; number++) await publish(`message ${number}`);
    await quick.hasReceived(21);

    expect(slow.received.length).toBeLessThanOrEqual(1 + 8);
    while (slow.received.length < 21 || held.length > 0) {
      for (const release of held.splice(0)) release();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }));

test('an endpoint that failed is asked one message at a time, until it takes one', () =>
  withTopics(async (topics) => {
    let status = 503;
    const endpoint = await turning(() => status);
    const { publish } = await subscribed(topics, endpoint);
    const [subscription] = [...topics.broker.topics.subscriptions.all()];
    if (subscription === undefined) throw new Error('there is no subscription');
    expect(topics.gateway.inFlightMax(subscription)).toBe(8);

    await publish('fails');
    await endpoint.hasReceived(2);
    await quiet();
    expect(topics.gateway.inFlightMax(subscription)).toBe(1);
    expect(topics.gateway.isSlow(subscription)).toBe(true);
    status = 200;
    topics.clock.advance(20_000);
    await endpoint.hasReceived(3);
    await quiet();

    expect(topics.gateway.inFlightMax(subscription)).toBe(8);
    expect(topics.gateway.isSlow(subscription)).toBe(false);
  }));

it.each([
  { takes: 500, isSlow: false },
  { takes: 501, isSlow: true },
])('an endpoint that took $takes ms over the last message is slow: $isSlow', ({ takes, isSlow }) =>
  withTopics(async (topics) => {
    const endpoint = await startEndpoint((request, response) => {
      if (request.headers['x-amz-sns-message-type'] === 'Notification') topics.clock.advance(takes);
      response.end();
    });
    const { publish } = await subscribed(topics, endpoint);
    const [subscription] = [...topics.broker.topics.subscriptions.all()];
    if (subscription === undefined) throw new Error('there is no subscription');
    expect(topics.gateway.isSlow(subscription)).toBe(false);

    const delivered = new Promise<void>((resolve) => {
      topics.broker.events.on('notified', (event) => {
        if (event.delivered > 0) resolve();
      });
    });

    await publish('one');
    await delivered;

    expect(topics.gateway.isSlow(subscription)).toBe(isSlow);
  }),
);

test('endpoints of one host share what is under way to it, other protocols wait for none', () =>
  withTopics(async (topics) => {
    const endpoint = await answering(200);
    await subscribed(topics, endpoint);
    const [subscription] = [...topics.broker.topics.subscriptions.all()];
    if (subscription === undefined) throw new Error('there is no subscription');
    const siteOf = (protocol: string, url: string) =>
      topics.gateway.siteOf({ ...subscription, protocol, endpoint: url });

    expect(siteOf('http', 'http://a.example/1')).toBe(siteOf('http', 'http://a.example:80/2?x'));
    expect(siteOf('http', 'http://a.example/1')).not.toBe(siteOf('https', 'https://a.example/1'));
    expect(siteOf('http', 'http://a.example/1')).not.toBe(siteOf('http', 'http://a.example:81/1'));
    expect(siteOf('sms', '+15550001')).toBeUndefined();
  }));

test('maxReceivesPerSecond spaces the posts [2.11]', () =>
  withTopics(async (topics) => {
    const endpoint = await answering(200);
    const healthyRetryPolicy = { minDelayTarget: 1, maxDelayTarget: 1, numRetries: 0 };
    const DeliveryPolicy = JSON.stringify({ healthyRetryPolicy, throttlePolicy: { maxReceivesPerSecond: 2 } });
    const { publish } = await subscribed(topics, endpoint, { DeliveryPolicy });

    for (let number = 0; number < 3; number++) await publish(`message ${number}`);
    await endpoint.hasReceived(2);
    await quiet();
    expect(endpoint.received).toHaveLength(2);
    topics.clock.advance(500);
    await endpoint.hasReceived(3);
    await quiet();
    expect(endpoint.received).toHaveLength(3);
    topics.clock.advance(500);

    await endpoint.hasReceived(4);
  }));

it.each([
  ['HTTPSuccessFeedbackRoleArn', 200, 'SUCCESS'],
  ['HTTPFailureFeedbackRoleArn', 400, 'FAILURE'],
])('a topic with %s has the delivery told that ends with %d (verified) [2.11]', (name, statusCode, status) =>
  withTopics(async (topics) => {
    const endpoint = await turning(() => statusCode);
    const { topicArn, publish } = await subscribed(topics, endpoint);
    const { catalogue } = topics.broker.topics;
    const operator = { name: 'operator', account, isAnonymous: false };
    const address = { account, region: 'us-east-1', name: 't' };

    await publish('before');
    await endpoint.hasReceived(2);
    await catalogue.alter(operator, address, () => ({ extras: { [name]: 'arn:aws:iam::0:role/r' } }));
    const messageId = await publish('after');
    await endpoint.hasReceived(3);
    await quiet();

    expect(topics.statuses).toEqual([
      {
        notification: {
          messageMD5Sum: '632a2406bbcbcd553eec45ac14b40a0a',
          ...{ messageId, topicArn },
          timestamp: expect.stringMatching(/^2027-01-15 08:00:00\.000$/),
        },
        delivery: {
          deliveryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          destination: endpoint.url,
          providerResponse: expect.any(String),
          dwellTimeMs: 0,
          ...(status === 'FAILURE' && { attempts: 1 }),
          statusCode,
        },
        status,
      },
    ]);
  }),
);
