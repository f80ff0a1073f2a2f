import { describe, expect, it } from 'vitest';
import { user } from '../../support/users.ts';
import { presigned, type Signing, signed } from '../aws/sigv4/sign.ts';
import { exchange } from './call.ts';
import type { SqsServer } from './serve-sqs.ts';
import { adaKey, rootKey, signedCall } from './signed-call.ts';
import { withServer } from './with-server.ts';

const users = [user('root', { isAdmin: true, accessKeys: [rootKey] }), user('ada', { accessKeys: [adaKey] })];
const withOrders = (run: (server: SqsServer) => Promise<void>) =>
  withServer(
    async (server) => {
      await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'orders' });
      await run(server);
      expect(server.reported).toEqual([]);
    },
    { users },
  );

const signing = (server: SqsServer, key = rootKey): Signing => ({
  keyId: key.id,
  secret: key.secret,
  at: server.clock.now(),
});
const hostOf = (server: SqsServer) => ({ Host: `127.0.0.1:${server.port}` });

function post(server: SqsServer, body: string, key = rootKey) {
  const headers = { ...hostOf(server), 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const request = { method: 'POST', url: '/000000000000/orders', headers, body };
  return exchange(server, { method: 'POST', path: request.url, headers: signed(request, signing(server, key)), body });
}

function urlOf(server: SqsServer, query: string, expires: number | string = 60, given: Partial<Signing> = {}): string {
  const request = { method: 'GET', url: `/000000000000/orders?${query}`, headers: hostOf(server), body: '' };
  return presigned(request, { ...signing(server), ...given }, expires);
}

describe('a signed Query request', () => {
  it('is served', () =>
    withOrders(async (server) => {
      const answer = await post(server, 'Action=SendMessage&Version=2012-11-05&MessageBody=a+b%26c%C3%A9');

      expect(answer.status).toBe(200);
      expect(answer.text).toContain('<SendMessageResult>');
    }));

  it.each([
    ['the wrong key', adaKey.id, 'guess', 'SignatureDoesNotMatch'],
    ['an unknown key', 'AKIANOBODY', 'guess', 'InvalidClientTokenId'],
    ['a key that may not', adaKey.id, adaKey.secret, 'AccessDenied'],
  ])('with %s is refused in XML', (_, id, secret, code) =>
    withOrders(async (server) => {
      const answer = await post(server, 'Action=PurgeQueue&Version=2012-11-05', { id, secret });

      expect(answer).toMatchObject({ status: 403, headers: { 'content-type': 'text/xml' } });
      expect(answer.text).toContain(`<Type>Sender</Type><Code>${code}</Code>`);
    }),
  );

  it('without any signature is refused', () =>
    withOrders(async (server) => {
      const answer = await exchange(server, { path: '/000000000000/orders?Action=PurgeQueue' });

      expect(answer.status).toBe(403);
      expect(answer.text).toContain(
        '<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>',
      );
    }));
});

describe('a presigned URL', () => {
  it.each(['Action=SendMessage&MessageBody=hello', 'MessageBody=a%20b%2Bc%26d%3D%C3%A9*()%27!&Action=SendMessage'])(
    'with %s is served until it ends',
    (query) =>
      withOrders(async (server) => {
        const path = urlOf(server, query);

        expect(await exchange(server, { path })).toMatchObject({ status: 200 });
        server.clock.advance(60_000);
        expect(await exchange(server, { path })).toMatchObject({ status: 200 });
        server.clock.advance(1_000);
        const late = await exchange(server, { path });
        expect(late.status).toBe(400);
        expect(late.text).toContain('<Code>RequestExpired</Code><Message>Request has expired.</Message>');
      }),
  );

  it('may be a week old', () =>
    withOrders(async (server) => {
      const path = urlOf(server, 'Action=GetQueueAttributes', 604_800);
      server.clock.advance(604_800_000);

      expect(await exchange(server, { path })).toMatchObject({ status: 200 });
    }));

  it.each([0, 604_801, 'x', -1])('of %s seconds is refused', (expires) =>
    withOrders(async (server) => {
      const answer = await exchange(server, { path: urlOf(server, 'Action=PurgeQueue', expires) });

      expect(answer.status).toBe(403);
      expect(answer.text).toContain('<Code>IncompleteSignature</Code>');
    }),
  );

  it('of the future is refused', () =>
    withOrders(async (server) => {
      const at = server.clock.now() + 901_000;

      const answer = await exchange(server, { path: urlOf(server, 'Action=PurgeQueue', 60, { at }) });

      expect(answer.status).toBe(403);
      expect(answer.text).toContain('Signature not yet current');
    }));

  it.each(['X-Amz-Date', 'X-Amz-Signature', 'X-Amz-Credential', 'X-Amz-SignedHeaders', 'X-Amz-Expires'])(
    'without %s is refused',
    (name) =>
      withOrders(async (server) => {
        const path = urlOf(server, 'Action=PurgeQueue').replace(new RegExp(`&${name}=[^&]*`), '');

        const answer = await exchange(server, { path });

        expect(answer.status).toBe(403);
        expect(answer.text).toContain(`must include &apos;${name}&apos;`.replaceAll('&apos;', "'"));
      }),
  );

  it('with a parameter put in is refused', () =>
    withOrders(async (server) => {
      const path = `${urlOf(server, 'Action=GetQueueAttributes')}&AttributeName.1=All`;

      expect(await exchange(server, { path })).toMatchObject({ status: 403 });
    }));

  it('with one of its own parameters twice is refused', () =>
    withOrders(async (server) => {
      const path = `${urlOf(server, 'Action=GetQueueAttributes')}&X-Amz-Expires=99`;

      expect(await exchange(server, { path })).toMatchObject({ status: 403 });
    }));

  it('is for its own queue alone', () =>
    withOrders(async (server) => {
      await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'returns' });
      const path = urlOf(server, 'Action=PurgeQueue');

      expect(await exchange(server, { path: path.replace('/orders?', '/returns?') })).toMatchObject({ status: 403 });
      expect(await exchange(server, { path: path.replace('/orders?', '/x/../orders?') })).not.toMatchObject({
        status: 200,
      });
      expect(await exchange(server, { path })).toMatchObject({ status: 200 });
    }));
});
