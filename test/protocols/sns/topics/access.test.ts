import { expect, it } from 'vitest';
import { GantryError } from '../../../../src/model/errors.ts';
import type { Action } from '../../../../src/model/principal.ts';
import { user } from '../../../support/users.ts';
import type { JsonObject } from '../../sqs/cases/case.ts';
import { adaKey, bobKey, rootKey } from '../../sqs/signed-call.ts';
import { arn } from './cases.ts';
import { type World, withWorld } from './world.ts';

const TopicArn = arn('a');
const ResourceArn = TopicArn;
const rows: readonly (readonly [string, Action, JsonObject])[] = [
  ['CreateTopic', 'create', { Name: 'new' }],
  ['DeleteTopic', 'manage', { TopicArn }],
  ['GetTopicAttributes', 'browse', { TopicArn }],
  ['SetTopicAttributes', 'manage', { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' }],
  ['ListTopics', 'browse', {}],
  ['TagResource', 'manage', { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }],
  ['UntagResource', 'manage', { ResourceArn, TagKeys: ['a'] }],
  ['ListTagsForResource', 'browse', { ResourceArn }],
  ['AddPermission', 'manage', { TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] }],
  ['RemovePermission', 'manage', { TopicArn, Label: 'l' }],
  ['PutDataProtectionPolicy', 'manage', { ResourceArn, DataProtectionPolicy: '' }],
  ['GetDataProtectionPolicy', 'browse', { ResourceArn }],
  ['Publish', 'send', { TopicArn, Message: 'm' }],
];

it.each(rows)('%s asks for the permission %s and is refused without it', (operation, action, input) => {
  let isOpen = true;
  const asked: Action[] = [];
  const authorize = (_: unknown, wanted: Action) => {
    asked.push(wanted);
    return isOpen ? undefined : new GantryError('access-denied', 'not allowed');
  };
  return withWorld(
    async ({ topic, sns }) => {
      await topic('a');
      asked.length = 0;
      isOpen = false;

      const { status, error } = await sns(operation, input);

      expect([status, error]).toEqual([403, 'AuthorizationError: not allowed']);
      expect(asked).toEqual([action]);
    },
    { authorize },
  );
});

const foreignKey = { id: 'AKIAEVE', secret: 'secret of eve' };
const publish = { TopicArn, Message: 'm' };
const withUsers = (test: (world: World) => Promise<void>, statements: readonly unknown[] = []) =>
  withWorld(
    async (world) => {
      await world.good('CreateTopic', { Name: 'a' }, { key: rootKey });
      await test(world);
      expect(world.reported).toEqual([]);
    },
    {
      users: [
        user('root', { isAdmin: true, accessKeys: [rootKey] }),
        user('ada', { accessKeys: [adaKey], statements }),
        user('bob', { accessKeys: [bobKey] }),
        user('eve', {
          account: '111111111111',
          accessKeys: [foreignKey],
          statements: [{ Effect: 'Allow', Action: 'sns:*', Resource: '*' }],
        }),
      ],
    },
  );

it('a user of the account may what its own policies say, of which each names operations of SNS', () =>
  withUsers(
    async ({ sns }) => {
      expect((await sns('Publish', publish, { key: adaKey })).status).toBe(200);
      expect((await sns('GetTopicAttributes', { TopicArn }, { key: adaKey })).error).toBe(
        `AuthorizationError: User: arn:aws:iam::000000000000:user/ada is not authorized to perform: SNS:GetTopicAttributes on resource: ${TopicArn} because no identity-based policy allows the SNS:GetTopicAttributes action`,
      );
      expect((await sns('Publish', publish, { key: bobKey })).status).toBe(403);
    },
    [{ Effect: 'Allow', Action: 'sns:Publish', Resource: TopicArn }],
  ));

it('the default policy lets in no other account, and a permission does, for what it names', () =>
  withUsers(async ({ sns, good }) => {
    const byEve = { key: foreignKey };
    expect((await sns('Publish', publish, byEve)).status).toBe(403);

    const friends = { TopicArn, Label: 'eve', AWSAccountId: ['111111111111'], ActionName: ['Publish'] };
    await good('AddPermission', friends, { key: rootKey });

    expect((await sns('Publish', publish, byEve)).status).toBe(200);
    expect((await sns('GetTopicAttributes', { TopicArn }, byEve)).status).toBe(403);
    await good('RemovePermission', { TopicArn, Label: 'eve' }, { key: rootKey });
    expect((await sns('Publish', publish, byEve)).status).toBe(403);
  }));

it('the default policy, written back as it was read, lets in no user who was not let in before', () =>
  withUsers(async ({ sns, good }) => {
    const read = await good('GetTopicAttributes', { TopicArn }, { key: rootKey });
    const { Policy } = JSON.parse(JSON.stringify(read.Attributes));
    const policy = { TopicArn, AttributeName: 'Policy', AttributeValue: Policy };
    await good('SetTopicAttributes', policy, { key: rootKey });

    expect((await sns('Publish', publish, { key: bobKey })).status).toBe(403);
    expect((await sns('Publish', publish, { key: foreignKey })).status).toBe(403);
    expect((await sns('Publish', publish, { isUnsigned: true })).status).toBe(403);
  }));

it('what is the owners alone no policy gives to another account', () =>
  withUsers(async ({ sns, good }) => {
    const all = { Effect: 'Allow', Principal: '*', Action: 'sns:*', Resource: '*' };
    const AttributeValue = JSON.stringify({ Statement: [all] });
    await good('SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }, { key: rootKey });
    const tags = { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] };

    expect((await sns('Publish', publish, { key: foreignKey })).status).toBe(200);
    expect((await sns('Publish', publish, { isUnsigned: true })).status).toBe(200);
    expect((await sns('TagResource', tags, { key: foreignKey })).status).toBe(403);
    expect((await sns('TagResource', tags, { key: bobKey })).status).toBe(200);
  }));

it('who is not signed is told so, in the words of SNS', () =>
  withUsers(async ({ sns }) => {
    expect((await sns('Publish', publish, { isUnsigned: true })).error).toBe(
      'MissingAuthenticationToken: Request is missing Authentication Token',
    );
  }));

it('who may not ask is not told whether there is such a topic', () =>
  withUsers(async ({ sns }) => {
    for (const [operation, action, input] of rows) {
      if (action === 'create' || operation === 'ListTopics') continue;
      const other = JSON.parse(JSON.stringify(input).replaceAll(TopicArn, arn('nowhere')));
      const answer = await sns(operation, other, { key: bobKey });
      expect([operation, answer.status, answer.hint]).toEqual([operation, 403, undefined]);
    }
  }));
