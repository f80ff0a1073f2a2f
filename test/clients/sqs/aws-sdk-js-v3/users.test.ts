import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { LaunchedBroker } from '../../../support/launch.ts';
import { given } from '../sdk-world.ts';
import { launchWithUsers, operatorKey, shopKey } from '../users.ts';

let broker: LaunchedBroker;
beforeAll(async () => {
  broker = await launchWithUsers();
}, 30_000);
afterAll(async () => {
  await broker.stop();
});

function client(
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
  more: { readonly systemClockOffset?: number } = {},
): SQSClient {
  const made = new SQSClient({
    endpoint: broker.endpoint,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    ...more,
  });
  onTestFinished(() => made.destroy());
  return made;
}

async function makeQueue(QueueName: string): Promise<string> {
  const { QueueUrl } = await client(operatorKey).send(new CreateQueueCommand({ QueueName }));
  return given(QueueUrl, 'a queue URL');
}

describe('a signed client', () => {
  test('has the whole life of a message, small and large', async () => {
    const sqs = client(operatorKey);
    const QueueUrl = await makeQueue('life');
    const bodies = ['é 😀', 'x'.repeat(600_000)];

    for (const MessageBody of bodies) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      const [message] = given(Messages, 'messages');
      expect(message?.Body).toBe(MessageBody);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    }
  });

  test('may do what its policy says and nothing else', async () => {
    const sqs = client(shopKey);
    const QueueUrl = await makeQueue('orders');
    const other = await makeQueue('returns');
    const MessageBody = 'm';

    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', MessageBody }] }));

    for (const refused of [
      sqs.send(new ReceiveMessageCommand({ QueueUrl })),
      sqs.send(new DeleteQueueCommand({ QueueUrl })),
      sqs.send(new ListQueuesCommand({})),
      sqs.send(new SendMessageCommand({ QueueUrl: other, MessageBody })),
    ]) {
      await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    }
  });
});

describe('a client that is not let in', () => {
  test.each([
    ['an unknown key', { ...shopKey, accessKeyId: 'AKIANOBODY' }, 'InvalidClientTokenId'],
    ['the secret of another', { ...shopKey, secretAccessKey: operatorKey.secretAccessKey }, 'SignatureDoesNotMatch'],
  ])('for %s', async (_, credentials, name) => {
    const refused = client(credentials).send(new ListQueuesCommand({}));

    await expect(refused).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 }, $fault: 'client' });
  });

  test('for a clock that is wrong, until it has seen ours', async () => {
    const sqs = client(operatorKey, { systemClockOffset: -3_600_000 });

    await expect(sqs.send(new ListQueuesCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });

    expect(await sqs.send(new ListQueuesCommand({}))).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  test('for no signature', async () => {
    const answer = await fetch(broker.endpoint, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AmazonSQS.ListQueues', 'Content-Type': 'application/x-amz-json-1.0' },
      body: '{}',
    });

    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-amzn-query-error')).toBe('MissingAuthenticationToken;Sender');
  });
});

test('nothing of it is a defect, and no secret is in the log', () => {
  const { stderr } = broker.output();

  expect(stderr).not.toContain('invariant-failure');
  expect(stderr).not.toMatch(/secret.of/);
});
