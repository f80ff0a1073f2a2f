import type SQS from 'aws-sdk/clients/sqs.js';
import { expect, test } from 'vitest';
import { type MainPathAnswers, mainPathExpected } from '../aws-sdk-js-v3/main-path.ts';
import { given } from '../sdk-world.ts';
import { withBroker } from './world.ts';

const setup = withBroker();

test('the main path works in the Query protocol', async () => {
  const { sqs, endpoint } = setup();

  const answers = await runMainPath(sqs);

  expect(answers).toEqual(mainPathExpected(endpoint, 'us-east-1'));
});

/** The same as the main path of version 3. */
async function runMainPath(sqs: SQS): Promise<MainPathAnswers> {
  const QueueName = 'main-path';
  const created = await sqs.createQueue({ QueueName }).promise();
  const QueueUrl = given(created.QueueUrl, 'a queue URL');
  const found = await sqs.getQueueUrl({ QueueName }).promise();
  const listed = await sqs.listQueues({ QueueNamePrefix: QueueName }).promise();
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { VisibilityTimeout: '60' } }).promise();
  const names = { AttributeNames: ['VisibilityTimeout', 'QueueArn'] };
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, ...names }).promise();

  const sent = await sqs.sendMessage({ QueueUrl, MessageBody: 'one' }).promise();
  const one = await receiveFirst(sqs, QueueUrl);
  const ReceiptHandle = given(one.ReceiptHandle, 'a handle');
  await sqs.changeMessageVisibility({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }).promise();
  const sameOne = await receiveFirst(sqs, QueueUrl);
  await sqs.deleteMessage({ QueueUrl, ReceiptHandle: given(sameOne.ReceiptHandle, 'a handle') }).promise();

  const batch = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
  const sentBatch = await sqs.sendMessageBatch({ QueueUrl, Entries: batch }).promise();
  const many = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 2 }).promise();
  const messages = many.Messages ?? [];
  const handles = messages.map((message, index) => ({
    Id: `${index}`,
    ReceiptHandle: given(message.ReceiptHandle, 'a handle'),
  }));
  const longer = handles.map((handle) => ({ ...handle, VisibilityTimeout: 90 }));
  const changed = await sqs.changeMessageVisibilityBatch({ QueueUrl, Entries: longer }).promise();
  const deleted = await sqs.deleteMessageBatch({ QueueUrl, Entries: handles }).promise();
  await sqs.purgeQueue({ QueueUrl }).promise();
  const afterPurge = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 }).promise();
  await sqs.deleteQueue({ QueueUrl }).promise();
  const afterDelete = await sqs.listQueues({ QueueNamePrefix: QueueName }).promise();
  return {
    created: QueueUrl,
    found: found.QueueUrl,
    listed: listed.QueueUrls,
    attributes: Attributes,
    isSameMessage: sent.MessageId === one.MessageId && one.MessageId === sameOne.MessageId,
    bodies: [one.Body, sameOne.Body, ...messages.map(({ Body }) => Body)],
    // The model of version 2 requires the lists of a batch, and its parser makes empty ones of absent ones.
    batches: [sentBatch, changed, deleted].map(({ Successful, Failed }) => [
      Successful.map(({ Id }) => Id),
      Failed.length === 0 ? 'none failed' : Failed,
    ]),
    afterPurge: afterPurge.Messages ?? 'no message',
    afterDelete: afterDelete.QueueUrls === undefined || afterDelete.QueueUrls.length === 0 ? 'no queue' : 'a queue',
  };
}

async function receiveFirst(sqs: SQS, QueueUrl: string): Promise<SQS.Message> {
  const { Messages } = await sqs.receiveMessage({ QueueUrl }).promise();
  return given(Messages?.[0], 'a message');
}
