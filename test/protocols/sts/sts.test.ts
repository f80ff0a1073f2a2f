import { describe, expect, it } from 'vitest';
import { user } from '../../support/users.ts';
import { type Signing, signed } from '../aws/sigv4/sign.ts';
import { type Answer, exchange, scope } from '../sqs/call.ts';
import type { SqsServer } from '../sqs/serve-sqs.ts';
import { adaKey, type Key, rootKey, signedCall } from '../sqs/signed-call.ts';
import { withServer } from '../sqs/with-server.ts';

const role = 'arn:aws:iam::111122223333:role/path/deployer';
const assume = `Action=AssumeRole&RoleArn=${encodeURIComponent(role)}&RoleSessionName=ci`;
const version = '&Version=2011-06-15';
const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };

function ask(server: SqsServer, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return exchange(server, { method: 'POST', headers: { ...form, ...headers }, body: body + version });
}

const users = [
  user('root', { isAdmin: true, accessKeys: [rootKey] }),
  user('ada', {
    account: '111122223333',
    accessKeys: [adaKey],
    statements: [{ Effect: 'Allow', Action: 'sqs:CreateQueue', Resource: 'orders' }],
  }),
];

interface SessionKey extends Key {
  readonly token: string;
}

function askSigned(
  server: SqsServer,
  key: Key & { readonly token?: string },
  body: string,
  more: Partial<Signing> = {},
) {
  const token: Record<string, string> = key.token === undefined ? {} : { 'X-Amz-Security-Token': key.token };
  const headers = { Host: `127.0.0.1:${server.port}`, ...form, ...token };
  const request = { method: 'POST', url: '/', headers, body: body + version };
  const signing = { keyId: key.id, secret: key.secret, at: server.clock.now(), service: 'sts', ...more };
  return exchange(server, { method: 'POST', headers: signed(request, signing), body: request.body });
}

function element(answer: Answer, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.text)?.[1] ?? '';
}

function keyIn(answer: Answer): SessionKey {
  const [id, secret] = [element(answer, 'AccessKeyId'), element(answer, 'SecretAccessKey')];
  return { id, secret, token: element(answer, 'SessionToken') };
}

describe('without users', () => {
  it('everybody is the root of the account that the credentials name', () =>
    withServer(async (server) => {
      const answer = await ask(server, 'Action=GetCallerIdentity', scope('123456789012', 'eu-west-1'));

      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/xml' } });
      expect(answer.text).toMatch(
        /^<\?xml version="1.0"\?><GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/"><GetCallerIdentityResult><UserId>123456789012<\/UserId><Account>123456789012<\/Account><Arn>arn:aws:iam::123456789012:root<\/Arn><\/GetCallerIdentityResult><ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata><\/GetCallerIdentityResponse>$/,
      );
    }));

  it('the credentials of a role act in its account', () =>
    withServer(async (server) => {
      const answer = await ask(server, assume);
      const key = keyIn(answer);
      const who = await ask(server, 'Action=GetCallerIdentity', scope(key.id, 'eu-west-1'));

      expect(answer.text).toContain('<Arn>arn:aws:sts::111122223333:assumed-role/deployer/ci</Arn></AssumedRoleUser>');
      expect(element(answer, 'Expiration')).toBe('2027-01-15T09:00:00Z');
      expect(key.id).toMatch(/^ASIA\w{12,}$/);
      expect(element(who, 'Account')).toBe('111122223333');
    }));

  it('GetSessionToken gives credentials for twelve hours', () =>
    withServer(async (server) => {
      const answer = await ask(server, 'Action=GetSessionToken', scope('any', 'us-east-1'));

      expect(element(answer, 'Expiration')).toBe('2027-01-15T20:00:00Z');
      expect(keyIn(answer)).toEqual({ id: 'ASIA000000000000', secret: expect.any(String), token: expect.any(String) });
    }));

  it('answers in JSON who accepts it', () =>
    withServer(async (server) => {
      const answer = await ask(server, assume, { Accept: 'application/json' });

      expect(JSON.parse(answer.text)).toMatchObject({
        AssumeRoleResponse: {
          AssumeRoleResult: {
            Credentials: { AccessKeyId: 'ASIA111122223333' },
            AssumedRoleUser: { Arn: expect.any(String) },
          },
        },
      });
    }));
});

describe('what is wrong in a request', () => {
  it.each([
    [
      'Action=AssumeRole&RoleSessionName=ci',
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ],
    [`Action=AssumeRole&RoleArn=${role}`, "Value null at 'roleSessionName' failed to satisfy"],
    [`Action=AssumeRole&RoleArn=${role}&RoleSessionName=a%20b`, 'satisfy regular expression pattern'],
    ['Action=AssumeRole&RoleArn=deployer&RoleSessionName=ci', 'deployer is invalid'],
    [`${assume}&DurationSeconds=899`, 'Member must have value greater than or equal to 900'],
    [`${assume}&DurationSeconds=43201`, 'Member must have value less than or equal to 43200'],
    ['Action=GetSessionToken&DurationSeconds=129601', 'Member must have value less than or equal to 129600'],
  ])('%s', (body, message) =>
    withServer(async (server) => {
      const answer = await ask(server, body);

      expect(answer.status).toBe(400);
      expect(answer.text).toContain('<Code>ValidationError</Code>');
      expect(answer.text.replaceAll('&apos;', "'").replaceAll('&#39;', "'")).toContain(message);
    }),
  );
});

describe('with users', () => {
  const withUsers = (run: (server: SqsServer) => Promise<void>) => withServer(run, { users });

  it('says who has signed', () =>
    withUsers(async (server) => {
      const answer = await askSigned(server, adaKey, 'Action=GetCallerIdentity');

      expect(element(answer, 'Arn')).toBe('arn:aws:iam::111122223333:user/ada');
      expect(element(answer, 'Account')).toBe('111122223333');
      expect(element(answer, 'UserId')).toMatch(/^AIDA[0-9A-F]{17}$/);
    }));

  it.each(['Action=GetCallerIdentity', 'Action=GetSessionToken', assume])('%s needs a signature', (body) =>
    withUsers(async (server) => {
      const answer = await ask(server, body);

      expect(answer.status).toBe(403);
      expect(element(answer, 'Code')).toBe('MissingAuthenticationToken');
    }),
  );

  it('needs a signature for this service', () =>
    withUsers(async (server) => {
      const answer = await askSigned(server, adaKey, 'Action=GetCallerIdentity', { service: 'sqs' });

      expect(answer.status).toBe(403);
      expect(answer.text).toContain('Credential should be scoped to correct service');
    }));

  it.each(['Action=GetSessionToken&DurationSeconds=900', `${assume}&DurationSeconds=900`])(
    '%s gives credentials that may do what their user may, for a while',
    (body) =>
      withUsers(async (server) => {
        const key = keyIn(await askSigned(server, adaKey, body));
        const call = (name: string) =>
          signedCall(server, key, 'CreateQueue', { QueueName: name }, {}, { 'X-Amz-Security-Token': key.token });

        expect((await call('orders')).status).toBe(200);
        expect((await call('returns')).queryError).toBe('AccessDenied;Sender');
        expect(await signedCall(server, key, 'CreateQueue', { QueueName: 'orders' })).toMatchObject({
          status: 403,
          queryError: 'InvalidClientTokenId;Sender', // Not without its token.
        });
        server.clock.advance(899_000);
        expect((await call('orders')).status).toBe(200);
        server.clock.advance(1_000);
        expect(await call('orders')).toMatchObject({
          status: 403,
          queryError: 'ExpiredToken;Sender',
          output: { message: 'The security token included in the request is expired' },
        });
      }),
  );

  it('a role is who asks then', () =>
    withUsers(async (server) => {
      const key = keyIn(await askSigned(server, adaKey, assume));
      const answer = await askSigned(server, key, 'Action=GetCallerIdentity');

      expect(element(answer, 'Arn')).toBe('arn:aws:sts::111122223333:assumed-role/deployer/ci');
    }));

  it('the roles of other accounts are for admins', () =>
    withUsers(async (server) => {
      const foreign = assume.replace('111122223333', '444455556666');
      const refused = await askSigned(server, adaKey, foreign);
      const key = keyIn(await askSigned(server, rootKey, foreign));
      const made = await signedCall(
        server,
        key,
        'CreateQueue',
        { QueueName: 'a' },
        {},
        { 'X-Amz-Security-Token': key.token },
      );

      expect(refused.status).toBe(403);
      expect(element(refused, 'Message')).toContain(
        'is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/path/deployer',
      );
      expect(made.output.QueueUrl).toBe(`${server.url}/444455556666/a`);
    }));

  it('temporary credentials get no further ones by GetSessionToken', () =>
    withUsers(async (server) => {
      const key = keyIn(await askSigned(server, adaKey, 'Action=GetSessionToken'));
      const answer = await askSigned(server, key, 'Action=GetSessionToken');

      expect(answer.status).toBe(403);
      expect(element(answer, 'Message')).toBe('Cannot call GetSessionToken with session credentials');
    }));
});
