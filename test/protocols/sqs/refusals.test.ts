import { expect, it } from 'vitest';
import type { Refusal } from '../../../src/security/refusal.ts';
import { user } from '../../support/users.ts';
import { call, exchange } from './call.ts';
import type { SqsServer } from './serve-sqs.ts';
import { adaKey, rootKey, signedCall } from './signed-call.ts';
import { withServer } from './with-server.ts';

const users = [user('root', { isAdmin: true, accessKeys: [rootKey] }), user('ada', { accessKeys: [adaKey] })];
const hour = 3_600_000;

/** What is told of the requests that `run` makes. */
async function told(run: (server: SqsServer) => Promise<unknown>): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = [];
  const refused = (refusal: Refusal) => void refusals.push(refusal);
  await withServer(async (server) => void (await run(server)), { users, refused });
  return refusals;
}

it.each([
  ['unknown-key', 'AKIANOBODY', { keyId: 'AKIANOBODY' }],
  ['wrong-signature', 'AKIAROOT', { secret: 'guess' }],
  ['clock-off', 'AKIAROOT', { at: 1_800_000_000_000 - hour }],
  ['clock-off', 'AKIAROOT', { at: 1_800_000_000_000 + hour }],
  ['malformed-signature', 'AKIAROOT', { region: 'a/b' }],
] as const)('%s is told with its key, its operation and where it came from', async (reason, keyId, signing) => {
  const refusals = await told((server) => signedCall(server, rootKey, 'ListQueues', {}, signing));

  expect(refusals).toMatchObject([
    { reason, requested: { operation: 'ListQueues', keyId, remoteAddress: '127.0.0.1', queue: undefined } },
  ]);
  // No other text of the answer is passed on: it may show a signature.
  expect(refusals[0]?.why?.startsWith('Signature ')).toBe(reason === 'clock-off' ? true : undefined);
});

it('a user without the right is told with what it asked for', async () => {
  const refusals = await told((server) =>
    signedCall(server, adaKey, 'SendMessage', { QueueUrl: `${server.url}/000000000000/orders`, MessageBody: 'm' }),
  );

  expect(refusals).toEqual([
    {
      reason: 'no-rights',
      why: expect.stringContaining('user/ada is not authorized to perform: sqs:sendmessage'),
      requested: {
        operation: 'SendMessage',
        keyId: 'AKIAADA',
        remoteAddress: '127.0.0.1',
        queue: { account: '000000000000', region: 'us-east-1', name: 'orders' },
      },
    },
  ]);
});

it('an unsigned request is told, in both protocols', async () => {
  const refusals = await told(async (server) => {
    const headers = { 'X-Amz-Target': 'AmazonSQS.GetQueueUrl' };
    await exchange(server, { method: 'POST', headers, body: '{"QueueName":"orders"}' });
    await exchange(server, { method: 'GET', path: '/000000000000/orders?Action=PurgeQueue' });
  });

  const queue = { account: '000000000000', region: 'us-east-1', name: 'orders' };
  expect(refusals).toMatchObject([
    { reason: 'unsigned', requested: { operation: 'GetQueueUrl', keyId: undefined, queue } },
    { reason: 'unsigned', requested: { operation: 'PurgeQueue', keyId: undefined, queue } },
  ]);
});

it('nothing of an Authorization that is no signature is taken for a key', async () => {
  const refusals = await told((server) =>
    call(server, 'ListQueues', {}, { headers: { Authorization: 'Bearer secret/of/somebody' } }),
  );

  expect(refusals).toMatchObject([{ reason: 'malformed-signature', requested: { keyId: undefined } }]);
});

it('a page of another site is told', async () => {
  const refusals = await told((server) =>
    call(server, 'ListQueues', {}, { headers: { Origin: 'https://evil.example' } }),
  );

  expect(refusals).toMatchObject([{ reason: 'foreign-page' }]);
});

it('what is wrong with a request that is let in is no refusal', async () => {
  const refusals = await told(async (server) => {
    await signedCall(server, rootKey, 'GetQueueUrl', { QueueName: 'nobody' });
    await signedCall(server, rootKey, 'CreateQueue', { QueueName: '' });
  });

  expect(refusals).toEqual([]);
});
