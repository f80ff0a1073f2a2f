import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { launch } from '../../../support/launch.ts';

async function setup() {
  const broker = await launch({ args: ['--https-port', '0', '--tls-cert', 'generated'] });
  onTestFinished(async () => void (await broker.stop()));
  const endpoint = /https:\/\/\S+/.exec(broker.readyLine)?.[0] ?? '';
  const ca = await readFile(join(broker.dataDir, 'tls', 'ca.pem'), 'utf8');
  const connect = (httpsAgent: Agent, url = endpoint) => {
    const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
    const sqs = new SQSClient({
      ...{ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 },
      requestHandler: { httpsAgent },
    });
    onTestFinished(() => sqs.destroy());
    return sqs;
  };
  return { broker, endpoint, ca, connect };
}

test('an SDK that trusts the authority sends, waits, receives and deletes over HTTPS', async () => {
  const { endpoint, ca, connect } = await setup();
  const sqs = connect(new Agent({ ca, keepAlive: true }));
  const body = 'one crate of oranges 🍊'.repeat(5_000);

  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  const { Messages: [message] = [] } = await waiting;
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));

  expect(QueueUrl).toBe(`${endpoint}/000000000000/orders`);
  expect(message?.Body).toBe(body);
});

test('many at once, over plain HTTP and HTTPS side by side, meet in one queue', async () => {
  const { broker, ca, connect } = await setup();
  const tls = connect(new Agent({ ca, keepAlive: true, maxSockets: 10 }));
  const plain = connect(new Agent(), broker.endpoint);
  const { QueueUrl } = await tls.send(new CreateQueueCommand({ QueueName: 'orders' }));
  const bodies = Array.from({ length: 100 }, (_, at) => `crate ${at}`);

  await Promise.all(bodies.map((MessageBody) => tls.send(new SendMessageCommand({ QueueUrl, MessageBody }))));
  const received: string[] = [];
  while (received.length < bodies.length) {
    const { Messages = [] } = await plain.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    received.push(...Messages.map(({ Body = '' }) => Body));
  }

  expect(received.toSorted()).toEqual(bodies.toSorted());
});

test('an SDK that was not told refuses the broker', async () => {
  const { connect } = await setup();

  const asking = connect(new Agent()).send(new CreateQueueCommand({ QueueName: 'orders' }));

  await expect(asking).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});
