/**
 * What each operation reads and answers, as the published model of SQS says [SQS API 2012-11-05]: by hand, so that it is
 * known what we claim, and held against the SDK's own model by test/protocols/sqs/model.test.ts. JSON goes by the names
 * alone; the Query protocol also by the elements that a list or a map is spelt with, without a wrapper around them.
 */
export type Shape = Scalar | List | TextMap | Structure;
type Scalar = 'text' | 'integer' | 'boolean' | 'bytes';
export interface List {
  /** Repeated once a value. */
  readonly element: string;
  readonly of: Scalar | Structure;
}
export interface TextMap {
  /** Repeated once an entry. */
  readonly element: string;
  readonly key: string;
  readonly value: string;
  readonly to: Scalar | Structure;
}
export interface Structure {
  readonly members: Members;
}
export type Members = { readonly [name: string]: Shape };

export interface OperationShape {
  readonly input: Members;
  /** Undefined: the operation answers nothing. */
  readonly output: Members | undefined;
}

const texts = (element: string): List => ({ element, of: 'text' });
const structures = (element: string, members: Members): List => ({ element, of: { members } });
const named = (element: string, to: TextMap['to'] = 'text'): TextMap => ({ element, key: 'Name', value: 'Value', to });

const tags: TextMap = { element: 'Tag', key: 'Key', value: 'Value', to: 'text' };
const queueAttributes = named('Attribute');
/** The lists are reserved by AWS: taken, and refused when there is something in them. */
const attributeValue: Structure = {
  members: {
    DataType: 'text',
    StringValue: 'text',
    BinaryValue: 'bytes',
    StringListValues: texts('StringListValue'),
    BinaryListValues: { element: 'BinaryListValue', of: 'bytes' },
  },
};
const toSend: Members = {
  MessageBody: 'text',
  DelaySeconds: 'integer',
  MessageAttributes: named('MessageAttribute', attributeValue),
  MessageSystemAttributes: named('MessageSystemAttribute', attributeValue),
  MessageDeduplicationId: 'text',
  MessageGroupId: 'text',
};
const sent: Members = {
  MessageId: 'text',
  MD5OfMessageBody: 'text',
  MD5OfMessageAttributes: 'text',
  MD5OfMessageSystemAttributes: 'text',
  SequenceNumber: 'text',
};
const received: Members = {
  MessageId: 'text',
  ReceiptHandle: 'text',
  MD5OfBody: 'text',
  Body: 'text',
  Attributes: named('Attribute'),
  MD5OfMessageAttributes: 'text',
  MessageAttributes: named('MessageAttribute', attributeValue),
};
const moveTask: Members = {
  TaskHandle: 'text',
  Status: 'text',
  SourceArn: 'text',
  DestinationArn: 'text',
  MaxNumberOfMessagesPerSecond: 'integer',
  ApproximateNumberOfMessagesMoved: 'integer',
  ApproximateNumberOfMessagesToMove: 'integer',
  FailureReason: 'text',
  StartedTimestamp: 'integer',
};
const ofQueue: Members = { QueueUrl: 'text' };
const paged: Members = { NextToken: 'text', MaxResults: 'integer' };

export const operationShapes = {
  AddPermission: {
    input: { ...ofQueue, Label: 'text', AWSAccountIds: texts('AWSAccountId'), Actions: texts('ActionName') },
    output: undefined,
  },
  CancelMessageMoveTask: { input: { TaskHandle: 'text' }, output: { ApproximateNumberOfMessagesMoved: 'integer' } },
  ChangeMessageVisibility: {
    input: { ...ofQueue, ReceiptHandle: 'text', VisibilityTimeout: 'integer' },
    output: undefined,
  },
  ChangeMessageVisibilityBatch: batch('ChangeMessageVisibility', {
    ReceiptHandle: 'text',
    VisibilityTimeout: 'integer',
  }),
  CreateQueue: { input: { QueueName: 'text', Attributes: queueAttributes, tags }, output: ofQueue },
  DeleteMessage: { input: { ...ofQueue, ReceiptHandle: 'text' }, output: undefined },
  DeleteMessageBatch: batch('DeleteMessage', { ReceiptHandle: 'text' }),
  DeleteQueue: { input: ofQueue, output: undefined },
  GetQueueAttributes: {
    input: { ...ofQueue, AttributeNames: texts('AttributeName') },
    output: { Attributes: queueAttributes },
  },
  GetQueueUrl: { input: { QueueName: 'text', QueueOwnerAWSAccountId: 'text' }, output: ofQueue },
  ListDeadLetterSourceQueues: {
    input: { ...ofQueue, ...paged },
    output: { queueUrls: texts('QueueUrl'), NextToken: 'text' }, // The small letter is AWS's.
  },
  ListMessageMoveTasks: {
    input: { SourceArn: 'text', MaxResults: 'integer' },
    output: { Results: structures('ListMessageMoveTasksResultEntry', moveTask) },
  },
  ListQueueTags: { input: ofQueue, output: { Tags: tags } },
  ListQueues: {
    input: { QueueNamePrefix: 'text', ...paged },
    output: { QueueUrls: texts('QueueUrl'), NextToken: 'text' },
  },
  PurgeQueue: { input: ofQueue, output: undefined },
  ReceiveMessage: {
    input: {
      ...ofQueue,
      AttributeNames: texts('AttributeName'),
      MessageSystemAttributeNames: texts('AttributeName'),
      MessageAttributeNames: texts('MessageAttributeName'),
      MaxNumberOfMessages: 'integer',
      VisibilityTimeout: 'integer',
      WaitTimeSeconds: 'integer',
      ReceiveRequestAttemptId: 'text',
    },
    output: { Messages: structures('Message', received) },
  },
  RemovePermission: { input: { ...ofQueue, Label: 'text' }, output: undefined },
  SendMessage: { input: { ...ofQueue, ...toSend }, output: sent },
  SendMessageBatch: batch('SendMessage', toSend, sent),
  SetQueueAttributes: { input: { ...ofQueue, Attributes: queueAttributes }, output: undefined },
  StartMessageMoveTask: {
    input: { SourceArn: 'text', DestinationArn: 'text', MaxNumberOfMessagesPerSecond: 'integer' },
    output: { TaskHandle: 'text' },
  },
  TagQueue: { input: { ...ofQueue, Tags: tags }, output: undefined },
  UntagQueue: { input: { ...ofQueue, TagKeys: texts('TagKey') }, output: undefined },
} as const satisfies Record<string, OperationShape>;

export type OperationName = keyof typeof operationShapes;

/** The three batches differ in what an entry holds and what its success says. */
function batch(operation: string, entry: Members, success: Members = {}): OperationShape {
  const failure: Members = { Id: 'text', SenderFault: 'boolean', Code: 'text', Message: 'text' };
  return {
    input: { ...ofQueue, Entries: structures(`${operation}BatchRequestEntry`, { Id: 'text', ...entry }) },
    output: {
      Successful: structures(`${operation}BatchResultEntry`, { Id: 'text', ...success }),
      Failed: structures('BatchResultErrorEntry', failure),
    },
  };
}
