import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { beforeEach, expect, test } from 'vitest';
import { startHttpEndpoint } from '../http-endpoint.ts';
import { confirm, receiveEnvelope, withSnsBroker } from '../sdk-world.ts';
import { trustAuthorityOf, verified } from '../verified.ts';

const setup = withSnsBroker({ args: ['--https-port', '0', '--tls-cert', 'generated'] });
beforeEach(() => trustAuthorityOf(setup().broker.dataDir));

/** An endpoint that has confirmed its subscription, and what it was asked. */
async function subscribed(attributes: Readonly<Record<string, string>> = {}) {
  const world = setup();
  const endpoint = await startHttpEndpoint();
  const TopicArn = await world.makeTopic();
  const Endpoint = `${endpoint.url}/hook?a=1&b=2`;
  await world.subscribe({ TopicArn, Protocol: 'http', Endpoint, Attributes: attributes });
  const asked = await endpoint.posts.take();
  const subscriptionArn = await confirm(world.sns, TopicArn, asked);
  return { ...world, endpoint, TopicArn, asked, subscriptionArn };
}

test('an endpoint is asked to confirm, signed, and until then gets nothing', async () => {
  const { sns, makeTopic } = setup();
  const endpoint = await startHttpEndpoint();
  const TopicArn = await makeTopic();

  const answer = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${endpoint.url}/hook` }));
  const asked = await endpoint.posts.take();
  const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'too early' }));
  await confirm(sns, TopicArn, asked);
  await sns.send(new PublishCommand({ TopicArn, Message: 'in time' }));
  const notification = await endpoint.posts.take();

  expect(answer.SubscriptionArn).toBe('pending confirmation');
  expect(listed.Subscriptions?.map(({ SubscriptionArn }) => SubscriptionArn)).toEqual(['PendingConfirmation']);
  expect(asked.headers).toMatchObject({
    'content-type': 'text/plain; charset=UTF-8',
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': 'SubscriptionConfirmation',
    'x-amz-sns-topic-arn': TopicArn,
  });
  expect(asked.headers).not.toHaveProperty('x-amz-sns-subscription-arn');
  expect(await verified(asked.body)).toMatchObject({ Type: 'SubscriptionConfirmation', TopicArn });
  expect(JSON.parse(notification.body).Message).toBe('in time');
});

test('confirming twice gives the same ARN, and a token that nobody gave is refused', async () => {
  const { sns, TopicArn, asked, subscriptionArn } = await subscribed();

  const again = await confirm(sns, TopicArn, asked);
  const guessed = sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: 'a'.repeat(288) }));

  expect(again).toBe(subscriptionArn);
  await expect(guessed).rejects.toMatchObject({ name: 'InvalidParameterException', message: /Token|token/ });
});

test('a subscription can be confirmed by its link', async () => {
  const { sns, makeTopic, subscribe } = setup();
  const endpoint = await startHttpEndpoint();
  const TopicArn = await makeTopic();
  const SubscriptionArn = await subscribe({ TopicArn, Protocol: 'http', Endpoint: endpoint.url });
  const { SubscribeURL } = JSON.parse((await endpoint.posts.take()).body);

  const visited = await fetch(SubscribeURL);
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));

  expect([visited.status, await visited.text()]).toEqual([200, expect.stringContaining(SubscriptionArn)]);
  expect(Attributes).toMatchObject({ PendingConfirmation: 'false', Protocol: 'http' });
});

test.each(['1', '2'])(
  'a notification in signature version %s is valid, and what was changed is not',
  async (version) => {
    const { sns, endpoint, TopicArn, subscriptionArn } = await subscribed();
    const AttributeName = 'SignatureVersion';
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue: version }));

    const MessageAttributes = { city: { DataType: 'String', StringValue: 'Zürich' } };
    const Message = 'Grüße: one crate\nof oranges 🍊';
    const { MessageId } = await sns.send(
      new PublishCommand({ TopicArn, Message, Subject: 'Fruit', MessageAttributes }),
    );
    const { path, headers, body } = await endpoint.posts.take();

    expect(path).toBe('/hook?a=1&b=2');
    expect(headers).toMatchObject({
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': MessageId,
      'x-amz-sns-topic-arn': TopicArn,
      'x-amz-sns-subscription-arn': subscriptionArn,
    });
    expect(await verified(body)).toMatchObject({
      ...{ Type: 'Notification', MessageId, TopicArn, Message, Subject: 'Fruit', SignatureVersion: version },
      MessageAttributes: { city: { Type: 'String', Value: 'Zürich' } },
    });
    await expect(verified(JSON.stringify({ ...JSON.parse(body), Message: 'forged' }))).rejects.toThrow('invalid');
  },
);

test('raw delivery posts the message itself, and says so', async () => {
  const { sns, endpoint, TopicArn } = await subscribed({ RawMessageDelivery: 'true' });

  await sns.send(new PublishCommand({ TopicArn, Message: '{"order":7}' }));
  const { headers, body } = await endpoint.posts.take();

  expect([body, headers['x-amz-sns-rawdelivery']]).toEqual(['{"order":7}', 'true']);
});

test('an endpoint that fails is posted to again, by its delivery policy', async () => {
  const healthyRetryPolicy = { numRetries: 3, numNoDelayRetries: 3, minDelayTarget: 1, maxDelayTarget: 1 };
  const { sns, endpoint, TopicArn } = await subscribed({ DeliveryPolicy: JSON.stringify({ healthyRetryPolicy }) });
  const answers = [503, 500, 204];
  endpoint.answerBy((response) => response.writeHead(answers.shift() ?? 200).end());

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'again' }));
  const posts = [await endpoint.posts.take(), await endpoint.posts.take(), await endpoint.posts.take()];

  expect(posts.map(({ headers }) => headers['x-amz-sns-message-id'])).toEqual([MessageId, MessageId, MessageId]);
});

test('what an endpoint refuses goes to the dead-letter queue', async () => {
  const { sqs, makeQueue } = setup();
  const deadLetters = await makeQueue();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn });
  const { sns, endpoint, TopicArn } = await subscribed({ RedrivePolicy });
  endpoint.answerBy((response) => response.writeHead(403).end());

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'unwanted' }));
  const dead = await receiveEnvelope(sqs, deadLetters.url);

  expect(dead).toMatchObject({ MessageId, Message: 'unwanted' });
  expect(await verified(JSON.stringify(dead))).toMatchObject({ MessageId });
});

test('the link in a notification unsubscribes, and the endpoint can take that back', async () => {
  const { sns, endpoint, TopicArn, subscriptionArn } = await subscribed();
  await sns.send(new PublishCommand({ TopicArn, Message: 'the last one' }));
  const { UnsubscribeURL } = JSON.parse((await endpoint.posts.take()).body);

  const visited = await fetch(UnsubscribeURL);
  await sns.send(new PublishCommand({ TopicArn, Message: 'nobody wants it' }));
  const ended = await endpoint.posts.take();
  const { SubscribeURL } = JSON.parse(ended.body);
  await fetch(SubscribeURL);
  await sns.send(new PublishCommand({ TopicArn, Message: 'back again' }));
  const back = await endpoint.posts.take();

  expect(visited.status).toBe(200);
  expect(ended.headers['x-amz-sns-message-type']).toBe('UnsubscribeConfirmation');
  expect(JSON.parse(ended.body).Message).toContain(`deactivate subscription ${subscriptionArn}`);
  expect(JSON.parse(back.body).Message).toBe('back again');
});
