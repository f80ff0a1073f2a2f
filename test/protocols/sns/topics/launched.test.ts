import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { launch, temporaryFolder } from '../../../support/launch.ts';

const users = `users:
  - { name: root, admin: true, access-keys: [{ id: AKIAROOT, secret: secret-of-root }] }
  - name: shop
    access-keys: [{ id: AKIASHOP, secret: secret-of-shop }]
    policy: [{ Effect: Allow, Action: "sns:Publish", Resource: "arn:aws:sns:*:*:orders" }]
`;

it('a real broker with users lets a topic deliver where it may, its users publish where they may, and keeps topics', async () => {
  const folder = await temporaryFolder();
  const config = join(folder, 'gantry.yaml');
  await writeFile(config, users);
  const dataDir = join(folder, 'data');
  const options = { args: ['--config', config], dataDir };
  const clientsOf = (endpoint: string, accessKeyId: string, secretAccessKey: string) => {
    const given = { endpoint, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
    return { topics: new sns.SNSClient(given), queues: new sqs.SQSClient(given) };
  };
  const first = await launch(options);
  const root = clientsOf(first.endpoint, 'AKIAROOT', 'secret-of-root');
  const shop = clientsOf(first.endpoint, 'AKIASHOP', 'secret-of-shop');

  const { TopicArn } = await root.topics.send(
    new sns.CreateTopicCommand({ Name: 'orders', Attributes: { DisplayName: 'O' } }),
  );
  const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Condition = { ArnEquals: { 'aws:SourceArn': TopicArn } };
  const Policy = JSON.stringify({ Statement: [{ ...statement, Resource: '*', Condition }] });
  const queueUrls = new Map<string, string | undefined>();
  for (const [QueueName, Attributes] of [
    ['open', { Policy }],
    ['closed', {}],
  ] as const) {
    const { QueueUrl } = await root.queues.send(new sqs.CreateQueueCommand({ QueueName, Attributes }));
    queueUrls.set(QueueName, QueueUrl);
    const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
    await root.topics.send(new sns.SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  }
  const bodiesOf = async (name: string) => {
    const { Messages = [] } = await root.queues.send(new sqs.ReceiveMessageCommand({ QueueUrl: queueUrls.get(name) }));
    return Messages.map(({ Body = '' }) => JSON.parse(Body).Message);
  };

  await shop.topics.send(new sns.PublishCommand({ TopicArn, Message: 'm' }));
  expect([await bodiesOf('open'), await bodiesOf('closed')]).toEqual([['m'], []]);
  await expect(shop.topics.send(new sns.GetTopicAttributesCommand({ TopicArn }))).rejects.toThrow(
    sns.AuthorizationErrorException,
  );

  await first.kill9();
  const second = await launch(options);
  const again = clientsOf(second.endpoint, 'AKIAROOT', 'secret-of-root');
  const { Attributes } = await again.topics.send(new sns.GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ DisplayName: 'O', SubscriptionsConfirmed: '2', SubscriptionsDeleted: '0' });
  await second.stop();
});
