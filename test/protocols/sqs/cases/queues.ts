import {
  type Case,
  invalidParameter,
  type JsonObject,
  missingParameter,
  noQueue,
  queue,
  type Request,
  receive,
  send,
} from './case.ts';

const list = (input: JsonObject, names: readonly string[], more: Partial<Request> = {}): Request => ({
  op: 'ListQueues',
  input,
  output: names.length === 0 ? {} : { QueueUrls: names.map((name) => `<${name}>`) },
  ...(names.length === 0 ? { absent: ['QueueUrls'] } : {}),
  ...more,
});
const tags = (Tags: JsonObject): Request => ({ op: 'TagQueue', input: { QueueUrl: '<a>', Tags }, exactly: {} });
const listTags = (expected: JsonObject | undefined): Request => ({
  op: 'ListQueueTags',
  input: { QueueUrl: '<a>' },
  exactly: expected === undefined ? {} : { Tags: expected },
});
const manyTags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
const onQueue = [
  'DeleteQueue',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'PurgeQueue',
  'TagQueue',
  'UntagQueue',
  'ListQueueTags',
  'ListDeadLetterSourceQueues',
];

export const queueCases: readonly Case[] = [
  ...onQueue.flatMap((op) => [
    {
      name: `${op} on a queue that is not there says so`,
      spec: '0.2',
      steps: [{ op, input: { QueueUrl: 'http://127.0.0.1/000000000000/none' }, error: noQueue }],
    },
    {
      name: `${op} on a URL that makes no sense says so too`,
      spec: '0.2',
      steps: [{ op, input: { QueueUrl: 'http://whatever-incorrect-queue-address' }, error: noQueue }],
    },
    {
      name: `${op} without a QueueUrl names what is missing`,
      spec: '0.2',
      steps: [{ op, input: {}, error: missingParameter('The request must contain the parameter QueueUrl.') }],
    },
  ]),
  {
    name: 'the URL of a queue is found by its name',
    spec: '1.3',
    steps: [
      queue('a'),
      { op: 'GetQueueUrl', input: { QueueName: 'a' }, exactly: { QueueUrl: '<a>' } },
      {
        op: 'GetQueueUrl',
        input: { QueueName: 'a', QueueOwnerAWSAccountId: '000000000000' },
        exactly: { QueueUrl: '<a>' },
      },
    ],
  },
  {
    name: 'a name that no queue has is told so, in another account too',
    spec: '1.3',
    steps: [
      queue('a'),
      { op: 'GetQueueUrl', input: { QueueName: 'b' }, error: noQueue },
      { op: 'GetQueueUrl', input: { QueueName: 'A' }, error: noQueue },
      { op: 'GetQueueUrl', input: { QueueName: 'a', QueueOwnerAWSAccountId: '111111111111' }, error: noQueue },
      { op: 'GetQueueUrl', input: {}, error: missingParameter('The request must contain the parameter QueueName.') },
    ],
  },
  { name: 'a list of no queues has no key', spec: '0.1', steps: [{ op: 'ListQueues', input: {}, exactly: {} }] },
  {
    name: 'queues are listed in the order of their names, by a prefix that minds its case',
    spec: '1.3',
    steps: [
      queue('b'),
      queue('a2'),
      queue('A1'),
      queue('a1'),
      list({}, ['A1', 'a1', 'a2', 'b']),
      list({ QueueNamePrefix: 'a' }, ['a1', 'a2']),
      list({ QueueNamePrefix: 'zz' }, []),
    ],
  },
  {
    name: 'pages follow one another without gap or repetition',
    spec: '1.3',
    steps: [
      ...['a1', 'a2', 'a3', 'b'].map((name) => queue(name)),
      list({ MaxResults: 2 }, ['a1', 'a2'], { save: { next: 'NextToken' } }),
      list({ MaxResults: 2, NextToken: '<next>' }, ['a3', 'b'], { absent: ['NextToken'] }),
      list({ MaxResults: 2, QueueNamePrefix: 'a' }, ['a1', 'a2'], { save: { next: 'NextToken' } }),
      list({ MaxResults: 2, QueueNamePrefix: 'a', NextToken: '<next>' }, ['a3'], { absent: ['NextToken'] }),
    ],
  },
  {
    name: 'without MaxResults there is no token',
    spec: '1.3',
    steps: [
      queue('a'),
      queue('b'),
      list({}, ['a', 'b'], { absent: ['NextToken'] }),
      list({ MaxResults: 1000 }, ['a', 'b'], { absent: ['NextToken'] }),
    ],
  },
  ...[0, 1001].map((max) => ({
    name: `a page of ${max} queues is refused`,
    spec: '1.3',
    steps: [
      {
        op: 'ListQueues',
        input: { MaxResults: max },
        error: invalidParameter(
          `Value ${max} for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000`,
        ),
      },
    ],
  })),
  {
    name: 'a token that was never given is refused',
    spec: '1.3',
    steps: [{ op: 'ListQueues', input: { NextToken: '!' }, error: invalidParameter() }],
  },
  {
    name: 'a deleted queue is gone at once, with its messages and tags',
    spec: '1.3',
    steps: [
      queue('a'),
      tags({ k: 'v' }),
      send('a', 'm'),
      { op: 'DeleteQueue', input: { QueueUrl: '<a>' }, exactly: {} },
      { op: 'DeleteQueue', input: { QueueUrl: '<a>' }, error: noQueue },
      list({}, []),
      queue('a'),
      listTags(undefined),
      receive('a', []),
    ],
  },
  {
    name: 'tags are added, overwritten, removed; keys mind their case and values may be empty',
    spec: '1.14',
    steps: [
      queue('a'),
      listTags(undefined),
      tags({ k: '1', K: '2', e: '' }),
      tags({ k: '3' }),
      listTags({ k: '3', K: '2', e: '' }),
      { op: 'UntagQueue', input: { QueueUrl: '<a>', TagKeys: ['k', 'none'] }, exactly: {} },
      listTags({ K: '2', e: '' }),
      { op: 'UntagQueue', input: { QueueUrl: '<a>', TagKeys: ['K', 'e'] }, exactly: {} },
      listTags(undefined),
    ],
  },
  {
    name: 'fifty tags are taken, fifty-one are not',
    spec: '1.14',
    steps: [
      queue('a'),
      tags(manyTags(50)),
      tags({ k0: 'again' }),
      {
        op: 'TagQueue',
        input: { QueueUrl: '<a>', Tags: { more: '' } },
        error: invalidParameter('Too many tags added for queue a.'),
      },
    ],
  },
  {
    name: 'no tags and no keys are refused',
    spec: '1.14',
    steps: [
      queue('a'),
      {
        op: 'TagQueue',
        input: { QueueUrl: '<a>', Tags: {} },
        error: missingParameter('The request must contain the parameter Tags.'),
      },
      {
        op: 'UntagQueue',
        input: { QueueUrl: '<a>', TagKeys: [] },
        error: invalidParameter('Tag keys must be between 1 and 128 characters in length.'),
      },
    ],
  },
  {
    name: 'a key has at most 128 characters, a value 256',
    spec: '1.14',
    steps: [
      queue('a'),
      tags({ ['k'.repeat(128)]: 'v'.repeat(256) }),
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { ['k'.repeat(129)]: '' } }, error: invalidParameter() },
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { k: 'v'.repeat(257) } }, error: invalidParameter() },
    ],
  },
  {
    name: 'a key that is too long or empty is refused where tags are taken away as well',
    spec: '1.14',
    steps: [
      queue('a'),
      ...['', 'k'.repeat(129)].map(
        (key): Request => ({
          op: 'UntagQueue',
          input: { QueueUrl: '<a>', TagKeys: ['k', key] },
          error: invalidParameter('Tag keys must be between 1 and 128 characters in length.'),
        }),
      ),
    ],
  },
  {
    name: 'letters of any script, spaces and a few signs are tags, others are not',
    spec: '1.14',
    steps: [
      queue('a'),
      tags({ 'Größe 大小 _.:/=+-@': 'Größe 大小 _.:/=+-@' }),
      listTags({ 'Größe 大小 _.:/=+-@': 'Größe 大小 _.:/=+-@' }),
      ...['k!', 'k\n', 'k\ud800', 'k😀'].map(
        (text): Request => ({
          op: 'TagQueue',
          input: { QueueUrl: '<a>', Tags: { [text]: '' } },
          error: invalidParameter(),
        }),
      ),
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { k: 'v!' } }, error: invalidParameter() },
      { op: 'CreateQueue', input: { QueueName: 'b', tags: { 'k!': '' } }, error: invalidParameter() },
    ],
  },
  {
    name: 'keys that begin with aws: in any case are reserved, values are not',
    spec: '1.14',
    steps: [
      queue('a'),
      tags({ 'not-aws:k': 'aws:v' }),
      ...['aws:k', 'AWS:k', 'Aws:'].flatMap((key): Request[] => [
        { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { [key]: '' } }, error: invalidParameter() },
        { op: 'UntagQueue', input: { QueueUrl: '<a>', TagKeys: [key] }, error: invalidParameter() },
      ]),
      { op: 'CreateQueue', input: { QueueName: 'b', tags: { 'aws:k': '' } }, error: invalidParameter() },
    ],
  },
  {
    name: 'of tags that are refused none is set',
    spec: '1.14',
    steps: [
      queue('a'),
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { good: '', 'bad!': '' } }, error: invalidParameter() },
      listTags(undefined),
    ],
  },
  {
    name: 'a tag named __proto__ is one like any other',
    spec: '1.14',
    steps: [
      queue('a'),
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: JSON.parse('{"__proto__":"v"}') }, exactly: {} },
      { op: 'UntagQueue', input: { QueueUrl: '<a>', TagKeys: ['__proto__'] }, exactly: {} },
      listTags(undefined),
    ],
  },
  ...['\ud800', '\uffff', '\u0000'].map((character) => ({
    name: `a tag with the character ${JSON.stringify(character)} is refused`,
    spec: '1.14',
    isForJsonOnly: /[\ud800-\udfff]/u.test(character), // UTF-8 has no half of a character.
    steps: [
      queue('a'),
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { k: character } }, error: invalidParameter() },
      { op: 'TagQueue', input: { QueueUrl: '<a>', Tags: { [character]: 'v' } }, error: invalidParameter() },
    ],
  })),
];
