import {
  type Case,
  deleteMessage,
  failure,
  invalidParameter,
  type JsonObject,
  missingParameter,
  noQueue,
  queue,
  type Request,
  receive,
  send,
} from './case.ts';

const badCharacters = failure(
  'InvalidMessageContents',
  'InvalidMessageContents',
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
);
const refused = (input: JsonObject, error: NonNullable<Request['error']>, to = 'a'): Request => ({
  op: 'SendMessage',
  input: { QueueUrl: `<${to}>`, MessageBody: 'x', ...input },
  error,
});
const text = (StringValue: string, DataType = 'String') => ({ StringValue, DataType });
const attribute = (name: string, value: JsonObject = text('v')) => ({ MessageAttributes: { [name]: value } });
const many = (count: number) => ({
  MessageAttributes: Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text('v')])),
});
const idReason = (parameter: string, value: string) =>
  invalidParameter(
    `Value ${value} for parameter ${parameter} is invalid. Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
const badName = (name: string) =>
  invalidParameter(
    `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
  );
const reservedName = invalidParameter(
  "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
);
const typeReason = (type: string) =>
  invalidParameter(
    `Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: ${type}`,
  );
const kenobi = { 'Help.Me': text('Me'), Hello: text('There'), General: text('Kenobi') };
const deduplicated = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };

export const sendMessageCases: readonly Case[] = [
  {
    name: 'a message to a standard queue is answered with id and digest alone',
    spec: '1.5',
    steps: [
      queue('a'),
      { ...send('a', 'test'), exactly: { MD5OfMessageBody: '098f6bcd4621d373cade4e832627b4f6', MessageId: '<any>' } },
    ],
  },
  {
    name: 'a FIFO queue tells a sequence number of 20 digits',
    spec: '1.11',
    steps: [
      queue('a.fifo'),
      {
        ...send('a', 'test', deduplicated),
        exactly: { MD5OfMessageBody: '098f6bcd4621d373cade4e832627b4f6', MessageId: '<any>', SequenceNumber: '<any>' },
      },
    ],
  },
  {
    name: 'an empty body is a missing one',
    spec: '1.5',
    steps: [
      queue('a'),
      refused({ MessageBody: '' }, missingParameter('The request must contain the parameter MessageBody.')),
      {
        op: 'SendMessage',
        input: { QueueUrl: '<a>' },
        error: missingParameter('The request must contain the parameter MessageBody.'),
      },
    ],
  },
  {
    name: 'a missing QueueUrl is named',
    spec: '1.5',
    steps: [
      {
        op: 'SendMessage',
        input: { MessageBody: 'x' },
        error: missingParameter('The request must contain the parameter QueueUrl.'),
      },
    ],
  },
  {
    name: 'a queue that is not there is told so',
    spec: '1.5',
    steps: [
      {
        op: 'SendMessage',
        input: { QueueUrl: 'http://127.0.0.1/000000000000/none', MessageBody: 'x' },
        error: noQueue,
      },
    ],
  },
  {
    name: 'the queue may be given by its bare name',
    spec: '1.5',
    steps: [
      queue('a'),
      { op: 'SendMessage', input: { QueueUrl: 'a', MessageBody: 'x' }, output: { MessageId: '<any>' } },
    ],
  },
  ...['\u0000', '\u0008', '\u000b', '\u001f', '\ufffe', '\uffff', '\ud800', '\udc00', 'a\ud83dx'].map((body) => ({
    name: `the characters ${JSON.stringify(body)} are refused`,
    spec: '1.5',
    isForJsonOnly: /[\ud800-\udfff]/u.test(body), // UTF-8 has no half of a character.
    steps: [queue('a'), refused({ MessageBody: body }, badCharacters)],
  })),
  ...[
    '\t\n\r ',
    '\u007f\u0085',
    '\ud7ff\ue000\ufffd',
    '😀\u{10ffff}',
    '"\\/\b'.slice(0, 3),
    '{"a":"\\"b\\\\"}',
    ' ',
  ].map((body) => ({
    name: `the characters ${JSON.stringify(body)} come back as they were sent`,
    spec: '1.5',
    steps: [queue('a'), send('a', body), receive('a', [body])],
  })),
  ...[1024, 1048576].map((max) => ({
    name: `a message of exactly ${max} bytes is taken, one more is not`,
    spec: '1.5',
    steps: [
      queue('a', { MaximumMessageSize: String(max) }),
      send('a', 'x'.repeat(max)),
      refused(
        { MessageBody: 'x'.repeat(max + 1) },
        invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${max} bytes.`),
      ),
    ],
  })),
  {
    name: 'size counts bytes, and names, types and values of attributes',
    spec: '1.5',
    steps: [
      queue('a', { MaximumMessageSize: '1024' }),
      send('a', 'é'.repeat(512)),
      refused({ MessageBody: 'é'.repeat(513) }, invalidParameter()),
      send('a', 'x'.repeat(1024 - 10), attribute('abc', text('v'))),
      refused({ MessageBody: 'x'.repeat(1024 - 9), ...attribute('abc', text('v')) }, invalidParameter()),
      send('a', 'x'.repeat(1024), { MessageSystemAttributes: { AWSTraceHeader: text('Root=1') } }),
    ],
  },
  ...[-1, 901].map((seconds) => ({
    name: `a delay of ${seconds} seconds is refused`,
    spec: '1.5',
    steps: [
      queue('a'),
      refused(
        { DelaySeconds: seconds },
        invalidParameter(
          `Value ${seconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
        ),
      ),
    ],
  })),
  {
    name: 'a delay hides the message until it ends',
    spec: '1.5',
    steps: [
      queue('a'),
      send('a', 'm', { DelaySeconds: 900 }),
      { advanceMs: 899_999 },
      receive('a', []),
      { advanceMs: 1 },
      receive('a', ['m']),
    ],
  },
  {
    name: "the queue's delay holds where the message says none, and 0 overrides it",
    spec: '1.5',
    steps: [
      queue('a', { DelaySeconds: '10' }),
      send('a', 'late'),
      send('a', 'now', { DelaySeconds: 0 }),
      receive('a', ['now']),
      { advanceMs: 10_000 },
      receive('a', ['late']),
    ],
  },
  {
    name: 'a FIFO message has no delay of its own; 0 is taken, and the delay of the queue still holds',
    spec: '1.5',
    steps: [
      queue('a.fifo', { DelaySeconds: '10' }),
      refused(
        { DelaySeconds: 2, ...deduplicated },
        invalidParameter(
          'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
        ),
      ),
      send('a', 'm', { DelaySeconds: 0, ...deduplicated }),
      receive('a', []),
      { advanceMs: 10_000 },
      receive('a', ['m']),
    ],
  },
  {
    name: 'a deduplication id on a standard queue is refused',
    spec: '1.5',
    steps: [
      queue('a'),
      refused(
        { MessageDeduplicationId: 'd' },
        invalidParameter(
          'Value d for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.',
        ),
      ),
    ],
  },
  {
    name: 'a message group on a standard queue comes back as a system attribute',
    spec: '1.12',
    steps: [
      queue('a'),
      send('a', 'm', { MessageGroupId: 'tenant-1' }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageSystemAttributeNames: ['MessageGroupId'] },
        output: { Messages: [{ Attributes: { MessageGroupId: 'tenant-1' } }] },
      },
    ],
  },
  ...['', ' ', 'a b', 'é', 'g'.repeat(129)].map((group) => ({
    name: `a message group of ${group.length} characters "${group.slice(0, 4)}" is refused on both kinds of queue`,
    spec: '1.5',
    steps: [
      queue('a'),
      queue('f.fifo'),
      refused({ MessageGroupId: group }, idReason('MessageGroupId', group)),
      refused({ MessageGroupId: group, MessageDeduplicationId: 'd' }, idReason('MessageGroupId', group), 'f'),
      refused({ MessageGroupId: 'g', MessageDeduplicationId: group }, idReason('MessageDeduplicationId', group), 'f'),
    ],
  })),
  {
    name: 'ids of 128 characters, punctuation included, are taken and come back',
    spec: '1.5',
    steps: [
      queue('f.fifo'),
      send('f', 'm', {
        MessageGroupId: `"\\${'g'.repeat(126)}`,
        MessageDeduplicationId: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
      }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<f>', AttributeNames: ['All'] },
        output: {
          Messages: [
            {
              Attributes: {
                MessageGroupId: `"\\${'g'.repeat(126)}`,
                MessageDeduplicationId: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a FIFO queue wants a message group',
    spec: '1.5',
    steps: [
      queue('f.fifo'),
      refused(
        { MessageDeduplicationId: 'd' },
        missingParameter('The request must contain the parameter MessageGroupId.'),
        'f',
      ),
      refused({}, missingParameter('The request must contain the parameter MessageGroupId.'), 'f'),
    ],
  },
  {
    name: 'a FIFO queue wants a deduplication id or deduplication by content',
    spec: '1.5',
    steps: [
      queue('f.fifo'),
      queue('c.fifo', { ContentBasedDeduplication: 'true' }),
      refused(
        { MessageGroupId: 'g' },
        invalidParameter(
          'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
        ),
        'f',
      ),
      send('c', 'm', { MessageGroupId: 'g' }),
    ],
  },
  {
    name: 'ten attributes are taken, eleven are not',
    spec: '1.5',
    steps: [
      queue('a'),
      send('a', 'm', many(10)),
      refused(many(11), invalidParameter('Number of message attributes [11] exceeds the allowed maximum [10].')),
    ],
  },
  {
    name: 'the digest of attributes covers names, types and values in the order of the names',
    spec: '1.5',
    steps: [
      queue('a'),
      {
        ...send('a', 'm', { MessageAttributes: kenobi }),
        output: { MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5' },
      },
    ],
  },
  {
    name: 'system attributes have a digest of their own and leave the other one alone',
    spec: '1.5',
    steps: [
      queue('a'),
      {
        ...send('a', 'm', {
          MessageAttributes: kenobi,
          MessageSystemAttributes: { AWSTraceHeader: text('Root=1-5759e988') },
        }),
        output: { MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5', MD5OfMessageSystemAttributes: '<any>' },
      },
      {
        ...send('a', 'm', { MessageSystemAttributes: { AWSTraceHeader: text('Root=1') } }),
        absent: ['MD5OfMessageAttributes'],
      },
    ],
  },
  {
    name: 'AWSTraceHeader is the only system attribute',
    spec: '1.5',
    steps: [
      queue('a'),
      refused({ MessageSystemAttributes: { Other: text('v') } }, invalidParameter()),
      refused(
        { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'Binary', BinaryValue: 'AA==' } } },
        invalidParameter(),
      ),
    ],
  },
  ...['attr.1øßä', 'a', 'A-Z_0.9', 'n'.repeat(255)].map((name) => ({
    name: `the attribute name ${name.slice(0, 20)} of ${name.length} characters is taken`,
    spec: '1.5',
    steps: [
      queue('a'),
      send('a', 'm', attribute(name)),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: [name] },
        output: { Messages: [{ MessageAttributes: { [name]: text('v') } }] },
      } as const,
    ],
  })),
  ...['!', '"', '§', '(', '?', 'a b', 'a..b', '__proto__!'].map((name) => ({
    name: `the attribute name ${name} is refused`,
    spec: '1.5',
    steps: [queue('a'), refused(attribute(name), badName(name))],
  })),
  ...['AWS.x', 'aws.x', 'Amazon.x', 'AMAZON.x', '.a', 'a.'].map((name) => ({
    name: `the attribute name ${name} is reserved`,
    spec: '1.5',
    steps: [queue('a'), refused(attribute(name), reservedName)],
  })),
  ...['', 'n'.repeat(256)].map((name) => ({
    name: `an attribute name of ${name.length} bytes is refused`,
    spec: '1.5',
    steps: [
      queue('a'),
      refused(attribute(name), invalidParameter('Message (user) attribute names must be shorter than 256 Bytes')),
    ],
  })),
  {
    name: 'an attribute named __proto__ is one like any other',
    spec: '1.5',
    steps: [
      queue('a'),
      {
        op: 'SendMessage',
        input: {
          QueueUrl: '<a>',
          MessageBody: 'm',
          MessageAttributes: JSON.parse('{"__proto__":{"DataType":"String","StringValue":"v"}}'),
        },
        output: { MD5OfMessageAttributes: '<any>' },
      },
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: ['All'] },
        output: { Messages: [{ MD5OfMessageAttributes: '<any>' }] },
      },
    ],
  },
  ...['', 'string', 'Text', 'String.', `String.${'x'.repeat(249)}`].map((type) => ({
    name: `the data type "${type.slice(0, 12)}" of ${type.length} characters is refused`,
    spec: '1.5',
    steps: [queue('a'), refused(attribute('n', text('v', type)), typeReason(type))],
  })),
  {
    name: 'an attribute without a data type is refused',
    spec: '1.5',
    steps: [queue('a'), refused(attribute('n', { StringValue: 'v' }), typeReason(''))],
  },
  {
    name: 'an empty value is refused',
    spec: '1.5',
    steps: [
      queue('a'),
      refused(
        attribute('ErrorDetails', text('')),
        invalidParameter("Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'."),
      ),
      refused(attribute('b', { DataType: 'Binary', BinaryValue: '' }), invalidParameter()),
      refused(attribute('b', { DataType: 'String' }), invalidParameter()),
    ],
  },
  {
    name: 'text values obey the character set of bodies, with another code',
    spec: '1.5',
    steps: [queue('a'), refused(attribute('n', text('\u0000')), invalidParameter())],
  },
  ...['0', '-1', '+1.5', '1e126', '-1E128', '.5', '1'.repeat(38), '007'].map((value) => ({
    name: `the number ${value} is taken as it is written`,
    spec: '1.5',
    steps: [
      queue('a'),
      send('a', 'm', attribute('n', text(value, 'Number.custom'))),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: ['n'] },
        output: { Messages: [{ MessageAttributes: { n: text(value, 'Number.custom') } }] },
      } as const,
    ],
  })),
  ...['a', '1a', '', ' 1', '1e127', '-1.1e128', 'NaN', 'Infinity', '0x1', '1'.repeat(39)].map((value) => ({
    name: `the number "${value}" is refused`,
    spec: '1.5',
    steps: [
      queue('a'),
      refused(
        attribute('a', text(value, 'Number')),
        value === ''
          ? invalidParameter()
          : invalidParameter("Can't cast the value of message (user) attribute 'a' to a number."),
      ),
    ],
  })),
  {
    name: 'lists of values are reserved, empty ones are passed over',
    spec: '1.5',
    steps: [
      queue('a'),
      refused(
        attribute('n', { ...text('v'), StringListValues: ['v'] }),
        failure('UnsupportedOperation', 'AWS.SimpleQueueService.UnsupportedOperation'),
      ),
      send('a', 'm', attribute('n', { ...text('v'), StringListValues: [], BinaryListValues: [] })),
    ],
  },
  {
    name: 'binary values and custom suffixes come back',
    spec: '1.7',
    steps: [
      queue('a'),
      send('a', 'm', {
        MessageAttributes: { b: { DataType: 'Binary.png', BinaryValue: 'AAECAwT/' }, s: text('[1]', 'String.Array') },
      }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', MessageAttributeNames: ['All'] },
        output: {
          Messages: [
            {
              MessageAttributes: {
                b: { DataType: 'Binary.png', BinaryValue: 'AAECAwT/' },
                s: text('[1]', 'String.Array'),
              },
            },
          ],
        },
      },
    ],
  },
  {
    name: 'a trace header comes back',
    spec: '1.5',
    steps: [
      queue('a'),
      send('a', 'm', { MessageSystemAttributes: { AWSTraceHeader: text('Root=1-5759e988') } }),
      {
        op: 'ReceiveMessage',
        input: { QueueUrl: '<a>', AttributeNames: ['AWSTraceHeader'] },
        output: { Messages: [{ Attributes: { AWSTraceHeader: 'Root=1-5759e988' } }] },
        save: { m: 'Messages.0.ReceiptHandle' },
      },
      deleteMessage('a', '<m>'),
    ],
  },
  ...['String.\ud800', 'Number.\uffff', 'Binary.\u0000'].map((type) => ({
    name: `the data type ${JSON.stringify(type)} of characters that SQS has not is refused`,
    spec: '1.5',
    isForJsonOnly: type.includes('\ud800'), // UTF-8 has no half of a character.
    steps: [queue('a'), refused(attribute('n', { ...text('1', type), BinaryValue: 'AA==' }), invalidParameter())],
  })),
  {
    name: 'a trace header does not count in the size, and so has a limit of its own',
    spec: '1.5',
    steps: [
      queue('a', { MaximumMessageSize: '1024' }),
      send('a', 'x'.repeat(1024), { MessageSystemAttributes: { AWSTraceHeader: text('r'.repeat(4_000)) } }),
      refused({ MessageSystemAttributes: { AWSTraceHeader: text('r'.repeat(4_096)) } }, invalidParameter()),
    ],
  },
];
