import {
  BatchEntryIdsNotDistinct,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAttributeName,
  InvalidAttributeValue,
  InvalidBatchEntryId,
  InvalidMessageContents,
  QueueDoesNotExist,
  QueueNameExists,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  SQSServiceException,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { receiveOne, withBroker } from '../sdk-world.ts';

const setup = withBroker();
const entry = (Id: string) => ({ Id, MessageBody: 'x' });

interface ErrorCase {
  readonly when: string;
  /** The class of the SDK's model; absent: the model has none, and the name is that of the Query protocol. */
  readonly of?: new (
    ...options: never[]
  ) => Error;
  readonly name: string;
  readonly status?: number;
  readonly says?: string | RegExp;
  ask(sqs: SQSClient, QueueUrl: string): Promise<unknown>;
}

const cases: readonly ErrorCase[] = [
  {
    when: 'a queue of this name does not exist',
    ...{ of: QueueDoesNotExist, name: 'QueueDoesNotExist', says: 'The specified queue does not exist.' },
    ask: (sqs) => sqs.send(new GetQueueUrlCommand({ QueueName: 'missing' })),
  },
  {
    when: 'a queue of this URL does not exist',
    ...{ of: QueueDoesNotExist, name: 'QueueDoesNotExist' },
    ask: (sqs, url) => sqs.send(new SendMessageCommand({ QueueUrl: `${url}-missing`, MessageBody: 'x' })),
  },
  {
    when: 'a queue of this name has other attributes',
    ...{ of: QueueNameExists, name: 'QueueNameExists' },
    says: 'A queue already exists with the same name and a different value for attribute VisibilityTimeout',
    ask: (sqs, url) =>
      sqs.send(new CreateQueueCommand({ QueueName: url.split('/').at(-1), Attributes: { VisibilityTimeout: '31' } })),
  },
  {
    when: 'the name of a queue has a slash',
    ...{ name: 'InvalidParameterValue', says: /Can only include alphanumeric characters/ },
    ask: (sqs) => sqs.send(new CreateQueueCommand({ QueueName: 'a/b' })),
  },
  {
    when: 'an attribute is unknown',
    ...{ of: InvalidAttributeName, name: 'InvalidAttributeName', says: 'Unknown Attribute FifoQueue.' },
    ask: (sqs, QueueUrl) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { FifoQueue: 'true' } })),
  },
  {
    when: 'an attribute is out of range',
    ...{ of: InvalidAttributeValue, name: 'InvalidAttributeValue' },
    says: 'Invalid value for the parameter VisibilityTimeout.',
    ask: (sqs, QueueUrl) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '43201' } })),
  },
  {
    when: 'a receipt handle is garbage',
    ...{ of: ReceiptHandleIsInvalid, name: 'ReceiptHandleIsInvalid', status: 404 },
    says: 'The input receipt handle "garbage" is not a valid receipt handle.',
    ask: (sqs, QueueUrl) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'garbage' })),
  },
  {
    when: 'a visibility is changed with garbage',
    ...{ of: ReceiptHandleIsInvalid, name: 'ReceiptHandleIsInvalid', status: 404 },
    ask: (sqs, QueueUrl) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: 'garbage', VisibilityTimeout: 1 })),
  },
  {
    when: 'two entries of a batch have one id',
    ...{ of: BatchEntryIdsNotDistinct, name: 'BatchEntryIdsNotDistinct', says: 'Id a repeated.' },
    ask: (sqs, QueueUrl) =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry('a'), entry('b'), entry('a')] })),
  },
  {
    when: 'a batch is empty',
    ...{ of: EmptyBatchRequest, name: 'EmptyBatchRequest' },
    ask: (sqs, QueueUrl) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
  },
  {
    when: 'a batch has eleven entries',
    ...{ of: TooManyEntriesInBatchRequest, name: 'TooManyEntriesInBatchRequest' },
    says: 'Maximum number of entries per request are 10. You have sent 11.',
    ask: (sqs, QueueUrl) => {
      const Entries = Array.from({ length: 11 }, (_, index) => entry(`${index}`));
      return sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    },
  },
  {
    when: 'an id of a batch has a space',
    ...{ of: InvalidBatchEntryId, name: 'InvalidBatchEntryId' },
    ask: (sqs, QueueUrl) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry('a b')] })),
  },
  {
    when: 'a body has a control character',
    ...{ of: InvalidMessageContents, name: 'InvalidMessageContents' },
    ask: (sqs, QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a\u0000b' })),
  },
  {
    when: 'a body is empty',
    ...{ name: 'MissingParameter', says: 'The request must contain the parameter MessageBody.' },
    ask: (sqs, QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '' })),
  },
  {
    when: 'too many messages are asked for',
    name: 'InvalidParameterValue',
    says: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ask: (sqs, QueueUrl) => sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })),
  },
  {
    when: 'a wait is too long',
    name: 'InvalidParameterValue',
    says: 'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.',
    ask: (sqs, QueueUrl) => sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })),
  },
  {
    when: 'a delay is too long',
    ...{ name: 'InvalidParameterValue', says: /Value 901 for parameter DelaySeconds is invalid/ },
    ask: (sqs, QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 })),
  },
  {
    when: 'a message has eleven attributes',
    ...{ name: 'InvalidParameterValue', says: /\[11\] exceeds the allowed maximum \[10\]/ },
    ask: (sqs, QueueUrl) => {
      const value = { DataType: 'String', StringValue: 'x' };
      const MessageAttributes = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`n${index}`, value]));
      return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    },
  },
  {
    when: 'an attribute of a message has an unknown type',
    name: 'InvalidParameterValue',
    ask: (sqs, QueueUrl) => {
      const MessageAttributes = { a: { DataType: 'Float', StringValue: '1' } };
      return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    },
  },
  {
    when: 'a redrive policy leads nowhere',
    name: 'InvalidParameterValue',
    ask: (sqs, QueueUrl) => {
      const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:missing';
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 3 });
      return sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
    },
  },
  {
    when: 'an unknown attribute is asked for',
    ...{ of: InvalidAttributeName, name: 'InvalidAttributeName', says: 'Unknown Attribute .' },
    ask: (sqs, QueueUrl) =>
      sqs.send(
        // @ts-expect-error: the types of the SDK refuse what a program in JavaScript can send.
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [''] }),
      ),
  },
];

describe('the SDK throws', () => {
  test.each(cases)('$name when $when', async ({ of, name, status = 400, says, ask }) => {
    const { sqs, makeQueue } = setup();

    const error = await failureOf(ask(sqs, await makeQueue()));

    expect(error).toMatchObject({ name, $fault: 'client', $metadata: { httpStatusCode: status, attempts: 1 } });
    if (of !== undefined) expect(error).toBeInstanceOf(of);
    if (says !== undefined) expect(error.message).toMatch(typeof says === 'string' ? exactly(says) : says);
  });

  test('an error for each rule of FIFO queues', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue({ FifoQueue: 'true' });
    const send = (input: object) =>
      failureOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', ...input })));

    const noGroup = await send({ MessageDeduplicationId: 'd' });
    const noDedup = await send({ MessageGroupId: 'g' });
    const delayed = await send({ MessageGroupId: 'g', MessageDeduplicationId: 'd', DelaySeconds: 2 });
    const spaced = await send({ MessageGroupId: 'g g', MessageDeduplicationId: 'd' });

    expect([noGroup, noDedup, delayed, spaced].map(({ name }) => name)).toEqual([
      'MissingParameter',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
    ]);
  });

  test('a request id that a person can look for', async () => {
    const { sqs, makeQueue } = setup();
    const QueueUrl = await makeQueue();
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { ReceiptHandle } = await receiveOne(sqs, QueueUrl);

    const answer = await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const error = await failureOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'missing' })));

    for (const { $metadata } of [answer, error]) expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

async function failureOf(asking: Promise<unknown>): Promise<SQSServiceException> {
  const outcome: unknown = await asking.catch((error: unknown) => error);
  if (outcome instanceof SQSServiceException) return outcome;
  throw new Error(`no error of the service: ${JSON.stringify(outcome)}`);
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
