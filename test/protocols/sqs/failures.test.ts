import { expect, it } from 'vitest';
import { shapesByCode, sqsErrors } from '../../../protocols/sqs/errors.ts';
import type { Broker } from '../../../src/core/broker.ts';
import { type ErrorCode, GantryError } from '../../../src/model/errors.ts';
import { call } from './call.ts';
import { withServer } from './with-server.ts';

const failing =
  (error: unknown) =>
  (broker: Broker): Broker => ({
    ...broker,
    publish: (_, __, messages) =>
      error instanceof GantryError
        ? Promise.resolve(messages.map(() => ({ ok: false, error }) as const))
        : Promise.reject(error),
    receive: () => Promise.reject(error),
  });

const statuses = {
  'not-found': 400,
  'already-exists': 400,
  'invalid-argument': 400,
  'too-large': 400,
  unauthenticated: 403,
  'access-denied': 403,
  'receipt-invalid': 404,
  conflict: 503,
  'limit-exceeded': 403,
  unsupported: 400,
  'store-full': 503,
  'outcome-unknown': 503,
  unavailable: 503,
  internal: 500,
} as const satisfies Record<ErrorCode, number>;

it.each(Object.entries(statuses))('%s of core is answered with %i, thrown and in a result alike', (code, status) => {
  const known = Object.keys(shapesByCode).find((each): each is ErrorCode => each === code) ?? 'internal';
  const error = new GantryError(known, 'the reason', { hint: 'do\nthis' });
  return withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });

      const thrown = await call(server, 'ReceiveMessage', { QueueUrl: 'a' });
      const returned = await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: 'm' });
      const batch = await call(server, 'SendMessageBatch', { QueueUrl: 'a', Entries: [{ Id: '1', MessageBody: 'm' }] });

      const fault = status < 500 ? 'Sender' : 'Receiver';
      for (const answer of [thrown, returned]) {
        expect(answer.status).toBe(status);
        expect(answer.output.__type).toBe(`com.amazonaws.sqs#${shapesByCode[known]}`);
        expect(answer.queryError).toMatch(new RegExp(`;${fault}$`));
        expect(answer.headers['x-gantry-hint']).toBe('do?this');
      }
      expect(batch.output).toMatchObject({ Failed: [{ Id: '1', SenderFault: fault === 'Sender' }] });
    },
    { wrap: failing(error) },
  );
});

it('a defect of the broker is a 500 without its text, told once, and ends the connection', () => {
  const defect = new TypeError('secret detail');
  return withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });

      const answer = await call(server, 'ReceiveMessage', { QueueUrl: 'a' });

      expect(answer).toMatchObject({
        status: 500,
        queryError: 'InternalFailure;Receiver',
        headers: { connection: 'close' },
      });
      expect(answer.text).not.toContain('secret');
      expect(server.reported).toEqual([defect]);
    },
    { wrap: failing(defect) },
  );
});

it('no two shapes of SQS share a code, and none that a client causes is a 5xx [trap 33]', () => {
  const rows = Object.values(sqsErrors);

  expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  expect(rows.filter(({ status }) => status >= 500)).toEqual([]);
});

it('the waits that AWS imposes are there when asked for [1.2, 1.13]', () =>
  withServer(
    async (server) => {
      await call(server, 'CreateQueue', { QueueName: 'a' });
      await call(server, 'CreateQueue', { QueueName: 'b' });
      const ask = async (operation: string, input: { readonly [key: string]: string }) => {
        const { status, queryError, output } = await call(server, operation, input);
        return status === 200 ? status : [status, queryError, output.message];
      };
      const purge = () => ask('PurgeQueue', { QueueUrl: 'a' });
      const recreate = () => ask('CreateQueue', { QueueName: 'b' });

      const first = [await purge(), await ask('DeleteQueue', { QueueUrl: 'b' })];
      server.clock.advance(59_999);
      const soon = [await purge(), await recreate()];
      server.clock.advance(1);
      const later = [await purge(), await recreate()];

      expect(first).toEqual([200, 200]);
      expect(soon).toEqual([
        [
          403,
          'AWS.SimpleQueueService.PurgeQueueInProgress;Sender',
          'Only one PurgeQueue operation on a is allowed every 60 seconds.',
        ],
        [
          400,
          'AWS.SimpleQueueService.QueueDeletedRecently;Sender',
          'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
        ],
      ]);
      expect(later).toEqual([200, 200]);
    },
    { pacing: { purgeMs: 60_000, recreateMs: 60_000, fifoCallsASecondMax: 0 } },
  ));

it('two creates that race make one queue', () =>
  withServer(async (server) => {
    const answers = await Promise.all([1, 2, 3].map(() => call(server, 'CreateQueue', { QueueName: 'a' })));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ output }) => output.QueueUrl)).size).toBe(1);
  }));

it.each([
  [{ QueueUrl: 'ordres' }, 'did you mean "orders"?'],
  [{ QueueUrl: 'order' }, 'did you mean "orders"?'],
  [{ QueueUrl: 'Orders' }, 'did you mean "orders"?'],
  [{ QueueUrl: 'xorders' }, 'did you mean "orders"?'],
  [
    { QueueUrl: 'http://h/111111111111/orders' },
    '"orders" exists in account 000000000000, region us-east-1; the request is for account 111111111111, region us-east-1',
  ],
  [{ QueueUrl: 'nothing-alike' }, undefined],
  [{ QueueUrl: 'or\nders' }, undefined],
] as const)('a queue that is not there: %j has the hint %s', (input, hint) =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'orders' });

    const answer = await call(server, 'PurgeQueue', input);

    expect(answer).toMatchObject({ status: 400, queryError: 'AWS.SimpleQueueService.NonExistentQueue;Sender' });
    expect(answer.headers['x-gantry-hint']).toBe(hint);
  }),
);

it('the trace header of the request travels with the message, the one of the message before it [1.5]', () =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'a' });
    const headers = { 'X-Amzn-Trace-Id': 'Root=of-request' };
    const own = { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=of-message' } };

    await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: '1' }, { headers });
    await call(server, 'SendMessage', { QueueUrl: 'a', MessageBody: '2', MessageSystemAttributes: own }, { headers });
    const input = { QueueUrl: 'a', AttributeNames: ['AWSTraceHeader'], MaxNumberOfMessages: 10 };
    const { output } = await call(server, 'ReceiveMessage', input);

    expect(output).toMatchObject({
      Messages: [
        { Attributes: { AWSTraceHeader: 'Root=of-request' } },
        { Attributes: { AWSTraceHeader: 'Root=of-message' } },
      ],
    });
  }));
