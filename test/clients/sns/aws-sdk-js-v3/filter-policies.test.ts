import { PublishBatchCommand, PublishCommand, SetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { receive } from '../../sqs/sdk-world.ts';
import { type SnsWorld, withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();

test('attributes decide who gets a message', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const filtered = (policy: unknown) => raw(subscribedQueue, TopicArn, policy);
  const red = await filtered({ color: ['red'] });
  const dear = await filtered({ price: [{ numeric: ['>=', 100] }] });
  const notRed = await filtered({ color: [{ 'anything-but': ['red'] }] });
  const uncolored = await filtered({ color: [{ exists: false }] });
  const all = await subscribedQueue(TopicArn, { RawMessageDelivery: 'true' });

  const entry = (Id: string, color: string | undefined, price: string) => ({
    Id,
    Message: Id,
    MessageAttributes: {
      ...(color !== undefined && { color: { DataType: 'String', StringValue: color } }),
      price: { DataType: 'Number', StringValue: price },
    },
  });
  const PublishBatchRequestEntries = [
    entry('red-cheap', 'red', '5'),
    entry('blue-dear', 'blue', '100.0'),
    entry('plain', undefined, '7'),
  ];
  await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

  const got = async ({ url }: { readonly url: string }) =>
    (await receive(sqs, url, { MaxNumberOfMessages: 10 })).map(({ Body }) => Body).sort();
  expect(await got(red)).toEqual(['red-cheap']);
  expect(await got(dear)).toEqual(['blue-dear']);
  expect(await got(notRed)).toEqual(['blue-dear']);
  expect(await got(uncolored)).toEqual(['plain']);
  expect(await got(all)).toEqual(['blue-dear', 'plain', 'red-cheap']);
});

test('the body decides when the policy is about the body', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const policy = { order: { country: [{ prefix: 'c' }], items: { weight: [{ numeric: ['<', 10] }] } } };
  const { url } = await raw(subscribedQueue, TopicArn, policy, 'MessageBody');
  const match = JSON.stringify({ order: { country: 'ch', items: [{ weight: 20 }, { weight: 5 }] } });
  const misses = [
    JSON.stringify({ order: { country: 'de', items: [{ weight: 5 }] } }),
    JSON.stringify({ order: { country: 'ch', items: [{ weight: 20 }] } }),
    'no JSON',
    '"c"',
  ];

  for (const Message of [...misses, match]) await sns.send(new PublishCommand({ TopicArn, Message }));

  const messages = await receive(sqs, url, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body }) => Body)).toEqual([match]);
});

test('a policy that is changed decides from the next message on', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url, subscriptionArn } = await raw(subscribedQueue, TopicArn, { kind: ['a'] });
  const publish = (Message: string, kind: string) =>
    sns.send(
      new PublishCommand({ TopicArn, Message, MessageAttributes: { kind: { DataType: 'String', StringValue: kind } } }),
    );

  await publish('a before', 'a');
  await publish('b before', 'b');
  await sns.send(
    new SetSubscriptionAttributesCommand({
      SubscriptionArn: subscriptionArn,
      AttributeName: 'FilterPolicy',
      AttributeValue: '{"kind":["b"]}',
    }),
  );
  await publish('a after', 'a');
  await publish('b after', 'b');

  const messages = await receive(sqs, url, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body }) => Body).sort()).toEqual(['a before', 'b after']);
});

function raw(
  subscribedQueue: SnsWorld['subscribedQueue'],
  topicArn: string,
  policy: unknown,
  FilterPolicyScope = 'MessageAttributes',
): ReturnType<SnsWorld['subscribedQueue']> {
  const FilterPolicy = JSON.stringify(policy);
  return subscribedQueue(topicArn, { RawMessageDelivery: 'true', FilterPolicyScope, FilterPolicy });
}
