import {
  advance,
  type Case,
  changeVisibility,
  counts,
  deleteMessage,
  invalidParameter,
  queue,
  type Request,
  receive,
  send,
  sendToGroup,
} from './case.ts';

const f = queue('f.fifo');
const byContent = queue('f.fifo', { ContentBasedDeduplication: 'true' });
const inGroup = (group: string, ...bodies: readonly string[]) => bodies.map((body) => sendToGroup('f', group, body));
const sendSaved = (
  body: string,
  ids: { readonly MessageGroupId: string; readonly MessageDeduplicationId?: string },
  as: string,
): Request => ({ ...send('f', body, ids), save: { [`${as}-id`]: 'MessageId', [`${as}-number`]: 'SequenceNumber' } });
const sendDuplicate = (
  body: string,
  ids: { readonly MessageGroupId: string; readonly MessageDeduplicationId?: string },
  of: string,
): Request => ({ ...send('f', body, ids), output: { MessageId: `<${of}-id>`, SequenceNumber: `<${of}-number>` } });
const three = [f, ...inGroup('g', 'foo', 'bar', 'baz'), receive('f', ['foo', 'bar', 'baz'], { VisibilityTimeout: 60 })];

export const fifoCases: readonly Case[] = [
  {
    name: 'as many as possible of the oldest group come first, then other groups',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g1', 'g1-m1'),
      ...inGroup('g2', 'g2-m1'),
      ...inGroup('g1', 'g1-m2', 'g1-m3'),
      receive('f', ['g1-m1', 'g1-m2', 'g1-m3', 'g2-m1']),
    ],
  },
  {
    name: 'a group in flight gives nothing more, to the same consumer either',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1', '2'),
      receive('f', ['1'], { MaxNumberOfMessages: 1 }),
      receive('f', []),
      deleteMessage('f', '<1>'),
      receive('f', ['2']),
    ],
  },
  {
    name: 'a group stays locked while one of its messages is in flight',
    spec: '1.9',
    steps: [
      f,
      ...inGroup('g', '1', '2', '3'),
      receive('f', ['1', '2'], { MaxNumberOfMessages: 2 }),
      deleteMessage('f', '<1>'),
      receive('f', []),
      deleteMessage('f', '<2>'),
      receive('f', ['3']),
    ],
  },
  {
    name: 'messages of a locked group count as visible',
    spec: '1.4',
    steps: [f, ...inGroup('g', '1', '2', '3'), receive('f', ['1'], { MaxNumberOfMessages: 1 }), counts('f', 2, 1, 0)],
  },
  {
    name: 'a message that becomes visible again comes first, the later ones of its group wait',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1', '2', '3'),
      receive('f', ['1', '2'], { MaxNumberOfMessages: 2 }),
      changeVisibility('f', '<1>', 0),
      receive('f', ['1']),
      receive('f', []),
      deleteMessage('f', '<1>'),
      receive('f', []),
      changeVisibility('f', '<2>', 0),
      receive('f', ['2', '3']),
    ],
  },
  {
    name: 'while the first is invisible nothing of the group comes',
    spec: '1.11',
    steps: [...three, changeVisibility('f', '<bar>', 0), changeVisibility('f', '<baz>', 0), receive('f', [])],
  },
  {
    name: 'if the first alone is visible, it alone comes',
    spec: '1.11',
    steps: [...three, changeVisibility('f', '<foo>', 0), changeVisibility('f', '<baz>', 0), receive('f', ['foo'])],
  },
  {
    name: 'if the first two are visible, two come',
    spec: '1.11',
    steps: [
      ...three,
      changeVisibility('f', '<foo>', 0),
      changeVisibility('f', '<bar>', 0),
      receive('f', ['foo', 'bar']),
    ],
  },
  {
    name: 'what expires together is delivered again in its order',
    spec: '1.11',
    steps: [...three, advance(60), receive('f', ['foo', 'bar', 'baz'])],
  },
  {
    name: 'of several groups one message released with 0 comes back while the others stay in flight',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g1', 'g1-m1', 'g1-m2'),
      ...inGroup('g2', 'g2-m1'),
      receive('f', ['g1-m1', 'g1-m2', 'g2-m1']),
      changeVisibility('f', '<g2-m1>', 0),
      receive('f', ['g2-m1']),
      changeVisibility('f', '<g1-m1>', 0),
      receive('f', ['g1-m1']),
      receive('f', []),
    ],
  },
  {
    name: 'after a receive with timeout 0 the next one begins with other groups',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g1', 'g1-m1', 'g1-m2'),
      ...inGroup('g2', 'g2-m1', 'g2-m2'),
      ...inGroup('g3', 'g3-m1'),
      receive('f', ['g1-m1', 'g1-m2', 'g2-m1'], { MaxNumberOfMessages: 3, VisibilityTimeout: 0 }),
      receive('f', ['g3-m1', 'g1-m1', 'g1-m2', 'g2-m1', 'g2-m2']),
    ],
  },
  {
    name: 'an empty group leaves no lock behind',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1'),
      receive('f', ['1']),
      deleteMessage('f', '<1>'),
      ...inGroup('g', '2'),
      receive('f', ['2']),
    ],
  },
  {
    name: 'the delay of the queue applies to every message, and a change of it to those that wait',
    spec: '1.4',
    steps: [
      queue('f.fifo', { DelaySeconds: '5' }),
      ...inGroup('g', '1'),
      receive('f', []),
      { op: 'SetQueueAttributes', input: { QueueUrl: '<f>', Attributes: { DelaySeconds: '10' } }, exactly: {} },
      advance(5),
      receive('f', []),
      advance(5),
      receive('f', ['1']),
    ],
  },
  {
    name: 'a duplicate is answered with the id and number of the first, and not stored, even after its delete',
    spec: '1.11',
    steps: [
      f,
      sendSaved('1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      sendDuplicate('2', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      receive('f', ['1']),
      deleteMessage('f', '<1>'),
      sendDuplicate('3', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      receive('f', []),
    ],
  },
  {
    name: 'the window is five minutes from the first send, and a duplicate does not extend it',
    spec: '1.11',
    steps: [
      byContent,
      sendSaved('1', { MessageGroupId: 'g' }, 'first'),
      advance(240),
      sendDuplicate('1', { MessageGroupId: 'g' }, 'first'),
      { advanceMs: 59_999 },
      sendDuplicate('1', { MessageGroupId: 'g' }, 'first'),
      { advanceMs: 1 },
      send('f', '1', { MessageGroupId: 'g' }),
      receive('f', ['1', '1']),
    ],
  },
  {
    name: 'the same id in another group is a duplicate where the scope is the queue',
    spec: '1.11',
    steps: [
      f,
      sendSaved('1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      sendDuplicate('2', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }, 'first'),
    ],
  },
  {
    name: 'the same id in another group is none where the scope is the group',
    spec: '1.11',
    steps: [
      queue('f.fifo', { DeduplicationScope: 'messageGroup' }),
      send('f', '1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }),
      send('f', '2', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }),
      receive('f', ['1', '2']),
    ],
  },
  {
    name: 'a change of the scope is shown and changes nothing',
    spec: '1.4',
    steps: [
      f,
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<f>', Attributes: { DeduplicationScope: 'messageGroup' } },
        exactly: {},
      },
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<f>', AttributeNames: ['DeduplicationScope'] },
        exactly: { Attributes: { DeduplicationScope: 'messageGroup' } },
      },
      sendSaved('1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      sendDuplicate('2', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }, 'first'),
    ],
  },
  {
    name: 'content is the body alone, an explicit id wins, and the id that acted is shown',
    spec: '1.11',
    steps: [
      byContent,
      sendSaved('test', { MessageGroupId: 'g' }, 'first'),
      {
        ...sendDuplicate('test', { MessageGroupId: 'g' }, 'first'),
        input: {
          QueueUrl: '<f>',
          MessageBody: 'test',
          MessageGroupId: 'g',
          MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
        },
      },
      sendSaved('test', { MessageGroupId: 'g', MessageDeduplicationId: 'own' }, 'second'),
      {
        op: 'ReceiveMessage',
        input: {
          QueueUrl: '<f>',
          MaxNumberOfMessages: 10,
          AttributeNames: ['MessageDeduplicationId', 'SequenceNumber'],
        },
        output: {
          Messages: [
            {
              MessageId: '<first-id>',
              Attributes: {
                MessageDeduplicationId: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
                SequenceNumber: '<first-number>',
              },
            },
            {
              MessageId: '<second-id>',
              Attributes: { MessageDeduplicationId: 'own', SequenceNumber: '<second-number>' },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a queue made again knows no old ids',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1'),
      { op: 'DeleteQueue', input: { QueueUrl: '<f>' }, exactly: {} },
      f,
      ...inGroup('g', '1'),
      receive('f', ['1']),
    ],
  },
  {
    name: 'the same attempt id within five minutes gives the same messages with the same handles',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1', '2'),
      receive('f', ['1', '2'], { ReceiveRequestAttemptId: 'a' }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<f>', MaxNumberOfMessages: 10, ReceiveRequestAttemptId: 'a' },
        output: { Messages: [{ ReceiptHandle: '<1>' }, { ReceiptHandle: '<2>' }] },
      },
      receive('f', [], { ReceiveRequestAttemptId: 'b' }),
    ],
  },
  {
    name: 'a bad attempt id is refused',
    spec: '1.11',
    steps: [
      f,
      { op: 'ReceiveMessage', input: { QueueUrl: '<f>', ReceiveRequestAttemptId: 'a b' }, error: invalidParameter() },
    ],
  },
  {
    name: 'All system attributes of a FIFO message are the four and its own three',
    spec: '1.7',
    steps: [
      byContent,
      sendSaved('test', { MessageGroupId: 'g' }, 'first'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<f>', MessageSystemAttributeNames: ['All'] },
        output: { Messages: [{ MessageId: '<first-id>' }] },
        save: { handle: 'Messages.0.ReceiptHandle' },
      },
      changeVisibility('f', '<handle>', 0),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<f>', MessageSystemAttributeNames: ['All'] },
        exactly: {
          Messages: [
            {
              MessageId: '<first-id>',
              ReceiptHandle: '<any>',
              MD5OfBody: '098f6bcd4621d373cade4e832627b4f6',
              Body: 'test',
              Attributes: {
                SenderId: '000000000000',
                SentTimestamp: '1800000000000',
                ApproximateReceiveCount: '2',
                ApproximateFirstReceiveTimestamp: '1800000000000',
                MessageGroupId: 'g',
                MessageDeduplicationId: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
                SequenceNumber: '<first-number>',
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a FIFO message that was deleted can be deleted again, and its visibility not be changed',
    spec: '1.8',
    steps: [
      f,
      ...inGroup('g', 'm'),
      receive('f', ['m']),
      deleteMessage('f', '<m>'),
      deleteMessage('f', '<m>'),
      {
        op: 'ChangeMessageVisibility',
        input: { QueueUrl: '<f>', ReceiptHandle: '<m>', VisibilityTimeout: 1 },
        error: invalidParameter(
          'Value <m> for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
        ),
      },
    ],
  },
  {
    name: 'an attempt of which a message was deleted or changed is a new receive',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1', '2'),
      receive('f', ['1', '2'], { ReceiveRequestAttemptId: 'a' }),
      deleteMessage('f', '<1>'),
      receive('f', [], { ReceiveRequestAttemptId: 'a' }),
      changeVisibility('f', '<2>', 0),
      receive('f', ['2'], { ReceiveRequestAttemptId: 'a' }),
    ],
  },
  {
    name: 'an attempt that is made again begins its visibility anew, and is forgotten after five minutes',
    spec: '1.11',
    steps: [
      f,
      ...inGroup('g', '1'),
      receive('f', ['1'], { ReceiveRequestAttemptId: 'a', VisibilityTimeout: 400 }),
      advance(200),
      receive('f', ['1'], { ReceiveRequestAttemptId: 'a', VisibilityTimeout: 400 }),
      advance(399),
      receive('f', [], { ReceiveRequestAttemptId: 'a' }),
      advance(1),
      receive('f', ['1']),
    ],
  },
  {
    name: 'attempt ids have 1 to 128 characters',
    spec: '5',
    steps: [
      f,
      receive('f', [], { ReceiveRequestAttemptId: '!'.repeat(128) }),
      ...['', 'a'.repeat(129)].map(
        (id): Request => ({
          op: 'ReceiveMessage',
          input: { QueueUrl: '<f>', ReceiveRequestAttemptId: id },
          error: invalidParameter(
            `Value ${id} for parameter ReceiveRequestAttemptId is invalid. Reason: ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
          ),
        }),
      ),
    ],
  },
  {
    name: 'a high-throughput queue keeps the order of each group and deduplicates in each',
    spec: '1.11',
    steps: [
      queue('f.fifo', { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }),
      sendSaved('1', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      send('f', '2', { MessageGroupId: 'h', MessageDeduplicationId: 'd' }),
      sendDuplicate('3', { MessageGroupId: 'g', MessageDeduplicationId: 'd' }, 'first'),
      ...inGroup('g', '4'),
      receive('f', ['1', '4', '2']),
    ],
  },
];
