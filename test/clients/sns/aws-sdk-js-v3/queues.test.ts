import { DeleteTopicCommand, PublishBatchCommand, PublishCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { receive } from '../../sqs/sdk-world.ts';
import { receiveEnvelope, takeOne, withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();
const body = 'line 1\r\nline 2 "quoted" <&> Zürich 🍊';
const MessageAttributes = {
  city: { DataType: 'String', StringValue: 'Zürich 🍊' },
  amount: { DataType: 'Number', StringValue: '7.5' },
  tags: { DataType: 'String.Array', StringValue: '["a","b"]' },
  picture: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 137, 255]) },
};

test('a queue gets the message in an envelope, with its attributes inside', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url, subscriptionArn } = await subscribedQueue(TopicArn);

  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn, Message: body, Subject: 'Fruit', MessageAttributes }),
  );
  const message = await takeOne(sqs, url);

  const envelope: Record<string, unknown> = JSON.parse(message.Body ?? '');
  expect(Object.keys(envelope)).toEqual([
    ...['Type', 'MessageId', 'TopicArn', 'Subject', 'Message', 'Timestamp', 'SignatureVersion', 'Signature'],
    ...['SigningCertURL', 'UnsubscribeURL', 'MessageAttributes'],
  ]);
  expect(envelope).toMatchObject({ Type: 'Notification', MessageId, TopicArn, Subject: 'Fruit', Message: body });
  expect(envelope.UnsubscribeURL).toContain(`SubscriptionArn=${subscriptionArn}`);
  expect(envelope.MessageAttributes).toEqual({
    city: { Type: 'String', Value: 'Zürich 🍊' },
    amount: { Type: 'Number', Value: '7.5' },
    tags: { Type: 'String.Array', Value: '["a","b"]' },
    picture: { Type: 'Binary', Value: 'AIn/' },
  });
  expect(message.MessageAttributes).toBeUndefined();
  expect(message.MessageId).not.toBe(MessageId);
});

test('raw delivery gives the message itself, and its attributes as those of SQS', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url } = await subscribedQueue(TopicArn, { RawMessageDelivery: 'true' });

  await sns.send(new PublishCommand({ TopicArn, Message: body, Subject: 'not in it', MessageAttributes }));
  const message = await takeOne(sqs, url);

  expect(message.Body).toBe(body);
  expect(message.MessageAttributes).toEqual(MessageAttributes);
});

test('a message can have a text for each protocol', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url } = await subscribedQueue(TopicArn);
  const Message = JSON.stringify({ default: 'for the others', sqs: 'for queues' });

  await sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: 'json' }));

  expect(await receiveEnvelope(sqs, url)).toMatchObject({ Message: 'for queues' });
});

test('one publish reaches every queue of the topic before it is answered', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const queues = await Promise.all(Array.from({ length: 5 }, () => subscribedQueue(TopicArn)));

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'to all' }));
  const received = await Promise.all(queues.map(({ url }) => receive(sqs, url)));

  expect(received.map((messages) => messages.map(({ Body }) => JSON.parse(Body ?? '').MessageId))).toEqual(
    queues.map(() => [MessageId]),
  );
});

test('a batch is published, and one bad entry refuses all of it', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url } = await subscribedQueue(TopicArn, { RawMessageDelivery: 'true' });
  const entries = ['a', 'b', 'c'].map((Id) => ({ Id, Message: `message ${Id}`, MessageAttributes }));
  const bad = [...entries, { Id: 'bad', Message: 'x', Subject: 'two\nlines' }];

  const refused = sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: bad }));
  await expect(refused).rejects.toThrow('Invalid parameter: Subject');
  const published = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }));
  const messages = await receive(sqs, url, { MaxNumberOfMessages: 10 });

  expect(published.Successful?.map(({ Id }) => Id)).toEqual(['a', 'b', 'c']);
  expect(new Set(published.Successful?.map(({ MessageId }) => MessageId)).size).toBe(3);
  expect(published.Failed).toEqual([]);
  expect(messages.map(({ Body }) => Body).sort()).toEqual(['message a', 'message b', 'message c']);
  expect(messages[0]?.MessageAttributes).toEqual(MessageAttributes);
});

test('what a queue that is gone cannot take goes to the dead-letter queue of its subscription', async () => {
  const { sns, sqs, makeTopic, makeQueue, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const deadLetters = await makeQueue();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn });
  const gone = await subscribedQueue(TopicArn, { RedrivePolicy });
  await sqs.send(new DeleteQueueCommand({ QueueUrl: gone.url }));

  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'nobody is there' }));

  expect(await receiveEnvelope(sqs, deadLetters.url)).toMatchObject({ MessageId, Message: 'nobody is there' });
});

test('what was published before a topic is deleted stays in the queues', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic();
  const { url } = await subscribedQueue(TopicArn);
  await sns.send(new PublishCommand({ TopicArn, Message: 'still there' }));

  await sns.send(new DeleteTopicCommand({ TopicArn }));

  expect(await receiveEnvelope(sqs, url)).toMatchObject({ Message: 'still there' });
});
