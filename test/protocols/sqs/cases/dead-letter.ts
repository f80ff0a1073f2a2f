import {
  advance,
  type Case,
  counts,
  deleteMessage,
  invalidAttributeValue,
  invalidParameter,
  type JsonObject,
  queue,
  type Request,
  receive,
  send,
  sendToGroup,
} from './case.ts';

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const policy = (name: string, count: string | number) =>
  JSON.stringify({ deadLetterTargetArn: arn(name), maxReceiveCount: count });
const pair = (count: number, more: JsonObject = {}) => [
  queue('d'),
  queue('s', { RedrivePolicy: policy('d', count), VisibilityTimeout: '5', ...more }),
];
const set = (of: string, Attributes: JsonObject, error?: NonNullable<Request['error']>): Request => ({
  op: 'SetQueueAttributes',
  input: { QueueUrl: `<${of}>`, Attributes },
  ...(error === undefined ? { exactly: {} } : { error }),
});
const badAllow = invalidAttributeValue(
  "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format.",
);
const refused = (text: string, reason: string) =>
  set(
    's',
    { RedrivePolicy: text },
    invalidParameter(`Value ${text} for parameter RedrivePolicy is invalid. Reason: ${reason}`),
  );
const refusedSomehow = (text: string) => set('s', { RedrivePolicy: text }, invalidParameter());

export const deadLetterCases: readonly Case[] = [
  {
    name: 'a policy that is no JSON map is refused',
    spec: '1.15',
    steps: [
      queue('s'),
      ...['not json', '[]', '1', 'null', '"a"'].map((text) => refused(text, 'Redrive policy is not a valid JSON map.')),
    ],
  },
  {
    name: 'a policy nested beyond reason is refused like any that is no map',
    spec: '1.15',
    steps: [
      queue('s'),
      refusedSomehow(
        `{"deadLetterTargetArn":"${arn('s')}","maxReceiveCount":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      ),
    ],
  },
  {
    name: 'missing parts are named',
    spec: '1.15',
    steps: [
      queue('s'),
      refused(
        JSON.stringify({ deadLetterTargetArn: arn('d') }),
        'Redrive policy does not contain mandatory attribute: maxReceiveCount.',
      ),
      refused('{"maxReceiveCount":1}', 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.'),
    ],
  },
  {
    name: 'what else a policy says is refused',
    spec: '1.15',
    steps: [
      queue('d'),
      queue('s'),
      refusedSomehow(
        JSON.stringify({ deadLetterTargetArn: arn('d'), maxReceiveCount: 1, redrivePermission: 'allowAll' }),
      ),
      { op: 'GetQueueAttributes', input: { QueueUrl: '<s>', AttributeNames: ['RedrivePolicy'] }, exactly: {} },
    ],
  },
  ...[0, 1001, -1].map((count) => ({
    name: `a maxReceiveCount of ${count} is refused`,
    spec: '1.15',
    steps: [
      queue('d'),
      queue('s'),
      refused(
        policy('d', count),
        `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to 1000 both inclusive.`,
      ),
    ],
  })),
  {
    name: 'a maxReceiveCount that is no whole number is refused',
    spec: '1.15',
    steps: [
      queue('d'),
      queue('s'),
      refusedSomehow(policy('d', 'five')),
      refusedSomehow(policy('d', 1.5)),
      refusedSomehow(policy('d', '')),
    ],
  },
  {
    name: '1 and 1,000 are taken, as numbers and as texts',
    spec: '1.15',
    steps: [
      queue('d'),
      queue('s'),
      set('s', { RedrivePolicy: policy('d', 1) }),
      set('s', { RedrivePolicy: policy('d', '1000') }),
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<s>', AttributeNames: ['RedrivePolicy'] },
        exactly: { Attributes: { RedrivePolicy: policy('d', 1000) } },
      },
    ],
  },
  {
    name: 'a target that is no ARN, is not there, or is elsewhere is refused',
    spec: '1.15',
    steps: [
      queue('s'),
      refusedSomehow('{"deadLetterTargetArn":"d","maxReceiveCount":1}'),
      refused(policy('none', 1), 'Dead letter target does not exist.'),
      refusedSomehow('{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:d","maxReceiveCount":1}'),
      refusedSomehow('{"deadLetterTargetArn":"arn:aws:sns:us-east-1:000000000000:d","maxReceiveCount":1}'),
    ],
  },
  {
    name: 'source and target are of one type',
    spec: '1.15',
    steps: [
      queue('d.fifo'),
      queue('s'),
      refused(policy('d.fifo', 1), 'Dead-letter queue must be same type of queue as the source.'),
    ],
  },
  {
    name: 'a bad policy makes no queue',
    spec: '1.2',
    steps: [
      {
        op: 'CreateQueue',
        input: { QueueName: 's', Attributes: { RedrivePolicy: policy('none', 1) } },
        error: invalidParameter(),
      },
      { op: 'ListQueues', input: {}, exactly: {} },
    ],
  },
  {
    name: 'a target that denies all is refused',
    spec: '1.15',
    steps: [
      queue('d', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' }),
      queue('s'),
      refusedSomehow(policy('d', 1)),
    ],
  },
  {
    name: 'a target that allows by queue takes those it names',
    spec: '1.15',
    steps: [
      queue('d', { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arn('s')] }) }),
      queue('s', { RedrivePolicy: policy('d', 1) }),
      {
        op: 'CreateQueue',
        input: { QueueName: 'other', Attributes: { RedrivePolicy: policy('d', 1) } },
        error: invalidParameter(),
      },
    ],
  },
  ...[
    'text',
    '[]',
    '{}',
    '{"redrivePermission":"allowSome"}',
    '{"redrivePermission":"byQueue"}',
    '{"redrivePermission":"byQueue","sourceQueueArns":[]}',
    '{"redrivePermission":"byQueue","sourceQueueArns":"text"}',
    '{"redrivePermission":"byQueue","sourceQueueArns":["a"]}',
    `{"redrivePermission":"allowAll","sourceQueueArns":["${arn('s')}"]}`,
    `{"redrivePermission":"denyAll","sourceQueueArns":["${arn('s')}"]}`,
    JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: Array(11).fill(arn('s')) }),
  ].map((text) => ({
    name: `an allow policy of ${text.slice(0, 60)} is refused`,
    spec: '1.15',
    steps: [queue('d'), { ...set('d', { RedriveAllowPolicy: text }, badAllow) }],
  })),
  {
    name: 'an allow policy names ten sources at most, and none when it is for all or nobody',
    spec: '1.15',
    steps: [
      queue('d'),
      set('d', {
        RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: Array(10).fill(arn('s')) }),
      }),
      set('d', { RedriveAllowPolicy: '{"redrivePermission":"allowAll","sourceQueueArns":null}' }),
      set('d', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' }),
    ],
  },
  {
    name: 'an allow policy that is taken away lets every queue in again, and those that are in stay',
    spec: '1.15',
    steps: [
      queue('d'),
      queue('s', { RedrivePolicy: policy('d', 1) }),
      set('d', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' }),
      set('s', { DelaySeconds: '1' }),
      { op: 'ListDeadLetterSourceQueues', input: { QueueUrl: '<d>' }, exactly: { queueUrls: ['<s>'] } },
      queue('other'),
      set('other', { RedrivePolicy: policy('d', 1) }, invalidParameter()),
      set('d', { RedriveAllowPolicy: '' }),
      set('other', { RedrivePolicy: policy('d', 1) }),
    ],
  },
  {
    name: 'an allow policy is shown as it was given',
    spec: '1.15',
    steps: [
      queue('d', { RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arn('s')] }) }),
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<d>', AttributeNames: ['RedriveAllowPolicy'] },
        exactly: {
          Attributes: {
            RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [arn('s')] }),
          },
        },
      },
    ],
  },
  {
    name: 'the receive that would exceed the count moves the message, not the end of its visibility',
    spec: '1.15',
    steps: [
      ...pair(1),
      send('s', 'm'),
      receive('s', ['m']),
      advance(5),
      counts('s', 1, 0, 0),
      receive('d', []),
      receive('s', []),
      counts('s', 0, 0, 0),
      receive('d', ['m']),
    ],
  },
  {
    name: 'a moved message keeps its facts, goes on counting, and says where it came from',
    spec: '1.15',
    steps: [
      ...pair(1),
      {
        ...send('s', 'm', {
          MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
        }),
        save: { id: 'MessageId' },
      },
      receive('s', ['m']),
      advance(5),
      receive('s', []),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<d>', AttributeNames: ['All'], MessageAttributeNames: ['All'] },
        output: {
          Messages: [
            {
              MessageId: '<id>',
              Body: 'm',
              MessageAttributes: { n: { StringValue: 'v' } },
              Attributes: {
                ApproximateReceiveCount: '2',
                SentTimestamp: '1800000000000',
                AWSTraceHeader: 'Root=1',
                DeadLetterQueueSourceArn: arn('s'),
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a FIFO message keeps group and deduplication id, and begins a new age',
    spec: '1.7',
    steps: [
      queue('d.fifo'),
      queue('s.fifo', { RedrivePolicy: policy('d.fifo', 1), VisibilityTimeout: '5' }),
      sendToGroup('s', 'g', 'm'),
      receive('s', ['m']),
      advance(5),
      receive('s', []),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<d>', AttributeNames: ['All'] },
        output: {
          Messages: [
            {
              Attributes: {
                MessageGroupId: 'g',
                MessageDeduplicationId: 'm',
                SentTimestamp: '1800000005000',
                DeadLetterQueueSourceArn: arn('s.fifo'),
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'moving the first of a group lets the next ones come',
    spec: '1.15',
    steps: [
      queue('d.fifo'),
      queue('s.fifo', { RedrivePolicy: policy('d.fifo', 1), VisibilityTimeout: '5' }),
      sendToGroup('s', 'g', '1'),
      sendToGroup('s', 'g', '2'),
      receive('s', ['1'], { MaxNumberOfMessages: 1 }),
      advance(5),
      receive('s', ['2']),
      receive('d', ['1']),
    ],
  },
  {
    name: 'the count of the target begins anew, and chains work',
    spec: '1.15',
    steps: [
      queue('e'),
      queue('d', { RedrivePolicy: policy('e', 1), VisibilityTimeout: '5' }),
      queue('s', { RedrivePolicy: policy('d', 1), VisibilityTimeout: '5' }),
      send('s', 'm'),
      receive('s', ['m']),
      advance(5),
      receive('s', []),
      receive('d', ['m']),
      advance(5),
      receive('d', []),
      receive('e', ['m']),
    ],
  },
  {
    name: 'with the target gone, messages stay where they are',
    spec: '1.15',
    steps: [
      ...pair(1),
      send('s', 'm'),
      receive('s', ['m']),
      { op: 'DeleteQueue', input: { QueueUrl: '<d>' }, exactly: {} },
      advance(5),
      receive('s', ['m']),
      deleteMessage('s', '<m>'),
    ],
  },
  ...['s', 's.fifo'].map((name) => ({
    name: `a queue may be its own dead-letter queue: what ${name} gave too often stays, and is received again`,
    spec: '1.15',
    steps: [
      queue(name, { VisibilityTimeout: '5' }),
      set('s', { RedrivePolicy: policy(name, 1) }),
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<s>', AttributeNames: ['RedrivePolicy'] },
        exactly: { Attributes: { RedrivePolicy: policy(name, 1) } },
      },
      { op: 'ListDeadLetterSourceQueues', input: { QueueUrl: '<s>' }, exactly: { queueUrls: ['<s>'] } },
      name === 's' ? send('s', 'm') : sendToGroup('s', 'g', 'm'),
      receive('s', ['m']),
      advance(5),
      receive('s', ['m']),
      advance(5),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<s>', AttributeNames: ['All'] },
        output: { Messages: [{ Body: 'm', Attributes: { ApproximateReceiveCount: '3' } }] },
        save: { m: 'Messages.0.ReceiptHandle' },
      },
      counts('s', 0, 1, 0),
      deleteMessage('s', '<m>'),
      set('s', { RedrivePolicy: '' }),
      { op: 'ListDeadLetterSourceQueues', input: { QueueUrl: '<s>' }, exactly: { queueUrls: [] } },
    ],
  })),
  {
    name: 'without a policy nothing moves, however often it is received',
    spec: '1.15',
    steps: [
      queue('s'),
      send('s', 'm'),
      ...Array.from({ length: 12 }, () => receive('s', ['m'], { VisibilityTimeout: 0 })),
    ],
  },
  {
    name: 'the sources of a dead-letter queue are listed page by page, an empty list too',
    spec: '1.15',
    steps: [
      queue('d'),
      { op: 'ListDeadLetterSourceQueues', input: { QueueUrl: '<d>' }, exactly: { queueUrls: [] } },
      ...['s2', 's1', 's3'].map((name) => queue(name, { RedrivePolicy: policy('d', 1) })),
      queue('other'),
      {
        op: 'ListDeadLetterSourceQueues',
        input: { QueueUrl: '<d>', MaxResults: 2 },
        output: { queueUrls: ['<s1>', '<s2>'] },
        save: { next: 'NextToken' },
      },
      {
        op: 'ListDeadLetterSourceQueues',
        input: { QueueUrl: '<d>', MaxResults: 2, NextToken: '<next>' },
        exactly: { queueUrls: ['<s3>'] },
      },
      {
        op: 'ListDeadLetterSourceQueues',
        input: { QueueUrl: '<d>' },
        exactly: { queueUrls: ['<s1>', '<s2>', '<s3>'] },
      },
    ],
  },
];
