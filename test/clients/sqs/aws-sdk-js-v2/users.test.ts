import SQS from 'aws-sdk/clients/sqs.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaunchedBroker } from '../../../support/launch.ts';
import { given } from '../sdk-world.ts';
import { launchWithUsers, operatorKey, shopKey } from '../users.ts';
import { receiveOne } from './world.ts';

let broker: LaunchedBroker;
beforeAll(async () => {
  broker = await launchWithUsers();
}, 30_000);
afterAll(async () => {
  await broker.stop();
});

function client(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }): SQS {
  return new SQS({ endpoint: broker.endpoint, region: 'us-east-1', credentials, maxRetries: 0 });
}

test('a signed client, which posts forms to the URL of a queue, has the whole life of a message', async () => {
  const sqs = client(operatorKey);
  const { QueueUrl } = await sqs.createQueue({ QueueName: 'orders' }).promise();
  const url = given(QueueUrl, 'a queue URL');
  const MessageBody = `a b+c&d=%é 😀 ${'x'.repeat(100_000)}`;

  await sqs.sendMessage({ QueueUrl: url, MessageBody }).promise();
  const message = await receiveOne(sqs, url);
  await sqs.deleteMessage({ QueueUrl: url, ReceiptHandle: given(message.ReceiptHandle, 'a receipt') }).promise();

  expect(message.Body).toBe(MessageBody);
});

test.each([
  ['an unknown key', { ...shopKey, accessKeyId: 'AKIANOBODY' }, 'InvalidClientTokenId'],
  ['the secret of another', { ...shopKey, secretAccessKey: operatorKey.secretAccessKey }, 'SignatureDoesNotMatch'],
  ['a key that may not', shopKey, 'AccessDenied'],
])('%s is refused', async (_, credentials, code) => {
  const refused = client(credentials).listQueues().promise();

  await expect(refused).rejects.toMatchObject({ code, statusCode: 403 });
});
