import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/**
 * One queue from its creation to its deletion through every operation of the main path, each needing what the one before
 * it did. @returns what the broker answered, as plain data
 */
export async function runMainPath(sqs: SQSClient): Promise<MainPathAnswers> {
  const QueueName = 'main-path';
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const found = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const listed = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '60' } }));
  const names = { AttributeNames: ['VisibilityTimeout' as const, 'QueueArn' as const] };
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, ...names }));

  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
  const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const [one] = first.Messages ?? [];
  const ReceiptHandle = one?.ReceiptHandle;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  const again = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const [sameOne] = again.Messages ?? [];
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: sameOne?.ReceiptHandle }));

  const batch = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
  const sentBatch = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: batch }));
  const many = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
  const handles = (many.Messages ?? []).map((message, index) => ({
    Id: `${index}`,
    ReceiptHandle: message.ReceiptHandle,
  }));
  const longer = handles.map((handle) => ({ ...handle, VisibilityTimeout: 90 }));
  const changed = await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: longer }));
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  const afterPurge = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  const afterDelete = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }));
  return {
    created: QueueUrl,
    found: found.QueueUrl,
    listed: listed.QueueUrls,
    attributes: Attributes,
    isSameMessage: sent.MessageId === one?.MessageId && one?.MessageId === sameOne?.MessageId,
    bodies: [one?.Body, sameOne?.Body, ...(many.Messages ?? []).map(({ Body }) => Body)],
    batches: [sentBatch, changed, deleted].map(({ Successful, Failed }) => [
      Successful?.map(({ Id }) => Id),
      Failed ?? 'none failed',
    ]),
    afterPurge: afterPurge.Messages ?? 'no message',
    afterDelete: afterDelete.QueueUrls ?? 'no queue',
  };
}

export interface MainPathAnswers {
  readonly created: string | undefined;
  readonly found: string | undefined;
  readonly listed: readonly string[] | undefined;
  readonly attributes: Readonly<Record<string, string>> | undefined;
  readonly isSameMessage: boolean;
  readonly bodies: readonly (string | undefined)[];
  readonly batches: readonly unknown[];
  readonly afterPurge: unknown;
  readonly afterDelete: unknown;
}

/** What every client that reaches the broker at `endpoint` has to see. */
export function mainPathExpected(endpoint: string, region: string): MainPathAnswers {
  const url = `${endpoint}/000000000000/main-path`;
  return {
    created: url,
    found: url,
    listed: [url],
    attributes: { VisibilityTimeout: '60', QueueArn: `arn:aws:sqs:${region}:000000000000:main-path` },
    isSameMessage: true,
    bodies: ['one', 'one', 'a', 'b'],
    batches: [
      [['a', 'b', 'c'], 'none failed'],
      [['0', '1'], 'none failed'],
      [['0', '1'], 'none failed'],
    ],
    afterPurge: 'no message',
    afterDelete: 'no queue',
  };
}
