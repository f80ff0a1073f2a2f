import {
  advance,
  badReceipt,
  type Case,
  changeVisibility,
  counts,
  deleteMessage,
  invalidName,
  invalidParameter,
  type JsonObject,
  missingParameter,
  queue,
  type Request,
  receive,
  send,
  sendToGroup,
} from './case.ts';

const refused = (input: JsonObject, message: string): Request => ({
  op: 'ReceiveMessage',
  input: { QueueUrl: '<a>', ...input },
  error: invalidParameter(message),
});
const visibilityRefused = (handle: string, seconds: number, error: NonNullable<Request['error']>): Request => ({
  op: 'ChangeMessageVisibility',
  input: { QueueUrl: '<a>', ReceiptHandle: handle, VisibilityTimeout: seconds },
  error,
});
const deleteRefused = (handle: string, error: NonNullable<Request['error']>, of = 'a'): Request => ({
  op: 'DeleteMessage',
  input: { QueueUrl: `<${of}>`, ReceiptHandle: handle },
  error,
});
const text = (StringValue: string) => ({ StringValue, DataType: 'String' });
const attributes = { MessageAttributes: { Hello: text('There'), 'Help.Me': text('Me'), General: text('Kenobi') } };
const shown = (names: readonly string[], expected: JsonObject): Request => ({
  op: 'ReceiveMessage',
  input: { QueueUrl: '<a>', VisibilityTimeout: 0, MessageAttributeNames: names },
  output: { Messages: [{ MessageAttributes: expected }] },
});
const plain = {
  MessageId: '<any>',
  ReceiptHandle: '<any>',
  MD5OfBody: '098f6bcd4621d373cade4e832627b4f6',
  Body: 'test',
};
const nothingShown = (names: readonly string[]): Request => ({
  op: 'ReceiveMessage',
  input: { QueueUrl: '<a>', VisibilityTimeout: 0, MessageAttributeNames: names },
  exactly: { Messages: [{ ...plain }] },
});
const gone = invalidParameter(
  'Value <m> for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.',
);
const expired = invalidParameter(
  'Value <m> for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
);

const largest = 'x'.repeat(1_048_576);

export const receiveMessageCases: readonly Case[] = [
  {
    name: 'an empty queue gives no Messages key',
    spec: '1.7',
    steps: [queue('a'), { op: 'ReceiveMessage', input: { QueueUrl: '<a>' }, exactly: {} }],
  },
  {
    name: 'without lists of names there are no attributes',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test', attributes),
      { op: 'ReceiveMessage', input: { QueueUrl: '<a>' }, exactly: { Messages: [plain] } },
    ],
  },
  {
    name: 'one message is the default, and order is kept',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', '1'),
      send('a', '2'),
      send('a', '3'),
      receive('a', ['1'], { MaxNumberOfMessages: 1 }),
      receive('a', ['2', '3']),
    ],
  },
  ...[0, 11, -1].map((max) => ({
    name: `a maximum of ${max} messages is refused`,
    spec: '1.7',
    steps: [
      queue('a'),
      refused(
        { MaxNumberOfMessages: max },
        `Value ${max} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      ),
    ],
  })),
  ...[-1, 21].map((wait) => ({
    name: `a wait of ${wait} seconds is refused`,
    spec: '1.7',
    steps: [
      queue('a'),
      refused(
        { WaitTimeSeconds: wait },
        `Value ${wait} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
      ),
    ],
  })),
  ...[-1, 43201].map((seconds) => ({
    name: `a visibility timeout of ${seconds} seconds is refused`,
    spec: '1.7',
    steps: [
      queue('a'),
      refused(
        { VisibilityTimeout: seconds },
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200, if provided.`,
      ),
    ],
  })),
  {
    name: 'All system attributes of a plain message are exactly these four',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test'),
      advance(3),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', AttributeNames: ['All'] },
        exactly: {
          Messages: [
            {
              ...plain,
              Attributes: {
                SenderId: '000000000000',
                SentTimestamp: '1800000000000',
                ApproximateReceiveCount: '1',
                ApproximateFirstReceiveTimestamp: '1800000003000',
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'both lists of names are joined',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test'),
      {
        op: 'ReceiveMessage',
        input: {
          QueueUrl: '<a>',
          AttributeNames: ['SenderId'],
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SenderId'],
        },
        exactly: { Messages: [{ ...plain, Attributes: { SenderId: '000000000000', ApproximateReceiveCount: '1' } }] },
      },
    ],
  },
  {
    name: 'an unknown system attribute is refused in the deprecated list of names, and passed over in the newer one',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', AttributeNames: ['Foo'] },
        error: invalidName('Unknown Attribute Foo.'),
      },
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageSystemAttributeNames: ['Foo'] },
        exactly: { Messages: [plain] },
      },
    ],
  },
  {
    name: 'a name that is not there shows no Attributes',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', AttributeNames: ['MessageGroupId', 'SequenceNumber'] },
        exactly: { Messages: [plain] },
      },
    ],
  },
  ...['All', '.*', '*'].map((name) => ({
    name: `the attribute name ${name} asks for all`,
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test', attributes),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: [name] },
        exactly: {
          Messages: [{ ...plain, ...attributes, MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5' }],
        },
      } as const,
    ],
  })),
  {
    name: 'attributes are chosen by exact name and by prefix',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test', attributes),
      shown(['Hel.*'], { Hello: text('There'), 'Help.Me': text('Me') }),
      shown(['General'], { General: text('Kenobi') }),
      shown(['General', 'Help.*', 'none'], { General: text('Kenobi'), 'Help.Me': text('Me') }),
    ],
  },
  {
    name: 'names are case-sensitive, and names that cannot be match nothing',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test', attributes),
      nothingShown(['hello', 'AWS.', '..foo', '', 'x.*', '__proto__']),
    ],
  },
  {
    name: 'a thousand names are taken, one more is not',
    spec: '1.7',
    steps: [
      queue('a'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: Array.from({ length: 1000 }, (_, index) => `n${index}.*`) },
        exactly: {},
      },
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: Array.from({ length: 1001 }, (_, index) => `n${index}.*`) },
        error: invalidParameter('At most 1000 MessageAttributeNames can be given. You have sent 1001.'),
      },
    ],
  },
  {
    name: 'the digest of attributes covers those that are shown',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'test', { MessageAttributes: { a: text('1'), b: text('2') } }),
      {
        op: 'SendMessage',
        input: { QueueUrl: '<a>', MessageBody: 'test', MessageAttributes: { a: text('1') } },
        save: { md5: 'MD5OfMessageAttributes' },
      },
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: ['a'] },
        output: { Messages: [{ MD5OfMessageAttributes: '<md5>' }] },
      },
    ],
  },
  {
    name: 'a visibility timeout of 0 leaves the message visible, with a fresh handle and a count',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 0 }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', AttributeNames: ['ApproximateReceiveCount'] },
        output: { Messages: [{ Body: 'm', Attributes: { ApproximateReceiveCount: '2' } }] },
      },
    ],
  },
  {
    name: 'a message in flight comes back when its time is over',
    spec: '1.7',
    steps: [
      queue('a', { VisibilityTimeout: '5' }),
      send('a', 'm'),
      receive('a', ['m']),
      { advanceMs: 4_999 },
      receive('a', []),
      { advanceMs: 1 },
      receive('a', ['m'], { VisibilityTimeout: 7 }),
      { advanceMs: 6_999 },
      receive('a', []),
      { advanceMs: 1 },
      receive('a', ['m']),
    ],
  },
  {
    name: 'a message past its retention is gone, in flight or not',
    spec: '1.7',
    steps: [
      queue('a', { MessageRetentionPeriod: '60' }),
      send('a', '1'),
      send('a', '2'),
      receive('a', ['1'], { MaxNumberOfMessages: 1, VisibilityTimeout: 70 }),
      advance(61),
      receive('a', []),
      advance(20),
      receive('a', []),
      deleteMessage('a', '<1>'),
    ],
  },
  {
    name: 'counts are of the visible, those in flight, and the delayed',
    spec: '1.4',
    steps: [
      queue('a'),
      send('a', '1'),
      send('a', '2'),
      send('a', '3', { DelaySeconds: 60 }),
      receive('a', ['1'], { MaxNumberOfMessages: 1 }),
      counts('a', 1, 1, 1),
    ],
  },
  {
    name: 'an attempt id on a standard queue is refused',
    spec: '1.11',
    steps: [
      queue('a'),
      refused(
        { ReceiveRequestAttemptId: 'x' },
        'Value x for parameter ReceiveRequestAttemptId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
      ),
    ],
  },

  {
    name: 'garbage is no receipt handle',
    spec: '1.8',
    steps: [
      queue('a'),
      deleteRefused('garbage', badReceipt('The input receipt handle "garbage" is not a valid receipt handle.')),
      visibilityRefused('garbage', 1, badReceipt('The input receipt handle "garbage" is not a valid receipt handle.')),
    ],
  },
  {
    name: 'a handle of another queue is refused',
    spec: '1.8',
    steps: [
      queue('a'),
      queue('b'),
      send('a', 'm'),
      receive('a', ['m']),
      deleteRefused('<m>', badReceipt('The receipt handle "<m>" is not valid for this queue.'), 'b'),
      counts('a', 0, 1, 0),
    ],
  },
  {
    name: 'a handle of 1,025 characters is refused',
    spec: '1.8',
    steps: [
      queue('a'),
      deleteRefused(
        'x'.repeat(1025),
        badReceipt(`The input receipt handle "${'x'.repeat(1024)}" is not a valid receipt handle.`),
      ),
    ],
  },
  {
    name: 'deleting twice succeeds',
    spec: '1.8',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      deleteMessage('a', '<m>'),
      deleteMessage('a', '<m>'),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'the visibility of a deleted message cannot be changed',
    spec: '1.8',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      deleteMessage('a', '<m>'),
      visibilityRefused('<m>', 5, gone),
    ],
  },
  {
    name: 'an expired handle deletes on a standard queue',
    spec: '1.8',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 1 }),
      advance(2),
      deleteMessage('a', '<m>'),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'an older handle of a message deletes it as well',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'm'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', VisibilityTimeout: 0 },
        save: { old: 'Messages.0.ReceiptHandle' },
      },
      receive('a', ['m']),
      deleteMessage('a', '<old>'),
      advance(31),
      receive('a', []),
    ],
  },
  {
    name: 'an older handle of a message in flight changes its visibility too, whoever has it now',
    spec: '1.8',
    steps: [
      queue('a'),
      send('a', 'm'),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', VisibilityTimeout: 0 },
        save: { old: 'Messages.0.ReceiptHandle' },
      },
      receive('a', ['m'], { VisibilityTimeout: 2 }),
      changeVisibility('a', '<old>', 60),
      advance(3),
      receive('a', []),
      changeVisibility('a', '<old>', 0),
      receive('a', ['m']),
    ],
  },
  {
    name: 'an expired handle on a standard queue changes no visibility, and that is no error',
    spec: '1.8',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 1 }),
      advance(2),
      changeVisibility('a', '<m>', 60),
      receive('a', ['m']),
    ],
  },
  {
    name: 'an expired handle on a FIFO queue deletes nothing and changes nothing',
    spec: '1.8',
    steps: [
      queue('a.fifo'),
      sendToGroup('a', 'g', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 1 }),
      advance(2),
      deleteRefused('<m>', expired),
      visibilityRefused('<m>', 5, expired),
      receive('a', ['m']),
    ],
  },
  {
    name: 'a FIFO message whose time was extended in time can be deleted',
    spec: '1.8',
    steps: [
      queue('a.fifo'),
      sendToGroup('a', 'g', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 2 }),
      advance(1),
      changeVisibility('a', '<m>', 10),
      advance(5),
      deleteMessage('a', '<m>'),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'a missing handle is named',
    spec: '1.9',
    steps: [
      queue('a'),
      {
        op: 'DeleteMessage',
        input: { QueueUrl: '<a>' },
        error: missingParameter('The request must contain the parameter ReceiptHandle.'),
      },
    ],
  },
  ...[-1, 43201].map((seconds) => ({
    name: `changing the visibility to ${seconds} seconds is refused`,
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      visibilityRefused(
        '<m>',
        seconds,
        invalidParameter(
          `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200`,
        ),
      ),
    ],
  })),
  {
    name: 'visibility counts from the change, and is not kept for the next receive',
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      advance(20),
      changeVisibility('a', '<m>', 60),
      advance(59),
      receive('a', []),
      advance(1),
      receive('a', ['m']),
      advance(30),
      receive('a', ['m']),
    ],
  },
  {
    name: 'a change to 0 gives the message back at once',
    spec: '1.10',
    steps: [queue('a'), send('a', 'm'), receive('a', ['m']), changeVisibility('a', '<m>', 0), receive('a', ['m'])],
  },
  {
    name: 'twelve hours since the receive are the end',
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m'], { VisibilityTimeout: 43200 }),
      changeVisibility('a', '<m>', 43200),
      advance(10),
      visibilityRefused(
        '<m>',
        43199,
        invalidParameter(
          'Value 43199 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
        ),
      ),
      changeVisibility('a', '<m>', 43190),
    ],
  },
  {
    name: 'a change without a time is refused',
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      {
        op: 'ChangeMessageVisibility',
        input: { QueueUrl: '<a>', ReceiptHandle: '<m>' },
        error: missingParameter('The request must contain the parameter VisibilityTimeout.'),
      },
    ],
  },
  {
    name: 'what a purge takes is deleted already, in flight too',
    spec: '1.13',
    steps: [
      queue('a'),
      send('a', '1'),
      send('a', '2'),
      send('a', '3', { DelaySeconds: 9 }),
      receive('a', ['1'], { MaxNumberOfMessages: 1 }),
      { op: 'PurgeQueue', input: { QueueUrl: '<a>' }, exactly: {} },
      counts('a', 0, 0, 0),
      deleteMessage('a', '<1>'),
      advance(60),
      receive('a', []),
      { op: 'PurgeQueue', input: { QueueUrl: '<a>' }, exactly: {} },
    ],
  },
  {
    name: 'a purge forgets deduplication ids',
    spec: '1.13',
    steps: [
      queue('a.fifo'),
      sendToGroup('a', 'g', 'm'),
      { op: 'PurgeQueue', input: { QueueUrl: '<a>' }, exactly: {} },
      sendToGroup('a', 'g', 'm'),
      receive('a', ['m']),
    ],
  },
  {
    name: 'a message that was given back for later is deleted with its handle all the same',
    spec: '1.9',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      changeVisibility('a', '<m>', 600),
      deleteMessage('a', '<m>'),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'a handle of another queue changes no visibility either, and deletes nothing in a batch',
    spec: '1.8',
    steps: [
      queue('a'),
      queue('b'),
      send('b', 'm'),
      receive('b', ['m']),
      visibilityRefused('<m>', 5, badReceipt('The receipt handle "<m>" is not valid for this queue.')),
      {
        op: 'DeleteMessageBatch',
        input: { QueueUrl: '<a>', Entries: [{ Id: '1', ReceiptHandle: '<m>' }] },
        exactly: {
          Failed: [
            {
              Id: '1',
              SenderFault: true,
              Code: 'ReceiptHandleIsInvalid',
              Message: 'The receipt handle "<m>" is not valid for this queue.',
            },
          ],
        },
      },
      counts('b', 0, 1, 0),
    ],
  },
  {
    name: 'the twelve hours count from the receive, however often the time was changed',
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      ...Array.from({ length: 3 }, () => [changeVisibility('a', '<m>', 14_400), advance(10_000)]).flat(),
      changeVisibility('a', '<m>', 13_200),
      visibilityRefused(
        '<m>',
        13_201,
        invalidParameter(
          'Value 13201 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
        ),
      ),
      advance(13_200),
      receive('a', ['m']),
      changeVisibility('a', '<m>', 43_200),
    ],
  },
  {
    name: 'one receive gives ten messages of the largest size, and no more',
    spec: '5',
    steps: [
      queue('a'),
      ...Array.from({ length: 11 }, () => send('a', largest)),
      receive(
        'a',
        Array.from({ length: 10 }, () => largest),
      ),
      counts('a', 1, 10, 0),
    ],
  },
  {
    name: 'who has little in flight comes before who has much, whoever sent first',
    spec: '1.12',
    steps: [
      queue('a'),
      ...Array.from({ length: 22 }, () => send('a', 'noisy', { MessageGroupId: 'noisy' })),
      send('a', 'quiet', { MessageGroupId: 'quiet' }),
      receive('a', Array(10).fill('noisy')),
      receive('a', ['quiet', ...Array(9).fill('noisy')]),
    ],
  },
];
