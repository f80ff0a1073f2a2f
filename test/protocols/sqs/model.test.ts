/**
 * Our tables against the model that AWS publishes: an operation, a member, an attribute or an error that a new SDK
 * brings shows here by its name.
 */
import { expect, it } from 'vitest';
import { AwsError } from '../../../protocols/aws/errors.ts';
import { parseMembers } from '../../../protocols/aws/members.ts';
import { sqsErrors } from '../../../protocols/sqs/errors.ts';
import { createSqs } from '../../../protocols/sqs/index.ts';
import { type Members, operationShapes, type Shape } from '../../../protocols/sqs/shapes.ts';
import { Cancellation } from '../../../src/core/broker.ts';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { recording } from './recording-members.ts';
import { sdkErrors, sdkOperations, sdkQueueAttributes, sdkSystemAttributes } from './sdk-model.ts';
import { withServer } from './with-server.ts';

const ours = Object.entries(operationShapes).flatMap(([name, { input, output }]) => [
  `${name} ${output === undefined ? 'answers nothing' : 'answers'}`,
  ...linesOf(input, `${name} <`),
  ...linesOf(output ?? {}, `${name} >`),
]);

it('every operation and member of the published model is in our table, and nothing else', () => {
  expect(sdkOperations()).toContain('SendMessage <.MessageAttributes{MessageAttribute Name Value}.BinaryValue: bytes');
  expect(ours.toSorted()).toEqual(sdkOperations().toSorted());
});

it('every operation of the table is served, and no other', () =>
  withServer(async ({ broker, clock }) => {
    const { operations } = createSqs({ broker, clock });

    expect(operations.map(({ name }) => name).toSorted()).toEqual(Object.keys(operationShapes).toSorted());
  }));

it('every error of the published model is ours, with its code and status', () => {
  const known = new Map<string, { readonly code: string; readonly status: number }>(Object.entries(sqsErrors));
  const expected = sdkErrors().map(({ shape, code = shape, status = 400 }) => [shape, code, status]);

  expect(expected.length).toBeGreaterThanOrEqual(28);
  expect(expected.map(([shape]) => [shape, known.get(String(shape))?.code, known.get(String(shape))?.status])).toEqual(
    expected,
  );
});

it.each(sdkQueueAttributes)('the queue attribute %s can be asked for', (name) =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'q' });

    const answer = await call(server, 'GetQueueAttributes', { QueueUrl: 'q', AttributeNames: [name] });

    expect(answer.status).toBe(200);
  }),
);

it.each(sdkSystemAttributes)('the system attribute %s of a message can be asked for', (name) =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'q' });

    const answer = await call(server, 'ReceiveMessage', { QueueUrl: 'q', MessageSystemAttributeNames: [name] });

    expect(answer.status).toBe(200);
  }),
);

const text = { DataType: 'String', StringValue: 'v' };
const binary = { DataType: 'Binary', BinaryValue: 'AA==' };
const message = {
  MessageBody: 'm',
  MessageGroupId: 'g',
  MessageDeduplicationId: 'd',
  MessageAttributes: { t: text, b: binary },
  MessageSystemAttributes: { AWSTraceHeader: text },
};
const badSystem = { ...message, MessageSystemAttributes: { AWSTraceHeader: binary } };
const from = {
  principal: { name: 'anonymous', account: '000000000000', isAnonymous: true },
  isSigned: true,
  namespace: { account: '000000000000', region: 'us-east-1' },
  path: '/',
  baseUrl: 'http://127.0.0.1',
  traceId: undefined,
  traceparent: undefined,
  protocol: 'sqs',
  remoteAddress: '127.0.0.1',
  hint: () => undefined,
  cancellation: () => new Cancellation(),
};
const fifoArn = 'arn:aws:sqs:us-east-1:000000000000:q.fifo';
/** Requests that between them give every member; what is not here has no more than the queue. */
const requests: { readonly [name: string]: readonly JsonObject[] } = {
  CreateQueue: [{ QueueName: 'other' }],
  GetQueueUrl: [{ QueueName: 'q.fifo' }],
  SendMessage: [message, badSystem],
  SendMessageBatch: [
    {
      Entries: [
        { Id: '1', ...message },
        { Id: '2', ...badSystem },
      ],
    },
  ],
  AddPermission: [{ Label: 'l', AWSAccountIds: ['111111111111'], Actions: ['SendMessage'] }],
  StartMessageMoveTask: [{ SourceArn: fifoArn, DestinationArn: fifoArn, MaxNumberOfMessagesPerSecond: 1 }],
  ListMessageMoveTasks: [{ SourceArn: fifoArn, MaxResults: 1 }],
  DeleteMessage: [{ ReceiptHandle: 'h' }],
  DeleteMessageBatch: [{ Entries: [{ Id: '1', ReceiptHandle: 'h' }] }],
  ChangeMessageVisibility: [{ ReceiptHandle: 'h', VisibilityTimeout: 1 }],
  ChangeMessageVisibilityBatch: [{ Entries: [{ Id: '1', ReceiptHandle: 'h', VisibilityTimeout: 1 }] }],
};

it.each(Object.entries(operationShapes))('%s reads each member that the table says, and no other', (name, { input }) =>
  withServer(async (server) => {
    await call(server, 'CreateQueue', { QueueName: 'q.fifo', Attributes: { FifoQueue: 'true' } });
    const read = new Set<string>();
    const { operations } = createSqs({ broker: server.broker, clock: server.clock });
    const operation = operations.find((each) => each.name === name);

    for (const request of requests[name] ?? [{}]) {
      const members = recording(parseMembers(JSON.stringify({ QueueUrl: 'q.fifo', ...request }), false), read);
      await operation?.serveJson({ ...from, members }).catch((error: unknown) => {
        expect(error).toBeInstanceOf(AwsError);
      });
    }

    expect([...read].toSorted()).toEqual(linesRead(input, '').toSorted());
  }),
);

function linesRead(members: Members, before: string): readonly string[] {
  return Object.entries(members).flatMap(([name, shape]) => {
    const at = `${before}${name}`;
    if (typeof shape === 'string') return [`${at}: ${shape}`];
    if ('members' in shape) return linesRead(shape.members, `${at}.`);
    const mark = 'of' in shape ? '[]' : '{}';
    const inner = 'of' in shape ? shape.of : shape.to;
    // What a list of bytes holds is never looked at: it is reserved.
    return typeof inner === 'string' ? [`${at}${mark}: text`] : linesRead(inner.members, `${at}${mark}.`);
  });
}

function linesOf(members: Members, before: string): readonly string[] {
  return Object.entries(members).flatMap(([name, shape]) => shapeLines(shape, `${before}.${name}`));
}

function shapeLines(shape: Shape, at: string): readonly string[] {
  if (typeof shape === 'string') return [`${at}: ${shape}`];
  if ('members' in shape) return linesOf(shape.members, at);
  if ('of' in shape) return shapeLines(shape.of, `${at}[${shape.element}]`);
  return shapeLines(shape.to, `${at}{${shape.element} ${shape.key} ${shape.value}}`);
}
