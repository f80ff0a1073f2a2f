import { createHash } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { counts, given, receive, receiveOne, withBroker } from '../sdk-world.ts';

const setup = withBroker();
const byContent = { FifoQueue: 'true', ContentBasedDeduplication: 'true' } as const;

test('messages of a group come in the order in which they were sent, with rising numbers', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  const bodies = Array.from({ length: 25 }, (_, index) => `${index}`);
  const sent: string[] = [];
  for (const body of bodies) sent.push(await send(sqs, QueueUrl, body));

  const received: Message[] = [];
  while (received.length < bodies.length) {
    const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
    expect(messages.length).toBeGreaterThan(0);
    received.push(...messages);
    await deleteAll(sqs, QueueUrl, messages);
  }

  expect(received.map(({ Body }) => Body)).toEqual(bodies);
  const numbers = received.map(({ Attributes }) => Attributes?.SequenceNumber);
  expect(numbers).toEqual(sent);
  expect(numbers).toEqual([...numbers].sort());
  expect(numbers.every((number) => /^\d{20}$/.test(number ?? ''))).toBe(true);
});

test('a receive takes all of the oldest group first, then of the next', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  for (const body of ['g1-m1', 'g2-m1', 'g1-m2', 'g3-m1', 'g1-m3']) await send(sqs, QueueUrl, body, body.slice(0, 2));

  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 4 });

  expect(messages.map(({ Body }) => Body)).toEqual(['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1']);
});

test('a group waits while one of its messages is in flight; other groups do not', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  for (const body of ['a1', 'a2', 'b1']) await send(sqs, QueueUrl, body, body.slice(0, 1));
  const first = await receiveOne(sqs, QueueUrl);

  const others = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
  const polling = receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 20 });
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle }));

  expect([first.Body, ...others.map(({ Body }) => Body)]).toEqual(['a1', 'b1']);
  expect((await polling).Body).toBe('a2');
});

test('the same content is a duplicate: the same id and number, and one message', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  const input = { QueueUrl, MessageBody: 'same', MessageGroupId: 'g' };

  const first = await sqs.send(new SendMessageCommand(input));
  const second = await sqs.send(new SendMessageCommand(input));
  const message = await receiveOne(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
  await deleteAll(sqs, QueueUrl, [message]);
  const third = await sqs.send(new SendMessageCommand(input));

  expect([second, third].map(({ MessageId }) => MessageId)).toEqual([first.MessageId, first.MessageId]);
  expect([second, third].map(({ SequenceNumber }) => SequenceNumber)).toEqual([
    first.SequenceNumber,
    first.SequenceNumber,
  ]);
  expect(await receive(sqs, QueueUrl)).toEqual([]);
  expect(message.Attributes).toMatchObject({
    MessageGroupId: 'g',
    MessageDeduplicationId: createHash('sha256').update('same').digest('hex'),
  });
});

test('an explicit id decides, whatever the content', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  const input = { QueueUrl, MessageGroupId: 'g', MessageDeduplicationId: 'id-1' };

  await sqs.send(new SendMessageCommand({ ...input, MessageBody: 'one' }));
  await sqs.send(new SendMessageCommand({ ...input, MessageBody: 'two' }));
  await sqs.send(new SendMessageCommand({ ...input, MessageBody: 'one', MessageDeduplicationId: 'id-2' }));

  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body, Attributes }) => [Body, Attributes?.MessageDeduplicationId])).toEqual([
    ['one', 'id-1'],
    ['one', 'id-2'],
  ]);
});

test('a batch keeps its order and knows its duplicates', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  const Entries = ['a', 'b', 'a', 'c'].map((MessageBody, index) => ({
    Id: `${index}`,
    MessageBody,
    MessageGroupId: 'g',
  }));

  const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

  const messages = await receive(sqs, QueueUrl, { MaxNumberOfMessages: 10 });
  expect(messages.map(({ Body }) => Body)).toEqual(['a', 'b', 'c']);
  expect(Successful.map(({ Id }) => Id)).toEqual(['0', '1', '2', '3']);
  expect(Successful[2]?.MessageId).toBe(Successful[0]?.MessageId);
});

test('a repeated receive attempt gets the same messages and handles', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue(byContent);
  for (const body of ['1', '2', '3']) await send(sqs, QueueUrl, body);
  const input = { MaxNumberOfMessages: 2, ReceiveRequestAttemptId: 'attempt-1' };

  const first = await receive(sqs, QueueUrl, input);
  const repeated = await receive(sqs, QueueUrl, input);

  expect(first.map(({ Body }) => Body)).toEqual(['1', '2']);
  expect(repeated.map(({ Body, ReceiptHandle }) => [Body, ReceiptHandle])).toEqual(
    first.map(({ Body, ReceiptHandle }) => [Body, ReceiptHandle]),
  );
});

test('a poisoned message goes to a FIFO dead-letter queue and frees its group', async () => {
  const { sqs, makeQueue } = setup();
  const deadLetters = await makeQueue({ FifoQueue: 'true' });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
  );
  const deadLetterTargetArn = given(Attributes?.QueueArn, 'an ARN');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: '1' });
  const QueueUrl = await makeQueue({ ...byContent, RedrivePolicy });
  for (const body of ['poison', 'good']) await send(sqs, QueueUrl, body);

  await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });
  const next = await receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 5 });
  const dead = await receiveOne(sqs, deadLetters, { WaitTimeSeconds: 5 });

  expect([next.Body, dead.Body, dead.Attributes?.MessageGroupId]).toEqual(['good', 'poison', 'g']);
});

test('a handle whose time is over deletes nothing', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ ...byContent, VisibilityTimeout: '1' });
  await send(sqs, QueueUrl, 'x');
  const { ReceiptHandle } = await receiveOne(sqs, QueueUrl);
  const again = await receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 10, VisibilityTimeout: 30 });

  const deleting = sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  await expect(deleting).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: expect.stringContaining('The receipt handle has expired'),
  });
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '0']);
  await deleteAll(sqs, QueueUrl, [again]);
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0']);
});

/** @returns its sequence number */
async function send(sqs: SQSClient, QueueUrl: string, MessageBody: string, MessageGroupId = 'g'): Promise<string> {
  const { SequenceNumber } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId }));
  return given(SequenceNumber, 'a sequence number');
}

async function deleteAll(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  expect(Failed).toBeUndefined();
}
