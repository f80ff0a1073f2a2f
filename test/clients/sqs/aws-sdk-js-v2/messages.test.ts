import { expect, test } from 'vitest';
import { given } from '../sdk-world.ts';
import { receive, receiveOne, withBroker } from './world.ts';

const setup = withBroker();

test.each([
  'plain',
  'a&b <c> "d" \'e\' ]]>',
  'one\r\ntwo\rthree\nfour\tfive',
  ' blanks around ',
  'ü 😀 \u0085\u2028\ufffd',
  '%41+%2B',
])('the body %j comes back as it was sent', async (MessageBody) => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  await sqs.sendMessage({ QueueUrl, MessageBody }).promise();

  expect((await receiveOne(sqs, QueueUrl)).Body).toBe(MessageBody);
});

test('attributes of each type come back, and the SDK agrees with their digests', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const binary = Buffer.from([0, 13, 255, 43, 47]);
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'a&b\r<c>' },
    number: { DataType: 'Number.int', StringValue: '-1.5e3' },
    binary: { DataType: 'Binary.png', BinaryValue: binary },
  };
  const trace = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };

  const sent = await sqs
    .sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes, MessageSystemAttributes: { AWSTraceHeader: trace } })
    .promise();
  const message = await receiveOne(sqs, QueueUrl);

  expect(message.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message.MessageAttributes).toMatchObject(MessageAttributes);
  expect(message.Attributes).toMatchObject({
    ...{ SenderId: '000000000000', ApproximateReceiveCount: '1', AWSTraceHeader: trace.StringValue },
    SentTimestamp: expect.stringMatching(/^\d{13}$/),
  });
});

test('a megabyte of characters that are all escaped twice goes through', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const MessageBody = '&"\r<'.repeat(1_048_576 / 4);

  await sqs.sendMessage({ QueueUrl, MessageBody }).promise();

  expect((await receiveOne(sqs, QueueUrl)).Body === MessageBody).toBe(true);
});

test('a batch answers each entry, with what one of them lacks', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ MaximumMessageSize: '1024' });
  const attribute = { DataType: 'String', StringValue: 'v' };

  const { Successful, Failed } = await sqs
    .sendMessageBatch({
      QueueUrl,
      Entries: [
        { Id: 'a', MessageBody: 'first', MessageAttributes: { n: attribute } },
        { Id: 'b', MessageBody: 'x'.repeat(1025) },
        { Id: 'c', MessageBody: 'delayed', DelaySeconds: 900 },
      ],
    })
    .promise();
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });

  expect(Successful.map(({ Id }) => Id)).toEqual(['a', 'c']);
  expect(Failed).toEqual([
    {
      ...{ Id: 'b', SenderFault: true, Code: 'InvalidParameterValue' },
      Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
    },
  ]);
  expect(messages.map(({ Body }) => Body)).toEqual(['first']);
});

test('ten messages with ten attributes each go through one batch', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const attributes = Array.from({ length: 10 }, (_, index) => [
    `n${index}`,
    { DataType: 'String', StringValue: `v${index}` },
  ]);
  const MessageAttributes = Object.fromEntries(attributes);
  const Entries = Array.from({ length: 10 }, (_, index) => ({
    Id: `${index}`,
    MessageBody: `m${index}`,
    MessageAttributes,
  }));

  await sqs.sendMessageBatch({ QueueUrl, Entries }).promise();
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });

  expect(messages.map(({ Body }) => Body).toSorted()).toEqual(Entries.map(({ MessageBody }) => MessageBody));
  for (const message of messages) expect(Object.keys(message.MessageAttributes ?? {})).toHaveLength(10);
});

test('a long poll ends with the message that it waited for', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const waiting = receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 20 });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'late' }).promise();

  expect((await waiting).Body).toBe('late');
});

test('a FIFO queue keeps order, groups and deduplication', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const send = (MessageBody: string) => sqs.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'g' }).promise();

  const first = await send('a');
  const again = await send('a');
  await send('b');
  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10, ReceiveRequestAttemptId: 'r' });
  const locked = await receive(sqs, QueueUrl);

  expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  expect(messages.map(({ Body }) => Body)).toEqual(['a', 'b']);
  expect(messages[0]?.Attributes).toMatchObject({
    ...{ MessageGroupId: 'g', SequenceNumber: expect.stringMatching(/^\d{20}$/) },
    MessageDeduplicationId: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
  });
  expect(locked).toEqual([]);
});

test('a message that is received too often goes to the dead-letter queue, and says from where', async () => {
  const { sqs, makeQueue } = setup();
  const deadLetters = await makeQueue();
  const arnOf = async (QueueUrl: string) => {
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] }).promise();
    return given(Attributes?.QueueArn, 'an ARN');
  };
  const policy = { deadLetterTargetArn: await arnOf(deadLetters), maxReceiveCount: 1 };
  const QueueUrl = await makeQueue({ RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: '0' });
  await sqs.sendMessage({ QueueUrl, MessageBody: 'poison' }).promise();

  await receiveOne(sqs, QueueUrl);
  const nothing = await receive(sqs, QueueUrl);
  const dead = await receiveOne(sqs, deadLetters);
  const sources = await sqs.listDeadLetterSourceQueues({ QueueUrl: deadLetters }).promise();

  expect(nothing).toEqual([]);
  expect(dead).toMatchObject({
    Body: 'poison',
    Attributes: { DeadLetterQueueSourceArn: await arnOf(QueueUrl), ApproximateReceiveCount: '2' },
  });
  expect(sources.queueUrls).toEqual([QueueUrl]);
});

test('tags and pages of queues come in the SDK’s shapes', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  await sqs.createQueue({ QueueName: 'paged-a', tags: { made: 'with + a = tag' } }).promise();
  await sqs.createQueue({ QueueName: 'paged-b' }).promise();

  await sqs.tagQueue({ QueueUrl, Tags: { a: '1', b: '' } }).promise();
  await sqs.untagQueue({ QueueUrl, TagKeys: ['a'] }).promise();
  const tags = await sqs.listQueueTags({ QueueUrl }).promise();
  const first = await sqs.listQueues({ QueueNamePrefix: 'paged-', MaxResults: 1 }).promise();
  const rest = await sqs
    .listQueues({ QueueNamePrefix: 'paged-', MaxResults: 1, NextToken: given(first.NextToken, 'a token') })
    .promise();
  const madeWith = await sqs.listQueueTags({ QueueUrl: given(first.QueueUrls?.[0], 'a queue') }).promise();

  expect(tags.Tags).toEqual({ b: '' });
  expect([...(first.QueueUrls ?? []), ...(rest.QueueUrls ?? [])].map((url) => url.split('/').at(-1))).toEqual([
    'paged-a',
    'paged-b',
  ]);
  expect(madeWith.Tags).toEqual({ made: 'with + a = tag' });
});
