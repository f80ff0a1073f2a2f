import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { user } from '../../support/users.ts';
import { exchange } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import type { SqsServer } from './serve-sqs.ts';
import { adaKey, bobKey, rootKey, signedCall } from './signed-call.ts';
import { withServer } from './with-server.ts';

const queue = { QueueUrl: 'orders' };
const entry = { Id: '1', ReceiptHandle: 'r', VisibilityTimeout: 1, MessageBody: 'm' };
const arn = 'arn:aws:sqs:us-east-1:000000000000:orders';
const redriveTo = (deadLetterTargetArn: string) => JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
const handleOf = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: 't', sourceArn })).toString('base64');
const listArn = 'arn:aws:sqs:us-east-1:000000000000:*';

/** Each operation, the one action that allows it, and what it is about. */
const rows: readonly (readonly [operation: string, action: string, input: JsonObject, resource?: string])[] = [
  ['CreateQueue', 'sqs:CreateQueue', { QueueName: 'orders' }],
  ['DeleteQueue', 'sqs:DeleteQueue', queue],
  ['PurgeQueue', 'sqs:PurgeQueue', queue],
  ['SetQueueAttributes', 'sqs:SetQueueAttributes', { ...queue, Attributes: { DelaySeconds: '1' } }],
  [
    'AddPermission',
    'sqs:AddPermission',
    { ...queue, Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] },
  ],
  ['RemovePermission', 'sqs:RemovePermission', { ...queue, Label: 'l' }],
  ['StartMessageMoveTask', 'sqs:StartMessageMoveTask', { SourceArn: arn }],
  ['CancelMessageMoveTask', 'sqs:CancelMessageMoveTask', { TaskHandle: handleOf(arn) }],
  ['ListMessageMoveTasks', 'sqs:ListMessageMoveTasks', { SourceArn: arn }],
  ['TagQueue', 'sqs:TagQueue', { ...queue, Tags: { a: 'b' } }],
  ['UntagQueue', 'sqs:UntagQueue', { ...queue, TagKeys: ['a'] }],
  ['GetQueueUrl', 'sqs:GetQueueUrl', { QueueName: 'orders' }],
  ['ListQueues', 'sqs:ListQueues', {}, listArn],
  ['GetQueueAttributes', 'sqs:GetQueueAttributes', { ...queue, AttributeNames: ['All'] }],
  ['ListQueueTags', 'sqs:ListQueueTags', queue],
  ['ListDeadLetterSourceQueues', 'sqs:ListDeadLetterSourceQueues', queue],
  ['SendMessage', 'sqs:SendMessage', { ...queue, MessageBody: 'm' }],
  ['SendMessageBatch', 'sqs:SendMessage', { ...queue, Entries: [entry] }],
  ['ReceiveMessage', 'sqs:ReceiveMessage', queue],
  ['DeleteMessage', 'sqs:DeleteMessage', { ...queue, ReceiptHandle: 'r' }],
  ['DeleteMessageBatch', 'sqs:DeleteMessage', { ...queue, Entries: [entry] }],
  ['ChangeMessageVisibility', 'sqs:ChangeMessageVisibility', { ...queue, ReceiptHandle: 'r', VisibilityTimeout: 1 }],
  ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility', { ...queue, Entries: [entry] }],
];

const root = user('root', { isAdmin: true, accessKeys: [rootKey] });

async function withOrders(run: (server: SqsServer) => Promise<void>, ada: readonly unknown[], bob: readonly unknown[]) {
  const users = [
    root,
    user('ada', { statements: ada, accessKeys: [adaKey] }),
    user('bob', { statements: bob, accessKeys: [bobKey], account: '111122223333' }),
  ];
  await withServer(
    async (server) => {
      await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'orders' });
      await run(server);
      expect(server.reported).toEqual([]);
    },
    { users },
  );
}

const cases = rows.map(([operation, action, input, resource = arn]) => [operation, action, input, resource] as const);

describe('a user may do what its policy says and nothing else', () => {
  it.each(cases)('%s takes %s', (operation, action, input, resource) =>
    withOrders(
      async (server) => {
        const answer = await signedCall(server, adaKey, operation, input);

        expect(answer.queryError ?? '').not.toMatch(/^AccessDenied/); // A receipt of `r` is an error of its own.
        expect(answer.status).not.toBe(403);
      },
      [{ Effect: 'Allow', Action: action, Resource: resource }],
      [],
    ),
  );

  it.each(cases)('%s with everything but %s is refused', (operation, action, input, resource) =>
    withOrders(
      async (server) => {
        const answer = await signedCall(server, adaKey, operation, input);

        const name = action.toLowerCase();
        expect(answer).toMatchObject({
          status: 403,
          queryError: 'AccessDenied;Sender',
          output: {
            message: `User: arn:aws:iam::000000000000:user/ada is not authorized to perform: ${name} on resource: ${resource} because no identity-based policy allows the ${name} action`,
          },
        });
      },
      [{ Effect: 'Allow', NotAction: action, Resource: '*' }],
      [],
    ),
  );
});

describe('what is not there', () => {
  it('is not told to who may not ask, nor are its neighbours', () =>
    withOrders(
      async (server) => {
        for (const [operation, input] of [
          ['GetQueueUrl', { QueueName: 'ordrs' }],
          ['SendMessage', { QueueUrl: 'ordrs', MessageBody: 'm' }],
          ['CreateQueue', { QueueName: 'orders', Attributes: { DelaySeconds: '7' } }],
          ['CreateQueue', { QueueName: 'new', Attributes: { RedrivePolicy: redriveTo(`${arn}-none`) } }],
          ['StartMessageMoveTask', { SourceArn: `${arn}-none` }],
          ['ListMessageMoveTasks', { SourceArn: `${arn}-none` }],
          ['CancelMessageMoveTask', { TaskHandle: handleOf(`${arn}-none`) }],
        ] as const) {
          const answer = await signedCall(server, adaKey, operation, input);

          expect(answer).toMatchObject({ status: 403, queryError: 'AccessDenied;Sender' });
          expect(answer.headers['x-gantry-hint']).toBeUndefined();
        }
      },
      [],
      [],
    ));

  it('is told to who may, and its neighbours are to who may ask for them', () =>
    withOrders(
      async (server) => {
        const answer = await signedCall(server, adaKey, 'SendMessage', { QueueUrl: 'ordrs', MessageBody: 'm' });

        const elsewhere = { QueueUrl: 'http://host/111122223333/orders', MessageBody: 'm' };
        const byRoot = await signedCall(server, rootKey, 'SendMessage', elsewhere);
        const byBob = await signedCall(server, bobKey, 'SendMessage', elsewhere);

        expect(answer.queryError).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
        expect(answer.headers['x-gantry-hint']).toBe('did you mean "orders"?');
        expect(byRoot.headers['x-gantry-hint']).toContain('exists in account 000000000000');
        expect(byBob.queryError).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
        expect(byBob.headers['x-gantry-hint']).toBeUndefined();
      },
      [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
      [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    ));
});

it('a task that moves messages takes what a user would need who moved them: to receive and to send', () => {
  const needed = ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:SendMessage'];
  const allow = (...Action: readonly string[]) => [{ Effect: 'Allow', Action, Resource: '*' }];
  const start = async (actions: readonly string[]) => {
    const seen: unknown[] = [];
    await withOrders(
      async (server) => {
        const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 });
        await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'source', Attributes: { RedrivePolicy } });
        for (const more of [{}, { DestinationArn: arn.replace('orders', 'source') }]) {
          const { status } = await signedCall(server, adaKey, 'StartMessageMoveTask', { SourceArn: arn, ...more });
          seen.push(status === 400 ? 200 : status); // The first one may be under way.
        }
      },
      allow(...actions),
      [],
    );
    return seen;
  };

  return Promise.all([
    expect(start(needed)).resolves.toEqual([200, 200]),
    ...needed.map((missing) => expect(start(needed.filter((each) => each !== missing))).resolves.toEqual([403, 403])),
  ]);
});

const setPolicy = (server: SqsServer, ...Statement: readonly object[]) =>
  signedCall(server, rootKey, 'SetQueueAttributes', {
    ...queue,
    Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) },
  });
const send = { QueueUrl: `http://host/000000000000/orders`, MessageBody: 'm' };
const allowSend = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn };

describe('the policy of a queue', () => {
  it('lets in a user of its account that has no policy', () =>
    withOrders(
      async (server) => {
        const before = await signedCall(server, adaKey, 'SendMessage', send);
        await setPolicy(server, { ...allowSend, Principal: { AWS: 'arn:aws:iam::000000000000:user/ada' } });
        const after = await signedCall(server, adaKey, 'SendMessage', send);
        await signedCall(server, rootKey, 'SetQueueAttributes', { ...queue, Attributes: { Policy: '' } });
        const again = await signedCall(server, adaKey, 'SendMessage', send);

        expect([before.status, after.status, again.status]).toEqual([403, 200, 403]);
      },
      [],
      [],
    ));

  it('lets in another account together with the policy of the user there', () =>
    withOrders(
      async (server) => {
        const before = await signedCall(server, bobKey, 'SendMessage', send);
        await setPolicy(server, { ...allowSend, Principal: { AWS: '111122223333' } });
        const after = await signedCall(server, bobKey, 'SendMessage', send);

        expect(before).toMatchObject({
          status: 403,
          output: {
            message: `User: arn:aws:iam::111122223333:user/bob is not authorized to perform: sqs:sendmessage on resource: ${arn} because no resource-based policy allows the sqs:sendmessage action`,
          },
        });
        expect(after.status).toBe(200);
      },
      [],
      [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    ));

  it('gives nobody else what is its owner’s alone', () =>
    withOrders(
      async (server) => {
        await setPolicy(server, { Effect: 'Allow', Principal: '*', Action: 'SQS:*', Resource: arn });
        const own = { QueueUrl: send.QueueUrl };

        const purged = await signedCall(server, bobKey, 'PurgeQueue', own);
        const deleted = await signedCall(server, bobKey, 'DeleteQueue', own);

        expect([purged.status, deleted.status]).toEqual([200, 403]);
      },
      [],
      [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
    ));

  it('keeps out whom it denies, and its text says so', () =>
    withOrders(
      async (server) => {
        await setPolicy(server, { ...allowSend, Effect: 'Deny', Principal: '*' });

        const refused = await signedCall(server, adaKey, 'SendMessage', send);
        const ofAdmin = await signedCall(server, rootKey, 'SendMessage', send);

        expect(refused.output.message).toBe(
          `User: arn:aws:iam::000000000000:user/ada is not authorized to perform: sqs:sendmessage on resource: ${arn} with an explicit deny in a resource-based policy`,
        );
        expect(ofAdmin.status).toBe(200);
      },
      [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      [],
    ));

  it('can ask where a request comes from, and whether it was encrypted', () =>
    withOrders(
      async (server) => {
        const Principal = '*';
        await setPolicy(server, { ...allowSend, Principal, Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1' } } });
        const near = await signedCall(server, adaKey, 'SendMessage', send);
        await setPolicy(server, { ...allowSend, Principal, Condition: { Bool: { 'aws:SecureTransport': 'true' } } });
        const plain = await signedCall(server, adaKey, 'SendMessage', send);

        expect([near.status, plain.status]).toEqual([200, 403]);
      },
      [],
      [],
    ));

  it('is not got round by who has gone before it is asked where the request came from', () =>
    withOrders(
      async (server) => {
        const everybody = { ...allowSend, Principal: '*' };
        const near = { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } };
        await setPolicy(server, everybody, { ...everybody, Effect: 'Deny', Condition: near });
        const body = JSON.stringify(send);
        const head = `POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: AmazonSQS.SendMessage\r\nContent-Length: ${body.length}\r\n\r\n`;

        for (let time = 0; time < 20; time++) await sendAndReset(server.port, head + body);

        const answer = await signedCall(server, rootKey, 'ReceiveMessage', { ...queue, MaxNumberOfMessages: 10 });
        expect(answer.output.Messages ?? []).toEqual([]);
      },
      [],
      [],
    ));

  it('with an action that SQS has not is accepted, and a hint says so', () =>
    withOrders(
      async (server) => {
        const answer = await setPolicy(server, { ...allowSend, Principal: '*', Action: ['sqs:*', 'SQS:SendMesage'] });
        const Policy = JSON.stringify({
          Statement: [{ ...allowSend, Principal: '*', Action: ['sqs:Fly', 's3:GetObject', 'sqs:SendMessage'] }],
        });
        const made = await signedCall(server, rootKey, 'CreateQueue', { QueueName: 'made', Attributes: { Policy } });
        const right = await setPolicy(server, { ...allowSend, Principal: '*', Action: ['sqs:Fl*', 'sqs:sendmessage'] });

        expect([answer, made, right].map(({ status }) => status)).toEqual([200, 200, 200]);
        expect([answer, made, right].map(({ headers }) => headers['x-gantry-hint'])).toEqual([
          'Policy: unknown action "SQS:SendMesage"; did you mean "sqs:SendMessage"?',
          'Policy: unknown action "sqs:Fly"',
          undefined,
        ]);
      },
      [],
      [],
    ));

  it('that is none is refused, and the hint says why', () =>
    withOrders(
      async (server) => {
        const answer = await setPolicy(server, { ...allowSend, Principal: { AWS: 'ada' } });

        expect(answer).toMatchObject({
          status: 400,
          queryError: 'InvalidAttributeValue;Sender',
          output: { message: 'Invalid value for the parameter Policy.' },
        });
        expect(answer.headers['x-gantry-hint']).toBe(
          'Policy: Statement.0.Principal.AWS expected "*", an account of 12 digits, or the ARN of an account or user',
        );
      },
      [],
      [],
    ));
});

describe('an unsigned request', () => {
  const unsigned = (server: SqsServer, operation: string, input: JsonObject) =>
    exchange(server, {
      method: 'POST',
      headers: { 'X-Amz-Target': `AmazonSQS.${operation}` },
      body: JSON.stringify(input),
    });

  it('is refused where nobody let everybody in', () =>
    withOrders(
      async (server) => {
        const answer = await unsigned(server, 'ListQueues', {});

        expect(answer).toMatchObject({ status: 403, queryError: 'MissingAuthenticationToken;Sender' });
      },
      [],
      [],
    ));

  it('is let in by the policy of a queue alone', () =>
    withOrders(
      async (server) => {
        const before = await unsigned(server, 'SendMessage', send);
        await setPolicy(server, { ...allowSend, Principal: '*' });
        const after = await unsigned(server, 'SendMessage', send);

        expect(before).toMatchObject({
          status: 403,
          queryError: 'MissingAuthenticationToken;Sender',
          output: { message: 'Request is missing Authentication Token' },
        });
        expect(after.status).toBe(200);
      },
      [],
      [],
    ));
});

/** Its address is gone with the connection. */
async function sendAndReset(port: number, text: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(text);
  socket.resetAndDestroy();
  await once(socket, 'close');
}
