import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  GetSMSAttributesCommand,
  ListPlatformApplicationsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import * as v from 'valibot';
import { expect, onTestFinished, test } from 'vitest';
import { defaultParts } from '../../../src/server/parts.ts';
import { failure } from '../../protocols/sns/sdk.ts';
import { startWorld, type World } from '../setup.ts';

const tokens = 'subscription-tokens/arn:aws:sns:us-east-1:000000000000:t:6d0d8b1e-0d3c-4e6f-8a4b-6b8f6f0c0a01';
const pages = ['sms-messages', 'platform-endpoint-messages', 'phone-opt-outs', tokens];

function ask(world: World, path: string, init: RequestInit & { readonly by?: string } = {}) {
  const { by, headers, ...rest } = init;
  const authorization = by === undefined ? {} : { Authorization: `Basic ${Buffer.from(by).toString('base64')}` };
  return fetch(world.url(path), { ...rest, headers: { ...authorization, ...headers } });
}

async function guarded(): Promise<World> {
  const { createHttpFront } = defaultParts;
  const world = await startWorld({}, undefined, { createHttpFront });
  const put = (name: string, user: object) =>
    ask(world, `/_gantry/users/${name}`, { method: 'PUT', body: JSON.stringify(user), by: 'root:of the root' });
  await put('root', { admin: true, password: 'of the root' });
  const policy = [{ Effect: 'Allow', Action: ['sns:GetSMSAttributes', 'sns:Publish'], Resource: '*' }];
  const accessKeys = [{ id: 'AKIASHOP', secret: 'of the shop' }];
  expect((await put('shop', { password: 'of the shop', policy, accessKeys })).status).toBe(201);
  return world;
}

test.each(pages)("with users /_aws/sns/%s is an admin's alone", async (page) => {
  const world = await guarded();
  const path = `/_aws/sns/${page}`;

  expect((await ask(world, path)).status).toBe(401);
  expect((await ask(world, path, { by: 'shop:of the shop' })).status).toBe(403);
  expect((await ask(world, path, { by: 'root:of the shop' })).status).toBe(401);
  expect((await ask(world, path, { by: 'root:of the root' })).status).toBe(page === tokens ? 404 : 200);
  const method = page === 'phone-opt-outs' ? 'POST' : page === tokens ? 'GET' : 'DELETE';
  expect((await ask(world, path, { method, ...(method !== 'GET' && { body: '{}' }) })).status).toBe(401);
});

test.each(pages)('without users /_aws/sns/%s is open, but to no page of another site', async (page) => {
  const world = await startWorld();
  const path = `/_aws/sns/${page}`;

  expect((await ask(world, path)).status).toBe(page === tokens ? 404 : 200);
  expect((await ask(world, path, { headers: { Origin: 'https://elsewhere.test' } })).status).toBe(403);
  expect((await ask(world, path, { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
});

test('what is no page of SNS, no method of one, or no parameter is said to be none', async () => {
  const world = await startWorld();

  expect((await ask(world, '/_aws/sns/anything')).status).toBe(404);
  expect((await ask(world, '/_aws/sns/')).status).toBe(404);
  expect((await ask(world, '/_aws/sns')).status).toBe(404);
  expect((await ask(world, '/_aws/sns/sms-messages', { method: 'PATCH' })).status).toBe(405);
  expect((await ask(world, '/_aws/sns/sms-messages?colour=red')).status).toBe(400);
  expect((await ask(world, '/_aws/sns/sms-messages?region=%00')).status).toBe(400);
});

test('with users, policies say who may send, and who may know', async () => {
  const world = await guarded();
  const credentials = { accessKeyId: 'AKIASHOP', secretAccessKey: 'of the shop' };
  const client = new SNSClient({ endpoint: world.url(''), region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());

  expect((await client.send(new GetSMSAttributesCommand({}))).attributes).toEqual({ MonthlySpendLimit: '1' });
  await client.send(new PublishCommand({ PhoneNumber: '+15551234567', Message: 'hello' }));
  const refused = await failure(client.send(new ListPlatformApplicationsCommand({})));
  expect(refused).toMatchObject({ status: 403, code: 'AuthorizationError' });
  expect(refused.message).toContain('SNS:ListPlatformApplications');
});

test('the token that an endpoint was sent is read, and confirms, as LocalStack answers it', async () => {
  const world = await startWorld({}, undefined, { createHttpFront: defaultParts.createHttpFront });
  const credentials = { accessKeyId: '000000000000', secretAccessKey: 'test' };
  const client = new SNSClient({ endpoint: world.url(''), region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 't' }));
  const subscribe = { TopicArn, Protocol: 'email', Endpoint: 'a@b.example', ReturnSubscriptionArn: true };
  const { SubscriptionArn = '' } = await client.send(new SubscribeCommand(subscribe));
  const page = async (arn: string) => {
    const answer = await ask(world, `/_aws/sns/subscription-tokens/${arn}`);
    const json: unknown = await answer.json();
    return { status: answer.status, json };
  };

  const { status, json } = await page(SubscriptionArn);
  expect(status).toBe(200);
  expect(json).toEqual({
    subscription_token: expect.stringMatching(/^[0-9a-f]{288,}$/),
    subscription_arn: SubscriptionArn,
  });
  const { subscription_token: Token } = v.parse(v.object({ subscription_token: v.string() }), json);
  const confirm = new ConfirmSubscriptionCommand({ TopicArn, Token });
  expect((await client.send(confirm)).SubscriptionArn).toBe(SubscriptionArn);

  const elsewhere = SubscriptionArn.replace('us-east-1', 'il-central-1');
  const notFound = 'The provided SubscriptionARN is not found';
  for (const arn of [elsewhere, TopicArn]) {
    expect(await page(arn)).toEqual({ status: 404, json: { error: notFound, subscription_arn: arn } });
  }
  expect(await page('randomarnhere')).toEqual({
    status: 400,
    json: { error: 'The provided SubscriptionARN is invalid', subscription_arn: 'randomarnhere' },
  });
});
