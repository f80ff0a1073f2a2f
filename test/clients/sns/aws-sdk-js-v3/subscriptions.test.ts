import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  PublishCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { receive } from '../../sqs/sdk-world.ts';
import { receiveEnvelope, withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();

test('a subscription of a queue is confirmed at once and shows its attributes', async () => {
  const { sns, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { arn, subscriptionArn } = await subscribedQueue(TopicArn);

  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn }));

  expect(subscriptionArn).toMatch(new RegExp(`^${TopicArn}:[0-9a-f-]{36}$`));
  expect(Attributes).toEqual({
    ConfirmationWasAuthenticated: 'true',
    Endpoint: arn,
    Owner: '000000000000',
    PendingConfirmation: 'false',
    Protocol: 'sqs',
    RawMessageDelivery: 'false',
    SubscriptionArn: subscriptionArn,
    SubscriptionPrincipal: expect.stringMatching(/^arn:aws:iam::000000000000:user\//),
    TopicArn,
  });
});

test('attributes that are set come back, and an empty filter policy removes it', async () => {
  const { sns, makeTopic, makeQueue, subscribedQueue } = setup();
  const { subscriptionArn: SubscriptionArn } = await subscribedQueue(await makeTopic());
  const deadLetters = await makeQueue();
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));
  const shown = async () => (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;

  await set('RawMessageDelivery', 'true');
  await set('FilterPolicy', '{"color":["red"]}');
  await set('FilterPolicyScope', 'MessageBody');
  await set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: deadLetters.arn }));
  const after = await shown();
  await set('FilterPolicy', '');
  const removed = await shown();

  expect(after).toMatchObject({
    RawMessageDelivery: 'true',
    FilterPolicy: '{"color":["red"]}',
    FilterPolicyScope: 'MessageBody',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
  });
  expect(removed).not.toHaveProperty('FilterPolicy');
});

test('the same endpoint is subscribed once, however often it asks', async () => {
  const { sns, makeTopic, subscribedQueue, subscribe } = setup();
  const TopicArn = await makeTopic();
  const { arn, subscriptionArn } = await subscribedQueue(TopicArn);

  const again = await subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn });
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));

  expect(again).toBe(subscriptionArn);
  expect(Subscriptions).toEqual([
    { SubscriptionArn: subscriptionArn, Owner: '000000000000', Protocol: 'sqs', Endpoint: arn, TopicArn },
  ]);
});

test('the paginator walks through 103 subscriptions of a topic once', async () => {
  const { sns, makeTopic, newName, subscribe } = setup();
  const TopicArn = await makeTopic();
  const arns = Array.from({ length: 103 }, () => `arn:aws:sqs:us-east-1:000000000000:${newName()}`);
  const made = await Promise.all(arns.map((Endpoint) => subscribe({ TopicArn, Protocol: 'sqs', Endpoint })));

  const pages: (readonly (string | undefined)[])[] = [];
  for await (const { Subscriptions } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
    pages.push((Subscriptions ?? []).map(({ SubscriptionArn }) => SubscriptionArn));
  }

  expect(pages.map((page) => page.length)).toEqual([100, 3]);
  expect(pages.flat().sort()).toEqual(made.sort());
});

test('who has unsubscribed gets no more, the others do, and unsubscribing again is no error', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const [gone, stays] = [await subscribedQueue(TopicArn), await subscribedQueue(TopicArn)];

  await sns.send(new UnsubscribeCommand({ SubscriptionArn: gone.subscriptionArn }));
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: gone.subscriptionArn }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'after' }));

  expect(await receiveEnvelope(sqs, stays.url)).toMatchObject({ Message: 'after' });
  expect(await receive(sqs, gone.url)).toEqual([]);
});
