import {
  type Case,
  failure,
  invalidParameter,
  type JsonObject,
  missingParameter,
  queue,
  type Request,
  send,
} from './case.ts';

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const handle = (fields: JsonObject) => Buffer.from(JSON.stringify(fields)).toString('base64');
const taskId = '00000000-0000-4000-8000-000000000000';
const pair = [
  queue('d'),
  queue('s', { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('d'), maxReceiveCount: 1 }) }),
];
const noResource = (name: string) =>
  failure(
    'ResourceNotFoundException',
    'ResourceNotFoundException',
    `The resource that you specified for the ${name} parameter doesn't exist.`,
    404,
  );
const badForm = (name: string) =>
  invalidParameter(
    `You must use this format to specify the ${name}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
  );
const badHandle = invalidParameter('Value for parameter TaskHandle is invalid.');
type Failure = NonNullable<Request['error']>;
const startRefused = (input: JsonObject, error: Failure): Request => ({ op: 'StartMessageMoveTask', input, error });
const cancelRefused = (input: JsonObject, error: Failure): Request => ({ op: 'CancelMessageMoveTask', input, error });
const listRefused = (input: JsonObject, error: Failure): Request => ({ op: 'ListMessageMoveTasks', input, error });

export const moveTaskCases: readonly Case[] = [
  {
    name: 'a task starts at a dead-letter queue alone',
    spec: '1.16',
    steps: [
      queue('a'),
      startRefused(
        { SourceArn: arn('a') },
        invalidParameter('Source queue must be configured as a Dead Letter Queue.'),
      ),
    ],
  },
  {
    name: 'a source and a destination that are not there are named',
    spec: '1.16',
    steps: [
      ...pair,
      startRefused({ SourceArn: arn('none') }, noResource('SourceArn')),
      startRefused({ SourceArn: 'arn:aws:sns:us-east-1:000000000000:d' }, noResource('SourceArn')),
      startRefused({ SourceArn: arn('d'), DestinationArn: arn('none') }, noResource('DestinationArn')),
      listRefused({ SourceArn: arn('none') }, noResource('SourceArn')),
    ],
  },
  {
    name: 'what has not the form of an ARN is refused',
    spec: '1.16',
    steps: [
      ...pair,
      ...['d', 'arn:aws:sqs:us-east-1:d', `${arn('d')}:x`, arn('')].map((SourceArn) =>
        startRefused({ SourceArn }, badForm('SourceArn')),
      ),
      startRefused({ SourceArn: arn('d'), DestinationArn: 'd' }, badForm('DestinationArn')),
      listRefused({ SourceArn: 'd' }, badForm('SourceArn')),
      startRefused({}, missingParameter('The request must contain the parameter SourceArn.')),
      listRefused({}, missingParameter('The request must contain the parameter SourceArn.')),
    ],
  },
  {
    name: 'a rate is from 1 to 500',
    spec: '1.16',
    steps: [
      ...pair,
      ...[0, 501, -1].map((rate) =>
        startRefused({ SourceArn: arn('d'), MaxNumberOfMessagesPerSecond: rate }, invalidParameter()),
      ),
      {
        op: 'StartMessageMoveTask',
        input: { SourceArn: arn('d'), MaxNumberOfMessagesPerSecond: 500 },
        exactly: { TaskHandle: '<any>' },
      },
    ],
  },
  {
    name: 'a queue has one running task',
    spec: '1.16',
    steps: [
      ...pair,
      queue('other'),
      send('d', '1'),
      send('d', '2'),
      {
        op: 'StartMessageMoveTask',
        input: { SourceArn: arn('d'), DestinationArn: arn('other'), MaxNumberOfMessagesPerSecond: 1 },
        exactly: { TaskHandle: '<any>' },
      },
      {
        op: 'ListMessageMoveTasks',
        input: { SourceArn: arn('d') },
        output: {
          Results: [
            {
              ...{ TaskHandle: '<any>', Status: 'RUNNING', SourceArn: arn('d'), DestinationArn: arn('other') },
              ...{ MaxNumberOfMessagesPerSecond: 1, ApproximateNumberOfMessagesToMove: 2 },
              StartedTimestamp: 1_800_000_000_000,
            },
          ],
        },
      },
      startRefused(
        { SourceArn: arn('d') },
        invalidParameter(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        ),
      ),
    ],
  },
  {
    name: 'the destination is another queue of the same type',
    spec: '1.16',
    steps: [
      ...pair,
      queue('f.fifo'),
      startRefused({ SourceArn: arn('d'), DestinationArn: arn('f.fifo') }, invalidParameter()),
      startRefused({ SourceArn: arn('d'), DestinationArn: arn('d') }, invalidParameter()),
    ],
  },
  {
    name: 'a handle that is none is refused',
    spec: '1.16',
    steps: [
      ...pair,
      ...['foobar', 'x'.repeat(2_000), handle({}), handle({ taskId: 1, sourceArn: arn('d') }), handle({ taskId })].map(
        (TaskHandle) => cancelRefused({ TaskHandle }, badHandle),
      ),
      cancelRefused({}, missingParameter('The request must contain the parameter TaskHandle.')),
    ],
  },
  {
    name: 'a handle of a queue or a task that is not there is refused',
    spec: '1.16',
    steps: [
      ...pair,
      cancelRefused({ TaskHandle: handle({ taskId, sourceArn: arn('none') }) }, noResource('SourceArn')),
      cancelRefused({ TaskHandle: handle({ taskId, sourceArn: 'none' }) }, noResource('SourceArn')),
      cancelRefused(
        { TaskHandle: handle({ taskId, sourceArn: arn('d') }) },
        failure('ResourceNotFoundException', 'ResourceNotFoundException', 'Task does not exist.', 404),
      ),
    ],
  },
  {
    name: 'a list is there when it is empty',
    spec: '1.16',
    isForJsonOnly: true, // In XML a list without members leaves no trace.
    steps: [queue('a'), { op: 'ListMessageMoveTasks', input: { SourceArn: arn('a') }, exactly: { Results: [] } }],
  },
  {
    name: 'a list has one to ten tasks',
    spec: '1.16',
    steps: [
      queue('a'),
      { op: 'ListMessageMoveTasks', input: { SourceArn: arn('a'), MaxResults: 10 } },
      ...[0, 11].map((MaxResults) => listRefused({ SourceArn: arn('a'), MaxResults }, invalidParameter())),
    ],
  },
];
