import type SQS from 'aws-sdk/clients/sqs.js';
import { expect, test } from 'vitest';
import { withBroker } from './world.ts';

const setup = withBroker();
const entry = (Id: string) => ({ Id, MessageBody: 'x' });

interface ErrorCase {
  readonly code: string;
  readonly status?: number;
  readonly says: string;
  ask(sqs: SQS, QueueUrl: string): Promise<unknown>;
}

const cases: readonly ErrorCase[] = [
  {
    code: 'AWS.SimpleQueueService.NonExistentQueue',
    says: 'The specified queue does not exist for this wsdl version.',
    ask: (sqs) => sqs.getQueueUrl({ QueueName: 'missing' }).promise(),
  },
  {
    code: 'QueueAlreadyExists',
    says: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    ask: (sqs, url) =>
      sqs.createQueue({ QueueName: url.split('/').at(-1) ?? '', Attributes: { DelaySeconds: '9' } }).promise(),
  },
  {
    code: 'InvalidAttributeName',
    says: 'Unknown Attribute Foobar.',
    ask: (sqs, QueueUrl) => sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['Foobar'] }).promise(),
  },
  {
    code: 'InvalidAttributeValue',
    says: 'Invalid value for the parameter VisibilityTimeout.',
    ask: (sqs, QueueUrl) => sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '43201' } }).promise(),
  },
  {
    code: 'ReceiptHandleIsInvalid',
    status: 404,
    says: 'The input receipt handle "garbage" is not a valid receipt handle.',
    ask: (sqs, QueueUrl) => sqs.deleteMessage({ QueueUrl, ReceiptHandle: 'garbage' }).promise(),
  },
  {
    code: 'MissingParameter',
    says: 'The request must contain the parameter MessageBody.',
    ask: (sqs, QueueUrl) => sqs.sendMessage({ QueueUrl, MessageBody: '' }).promise(),
  },
  {
    code: 'InvalidMessageContents',
    says: 'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    ask: (sqs, QueueUrl) => sqs.sendMessage({ QueueUrl, MessageBody: '\u0001' }).promise(),
  },
  {
    code: 'InvalidParameterValue',
    says: 'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.',
    ask: (sqs, QueueUrl) => sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 11 }).promise(),
  },
  {
    code: 'AWS.SimpleQueueService.EmptyBatchRequest',
    says: 'There should be at least one SendMessageBatchRequestEntry in the request.',
    ask: (sqs, QueueUrl) => sqs.sendMessageBatch({ QueueUrl, Entries: [] }).promise(),
  },
  {
    code: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
    says: 'Maximum number of entries per request are 10. You have sent 11.',
    ask: (sqs, QueueUrl) =>
      sqs.sendMessageBatch({ QueueUrl, Entries: Array.from({ length: 11 }, (_, id) => entry(`${id}`)) }).promise(),
  },
  {
    code: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
    says: 'Id a repeated.',
    ask: (sqs, QueueUrl) => sqs.sendMessageBatch({ QueueUrl, Entries: [entry('a'), entry('a')] }).promise(),
  },
];

test.each(cases)('$code comes with its text, and is not repeated', async ({ code, status = 400, says, ask }) => {
  const { sqs, makeQueue } = setup();
  const QueueUrl = await makeQueue();

  const error: unknown = await ask(sqs, QueueUrl).then(
    () => undefined,
    (reason: unknown) => reason,
  );

  expect(error).toMatchObject({
    ...{ code, message: says, statusCode: status, retryable: false },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});
