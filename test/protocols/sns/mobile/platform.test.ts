import {
  CreatePlatformApplicationCommand,
  CreatePlatformEndpointCommand,
  CreateTopicCommand,
  DeleteEndpointCommand,
  DeletePlatformApplicationCommand,
  GetEndpointAttributesCommand,
  GetPlatformApplicationAttributesCommand,
  ListEndpointsByPlatformApplicationCommand,
  ListPlatformApplicationsCommand,
  SetEndpointAttributesCommand,
  SetPlatformApplicationAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { startWorld } from '../../../library/world.ts';
import { askJson, failure, snsClient } from '../sdk.ts';

const credentials = { PlatformPrincipal: 'a principal', PlatformCredential: 'a credential' };
const unknownApplication = 'arn:aws:sns:us-east-1:000000000000:app/ADM/none';
const noAttributes = {
  status: 400,
  code: 'ValidationError',
  message:
    "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null",
};
const noApplication = { status: 404, code: 'NotFound', message: 'PlatformApplication does not exist' };
const noEndpoint = { status: 404, code: 'NotFound', message: 'Endpoint does not exist' };
const invalid = (what: string) => ({ status: 400, code: 'InvalidParameter', message: `Invalid parameter: ${what}` });

async function world() {
  const gantry = await startWorld();
  return { gantry, client: snsClient(gantry) };
}

async function application(client: SNSClient, Name = 'app', Platform = 'ADM'): Promise<string> {
  const command = new CreatePlatformApplicationCommand({ Name, Platform, Attributes: credentials });
  return (await client.send(command)).PlatformApplicationArn ?? '';
}

async function endpoint(client: SNSClient, PlatformApplicationArn: string, Token: string, more: object = {}) {
  const command = new CreatePlatformEndpointCommand({ PlatformApplicationArn, Token, ...more });
  return (await client.send(command)).EndpointArn ?? '';
}

async function attributesOf(client: SNSClient, EndpointArn: string) {
  return (await client.send(new GetEndpointAttributesCommand({ EndpointArn }))).Attributes;
}

test('an application is made, shown without its credentials, and listed (verified)', async () => {
  const { client } = await world();
  const arn = await application(client);

  expect(arn).toBe('arn:aws:sns:us-east-1:000000000000:app/ADM/app');
  const get = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: arn });
  expect((await client.send(get)).Attributes).toEqual({ Enabled: 'true' });
  const set = { PlatformApplicationArn: arn, Attributes: { SuccessFeedbackSampleRate: '50', PlatformCredential: 'x' } };
  await client.send(new SetPlatformApplicationAttributesCommand(set));
  expect((await client.send(get)).Attributes).toEqual({ Enabled: 'true', SuccessFeedbackSampleRate: '50' });
  // As the tests of the SDK for .NET do on AWS.
  const events = { EventDeliveryAttemptFailure: 'arn:aws:sns:us-east-1:000000000000:t', EventDeliveryFailure: '' };
  const other = new CreatePlatformApplicationCommand({
    ...{
      Name: 'other',
      Platform: 'GCM',
      Attributes: { PlatformCredential: 'key', PlatformPrincipal: 'NA', ...events },
    },
  });
  const { PlatformApplicationArn: otherArn } = await client.send(other);
  const getOther = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: otherArn });
  expect((await client.send(getOther)).Attributes).toEqual({ Enabled: 'true', ...events });
  await client.send(new DeletePlatformApplicationCommand({ PlatformApplicationArn: otherArn }));
  const { PlatformApplications, NextToken } = await client.send(new ListPlatformApplicationsCommand({}));
  expect(PlatformApplications).toEqual([
    { PlatformApplicationArn: arn, Attributes: { Enabled: 'true', SuccessFeedbackSampleRate: '50' } },
  ]);
  expect(NextToken).toBeUndefined();
});

test.each([
  ['a'.repeat(257), `${'a'.repeat(257)} Reason: must be at most 256 characters long`],
  ['', ' Reason: cannot be empty'],
  ['@name', "@name Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"],
])('an application is not called %j (verified)', async (Name, what) => {
  const { client } = await world();
  const command = new CreatePlatformApplicationCommand({ Name, Platform: 'ADM', Attributes: credentials });

  expect(await failure(client.send(command))).toEqual(invalid(what));
});

test('a name may be as long as 256 characters', async () => {
  const { client } = await world();

  expect(await application(client, 'a'.repeat(256))).toContain(`app/ADM/${'a'.repeat(256)}`);
});

test.each([
  ['a platform that is none', 'AAA', credentials, invalid('Platform Reason: AAA is not supported')],
  [
    'a credential without a principal',
    'ADM',
    { PlatformCredential: 'c' },
    invalid('Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal'),
  ],
  [
    'a principal without a credential',
    'ADM',
    { PlatformPrincipal: 'p' },
    invalid('Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential'),
  ],
  ['no attributes', 'ADM', {}, noAttributes],
  [
    'an attribute that is none',
    'ADM',
    { ...credentials, Colour: 'red' },
    invalid('Attributes Reason: Invalid attribute name: Colour'),
  ],
])('an application with %s is refused (verified)', async (_, Platform, Attributes, expected) => {
  const { client } = await world();
  const command = new CreatePlatformApplicationCommand({ Name: 'app', Platform, Attributes });

  expect(await failure(client.send(command))).toEqual(expected);
});

test('Firebase needs no principal', async () => {
  const { client } = await world();
  const input = { Name: 'app', Platform: 'GCM', Attributes: { PlatformCredential: 'key' } };

  expect((await client.send(new CreatePlatformApplicationCommand(input))).PlatformApplicationArn).toContain(
    ':app/GCM/app',
  );
});

test('an application that is not there has no attributes to get or set (verified)', async () => {
  const { client } = await world();
  const get = (PlatformApplicationArn: string) =>
    client.send(new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn }));
  const set = (PlatformApplicationArn: string, Attributes: Record<string, string>) =>
    client.send(new SetPlatformApplicationAttributesCommand({ PlatformApplicationArn, Attributes }));
  const badArn = invalid('PlatformApplicationArn Reason: An ARN must have at least 6 elements, not 1');

  expect(await failure(get('invalid-arn'))).toEqual(badArn);
  expect(await failure(set('invalid-arn', { Enabled: 'true' }))).toEqual(badArn);
  expect(await failure(get(unknownApplication))).toEqual(noApplication);
  expect(await failure(set(unknownApplication, {}))).toEqual(noAttributes);
  expect(await failure(set(unknownApplication, { PlatformCredential: 'c' }))).toEqual(noApplication);
  expect(await failure(set(unknownApplication, { PlatformPrincipal: 'p' }))).toEqual(noApplication);
  expect(await failure(set(unknownApplication, { Any: 'thing' }))).toEqual(noApplication);
  expect(await failure(endpoint(client, unknownApplication, 'token'))).toEqual(noApplication);
});

test('an endpoint is made, shown, changed and deleted (verified)', async () => {
  const { client } = await world();
  const app = await application(client);
  const arn = await endpoint(client, app, 'token_1');

  expect(arn).toMatch(/^arn:aws:sns:us-east-1:000000000000:endpoint\/ADM\/app\/[0-9a-f-]{36}$/);
  expect(await attributesOf(client, arn)).toEqual({ Enabled: 'true', Token: 'token_1' });
  await client.send(new SetEndpointAttributesCommand({ EndpointArn: arn, Attributes: { Enabled: 'false' } }));
  expect(await attributesOf(client, arn)).toEqual({ Enabled: 'false', Token: 'token_1' });
  const list = new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: app });
  expect((await client.send(list)).Endpoints).toEqual([
    { EndpointArn: arn, Attributes: { Enabled: 'false', Token: 'token_1' } },
  ]);
  for (let twice = 0; twice < 2; twice++) await client.send(new DeleteEndpointCommand({ EndpointArn: arn }));
  expect((await client.send(list)).Endpoints).toEqual([]);
  expect(await failure(attributesOf(client, arn))).toEqual(noEndpoint);
});

test('the same token with the same attributes is the same endpoint, with others an error (verified)', async () => {
  const { client } = await world();
  const app = await application(client);
  const arn = await endpoint(client, app, 'token');

  expect(await endpoint(client, app, 'token')).toBe(arn);
  expect(await endpoint(client, app, 'token', { Attributes: { Enabled: 'true' } })).toBe(arn);
  const different = invalid(
    `Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
  );
  expect(await failure(endpoint(client, app, 'token', { CustomUserData: 'x' }))).toEqual(different);
  expect(await endpoint(client, await application(client, 'other'), 'token')).not.toBe(arn);
});

test('many who make the same endpoint at once make one', async () => {
  const { client } = await world();
  const app = await application(client);

  const arns = await Promise.all(Array.from({ length: 20 }, () => endpoint(client, app, 'token')));

  expect(new Set(arns).size).toBe(1);
});

test('one who makes an endpoint while others delete it is left with one that is there, and one only', async () => {
  const { client } = await world();
  const app = await application(client);
  for (let round = 0; round < 10; round++) {
    const before = await endpoint(client, app, 'token');
    await Promise.all([
      client.send(new DeleteEndpointCommand({ EndpointArn: before })),
      ...[1, 2, 3].map(() => endpoint(client, app, 'token')),
    ]);
    const last = await endpoint(client, app, 'token');
    const { Endpoints } = await client.send(
      new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: app }),
    );
    expect(Endpoints?.map(({ EndpointArn }) => EndpointArn)).toEqual([last]);
  }
});

test('a token that was changed is free, and one that another has is not', async () => {
  const { client } = await world();
  const app = await application(client);
  const first = await endpoint(client, app, 'a');
  const second = await endpoint(client, app, 'b');
  const setToken = (EndpointArn: string, Token: string) =>
    client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes: { Token } }));

  expect((await failure(setToken(first, 'b'))).message).toContain(`Endpoint ${second} already exists`);
  await setToken(first, 'c');
  expect(await attributesOf(client, first)).toEqual({ Enabled: 'true', Token: 'c' });
  expect(await endpoint(client, app, 'c')).toBe(first);
  expect([first, second]).not.toContain(await endpoint(client, app, 'a'));
});

test.each([
  [{ PlatformPrincipal: 'x' }, 'Invalid attribute name: PlatformPrincipal'],
  [{ PlatformCredential: 'x' }, 'Invalid attribute name: PlatformCredential'],
  [{ InvalidKey: 'x' }, 'Invalid attribute name: InvalidKey'],
  [
    { CustomUserData: 'ä'.repeat(1_025) },
    'Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding',
  ],
])('an endpoint with the attributes %j is refused (verified)', async (Attributes, reason) => {
  const { client } = await world();
  const app = await application(client);
  const expected = invalid(`Attributes Reason: ${reason}`);

  expect(await failure(endpoint(client, app, 'token', { Attributes }))).toEqual(expected);
  const EndpointArn = await endpoint(client, app, 'token', { Attributes: {} });
  expect(await failure(client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes })))).toEqual(expected);
});

test('user data goes up to 2048 bytes, and that among the attributes wins (verified)', async () => {
  const { client } = await world();
  const app = await application(client);
  const longest = 'ä'.repeat(1_024);
  const first = await endpoint(client, app, 'a', { CustomUserData: longest });
  const second = await endpoint(client, app, 'b', { CustomUserData: 'bar', Attributes: { CustomUserData: 'foo' } });

  expect(await attributesOf(client, first)).toMatchObject({ CustomUserData: longest });
  expect(await attributesOf(client, second)).toMatchObject({ CustomUserData: 'foo' });
});

test('an endpoint that is not there, or is none, has no attributes to get or set (verified)', async () => {
  const { client } = await world();
  await application(client);
  const unknown = 'arn:aws:sns:us-east-1:000000000000:endpoint/ADM/app/5a6f9b2c-0000-4000-8000-000000000000';
  const set = (EndpointArn: string, Attributes: Record<string, string>) =>
    client.send(new SetEndpointAttributesCommand({ EndpointArn, Attributes }));

  expect(await failure(attributesOf(client, unknown))).toEqual(noEndpoint);
  expect(await failure(set(unknown, { Enabled: 'false' }))).toEqual(noEndpoint);
  expect(await failure(set(unknown, {}))).toEqual(noAttributes);
  expect(await failure(set('arn:aws:sns:us-east-1:000000000000:endpoint/ADM', { Enabled: 'false' }))).toEqual(
    invalid('EndpointArn Reason: Wrong number of slashes in relative portion of the ARN.'),
  );
  await client.send(new DeleteEndpointCommand({ EndpointArn: unknown }));
});

test('an application takes its endpoints with it, and one of the same name begins with none (verified)', async () => {
  const { client } = await world();
  const app = await application(client);
  const arn = await endpoint(client, app, 'token');
  const list = new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: app });
  const drop = new DeletePlatformApplicationCommand({ PlatformApplicationArn: app });

  for (let twice = 0; twice < 2; twice++) await client.send(drop);

  expect(await failure(client.send(list))).toEqual(noApplication);
  expect(await failure(attributesOf(client, arn))).toEqual(noEndpoint);
  await application(client);
  expect((await client.send(list)).Endpoints).toEqual([]);
  expect(await endpoint(client, app, 'token')).not.toBe(arn);
});

test('lists come in pages of 100, and a page goes on where the one before ended', async () => {
  const { client } = await world();
  const app = await application(client);
  const arns = await Promise.all(Array.from({ length: 101 }, (_, at) => endpoint(client, app, `t${at}`)));
  const list = async (NextToken?: string) =>
    client.send(new ListEndpointsByPlatformApplicationCommand({ PlatformApplicationArn: app, NextToken }));
  const first = await list();
  await client.send(new DeleteEndpointCommand({ EndpointArn: first.Endpoints?.[0]?.EndpointArn }));
  const second = await list(first.NextToken);

  expect(first.Endpoints).toHaveLength(100);
  expect(second.NextToken).toBeUndefined();
  const listed = [...(first.Endpoints ?? []), ...(second.Endpoints ?? [])].map(({ EndpointArn }) => EndpointArn);
  expect(listed.sort()).toEqual(arns.sort());
  expect(await failure(list('!'))).toEqual(invalid('NextToken'));

  await Promise.all(Array.from({ length: 100 }, (_, at) => application(client, `app${at}`)));
  const page = await client.send(new ListPlatformApplicationsCommand({}));
  expect(page.PlatformApplications).toHaveLength(100);
  const { NextToken } = page;
  expect((await client.send(new ListPlatformApplicationsCommand({ NextToken }))).PlatformApplications).toHaveLength(1);
});

test('another region has applications of its own', async () => {
  const { gantry, client } = await world();
  const app = await application(client);
  const elsewhere = snsClient(gantry, 'eu-west-1');

  expect((await elsewhere.send(new ListPlatformApplicationsCommand({}))).PlatformApplications).toEqual([]);
  const get = new GetPlatformApplicationAttributesCommand({ PlatformApplicationArn: app });
  expect(await failure(elsewhere.send(get))).toEqual(invalid('PlatformApplicationArn'));
  await client.send(new CreateTopicCommand({ Name: 'app' }));
  expect(await application(elsewhere)).toBe('arn:aws:sns:eu-west-1:000000000000:app/ADM/app');
});

test('AWS JSON says the same', async () => {
  const { gantry } = await world();
  const made = await askJson(gantry, 'CreatePlatformApplication', {
    Name: 'app',
    Platform: 'ADM',
    Attributes: credentials,
  });
  const { PlatformApplicationArn } = made.output;
  const { output } = await askJson(gantry, 'CreatePlatformEndpoint', { PlatformApplicationArn, Token: 't' });

  expect(await askJson(gantry, 'GetEndpointAttributes', output)).toEqual({
    status: 200,
    output: { Attributes: { Enabled: 'true', Token: 't' } },
  });
  expect(await askJson(gantry, 'ListEndpointsByPlatformApplication', { PlatformApplicationArn })).toMatchObject({
    output: { Endpoints: [{ ...output, Attributes: { Token: 't' } }] },
  });
  expect(await askJson(gantry, 'DeleteEndpoint', output)).toEqual({ status: 200, output: {} });
  expect(await askJson(gantry, 'GetEndpointAttributes', output)).toMatchObject({
    status: 404,
    output: { __type: 'com.amazonaws.sns#NotFoundException', message: 'Endpoint does not exist' },
  });
});
