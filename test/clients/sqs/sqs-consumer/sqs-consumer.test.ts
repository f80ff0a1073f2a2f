import { once } from 'node:events';
import { GetQueueAttributesCommand, type Message, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { Consumer, type ConsumerOptions } from 'sqs-consumer';
import { expect, onTestFinished, test } from 'vitest';
import { counts, given, receive, type SdkWorld, withBroker } from '../sdk-world.ts';

const setup = withBroker();
const empty = ['0', '0', '0'];

test('one message after the other is consumed, and the queue ends empty', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  const bodies = bodiesOf(150);
  const seen: (string | undefined)[] = [];
  const consumer = consume(sqs, {
    queueUrl,
    handleMessage: async (message) => {
      seen.push(message.Body);
      return message;
    },
  });

  const processed = eventCount(consumer, 'message_processed', bodies.length);
  await sendAll(sqs, queueUrl, bodies);
  await processed;

  expect(seen.toSorted()).toEqual(bodies.toSorted());
  expect(await counts(sqs, queueUrl)).toEqual(empty);
});

test('several consumers take batches of ten; each message is handled once', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  const bodies = bodiesOf(400);
  const seen: (string | undefined)[] = [];
  const options: ConsumerOptions = {
    queueUrl,
    batchSize: 10,
    handleMessageBatch: async (messages) => {
      seen.push(...messages.map(({ Body }) => Body));
      return messages;
    },
  };
  const consumers = [consume(sqs, options), consume(sqs, options), consume(sqs, options)];

  const processed = eventCountOfAll(consumers, 'message_processed', bodies.length);
  await sendAll(sqs, queueUrl, bodies);
  await processed;

  expect(seen.toSorted()).toEqual(bodies.toSorted());
  expect(await counts(sqs, queueUrl)).toEqual(empty);
});

test('only the messages that a batch handler returns are deleted', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  await sendAll(sqs, queueUrl, ['keep', 'take 1', 'take 2']);
  const consumer = consume(sqs, {
    ...{ queueUrl, batchSize: 10, visibilityTimeout: 600 },
    handleMessageBatch: async (messages) => messages.filter(({ Body }) => Body?.startsWith('take')),
  });

  await once(consumer, 'response_processed');

  expect(await counts(sqs, queueUrl)).toEqual(['0', '1', '0']);
});

test('a message whose handler fails is given back, tried again, and found in the dead-letter queue', async () => {
  const world = setup();
  const { sqs } = world;
  const { queueUrl, deadLetters } = await makeQueueWithDeadLetters(world, 3);
  const receiveCounts: (string | undefined)[] = [];
  const consumer = consume(sqs, {
    ...{ queueUrl, terminateVisibilityTimeout: true, messageSystemAttributeNames: ['ApproximateReceiveCount'] },
    handleMessage: async (message) => {
      if (message.Body !== 'poison') return message;
      receiveCounts.push(message.Attributes?.ApproximateReceiveCount);
      throw new Error('this one never works');
    },
  });
  const failures = eventCount(consumer, 'processing_error', 3);
  const successes = eventCount(consumer, 'message_processed', 2);

  await sendAll(sqs, queueUrl, ['good 1', 'poison', 'good 2']);
  await Promise.all([failures, successes]);
  const dead = await receive(sqs, deadLetters, { WaitTimeSeconds: 10 }); // The consumer's next poll moves it.

  expect(receiveCounts).toEqual(['1', '2', '3']);
  expect(dead.map(({ Body }) => Body)).toEqual(['poison']);
  expect(await counts(sqs, queueUrl)).toEqual(empty);
});

test('a heartbeat keeps a message with the handler that takes longer than its visibility', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  await sendAll(sqs, queueUrl, ['long work']);
  const heartbeats = commandCount(sqs, 'ChangeMessageVisibilityCommand');
  let release: (message: Message) => void = () => undefined;
  const work = new Promise<Message>((resolve) => {
    release = resolve;
  });
  const consumer = consume(sqs, {
    ...{ queueUrl, visibilityTimeout: 2, heartbeatInterval: 1 },
    handleMessage: () => work,
  });
  // It beats until its delete is answered: a beat that comes after the delete meets no message, with AWS as well.
  const errors: string[] = [];
  consumer.on('error', ({ message }) => errors.push(message));

  const [message] = await once(consumer, 'message_received');
  const others = await receive(sqs, queueUrl, { WaitTimeSeconds: 3 }); // Longer than the visibility of the receive.
  release(message);
  await once(consumer, 'message_processed');

  expect(others).toEqual([]);
  expect(heartbeats()).toBeGreaterThanOrEqual(2);
  expect(errors.filter((text) => !/does not exist or is not available/.test(text))).toEqual([]);
  expect(await counts(sqs, queueUrl)).toEqual(empty);
});

test('a graceful stop lets the handler finish and delete, and takes no further message', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  await sendAll(sqs, queueUrl, ['first', 'second']);
  const handled: (string | undefined)[] = [];
  const consumer = consume(sqs, {
    ...{ queueUrl, pollingCompleteWaitTimeMs: 10_000 },
    handleMessage: async (message) => {
      handled.push(message.Body);
      consumer.stop();
      return message;
    },
  });

  await once(consumer, 'stopped');

  expect(handled).toEqual(['first']);
  expect(await counts(sqs, queueUrl)).toEqual(['1', '0', '0']);
});

test('a stop that aborts ends the long poll at once and loses nothing', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue();
  const consumer = consume(sqs, { queueUrl, waitTimeSeconds: 20, handleMessage: async (message) => message });
  const errors: unknown[] = [];
  consumer.on('error', (error) => errors.push(error.message));
  await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] })); // A turn for its poll.

  const aborted = once(consumer, 'error');
  consumer.stop({ abort: true });
  await aborted;
  await sendAll(sqs, queueUrl, ['x']);

  const messages = await receive(sqs, queueUrl, { WaitTimeSeconds: 5 });
  expect(messages.map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual(['1']);
  expect(errors).toEqual([expect.stringContaining('aborted')]);
});

test('a group of a FIFO queue is consumed in order', async () => {
  const { sqs, makeQueue } = setup();
  const queueUrl = await makeQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true' });
  const bodies = bodiesOf(60);
  const seen: (string | undefined)[] = [];
  const consumer = consume(sqs, {
    ...{ queueUrl, batchSize: 10, suppressFifoWarning: true },
    handleMessageBatch: async (messages) => {
      seen.push(...messages.map(({ Body }) => Body));
      return messages;
    },
  });

  const processed = eventCount(consumer, 'message_processed', bodies.length);
  await sendAll(sqs, queueUrl, bodies, { MessageGroupId: 'group' });
  await processed;

  expect(seen).toEqual(bodies);
  expect(await counts(sqs, queueUrl)).toEqual(empty);
});

/** Started; stopped with the test. What a test does not expect to fail makes it fail. */
function consume(sqs: SQSClient, options: ConsumerOptions): Consumer {
  const consumer = Consumer.create({ sqs, ...options });
  onTestFinished(() => consumer.stop({ abort: true }));
  consumer.start();
  return consumer;
}

function eventCount(consumer: Consumer, event: 'message_processed' | 'processing_error', count: number): Promise<void> {
  return eventCountOfAll([consumer], event, count);
}

/** @returns settled after that many events; refused when the consumer meets an error of SQS before */
function eventCountOfAll(
  consumers: readonly Consumer[],
  event: 'message_processed' | 'processing_error',
  count: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    for (const consumer of consumers) {
      consumer.on('error', reject);
      consumer.on(event, () => {
        left -= 1;
        if (left === 0) resolve();
      });
    }
  });
}

function commandCount(sqs: SQSClient, name: string): () => number {
  let count = 0;
  sqs.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName === name) count += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  return () => count;
}

async function sendAll(
  sqs: SQSClient,
  QueueUrl: string,
  bodies: readonly string[],
  ids: { readonly MessageGroupId?: string } = {},
): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies
      .slice(start, start + 10)
      .map((MessageBody, index) => ({ Id: `${index}`, MessageBody, ...ids }));
    const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed).toBeUndefined();
  }
}

function bodiesOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `message ${index} 😀`);
}

async function makeQueueWithDeadLetters({ sqs, makeQueue }: SdkWorld, maxReceiveCount: number) {
  const deadLetters = await makeQueue();
  const input = { QueueUrl: deadLetters, AttributeNames: ['QueueArn' as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand(input));
  const deadLetterTargetArn = given(Attributes?.QueueArn, 'an ARN');
  const queueUrl = await makeQueue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }) });
  return { queueUrl, deadLetters };
}
