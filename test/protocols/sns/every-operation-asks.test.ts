import { expect, test } from 'vitest';
import type { operationShapes } from '../../../protocols/sns/shapes.ts';
import type { Refusal } from '../../../src/security/refusal.ts';
import { user } from '../../support/users.ts';
import type { JsonObject } from '../sqs/cases/case.ts';
import { adaKey, bobKey, rootKey } from '../sqs/signed-call.ts';
import { arn } from './topics/cases.ts';
import { type World, withWorld } from './topics/world.ts';

const noneKey = { id: 'AKIANONE', secret: 'secret of none' };
const eveKey = { id: 'AKIAEVE', secret: 'secret of eve' };
const all = { Effect: 'Allow', Action: 'sns:*', Resource: '*' };
const number = '+15551234567';
const TopicArn = arn('a');
const ResourceArn = TopicArn;

function withUsers(run: (world: World) => Promise<void>, refused = (_: Refusal) => {}): Promise<void> {
  const users = [
    user('root', { isAdmin: true, accessKeys: [rootKey] }),
    user('none', { accessKeys: [noneKey] }),
    user('eve', { account: '111111111111', accessKeys: [eveKey], statements: [all] }),
    user('ada', { accessKeys: [adaKey], statements: [all] }),
    user('bob', { accessKeys: [bobKey], statements: [all, { ...all, Effect: 'Deny' }] }),
  ];
  return withWorld(
    async (world) => {
      await run(world);
      expect(world.reported).toEqual([]);
    },
    { users, refused },
  );
}

/** Each operation with what it takes to succeed for who may. */
async function furnish({ good }: World) {
  const as = { key: rootKey, wire: 'json' } as const;
  await good('CreateTopic', { Name: 'a' }, as);
  const { SubscriptionArn = '' } = await good('Subscribe', { TopicArn, Protocol: 'sms', Endpoint: number }, as);
  const Attributes = { PlatformPrincipal: 'p', PlatformCredential: 'c' };
  const application = { Name: 'app', Platform: 'GCM', Attributes };
  const { PlatformApplicationArn = '' } = await good('CreatePlatformApplication', application, as);
  const { EndpointArn = '' } = await good('CreatePlatformEndpoint', { PlatformApplicationArn, Token: 't' }, as);
  await good('CreateSMSSandboxPhoneNumber', { PhoneNumber: number }, as);
  const inputs: Readonly<Record<keyof typeof operationShapes, JsonObject>> = {
    AddPermission: { TopicArn, Label: 'l', AWSAccountId: ['111111111111'], ActionName: ['Publish'] },
    CheckIfPhoneNumberIsOptedOut: { phoneNumber: number },
    ConfirmSubscription: { TopicArn, Token: 'ab'.repeat(60) },
    CreatePlatformApplication: application,
    CreatePlatformEndpoint: { PlatformApplicationArn, Token: 'other' },
    CreateSMSSandboxPhoneNumber: { PhoneNumber: '+15550000000' },
    CreateTopic: { Name: 'new' },
    DeleteEndpoint: { EndpointArn },
    DeletePlatformApplication: { PlatformApplicationArn },
    DeleteSMSSandboxPhoneNumber: { PhoneNumber: number },
    DeleteTopic: { TopicArn },
    GetDataProtectionPolicy: { ResourceArn },
    GetEndpointAttributes: { EndpointArn },
    GetPlatformApplicationAttributes: { PlatformApplicationArn },
    GetSMSAttributes: {},
    GetSMSSandboxAccountStatus: {},
    GetSubscriptionAttributes: { SubscriptionArn },
    GetTopicAttributes: { TopicArn },
    ListEndpointsByPlatformApplication: { PlatformApplicationArn },
    ListOriginationNumbers: {},
    ListPhoneNumbersOptedOut: {},
    ListPlatformApplications: {},
    ListSMSSandboxPhoneNumbers: {},
    ListSubscriptions: {},
    ListSubscriptionsByTopic: { TopicArn },
    ListTagsForResource: { ResourceArn },
    ListTopics: {},
    OptInPhoneNumber: { phoneNumber: number },
    Publish: { TopicArn, Message: 'm' },
    PublishBatch: { TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'm' }] },
    PutDataProtectionPolicy: { ResourceArn, DataProtectionPolicy: '' },
    RemovePermission: { TopicArn, Label: 'l' },
    SetEndpointAttributes: { EndpointArn, Attributes: { Enabled: 'false' } },
    SetPlatformApplicationAttributes: { PlatformApplicationArn, Attributes: { Enabled: 'false' } },
    SetSMSAttributes: { attributes: { MonthlySpendLimit: '2' } },
    SetSubscriptionAttributes: { SubscriptionArn, AttributeName: 'RawMessageDelivery', AttributeValue: 'false' },
    SetTopicAttributes: { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' },
    Subscribe: { TopicArn, Protocol: 'sms', Endpoint: '+15550000001' },
    TagResource: { ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] },
    Unsubscribe: { SubscriptionArn },
    UntagResource: { ResourceArn, TagKeys: ['a'] },
    VerifySMSSandboxPhoneNumber: { PhoneNumber: number, OneTimePassword: '000000' },
  };
  const direct: readonly (readonly [string, JsonObject])[] = [
    ['Publish', { PhoneNumber: number, Message: 'm' }],
    ['Publish', { TargetArn: EndpointArn, Message: 'm' }],
    ['Publish', { TargetArn: `${String(EndpointArn)}x`, Message: 'm' }],
  ];
  return { inputs: [...Object.entries(inputs), ...direct], EndpointArn, SubscriptionArn };
}

/** What the links of messages ask for: whoever has the token, or the link, may. */
const openOperations = new Set(['ConfirmSubscription', 'Unsubscribe']);
/** What names nothing of an account is about the caller's own. */
const ofOwnAccount = (operation: string, input: JsonObject) =>
  !/Arn"/.test(JSON.stringify(input)) && !openOperations.has(operation);

test('unsigned, every operation is refused but those that links ask for', () =>
  withUsers(async (world) => {
    const { inputs } = await furnish(world);
    expect(inputs).toHaveLength(42 + 3);
    for (const [operation, input] of inputs) {
      if (openOperations.has(operation)) continue;
      const answer = await world.sns(operation, input, { isUnsigned: true, wire: 'json' });
      expect([operation, answer.status]).toEqual([operation, 403]);
    }
  }));

test.each([
  ['without a policy', noneKey],
  ['with an explicit deny', bobKey],
])('a user %s is refused every operation', (_, key) =>
  withUsers(async (world) => {
    const { inputs } = await furnish(world);
    for (const [operation, input] of inputs) {
      if (operation === 'ConfirmSubscription') continue; // Its token is the right.
      const answer = await world.sns(operation, input, { key, wire: 'json' });
      expect([operation, answer.status, answer.error]).toEqual([
        ...[operation, 403],
        expect.stringContaining('AuthorizationError: User: arn:aws:iam::000000000000:user/'),
      ]);
    }
  }),
);

test('a user of another account is refused all that is not its own, and finds nothing of others there', () =>
  withUsers(async (world) => {
    const { inputs } = await furnish(world);
    for (const [operation, input] of inputs) {
      if (operation === 'ConfirmSubscription') continue;
      const answer = await world.sns(operation, input, { key: eveKey, wire: 'json' });
      if (!ofOwnAccount(operation, input)) expect([operation, answer.status]).toEqual([operation, 403]);
      else expect(answer.text).not.toContain('000000000000');
    }
    const asRoot = { key: rootKey, wire: 'json' } as const;
    expect(await world.good('GetSMSAttributes', {}, asRoot)).toEqual({ attributes: { MonthlySpendLimit: '1' } });
    expect(await world.good('ListSMSSandboxPhoneNumbers', {}, asRoot)).toMatchObject({
      PhoneNumbers: [{ PhoneNumber: number, Status: 'Pending' }],
    });
  }));

test('another account’s device cannot be subscribed either', () =>
  withUsers(async (world) => {
    const { EndpointArn } = await furnish(world);
    await world.good('CreateTopic', { Name: 'own' }, { key: eveKey });
    const own = { TopicArn: TopicArn.replace('000000000000:a', '111111111111:own'), Protocol: 'application' };

    expect(await world.sns('Subscribe', { ...own, Endpoint: EndpointArn }, { key: eveKey })).toMatchObject({
      status: 400,
      error: expect.stringContaining('Endpoint does not exist'),
    });
  }));

test('who may publish on everything reaches telephones and devices of the account', () =>
  withUsers(async (world) => {
    const { EndpointArn } = await furnish(world);
    const toDevice = { TargetArn: EndpointArn, Message: 'm' };
    const toPhone = { PhoneNumber: number, Message: 'm' };

    expect((await world.sns('Publish', toPhone, { key: adaKey })).status).toBe(200);
    expect((await world.sns('Publish', toDevice, { key: adaKey })).status).toBe(200);
  }));

test('who lacks a right is told to the log, as one who may not use a queue is', async () => {
  const refusals: Refusal[] = [];
  await withUsers(
    async ({ sns }) => {
      await sns('Publish', { PhoneNumber: number, Message: 'm' }, { key: noneKey });
      await sns('CreateTopic', { Name: 'a' }, { key: noneKey, wire: 'json' });
    },
    (refusal) => refusals.push(refusal),
  );

  const requested = { keyId: noneKey.id, remoteAddress: '127.0.0.1' };
  expect(refusals).toMatchObject([
    {
      reason: 'no-rights',
      why: expect.stringMatching(/sns:publish/i),
      requested: { ...requested, operation: 'Publish' },
    },
    { reason: 'no-rights', requested: { ...requested, operation: 'CreateTopic' } },
  ]);
});
