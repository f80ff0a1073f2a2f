import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { counts, given, receive, receiveOne, withBroker } from '../sdk-world.ts';

const setup = withBroker();

test('a message is told with its sender and times, and counts its receives', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const before = Date.now();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

  const first = await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });
  const second = await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });

  expect(Object.keys(first.Attributes ?? {}).sort()).toEqual([
    'ApproximateFirstReceiveTimestamp',
    'ApproximateReceiveCount',
    'SenderId',
    'SentTimestamp',
  ]);
  expect([first, second].map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(['1', '2']);
  const [sentAt, firstReceivedAt] = [
    Number(second.Attributes?.SentTimestamp),
    Number(second.Attributes?.ApproximateFirstReceiveTimestamp),
  ];
  expect(sentAt).toBeGreaterThanOrEqual(before);
  expect(firstReceivedAt).toBeGreaterThanOrEqual(sentAt);
  expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
});

test('the deprecated list of names and a receive without names still work', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const plain = { VisibilityTimeout: 0, MessageSystemAttributeNames: [], MessageAttributeNames: [] };

  const old = await receiveOne(sqs, QueueUrl, { ...plain, AttributeNames: ['All'] });
  const none = await receiveOne(sqs, QueueUrl, plain);

  expect(Object.keys(old.Attributes ?? {})).toHaveLength(4);
  expect(none.Attributes).toBeUndefined();
});

test('a received message is hidden until its visibility ends, and then comes again', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ VisibilityTimeout: '1' });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

  const first = await receiveOne(sqs, QueueUrl);
  expect(await receive(sqs, QueueUrl)).toEqual([]);
  const again = await receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 10 });

  expect(again.MessageId).toBe(first.MessageId);
  expect(again.Attributes?.ApproximateReceiveCount).toBe('2');
});

test('a deleted message never comes again; its old handle can be deleted twice', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  const { ReceiptHandle } = await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });

  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  expect(await receive(sqs, QueueUrl)).toEqual([]);
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0']);
});

describe('a long poll', () => {
  test('ends with the message that is sent while it waits', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();

    const polling = timed(receive(sqs, QueueUrl, { WaitTimeSeconds: 20, MaxNumberOfMessages: 10 }));
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })); // One turn for the poll.
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { result, ms } = await polling;

    expect(result.map(({ Body }) => Body)).toEqual(['x']);
    expect(ms).toBeLessThan(5_000);
  });

  test('ends when another consumer gives the message back', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { ReceiptHandle } = await receiveOne(sqs, QueueUrl);

    const polling = timed(receive(sqs, QueueUrl, { WaitTimeSeconds: 20 }));
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    const { result, ms } = await polling;

    expect(result).toHaveLength(1);
    expect(ms).toBeLessThan(5_000);
  });

  test('ends empty when its time is over; the queue can set that time', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue({ ReceiveMessageWaitTimeSeconds: '1' });

    const byQueue = await timed(receive(sqs, QueueUrl));
    const short = await timed(receive(sqs, QueueUrl, { WaitTimeSeconds: 0 }));

    expect([byQueue.result, short.result]).toEqual([[], []]);
    expect(byQueue.ms).toBeGreaterThanOrEqual(990);
    expect(short.ms).toBeLessThan(900);
  });

  test('of a client that has gone takes no message', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();
    const leaving = new AbortController();
    const input = { QueueUrl, WaitTimeSeconds: 20 };
    const polling = sqs.send(new ReceiveMessageCommand(input), { abortSignal: leaving.signal });
    const left = expect(polling).rejects.toMatchObject({ name: 'AbortError' });
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })); // One turn for the poll.

    leaving.abort(); // The SDK closes the connection.
    await left;
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));

    const message = await receiveOne(sqs, QueueUrl, { WaitTimeSeconds: 5 });
    expect(message.Attributes?.ApproximateReceiveCount).toBe('1');
  });
});

describe('a delay', () => {
  test('of a message keeps it back, as a long poll sees', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 1 }));
    expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '1']);
    expect(await receive(sqs, QueueUrl)).toEqual([]);

    const { result, ms } = await timed(receive(sqs, QueueUrl, { WaitTimeSeconds: 10 }));

    expect(result).toHaveLength(1);
    expect(ms).toBeLessThan(5_000);
  });

  test('of the queue holds for messages that name none', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue({ DelaySeconds: '600' });

    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'late' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'now', DelaySeconds: 0 }));

    expect((await receiveOne(sqs, QueueUrl, { MaxNumberOfMessages: 10 })).Body).toBe('now');
    expect(await counts(sqs, QueueUrl)).toEqual(['0', '1', '1']);
  });
});

test('a message that was received too often is found in the dead-letter queue, as it was sent', async () => {
  const { sqs, makeQueue } = setup();
  const deadLetters = await makeQueue();
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['QueueArn'] }),
  );
  const deadLetterTargetArn = given(Attributes?.QueueArn, 'an ARN');
  const QueueUrl = await makeQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }) });
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'poison' } };
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));

  await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });
  const last = await receiveOne(sqs, QueueUrl, { VisibilityTimeout: 0 });
  expect(await receive(sqs, deadLetters)).toEqual([]); // The move is made by the receive that would be too many.
  expect(await receive(sqs, QueueUrl)).toEqual([]);
  const dead = await receiveOne(sqs, deadLetters, { WaitTimeSeconds: 5 });

  expect(dead).toMatchObject({ MessageId: sent.MessageId, Body: 'x', MessageAttributes });
  expect(dead.Attributes).toMatchObject({
    ApproximateReceiveCount: '3',
    SentTimestamp: last.Attributes?.SentTimestamp,
    DeadLetterQueueSourceArn: `${deadLetterTargetArn.replace(/:[^:]*$/, '')}:${QueueUrl.split('/').at(-1)}`,
  });
  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0']);
});

async function timed<T>(work: Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const start = performance.now();
  const result = await work;
  return { result, ms: performance.now() - start };
}
