import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { user } from '../../support/users.ts';
import { type Signing, signed } from '../aws/sigv4/sign.ts';
import { exchange, type RawRequest } from './call.ts';
import type { SqsServer } from './serve-sqs.ts';
import { adaKey, rootKey, signedCall } from './signed-call.ts';
import { withServer } from './with-server.ts';

const users = [
  user('root', { isAdmin: true, accessKeys: [rootKey] }),
  user('ada', { account: '111122223333', accessKeys: [adaKey], isAdmin: true }),
];
const withUsers = (run: (server: SqsServer) => Promise<void>) => withServer(run, { users });

const minutes = 60_000;
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

it('a signed request acts in the account of its key and the region of its scope', () =>
  withUsers(async (server) => {
    const made = await signedCall(server, adaKey, 'CreateQueue', { QueueName: 'a' }, { region: 'eu-west-3' });
    const { output } = await signedCall(
      server,
      adaKey,
      'GetQueueAttributes',
      { QueueUrl: made.output.QueueUrl ?? '', AttributeNames: ['QueueArn'] },
      { region: 'eu-west-3' },
    );

    expect(made.output.QueueUrl).toBe(`${server.url}/111122223333/a`);
    expect(output).toEqual({ Attributes: { QueueArn: 'arn:aws:sqs:eu-west-3:111122223333:a' } });
    expect(server.reported).toEqual([]);
  }));

describe('a signature that AWS would not accept', () => {
  type Row = readonly [string, Partial<Signing>, string, string];
  test.each<Row>([
    [
      'an unknown key',
      { keyId: 'AKIANOBODY' },
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    ],
    ['another secret', { secret: 'guess' }, 'SignatureDoesNotMatch', mismatch],
    [
      'another service',
      { service: 'sns' },
      'SignatureDoesNotMatch',
      "Credential should be scoped to correct service: 'sqs'. ",
    ],
    [
      'no region',
      { region: 'US East' },
      'SignatureDoesNotMatch',
      "Credential should be scoped to a valid region, not 'US East'. ",
    ],
    [
      'another terminator',
      { terminator: 'aws5_request' },
      'SignatureDoesNotMatch',
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.",
    ],
    [
      'another day in the scope',
      { date: '20270114' },
      'SignatureDoesNotMatch',
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20270114' != '20270115', from '20270115T080000Z'.",
    ],
    [
      'a scope of too many parts',
      { region: 'a/b' },
      'IncompleteSignature',
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIAROOT/20270115/a/b/sqs/aws4_request'",
    ],
  ])('%s', (_, signing, code, message) =>
    withUsers(async (server) => {
      const answer = await signedCall(server, rootKey, 'ListQueues', {}, signing);

      expect(answer).toMatchObject({ status: 403, queryError: `${code};Sender`, output: { message } });
      expect(server.reported).toEqual([]);
    }),
  );

  test.each([
    [
      -15 * minutes - 1000,
      'Signature expired: 20270115T074459Z is now earlier than 20270115T074500Z (20270115T080000Z - 15 min.)',
    ],
    [
      15 * minutes + 1000,
      'Signature not yet current: 20270115T081501Z is still later than 20270115T081500Z (20270115T080000Z + 15 min.)',
    ],
  ])('a clock that is %i ms off', (ms, message) =>
    withUsers(async (server) => {
      const at = server.clock.now() + ms;

      const answer = await signedCall(server, rootKey, 'ListQueues', {}, { at });

      expect(answer).toMatchObject({ status: 403, queryError: 'SignatureDoesNotMatch;Sender', output: { message } });
    }),
  );

  test.each([-15 * minutes, 15 * minutes])('a clock that is %i ms off is near enough', (ms) =>
    withUsers(async (server) => {
      const at = server.clock.now() + ms;

      expect(await signedCall(server, rootKey, 'ListQueues', {}, { at })).toMatchObject({ status: 200 });
    }),
  );
});

/** What is sent can differ from what was signed. */
async function send(
  server: SqsServer,
  more: Readonly<Record<string, string>>,
  change: (headers: Readonly<Record<string, string>>) => RawRequest,
  unsigned: readonly string[] = [],
) {
  const headers = { Host: `127.0.0.1:${server.port}`, 'X-Amz-Target': 'AmazonSQS.ListQueues', ...more };
  const signing = { keyId: rootKey.id, secret: rootKey.secret, at: server.clock.now() };
  const request = { method: 'POST', url: '/', headers, body: '{}' };
  const made = signed(request, signing, unsigned);
  return exchange(server, { method: 'POST', body: '{}', headers: made, ...change(made) });
}

const authorization = (server: SqsServer, value: string) =>
  send(server, {}, (headers) => ({ headers: { ...headers, Authorization: value } }));

describe('an Authorization header that is none', () => {
  test.each([
    ['Basic YTpi', "Unsupported AWS 'algorithm': 'Basic'."],
    ['AWS4-HMAC-SHA256', "Authorization header requires 'Credential' parameter."],
    ['AWS4-HMAC-SHA256 Credential', 'not a valid key=value pair (missing equal-sign) in Authorization header'],
    ['AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, Signature=0', "Authorization header requires 'SignedHeaders'"],
    ['AWS4-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=0', 'Credential must have exactly 5'],
    ['AWS4-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=0', 'stands twice'],
  ])('%s', (value, message) =>
    withUsers(async (server) => {
      const answer = await authorization(server, value);

      expect(answer).toMatchObject({ status: 403, queryError: 'IncompleteSignature;Sender' });
      if (value !== 'AWS4-HMAC-SHA256') expect(answer.output.message).toContain(message);
    }),
  );

  test('the date is missing, or is none', () =>
    withUsers(async (server) => {
      const missing = await send(server, {}, ({ 'X-Amz-Date': _, ...headers }) => ({ headers }));
      const none = await send(server, {}, (headers) => ({ headers: { ...headers, 'X-Amz-Date': 'today' } }));

      expect(missing.queryError).toBe('SignatureDoesNotMatch;Sender'); // It is signed, and not there.
      expect(none).toMatchObject({
        queryError: 'IncompleteSignature;Sender',
        output: {
          message: "Date must be in ISO-8601 'basic format'. Got 'today'. See http://en.wikipedia.org/wiki/ISO_8601",
        },
      });
    }));
});

describe('what must be signed', () => {
  it.each([
    ['Host', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."],
    ['X-Amz-Target', "The header 'x-amz-target' must be a 'SignedHeader' in the AWS Authorization."],
  ])('%s', (name, message) =>
    withUsers(async (server) => {
      const answer = await send(server, {}, () => ({}), [name]);

      expect(answer).toMatchObject({ status: 403, queryError: 'SignatureDoesNotMatch;Sender', output: { message } });
    }),
  );

  it('other headers may come behind', () =>
    withUsers(async (server) => {
      const answer = await send(server, {}, (headers) => ({ headers: { ...headers, 'X-Amzn-Trace-Id': 'Root=1' } }));

      expect(answer.status).toBe(200);
    }));

  it('blanks within a value count once', () =>
    withUsers(async (server) => {
      const more = { 'User-Agent': 'a    b  c' };

      expect(await send(server, more, () => ({}))).toMatchObject({ status: 200 });
    }));
});

describe('the digest of the body', () => {
  const sha256 = createHash('sha256').update('{}').digest('hex');
  it.each([
    [sha256, 200, undefined],
    [sha256.replace(/^./, 'x'), 403, "The provided 'x-amz-content-sha256' header does not match what was computed."],
    ['UNSIGNED-PAYLOAD', 403, 'UNSIGNED-PAYLOAD is for S3 alone: sign the request with its body.'],
    [
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      403,
      'Chunked uploads (x-amz-content-sha256: STREAMING-...) are for S3 alone: sign the whole body.',
    ],
  ])('%s', (digest, status, message) =>
    withUsers(async (server) => {
      const answer = await send(server, { 'X-Amz-Content-Sha256': digest }, () => ({}));

      expect(answer).toMatchObject({ status });
      expect(answer.output.message).toBe(message);
    }),
  );

  it('another body than was signed is refused', () =>
    withUsers(async (server) => {
      const answer = await send(server, {}, () => ({ body: '{"QueueNamePrefix":"x"}' }));

      expect(answer).toMatchObject({ status: 403, output: { message: mismatch } });
    }));
});

it('behind a trusted proxy the name that the client signed is the forwarded one', () =>
  withServer(
    async (server) => {
      const answer = await send(server, { Host: 'sqs.example' }, (headers) => ({
        headers: { ...headers, Host: `127.0.0.1:${server.port}`, 'X-Forwarded-Host': 'sqs.example' },
      }));

      expect(answer.status).toBe(200);
    },
    { users, isProxyTrusted: true },
  ));

it('behind a proxy that is not trusted a hint says what is wrong', () =>
  withUsers(async (server) => {
    const answer = await send(server, { Host: 'sqs.example' }, (headers) => ({
      headers: { ...headers, Host: `127.0.0.1:${server.port}`, 'X-Forwarded-Host': 'sqs.example' },
    }));

    expect(answer).toMatchObject({ status: 403, queryError: 'SignatureDoesNotMatch;Sender' });
    expect(answer.headers['x-gantry-hint']).toMatch(/^a proxy has changed the Host header/);
  }));
