import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { serveSqs } from './serve-sqs.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function setup() {
  const server = await serveSqs();
  const client = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  stops.push(async () => {
    client.destroy();
    await server.stop();
  });
  return { server, client };
}

it('a message sent is received and deleted', async () => {
  const { client } = await setup();
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const sent = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello "you" \\ \n é 😀' }));
  const got = await client.send(new ReceiveMessageCommand({ QueueUrl, AttributeNames: ['All'] }));
  const message = got.Messages?.[0];
  expect(message).toMatchObject({
    MessageId: sent.MessageId,
    Body: 'hello "you" \\ \n é 😀',
    MD5OfBody: sent.MD5OfMessageBody,
  });
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  expect(QueueUrl).toMatch(/^http:\/\/127.0.0.1:\d+\/000000000000\/orders$/);
});
