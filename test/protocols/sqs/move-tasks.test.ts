import { expect, it } from 'vitest';
import { call } from './call.ts';
import type { JsonObject } from './cases/case.ts';
import { moveTaskCases } from './cases/move-tasks.ts';
import { runCases } from './run-case.ts';
import type { SqsServer } from './serve-sqs.ts';
import { withServer } from './with-server.ts';

runCases(moveTaskCases);

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const SourceArn = arn('dead');
const url = (name: string) => ({ QueueUrl: name });

/** A dead-letter queue `dead` of `sources`, and a queue `other`. */
async function makeQueues(server: SqsServer, sources = ['source'], suffix = ''): Promise<void> {
  const more = suffix === '' ? {} : { FifoQueue: 'true' };
  for (const QueueName of [`dead${suffix}`, `other${suffix}`]) {
    await call(server, 'CreateQueue', { QueueName, Attributes: more });
  }
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(`dead${suffix}`), maxReceiveCount: 1 });
  for (const QueueName of sources) {
    await call(server, 'CreateQueue', { QueueName, Attributes: { ...more, RedrivePolicy } });
  }
}

/** Sends to a source and lets it go to the dead-letter queue. */
async function deadLetter(server: SqsServer, source: string, bodies: readonly string[]): Promise<void> {
  for (const MessageBody of bodies) await call(server, 'SendMessage', { ...url(source), MessageBody });
  const input = { ...url(source), MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  for (const _ of ['delivered', 'moved']) await call(server, 'ReceiveMessage', input);
}

async function receive(server: SqsServer, name: string): Promise<readonly JsonObject[]> {
  const input = { ...url(name), MaxNumberOfMessages: 10, AttributeNames: ['All'] };
  const { Messages } = (await call(server, 'ReceiveMessage', input)).output;
  return Array.isArray(Messages) ? Messages : [];
}

async function start(server: SqsServer, more: JsonObject = {}): Promise<string> {
  const { output, status } = await call(server, 'StartMessageMoveTask', { SourceArn, ...more });
  expect({ status, output }).toEqual({ status: 200, output: { TaskHandle: expect.any(String) } });
  return String(output.TaskHandle);
}

async function list(server: SqsServer, max = 1): Promise<unknown> {
  return (await call(server, 'ListMessageMoveTasks', { SourceArn, MaxResults: max })).output.Results;
}

/** Every question takes a turn of the broker, so that the task gets on. */
async function untilStatus(server: SqsServer, Status: string, stepMs = 0): Promise<unknown> {
  for (let asked = 0; asked < 500; asked++) {
    const results = await list(server);
    if (Array.isArray(results) && results[0]?.Status === Status) return results[0];
    server.clock.advance(stepMs);
  }
  throw new Error(`the task does not become ${Status}: ${JSON.stringify(await list(server))}`);
}

/** @param stepMs how far the clock goes with every question */
async function untilMoved(server: SqsServer, count: number, stepMs: number): Promise<void> {
  for (let asked = 0; asked < 500; asked++) {
    const results = await list(server);
    if (Array.isArray(results) && results[0]?.ApproximateNumberOfMessagesMoved === count) return;
    server.clock.advance(stepMs);
  }
  throw new Error(`the task does not get to ${count}: ${JSON.stringify(await list(server))}`);
}

it('a task without a destination brings each message back to its own source', () =>
  withServer(async (server) => {
    await makeQueues(server, ['source', 'source2']);
    await deadLetter(server, 'source', ['a', 'b']);
    await deadLetter(server, 'source2', ['c']);

    const handle = await start(server);

    expect(await untilStatus(server, 'COMPLETED')).toEqual({
      Status: 'COMPLETED',
      SourceArn,
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: server.clock.now(),
    });
    expect(JSON.parse(Buffer.from(handle, 'base64').toString())).toEqual({
      taskId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      sourceArn: SourceArn,
    });
    const back = await receive(server, 'source');
    expect(back).toMatchObject([{ Body: 'a' }, { Body: 'b' }]);
    expect(back[0]).toMatchObject({ Attributes: { ApproximateReceiveCount: '1' } });
    expect(back[0]).not.toHaveProperty('Attributes.DeadLetterQueueSourceArn');
    expect(await receive(server, 'source2')).toMatchObject([{ Body: 'c' }]);
    expect(await receive(server, 'dead')).toEqual([]);
  }));

it('a redriven message does not bounce back by its old count', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await deadLetter(server, 'source', ['a']);
    await start(server);
    await untilStatus(server, 'COMPLETED');

    expect(await receive(server, 'source')).toMatchObject([{ Body: 'a' }]);
    expect(await receive(server, 'dead')).toEqual([]);
  }));

it('while a task runs it has a handle, and shows what it was asked for and how far it is', () =>
  withServer(async (server) => {
    await makeQueues(server);
    const bodies = Array.from({ length: 10 }, (_, index) => `m${index}`);
    await deadLetter(server, 'source', bodies);
    const more = { DestinationArn: arn('other'), MaxNumberOfMessagesPerSecond: 2 };
    const StartedTimestamp = server.clock.now();
    const TaskHandle = await start(server, more);
    await untilMoved(server, 2, 100);

    expect(await list(server)).toEqual([
      {
        ...{ TaskHandle, Status: 'RUNNING', SourceArn, ...more },
        ...{ ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 10 },
        StartedTimestamp,
      },
    ]);
  }));

it('a task that is cancelled ends, keeps what it moved and makes way for the next', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await deadLetter(server, 'source', ['a', 'b', 'c']);
    const TaskHandle = await start(server, { MaxNumberOfMessagesPerSecond: 1 });
    await untilMoved(server, 1, 0);

    const cancelled = await call(server, 'CancelMessageMoveTask', { TaskHandle });

    expect(cancelled.output).toEqual({ ApproximateNumberOfMessagesMoved: 1 });
    const shown = await untilStatus(server, 'CANCELLED');
    expect(shown).toMatchObject({ ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 3 });
    expect(shown).not.toHaveProperty('TaskHandle');
    expect(await call(server, 'CancelMessageMoveTask', { TaskHandle })).toMatchObject({
      status: 404,
      output: { message: 'Task does not exist.' },
    });
    server.clock.advance(1);
    await start(server);
    await untilStatus(server, 'COMPLETED');
    expect(await list(server, 10)).toMatchObject([{ Status: 'COMPLETED' }, { Status: 'CANCELLED' }]);
  }));

it('a destination that is deleted under a task makes it fail', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await deadLetter(server, 'source', ['a', 'b', 'c']);
    await start(server, { DestinationArn: arn('other'), MaxNumberOfMessagesPerSecond: 1 });
    await untilMoved(server, 1, 0);
    await call(server, 'DeleteQueue', url('other'));

    const failed = await untilStatus(server, 'FAILED', 100);

    expect(failed).toMatchObject({
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
      ApproximateNumberOfMessagesMoved: 1,
      ApproximateNumberOfMessagesToMove: 3,
      DestinationArn: arn('other'),
    });
    expect(await receive(server, 'dead')).toMatchObject([{ Body: 'b' }, { Body: 'c' }]);
  }));

it('messages that were sent to the dead-letter queue itself need a destination', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await call(server, 'SendMessage', { ...url('dead'), MessageBody: 'direct' });
    await start(server);
    expect(await untilStatus(server, 'FAILED')).toMatchObject({ FailureReason: 'CouldNotDetermineMessageSource' });

    await start(server, { DestinationArn: arn('other') });

    expect(await untilStatus(server, 'COMPLETED')).toMatchObject({ ApproximateNumberOfMessagesMoved: 1 });
    expect(await receive(server, 'other')).toMatchObject([{ Body: 'direct' }]);
  }));

it('what is sent to the source while a task runs is moved too, until nothing is left', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await deadLetter(server, 'source', ['a', 'b']);
    await start(server, { DestinationArn: arn('other'), MaxNumberOfMessagesPerSecond: 1 });
    await call(server, 'SendMessage', { ...url('dead'), MessageBody: 'late' });

    expect(await untilStatus(server, 'COMPLETED', 100)).toMatchObject({
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect(await receive(server, 'other')).toMatchObject([{ Body: 'a' }, { Body: 'b' }, { Body: 'late' }]);
  }));

it('the tasks of a queue go with it', () =>
  withServer(async (server) => {
    await makeQueues(server);
    await start(server);
    await untilStatus(server, 'COMPLETED');

    await call(server, 'DeleteQueue', url('dead'));
    await call(server, 'CreateQueue', { QueueName: 'dead' });

    expect(await list(server)).toEqual([]);
  }));

it('between FIFO queues a message keeps group and deduplication id', () =>
  withServer(async (server) => {
    await makeQueues(server, ['source.fifo'], '.fifo');
    const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'id' };
    await call(server, 'SendMessage', { ...url('source.fifo'), MessageBody: 'a', ...ids });
    for (const VisibilityTimeout of [0, 0]) {
      await call(server, 'ReceiveMessage', { ...url('source.fifo'), VisibilityTimeout });
    }

    await call(server, 'StartMessageMoveTask', { SourceArn: arn('dead.fifo') });
    let back: readonly JsonObject[] = [];
    for (let asked = 0; asked < 100 && back.length === 0; asked++) back = await receive(server, 'source.fifo');

    expect(back).toMatchObject([{ Body: 'a', Attributes: { ...ids, ApproximateReceiveCount: '1' } }]);
  }));
