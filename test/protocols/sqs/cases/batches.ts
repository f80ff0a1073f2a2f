import {
  advance,
  type Case,
  counts,
  failure,
  invalidParameter,
  type Json,
  type JsonObject,
  noQueue,
  queue,
  type Request,
  receive,
  send,
} from './case.ts';

const batchError = (shape: string, message: string) => failure(shape, `AWS.SimpleQueueService.${shape}`, message);
const batch = (op: string, entries: readonly Json[], expected: Partial<Request>): Request => ({
  op,
  input: { QueueUrl: '<a>', Entries: entries },
  ...expected,
});
const bodies = (count: number, size = 1): readonly JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ Id: `id_${index}`, MessageBody: 'x'.repeat(size) }));
const badId = batchError(
  'InvalidBatchEntryId',
  'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
);
const all = ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'];
const sent = (Id: string) => ({ Id, MessageId: '<any>', MD5OfMessageBody: '<any>' });
const noDedup = invalidParameter(
  'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
);

export const batchCases: readonly Case[] = [
  ...all.flatMap((op) => [
    {
      name: `${op} without entries is refused`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(op, [], {
          error: batchError('EmptyBatchRequest', `There should be at least one ${op}RequestEntry in the request.`),
        }),
        {
          op,
          input: { QueueUrl: '<a>' },
          error: batchError('EmptyBatchRequest', `There should be at least one ${op}RequestEntry in the request.`),
        },
      ],
    },
    {
      name: `${op} of 20 entries is refused`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(op, bodies(20), {
          error: batchError(
            'TooManyEntriesInBatchRequest',
            'Maximum number of entries per request are 10. You have sent 20.',
          ),
        }),
      ],
    },
    {
      name: `${op} of 11 entries is refused`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(op, bodies(11), {
          error: batchError(
            'TooManyEntriesInBatchRequest',
            'Maximum number of entries per request are 10. You have sent 11.',
          ),
        }),
      ],
    },
    {
      name: `${op} names the first id that is repeated`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(op, [{ Id: 'id_1' }, { Id: 'id_2' }, { Id: 'id_2' }, { Id: 'id_1' }], {
          error: batchError('BatchEntryIdsNotDistinct', 'Id id_2 repeated.'),
        }),
      ],
    },
    ...['', 'a b', 'a.b', 'i'.repeat(81)].map((Id) => ({
      name: `${op} refuses the entry id "${Id.slice(0, 8)}" of ${Id.length} characters`,
      spec: '1.6',
      steps: [queue('a'), batch(op, [{ Id }], { error: badId })],
    })),
    {
      name: `${op} looks for the queue first`,
      spec: '1.6',
      steps: [{ op, input: { QueueUrl: 'http://h/000000000000/none', Entries: [] }, error: noQueue }],
    },
  ]),
  {
    name: 'ten messages are stored in the order of the entries',
    spec: '1.6',
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        Array.from({ length: 10 }, (_, index) => ({ Id: `i${index}`, MessageBody: `m${index}` })),
        { absent: ['Failed'], output: { Successful: Array.from({ length: 10 }, (_, index) => sent(`i${index}`)) } },
      ),
      receive(
        'a',
        Array.from({ length: 10 }, (_, index) => `m${index}`),
      ),
    ],
  },
  {
    name: 'the bytes of all entries together have a limit of their own',
    spec: '1.6',
    steps: [
      queue('a'),
      batch('SendMessageBatch', [...bodies(1, 1048575), { Id: 'b', MessageBody: 'x' }], { absent: ['Failed'] }),
      batch('SendMessageBatch', [...bodies(1, 1048576), { Id: 'b', MessageBody: 'x' }], {
        error: batchError(
          'BatchRequestTooLong',
          'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
        ),
      }),
      counts('a', 2, 0, 0),
    ],
  },
  {
    name: 'attributes count in the size of a batch',
    spec: '1.6',
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        [
          ...bodies(1, 1048570),
          { Id: 'b', MessageBody: 'x', MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } } },
        ],
        {
          error: batchError(
            'BatchRequestTooLong',
            'Batch requests cannot be longer than 1048576 bytes. You have sent 1048579 bytes.',
          ),
        },
      ),
    ],
  },
  {
    name: "the queue's own limit is each entry's, not the batch's",
    spec: '1.6',
    steps: [
      queue('a', { MaximumMessageSize: '1024' }),
      batch('SendMessageBatch', bodies(10, 1024), { absent: ['Failed'] }),
    ],
  },
  {
    name: 'an entry that is too long fails alone, in other words than a single message',
    spec: '1.6',
    steps: [
      queue('a', { MaximumMessageSize: '1024' }),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: 'x'.repeat(1025) },
          { Id: 'b', MessageBody: 'x' },
        ],
        {
          exactly: {
            Successful: [sent('b')],
            Failed: [
              {
                Id: 'a',
                SenderFault: true,
                Code: 'InvalidParameterValue',
                Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 1024 bytes.',
              },
            ],
          },
        },
      ),
    ],
  },
  {
    name: 'an entry with a bad character fails alone',
    spec: '1.6',
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: '\uffff' },
          { Id: 'b', MessageBody: 'x' },
        ],
        {
          output: { Successful: [sent('b')], Failed: [{ Id: 'a', SenderFault: true, Code: 'InvalidMessageContents' }] },
        },
      ),
      receive('a', ['x']),
    ],
  },
  {
    name: 'entries that all fail leave no Successful',
    spec: '0.1',
    steps: [
      queue('a'),
      batch('SendMessageBatch', [{ Id: 'a', MessageBody: '' }], {
        absent: ['Successful'],
        output: {
          Failed: [
            {
              Id: 'a',
              SenderFault: true,
              Code: 'MissingParameter',
              Message: 'The request must contain the parameter MessageBody.',
            },
          ],
        },
      }),
    ],
  },
  {
    name: 'each entry has its own delay',
    spec: '1.6',
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: 'late', DelaySeconds: 5 },
          { Id: 'b', MessageBody: 'now' },
        ],
        {},
      ),
      receive('a', ['now']),
      advance(5),
      receive('a', ['late']),
    ],
  },
  {
    name: 'a FIFO entry without a group fails the whole request, with another code than a single message',
    spec: '1.6',
    steps: [
      queue('a.fifo'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' },
          { Id: 'b', MessageBody: 'x', MessageDeduplicationId: 'e' },
        ],
        { error: invalidParameter('The request must contain the parameter MessageGroupId.') },
      ),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'a FIFO entry without a deduplication id fails the whole request',
    spec: '1.6',
    steps: [
      queue('a.fifo'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' },
          { Id: 'b', MessageBody: 'x', MessageGroupId: 'g' },
        ],
        { error: noDedup },
      ),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'FIFO entries keep their order, rise in sequence, and are deduplicated',
    spec: '1.6',
    steps: [
      queue('a.fifo', { ContentBasedDeduplication: 'true' }),
      batch(
        'SendMessageBatch',
        ['1', '2', '1', '3'].map((body, index) => ({ Id: `i${index}`, MessageBody: body, MessageGroupId: 'g' })),
        {
          save: { first: 'Successful.0.MessageId', third: 'Successful.2.MessageId' },
          output: { Successful: [{}, {}, {}, {}].map(() => ({ SequenceNumber: '<any>' })) },
        },
      ),
      receive('a', ['1', '2', '3']),
    ],
  },
  {
    name: 'deleting answers each handle for itself, and the same one twice is no failure',
    spec: '1.6',
    steps: [
      queue('a'),
      send('a', 'm'),
      receive('a', ['m']),
      batch(
        'DeleteMessageBatch',
        [
          { Id: '1', ReceiptHandle: '<m>' },
          { Id: '2', ReceiptHandle: 'garbage' },
          { Id: '3', ReceiptHandle: '<m>' },
          { Id: '4' },
        ],
        {
          exactly: {
            Successful: [{ Id: '1' }, { Id: '3' }],
            Failed: [
              {
                Id: '2',
                SenderFault: true,
                Code: 'ReceiptHandleIsInvalid',
                Message: 'The input receipt handle "garbage" is not a valid receipt handle.',
              },
              {
                Id: '4',
                SenderFault: true,
                Code: 'MissingParameter',
                Message: 'The request must contain the parameter ReceiptHandle.',
              },
            ],
          },
        },
      ),
      counts('a', 0, 0, 0),
    ],
  },
  {
    name: 'changing visibility answers each handle for itself',
    spec: '1.10',
    steps: [
      queue('a'),
      send('a', 'm'),
      send('a', 'n'),
      receive('a', ['m', 'n']),
      batch(
        'ChangeMessageVisibilityBatch',
        [
          { Id: '1', ReceiptHandle: '<m>', VisibilityTimeout: 0 },
          { Id: '2', ReceiptHandle: '<n>', VisibilityTimeout: 43201 },
          { Id: '3', ReceiptHandle: '<n>' },
          { Id: '4', ReceiptHandle: '<n>', VisibilityTimeout: 60 },
        ],
        {
          output: {
            Successful: [{ Id: '1' }, { Id: '4' }],
            Failed: [
              { Id: '2', SenderFault: true, Code: 'InvalidParameterValue' },
              { Id: '3', SenderFault: true, Code: 'MissingParameter' },
            ],
          },
        },
      ),
      receive('a', ['m'], { VisibilityTimeout: 120 }),
      advance(59),
      receive('a', []),
      advance(1),
      receive('a', ['n']),
    ],
  },
  {
    name: 'a wrong type in one entry fails the request',
    spec: '0.2',
    isForJsonOnly: true, // In Query it is a text.
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: 'x' },
          { Id: 'b', MessageBody: 5 },
        ],
        { error: failure('SerializationException', 'SerializationException') },
      ),
      counts('a', 0, 0, 0),
    ],
  },
  ...all.flatMap((op) => [
    {
      name: `${op} counts its entries before it looks at their ids`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(
          op,
          Array.from({ length: 11 }, () => ({ Id: 'a b' })),
          { error: failure('TooManyEntriesInBatchRequest', 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest') },
        ),
      ],
    },
    {
      name: `${op} looks whether ids are right before it looks whether they differ`,
      spec: '1.6',
      steps: [queue('a'), batch(op, [{ Id: 'x' }, { Id: 'x' }, { Id: 'a b' }], { error: badId })],
    },
    {
      name: `${op} takes ids of 80 characters`,
      spec: '1.6',
      steps: [
        queue('a'),
        batch(op, [{ Id: 'i'.repeat(80), MessageBody: 'm', ReceiptHandle: 'h', VisibilityTimeout: 1 }], {}),
      ],
    },
  ]),
  {
    name: 'a batch is weighed before its ids are looked at',
    spec: '1.6',
    steps: [
      queue('a'),
      batch('SendMessageBatch', [...bodies(1, 1048576), { Id: 'a b', MessageBody: 'x' }], {
        error: failure('BatchRequestTooLong', 'AWS.SimpleQueueService.BatchRequestTooLong'),
      }),
    ],
  },
  {
    name: 'a FIFO entry with a delay or a bad group fails alone',
    spec: '1.6',
    steps: [
      queue('a.fifo'),
      batch(
        'SendMessageBatch',
        [
          { Id: 'a', MessageBody: '1', MessageGroupId: 'g', MessageDeduplicationId: '1', DelaySeconds: 2 },
          { Id: 'b', MessageBody: '2', MessageGroupId: 'a b', MessageDeduplicationId: '2' },
          { Id: 'c', MessageBody: '3', MessageGroupId: 'g', MessageDeduplicationId: '3', DelaySeconds: 0 },
        ],
        {
          output: {
            Successful: [sent('c')],
            Failed: [
              {
                Id: 'a',
                SenderFault: true,
                Code: 'InvalidParameterValue',
                Message:
                  'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
              },
              {
                Id: 'b',
                SenderFault: true,
                Code: 'InvalidParameterValue',
                Message:
                  'Value a b for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
              },
            ],
          },
        },
      ),
      receive('a', ['3']),
    ],
  },
  {
    name: 'results are in the order of the entries, whichever fail',
    spec: '1.6',
    steps: [
      queue('a'),
      batch(
        'SendMessageBatch',
        ['1', '', '2', '\uffff', '3'].map((MessageBody, index) => ({ Id: `i${index}`, MessageBody })),
        {
          output: {
            Successful: [{ Id: 'i0' }, { Id: 'i2' }, { Id: 'i4' }],
            Failed: [{ Id: 'i1' }, { Id: 'i3' }],
          },
        },
      ),
    ],
  },
];
