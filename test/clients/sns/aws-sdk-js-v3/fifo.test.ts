import { PublishBatchCommand, PublishCommand } from '@aws-sdk/client-sns';
import { DeleteMessageBatchCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { receive } from '../../sqs/sdk-world.ts';
import { receiveEnvelope, withSnsBroker } from '../sdk-world.ts';

const setup = withSnsBroker();
const byContent = { FifoTopic: 'true', ContentBasedDeduplication: 'true' };
const raw = { RawMessageDelivery: 'true' };

test('each group comes in the order in which it was published, in every queue, with rising numbers', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic(byContent);
  const queues = [await subscribedQueue(TopicArn, raw), await subscribedQueue(TopicArn, raw)];
  const published = Array.from({ length: 24 }, (_, index) => `${'ab'.charAt(index % 2)}${index}`);

  const numbers: string[] = [];
  for (const Message of published) {
    const input = { TopicArn, Message, MessageGroupId: Message.charAt(0) };
    numbers.push((await sns.send(new PublishCommand(input))).SequenceNumber ?? '');
  }

  expect(numbers).toEqual([...numbers].sort());
  expect(numbers.every((number) => /^\d{20}$/.test(number))).toBe(true);
  for (const { url } of queues) {
    const bodies = (await drain(sqs, url, published.length)).map(({ Body }) => Body);
    for (const group of 'ab') {
      const isOfGroup = (body: string | undefined) => body?.startsWith(group);
      expect(bodies.filter(isOfGroup)).toEqual(published.filter(isOfGroup));
    }
  }
});

test('a duplicate has the id and number of the first, and nobody gets it', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic(byContent);
  const { url } = await subscribedQueue(TopicArn, raw);
  const input = { TopicArn, Message: 'same', MessageGroupId: 'g' };

  const first = await sns.send(new PublishCommand(input));
  const second = await sns.send(new PublishCommand(input));
  const other = await sns.send(new PublishCommand({ ...input, MessageDeduplicationId: 'another' }));

  expect([second.MessageId, second.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber]);
  expect(other.MessageId).not.toBe(first.MessageId);
  const messages = await receive(sqs, url, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body }) => Body)).toEqual(['same', 'same']);
  expect(messages.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(['g', 'g']);
  expect(messages[1]?.Attributes?.MessageDeduplicationId).toBe('another');
});

test('a batch keeps its order and knows its duplicates', async () => {
  const { sns, sqs, makeTopic, subscribedQueue } = setup();
  const TopicArn = await makeTopic(byContent);
  const { url } = await subscribedQueue(TopicArn, raw);
  const PublishBatchRequestEntries = ['a', 'b', 'a', 'c'].map((Message, index) => ({
    Id: `${index}`,
    Message,
    MessageGroupId: 'g',
  }));

  const { Successful = [] } = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

  const messages = await receive(sqs, url, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body }) => Body)).toEqual(['a', 'b', 'c']);
  expect(Successful.map(({ Id }) => Id)).toEqual(['0', '1', '2', '3']);
  expect(Successful[2]?.SequenceNumber).toBe(Successful[0]?.SequenceNumber);
});

test('the envelope of a FIFO topic has the sequence number, and a standard queue gets it too', async () => {
  const { sns, sqs, makeTopic, makeQueue, subscribe } = setup();
  const TopicArn = await makeTopic(byContent);
  const standard = await makeQueue();
  await subscribe({ TopicArn, Protocol: 'sqs', Endpoint: standard.arn });

  const { SequenceNumber, MessageId } = await sns.send(
    new PublishCommand({ TopicArn, Message: 'numbered', MessageGroupId: 'g' }),
  );

  expect(await receiveEnvelope(sqs, standard.url)).toMatchObject({ SequenceNumber, MessageId, Message: 'numbered' });
});

/** Receives and deletes until that many have come. */
async function drain(sqs: SQSClient, QueueUrl: string, count: number): Promise<readonly Message[]> {
  const received: Message[] = [];
  while (received.length < count) {
    const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10, WaitTimeSeconds: 5 });
    expect(messages.length).toBeGreaterThan(0);
    received.push(...messages);
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  return received;
}
