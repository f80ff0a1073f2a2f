import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AuthorizationErrorException,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../../../support/launch.ts';
import { given, receive } from '../../sqs/sdk-world.ts';
import { startHttpEndpoint } from '../http-endpoint.ts';
import { receiveEnvelope } from '../sdk-world.ts';

const operatorKey = { accessKeyId: 'AKIAOPERATOR', secretAccessKey: 'secret/of+the=operator' };
const shopKey = { accessKeyId: 'AKIASHOP', secretAccessKey: 'secret of the shop' };
const config = `
users:
  - name: operator
    admin: true
    access-keys: [{ id: ${operatorKey.accessKeyId}, secret: "${operatorKey.secretAccessKey}" }]
  - name: shop
    access-keys: [{ id: ${shopKey.accessKeyId}, secret: "${shopKey.secretAccessKey}" }]
    policy:
      - { Effect: Allow, Action: "sns:Publish", Resource: "arn:aws:sns:*:*:orders*" }
`;

let broker: LaunchedBroker;
beforeAll(async () => {
  const file = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(file, config);
  broker = await launch({ args: ['--config', file] });
}, 30_000);
afterAll(async () => {
  await broker.stop();
});

function clients(credentials: typeof operatorKey): { readonly sns: SNSClient; readonly sqs: SQSClient } {
  const options = { endpoint: broker.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
  const made = { sns: new SNSClient(options), sqs: new SQSClient(options) };
  onTestFinished(() => {
    made.sns.destroy();
    made.sqs.destroy();
  });
  return made;
}

async function makeTopic(Name: string): Promise<string> {
  return given((await clients(operatorKey).sns.send(new CreateTopicCommand({ Name }))).TopicArn, 'an ARN');
}

test('a signed client publishes where its policy lets it, and does nothing else', async () => {
  const { sns } = clients(shopKey);
  const [orders, secrets] = [await makeTopic('orders-1'), await makeTopic('secrets')];

  const Subject = 'Fruit & more';
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn: orders, Message: 'Zürich', Subject }));
  expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);

  const elsewhere = sns.send(new PublishCommand({ TopicArn: secrets, Message: 'x' }));
  await expect(elsewhere).rejects.toBeInstanceOf(AuthorizationErrorException);
  const deleting = sns.send(new DeleteTopicCommand({ TopicArn: orders }));
  await expect(deleting).rejects.toBeInstanceOf(AuthorizationErrorException);
});

test('a wrong secret and an unknown key are refused', async () => {
  const input = { TopicArn: await makeTopic('orders-2'), Message: 'x' };
  const publishedWith = (key: typeof operatorKey) => clients(key).sns.send(new PublishCommand(input));

  const guessed = publishedWith({ ...shopKey, secretAccessKey: 'guess' });
  await expect(guessed).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  const unknown = publishedWith({ ...shopKey, accessKeyId: 'AKIANOBODY' });
  await expect(unknown).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
});

test('a topic delivers to queues whose policy lets it in, and to no others', async () => {
  const { sns, sqs } = clients(operatorKey);
  const TopicArn = await makeTopic('orders-3');
  const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const Statement = {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
    ...{ Resource: arnOf('open'), Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  const open = await sqs.send(new CreateQueueCommand({ QueueName: 'open', Attributes: { Policy } }));
  const closed = await sqs.send(new CreateQueueCommand({ QueueName: 'closed' }));
  for (const name of ['open', 'closed']) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: arnOf(name) }));
  }

  await sns.send(new PublishCommand({ TopicArn, Message: 'to whom it may' }));

  const url = given(open.QueueUrl, 'a URL');
  expect(await receiveEnvelope(sqs, url)).toMatchObject({ Message: 'to whom it may' });
  expect(await receive(sqs, given(closed.QueueUrl, 'a URL'))).toEqual([]);
});

test('links work unsigned, unless the confirmation asks for a signature to unsubscribe', async () => {
  const { sns } = clients(operatorKey);
  const TopicArn = await makeTopic('orders-4');
  const endpoint = await startHttpEndpoint();
  const notified = async () => {
    await sns.send(new PublishCommand({ TopicArn, Message: 'one crate' }));
    return JSON.parse((await endpoint.posts.take()).body);
  };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: endpoint.url }));
  const { SubscribeURL } = JSON.parse((await endpoint.posts.take()).body);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `${endpoint.url}/guarded` }));
  const { Token } = JSON.parse((await endpoint.posts.take()).body);
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' }));

  const guarded = await fetch((await notified()).UnsubscribeURL);
  const confirmed = await fetch(SubscribeURL);

  expect([guarded.status, await guarded.text()]).toEqual([403, expect.stringContaining('AuthorizationError')]);
  expect(confirmed.status).toBe(200);
});
