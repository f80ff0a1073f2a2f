/** With access control on, a topic delivers only where a queue's policy lets it in: as people write such policies. */
import { describe, expect, it } from 'vitest';
import { user } from '../../../support/users.ts';
import { rootKey } from '../../sqs/signed-call.ts';
import { arn } from './cases.ts';
import { type World, withWorld } from './world.ts';

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:q';
const key = { key: rootKey };
const service = { Service: 'sns.amazonaws.com' };
const send = (statement: object) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn, ...statement });
const withSource = (operator: string, topic: string) => ({
  Principal: service,
  Condition: { [operator]: { 'aws:SourceArn': topic } },
});

/** Publishes to the topic `a`, to which the queue is subscribed. @returns what arrives */
async function delivered(world: World, statements: readonly object[]): Promise<number> {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const Attributes = statements.length === 0 ? {} : { Policy };
  expect((await world.sqs('CreateQueue', { QueueName: 'q', Attributes }, key)).status).toBe(200);
  const TopicArn = await makeTopic(world, 'a');
  await world.good('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn }, key);
  // Twice: the second answer may be a remembered one.
  for (const Message of ['1', '2']) await world.good('Publish', { TopicArn, Message }, key);
  const received = await world.sqs('ReceiveMessage', { QueueUrl: 'q', MaxNumberOfMessages: 10 }, key);
  return Array.isArray(received.output.Messages) ? received.output.Messages.length : 0;
}
async function makeTopic({ good }: World, Name: string): Promise<string> {
  return String((await good('CreateTopic', { Name }, key)).TopicArn);
}

const withRoot = (test: (world: World) => Promise<void>) =>
  withWorld(test, { users: [user('root', { isAdmin: true, accessKeys: [rootKey] })] });

describe('a topic delivers to a queue whose policy', () => {
  it.each([
    ['names the service', { Principal: service }],
    [
      'names the service and others',
      { Principal: { AWS: '111111111111', Service: ['s3.amazonaws.com', 'sns.amazonaws.com'] } },
    ],
    ['names the service in a region', { Principal: { Service: 'sns.us-east-1.amazonaws.com' } }],
    ['says ArnEquals', withSource('ArnEquals', arn('a'))],
    ['says ArnLike', withSource('ArnLike', 'arn:aws:sns:*:*:a')],
    ['says StringEquals', withSource('StringEquals', arn('a'))],
    ['says StringLike', withSource('StringLike', 'arn:aws:sns:us-east-1:000000000000:*')],
    ['names everybody with the topic', { ...withSource('ArnEquals', arn('a')), Principal: { AWS: '*' } }],
    ['names everybody shortly with the topic', { ...withSource('ArnEquals', arn('a')), Principal: '*' }],
    [
      'names everybody and an account',
      { Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } },
    ],
    ['says SourceOwner', { Principal: '*', Condition: { StringEquals: { 'AWS:SourceOwner': '000000000000' } } }],
  ])('%s', (_, statement) => withRoot(async (world) => expect(await delivered(world, [send(statement)])).toBe(2)));

  it('denies what goes by no encryption, which is no fact of a topic', () =>
    withRoot(async (world) => {
      const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
      const deny = { ...send({ Principal: '*', Condition }), Effect: 'Deny' };

      expect(await delivered(world, [send({ Principal: service }), deny])).toBe(2);
    }));
});

describe('a topic does not deliver to a queue whose policy', () => {
  it.each([
    ['says nothing', []],
    ['names another service', [send({ Principal: { Service: 's3.amazonaws.com' } })]],
    ['names the account of the topic', [send({ Principal: { AWS: 'arn:aws:iam::000000000000:root' } })]],
    ['means another topic', [send(withSource('ArnEquals', arn('b')))]],
    [
      'means another account',
      [send({ Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } })],
    ],
    ['allows another action', [{ ...send({ Principal: service }), Action: 'sqs:ReceiveMessage' }]],
    ['denies it', [send({ Principal: service }), { ...send(withSource('ArnLike', arn('*'))), Effect: 'Deny' }]],
    ['means users by their keys', [send({ Principal: '*', Condition: { Null: { 'aws:PrincipalArn': 'false' } } })]],
  ])('%s', (_, statements) => withRoot(async (world) => expect(await delivered(world, statements)).toBe(0)));
});

it('two topics are two: what one may the other may not', () =>
  withRoot(async (world) => {
    expect(await delivered(world, [send(withSource('ArnEquals', arn('a')))])).toBe(2);
    const TopicArn = await makeTopic(world, 'b');
    await world.good('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn }, key);

    await world.good('Publish', { TopicArn, Message: '3' }, key);

    const { output } = await world.sqs('ReceiveMessage', { QueueUrl: 'q' }, key);
    expect(output).toEqual({});
  }));

it('a queue that a topic does not get to is told of, with the reason', () =>
  withRoot(async (world) => {
    const told: unknown[] = [];
    world.broker.events.on('undeliverable', ({ queue, why }) => told.push([queue?.name, why]));
    expect(await delivered(world, [])).toBe(0);
    await world.good('Subscribe', { TopicArn: arn('a'), Protocol: 'sqs', Endpoint: `${queueArn}2` }, key);
    told.length = 0;

    await world.good('Publish', { TopicArn: arn('a'), Message: 'm' }, key);

    expect(told).toHaveLength(2);
    expect(told).toContainEqual(['q2', 'the queue does not exist']);
    expect(told).toContainEqual([
      'q',
      `User: sns.amazonaws.com is not authorized to perform: sqs:sendmessage on resource: ${queueArn} because no resource-based policy allows the sqs:sendmessage action`,
    ]);
  }));

it('a user who is called like the service is no topic', () =>
  withWorld(
    async (world) => {
      expect(await delivered(world, [send({ Principal: service })])).toBe(2);
      const input = { QueueUrl: 'q', MessageBody: 'm' };

      expect((await world.sqs('SendMessage', input, { key: { id: 'AKIASNS', secret: 's' } })).status).toBe(403);
    },
    {
      users: [
        user('root', { isAdmin: true, accessKeys: [rootKey] }),
        user('sns.amazonaws.com', { accessKeys: [{ id: 'AKIASNS', secret: 's' }] }),
      ],
    },
  ));

it('without users a topic delivers everywhere', () =>
  withWorld(async (world) => expect(await delivered(world, [])).toBe(2)));
