/** What a change of a queue's attributes does to the messages that are there, and to those that come [sqs-sns 1.4]. */
import {
  advance,
  type Case,
  counts,
  invalidAttributeValue,
  type JsonObject,
  queue,
  type Request,
  receive,
  send,
  sendToGroup,
} from './case.ts';

const set = (of: string, Attributes: JsonObject): Request => ({
  op: 'SetQueueAttributes',
  input: { QueueUrl: `<${of}>`, Attributes },
  exactly: {},
});
const shows = (of: string, expected: JsonObject): Request => ({
  op: 'GetQueueAttributes',
  input: { QueueUrl: `<${of}>`, AttributeNames: Object.keys(expected) },
  exactly: { Attributes: expected },
});
const deadLetterPolicy = (name: string) =>
  JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`, maxReceiveCount: 1 });
/** Dead-letters `m` at the second 61: received at 0, visible again at 5, asked for again at 61. */
const deadLetteredLate = (from: string) => [receive(from, ['m']), advance(61), receive(from, [])];

export const attributeChangeCases: readonly Case[] = [
  {
    name: 'another delay of a standard queue is that of new messages only, in both directions',
    spec: '1.4',
    steps: [
      queue('a', { DelaySeconds: '10' }),
      send('a', 'before'),
      set('a', { DelaySeconds: '0' }),
      send('a', 'now'),
      receive('a', ['now']),
      set('a', { DelaySeconds: '60' }),
      advance(10),
      receive('a', ['before']),
    ],
  },
  {
    name: 'a shorter delay of a FIFO queue shows at once what waited for the longer one',
    spec: '1.4',
    steps: [
      queue('a.fifo', { DelaySeconds: '60' }),
      sendToGroup('a', 'g', 'm'),
      counts('a', 0, 0, 1),
      set('a', { DelaySeconds: '5' }),
      advance(5),
      receive('a', ['m']),
    ],
  },
  {
    name: 'another visibility timeout is that of later receives',
    spec: '1.4',
    steps: [
      queue('a', { VisibilityTimeout: '60' }),
      send('a', 'm'),
      receive('a', ['m']),
      set('a', { VisibilityTimeout: '5' }),
      advance(59),
      receive('a', []),
      advance(1),
      receive('a', ['m']),
      advance(5),
      receive('a', ['m']),
    ],
  },
  {
    name: 'a shorter retention takes the messages that are older, one that is longer keeps what is there',
    spec: '1.4',
    steps: [
      queue('a', { MessageRetentionPeriod: '3600' }),
      send('a', 'old'),
      advance(100),
      send('a', 'young'),
      set('a', { MessageRetentionPeriod: '60' }),
      receive('a', ['young'], { VisibilityTimeout: 0 }),
      set('a', { MessageRetentionPeriod: '1209600' }),
      advance(1_000_000),
      receive('a', ['young']),
    ],
  },
  {
    name: 'another size limit is that of the next message',
    spec: '1.4',
    steps: [
      queue('a', { MaximumMessageSize: '1024' }),
      set('a', { MaximumMessageSize: '2048' }),
      send('a', 'x'.repeat(2048)),
      set('a', { MaximumMessageSize: '1024' }),
      receive('a', ['x'.repeat(2048)]),
    ],
  },
  {
    name: 'each change tells its time, one that changes nothing as well, and one that is refused does not',
    spec: '1.4',
    steps: [
      queue('a', { DelaySeconds: '1' }),
      advance(10),
      set('a', { DelaySeconds: '1' }),
      shows('a', { LastModifiedTimestamp: '1800000010', CreatedTimestamp: '1800000000' }),
      advance(10),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { VisibilityTimeout: '5', DelaySeconds: '901' } },
        error: invalidAttributeValue('Invalid value for the parameter DelaySeconds.'),
      },
      shows('a', { LastModifiedTimestamp: '1800000010', VisibilityTimeout: '30' }),
    ],
  },
  {
    name: 'sending and receiving are no change',
    spec: '1.4',
    steps: [
      queue('a'),
      advance(10),
      send('a', 'm'),
      receive('a', ['m']),
      { op: 'PurgeQueue', input: { QueueUrl: '<a>' }, exactly: {} },
      shows('a', { LastModifiedTimestamp: '1800000000' }),
    ],
  },
  {
    name: 'high throughput is set and taken back together with its scope',
    spec: '1.1',
    steps: [
      queue('a.fifo', { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { DeduplicationScope: 'queue' } },
        error: invalidAttributeValue(),
      },
      set('a', { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' }),
      shows('a', { DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' }),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { FifoThroughputLimit: 'perMessageGroupId' } },
        error: invalidAttributeValue(),
      },
      set('a', { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }),
      shows('a', { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }),
    ],
  },
  {
    name: 'a queue made with the scope of the group keeps acting so, whatever is shown afterwards',
    spec: '1.4',
    steps: [
      queue('a.fifo', { DeduplicationScope: 'messageGroup' }),
      set('a', { DeduplicationScope: 'queue' }),
      shows('a', { DeduplicationScope: 'queue' }),
      send('a', '1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }),
      send('a', '2', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }),
      send('a', '3', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }),
      receive('a', ['1', '2']),
    ],
  },
  {
    name: 'in the standard dead-letter queue the age goes on: what was too old for it is gone with the move',
    spec: '1.7',
    steps: [
      queue('d', { MessageRetentionPeriod: '60' }),
      queue('s', { RedrivePolicy: deadLetterPolicy('d'), VisibilityTimeout: '5' }),
      send('s', 'm'),
      ...deadLetteredLate('s'),
      receive('d', []),
      counts('s', 0, 0, 0),
    ],
  },
  {
    name: 'in the FIFO dead-letter queue the age begins anew',
    spec: '1.7',
    steps: [
      queue('d.fifo', { MessageRetentionPeriod: '60' }),
      queue('s.fifo', { RedrivePolicy: deadLetterPolicy('d.fifo'), VisibilityTimeout: '5' }),
      sendToGroup('s', 'g', 'm'),
      ...deadLetteredLate('s'),
      advance(59),
      receive('d', ['m'], { VisibilityTimeout: 0 }),
      advance(1),
      receive('d', []),
    ],
  },
];
