import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  paginateListQueues,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { counts, given, receive, receiveOne, withBroker } from '../sdk-world.ts';

const setup = withBroker();

test('a new queue has the attributes of AWS, and no others', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));

  expect(Attributes).toEqual({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    CreatedTimestamp: expect.stringMatching(/^\d{10}$/),
    DelaySeconds: '0',
    LastModifiedTimestamp: expect.stringMatching(/^\d{10}$/),
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '345600',
    QueueArn: `arn:aws:sqs:us-east-1:000000000000:${QueueUrl.split('/').at(-1)}`,
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    VisibilityTimeout: '30',
  });
});

test('a FIFO queue shows what makes it one', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue({ FifoQueue: 'true' });

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));

  expect(Attributes).toMatchObject({
    FifoQueue: 'true',
    ContentBasedDeduplication: 'false',
    DeduplicationScope: 'queue',
    FifoThroughputLimit: 'perQueue',
  });
});

test('attributes that are set come back, and an empty policy removes it', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  const Policy = '{"Version":"2012-10-17","Statement":[]}';
  const Attributes = { VisibilityTimeout: '45', DelaySeconds: '0', MaximumMessageSize: '2048', Policy };

  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  const set = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: '' } }));
  const removed = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }));

  expect(set.Attributes).toMatchObject(Attributes);
  expect(removed.Attributes).toBeUndefined();
});

test('asking for no attribute gives none', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl }));

  expect(Attributes).toBeUndefined();
});

test('making a queue again with the same attributes gives the same URL', async () => {
  const { sqs, newName } = setup();
  const input = { QueueName: newName(), Attributes: { VisibilityTimeout: '60' } };

  const first = await sqs.send(new CreateQueueCommand(input));
  const second = await sqs.send(new CreateQueueCommand(input));
  const third = await sqs.send(new CreateQueueCommand({ QueueName: input.QueueName }));

  expect([second.QueueUrl, third.QueueUrl]).toEqual([first.QueueUrl, first.QueueUrl]);
});

test('the paginator walks through all queues once', async () => {
  const { sqs, newName } = setup();
  const QueueNamePrefix = `${newName()}-page`;
  const names = Array.from({ length: 7 }, (_, index) => `${QueueNamePrefix}-${index}`);
  const urls: string[] = [];
  for (const QueueName of names) {
    urls.push(given((await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl, 'a URL'));
  }

  const pages: (readonly string[] | undefined)[] = [];
  for await (const { QueueUrls } of paginateListQueues({ client: sqs, pageSize: 3 }, { QueueNamePrefix })) {
    pages.push(QueueUrls);
  }

  expect(pages.map((page) => page?.length)).toEqual([3, 3, 1]);
  expect(pages.flat()).toEqual(urls);
});

test('a list without a page size has no token, and without a queue no list', async () => {
  const { sqs, makeQueue, newName } = setup();
  await makeQueue();

  const all = await sqs.send(new ListQueuesCommand({}));
  const none = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: newName() }));

  expect(all.NextToken).toBeUndefined();
  expect(all.QueueUrls?.length).toBeGreaterThan(0);
  expect(none.QueueUrls).toBeUndefined();
});

test('a purge takes waiting, delayed and received messages', async () => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'received' }));
  await receiveOne(sqs, QueueUrl);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waiting' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 600 }));
  expect(await counts(sqs, QueueUrl)).toEqual(['1', '1', '1']);

  await sqs.send(new PurgeQueueCommand({ QueueUrl }));

  expect(await counts(sqs, QueueUrl)).toEqual(['0', '0', '0']);
  expect(await receive(sqs, QueueUrl)).toEqual([]);
});

test('a deleted queue is gone, and its name can be used again at once', async () => {
  const { sqs, newName } = setup();
  const QueueName = newName();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'of the old queue' }));

  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName }))).rejects.toThrow('does not exist');
  const again = await sqs.send(new CreateQueueCommand({ QueueName }));

  expect(again.QueueUrl).toBe(QueueUrl);
  expect(await receive(sqs, given(again.QueueUrl, 'a URL'))).toEqual([]);
});
