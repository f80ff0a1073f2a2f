import {
  advance,
  type Case,
  failure,
  invalidAttributeValue,
  invalidName,
  invalidParameter,
  type JsonObject,
  missingParameter,
  queue,
  type Request,
} from './case.ts';

const badName = 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length';
const badFifoName =
  'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length';
const exists = (attribute: string) =>
  failure(
    'QueueNameExists',
    'QueueAlreadyExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
const create = (QueueName: string, Attributes: JsonObject, error: NonNullable<Request['error']>): Request => ({
  op: 'CreateQueue',
  input: { QueueName, Attributes },
  error,
});
const attributes = (of: string, names: readonly string[], expected: JsonObject): Request => ({
  op: 'GetQueueAttributes',
  input: { QueueUrl: `<${of}>`, AttributeNames: names },
  exactly: Object.keys(expected).length === 0 ? {} : { Attributes: expected },
});
const set = (of: string, Attributes: JsonObject): Request => ({
  op: 'SetQueueAttributes',
  input: { QueueUrl: `<${of}>`, Attributes },
  exactly: {},
});

const sse = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'];
const fresh = {
  ApproximateNumberOfMessages: '0',
  ApproximateNumberOfMessagesDelayed: '0',
  ApproximateNumberOfMessagesNotVisible: '0',
  CreatedTimestamp: '1800000000',
  DelaySeconds: '0',
  LastModifiedTimestamp: '1800000000',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
};

export const createQueueCases: readonly Case[] = [
  {
    name: 'a queue without a name is refused',
    spec: '1.2',
    steps: [
      { op: 'CreateQueue', input: {}, error: missingParameter('The request must contain the parameter QueueName.') },
    ],
  },
  { name: 'a name of 80 characters is taken', spec: '1.2', steps: [queue('q'.repeat(80))] },
  {
    name: 'a name of 81 characters is refused',
    spec: '1.2',
    steps: [create('q'.repeat(81), {}, invalidParameter(badName))],
  },
  {
    name: 'a FIFO name of 80 characters is taken, its suffix counted',
    spec: '1.2',
    steps: [queue(`${'q'.repeat(75)}.fifo`)],
  },
  {
    name: 'a FIFO name of 81 characters is refused',
    spec: '1.2',
    steps: [create(`${'q'.repeat(76)}.fifo`, { FifoQueue: 'true' }, invalidParameter(badFifoName))],
  },
  { name: 'a slash in a name is refused', spec: '1.2', steps: [create('a/b', {}, invalidParameter(badName))] },
  { name: 'a blank in a name is refused', spec: '1.2', steps: [create('a b', {}, invalidParameter(badName))] },
  {
    name: 'a FIFO name without FifoQueue is refused',
    spec: '1.2',
    steps: [create('a.fifo', {}, invalidParameter(badName))],
  },
  {
    name: 'FifoQueue without the suffix is refused',
    spec: '1.2',
    steps: [create('a', { FifoQueue: 'true' }, invalidParameter(badFifoName))],
  },
  {
    name: 'FifoQueue=false on a standard queue is an unknown attribute',
    spec: '1.2',
    steps: [create('a', { FifoQueue: 'false' }, invalidName('Unknown Attribute FifoQueue.'))],
  },
  {
    name: 'content deduplication on a standard queue is an unknown attribute',
    spec: '1.2',
    steps: [
      create('a', { ContentBasedDeduplication: 'true' }, invalidName('Unknown Attribute ContentBasedDeduplication.')),
    ],
  },
  {
    name: 'a deduplication scope needs a FIFO queue',
    spec: '1.2',
    steps: [
      create(
        'a',
        { DeduplicationScope: 'queue' },
        invalidName('You can specify the DeduplicationScope only when FifoQueue is set to true.'),
      ),
    ],
  },
  {
    name: 'a throughput limit needs a FIFO queue',
    spec: '1.2',
    steps: [
      create(
        'a',
        { FifoThroughputLimit: 'perQueue' },
        invalidName('You can specify the FifoThroughputLimit only when FifoQueue is set to true.'),
      ),
    ],
  },
  ...['Foo', 'QueueArn', 'CreatedTimestamp', 'ApproximateNumberOfMessages', '__proto__', ''].map((name) => ({
    name: `attribute "${name}" cannot be set`,
    spec: '1.2',
    steps: [create('a', JSON.parse(`{"${name}":"1"}`), invalidName(`Unknown Attribute ${name}.`))],
  })),
  {
    name: 'creating again gives the same queue, with no attributes, the same ones, or ones that say the same',
    spec: '1.2',
    steps: [
      queue('a', { DelaySeconds: '5' }),
      { op: 'CreateQueue', input: { QueueName: 'a' }, exactly: { QueueUrl: '<a>' } },
      { op: 'CreateQueue', input: { QueueName: 'a', Attributes: { DelaySeconds: '5' } }, exactly: { QueueUrl: '<a>' } },
      {
        op: 'CreateQueue',
        input: {
          QueueName: 'a',
          Attributes: { DelaySeconds: '05', VisibilityTimeout: '30', SqsManagedSseEnabled: 'True' },
        },
        exactly: { QueueUrl: '<a>' },
      },
    ],
  },
  {
    name: 'policies are compared as JSON',
    spec: '1.2',
    steps: [
      queue('a', {
        Policy: '{"Version":"2012-10-17","Statement":[{"Sid":"1","Effect":"Allow","Principal":"*","Action":"sqs:*"}]}',
      }),
      {
        op: 'CreateQueue',
        input: {
          QueueName: 'a',
          Attributes: {
            Policy:
              '{ "Statement": [{"Action":"sqs:*","Principal":"*","Effect":"Allow","Sid":"1"}], "Version": "2012-10-17" }',
          },
        },
        exactly: { QueueUrl: '<a>' },
      },
      create('a', { Policy: '{"Version":"2012-10-17","Statement":[]}' }, exists('Policy')),
      create('a', { Policy: '' }, exists('Policy')),
    ],
  },
  {
    name: 'another value is a conflict that names the attribute',
    spec: '1.2',
    steps: [queue('a', { DelaySeconds: '5' }), create('a', { DelaySeconds: '6' }, exists('DelaySeconds'))],
  },
  {
    name: 'the current values count, not those of the creation',
    spec: '1.2',
    steps: [
      queue('a', { DelaySeconds: '5' }),
      set('a', { DelaySeconds: '6' }),
      create('a', { DelaySeconds: '5' }, exists('DelaySeconds')),
      { op: 'CreateQueue', input: { QueueName: 'a', Attributes: { DelaySeconds: '6' } }, exactly: { QueueUrl: '<a>' } },
      { op: 'CreateQueue', input: { QueueName: 'a' }, exactly: { QueueUrl: '<a>' } },
    ],
  },
  {
    name: 'tags given at the creation are kept, those given again are not looked at',
    spec: '1.2',
    steps: [
      { op: 'CreateQueue', input: { QueueName: 'a', tags: { team: 'blue', __proto: '' } }, save: { a: 'QueueUrl' } },
      { op: 'CreateQueue', input: { QueueName: 'a', tags: { team: 'red' } }, exactly: { QueueUrl: '<a>' } },
      { op: 'ListQueueTags', input: { QueueUrl: '<a>' }, exactly: { Tags: { team: 'blue', __proto: '' } } },
    ],
  },
  {
    name: 'an empty Policy or RedrivePolicy is none',
    spec: '1.2',
    steps: [queue('a', { Policy: '', RedrivePolicy: '' }), attributes('a', ['Policy', 'RedrivePolicy'], {})],
  },
  {
    name: 'a queue can be made again at once after its deletion',
    spec: '1.2',
    steps: [queue('a'), { op: 'DeleteQueue', input: { QueueUrl: '<a>' }, exactly: {} }, queue('a')],
  },
  ...ranges([
    ['DelaySeconds', 0, 900],
    ['MaximumMessageSize', 1024, 1048576],
    ['MessageRetentionPeriod', 60, 1209600],
    ['ReceiveMessageWaitTimeSeconds', 0, 20],
    ['VisibilityTimeout', 0, 43200],
    ['KmsDataKeyReusePeriodSeconds', 60, 86400],
  ]),
  ...[
    ['SqsManagedSseEnabled', 'yes'],
    ['Policy', 'not json'],
    ['Policy', '[]'],
    ['Policy', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['Policy', `{"Id":"${'x'.repeat(8_192)}","Statement":[]}`],
    ['Policy', '{"a":"\uffff"}'],
    ['KmsMasterKeyId', '\ud800'],
    ['DelaySeconds', '1.5'],
    ['DelaySeconds', ''],
    ['DelaySeconds', '0x1'],
  ].map(([name = '', value = '']) => ({
    name: `${name} ${value.slice(0, 60)} is refused`,
    spec: '1.1',
    isForJsonOnly: /[\ud800-\udfff]/u.test(value), // UTF-8 has no half of a character.
    steps: [create('a', { [name]: value }, invalidAttributeValue(`Invalid value for the parameter ${name}.`))],
  })),
  {
    name: 'high throughput needs deduplication by message group',
    spec: '1.1',
    steps: [create('a.fifo', { FifoQueue: 'true', FifoThroughputLimit: 'perMessageGroupId' }, invalidAttributeValue())],
  },
  {
    name: 'deduplication by message group goes without high throughput',
    spec: '1.1',
    steps: [
      queue('a.fifo', { DeduplicationScope: 'messageGroup' }),
      attributes('a', ['DeduplicationScope', 'FifoThroughputLimit'], {
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perQueue',
      }),
    ],
  },
  {
    name: 'a fresh standard queue shows exactly these attributes',
    spec: '1.1',
    steps: [queue('a'), attributes('a', ['All'], { ...fresh, QueueArn: 'arn:aws:sqs:us-east-1:000000000000:a' })],
  },
  {
    name: 'a fresh FIFO queue shows exactly four more',
    spec: '1.1',
    steps: [
      queue('a.fifo'),
      attributes('a', ['All'], {
        ...fresh,
        QueueArn: 'arn:aws:sqs:us-east-1:000000000000:a.fifo',
        ContentBasedDeduplication: 'false',
        DeduplicationScope: 'queue',
        FifoQueue: 'true',
        FifoThroughputLimit: 'perQueue',
      }),
    ],
  },
  {
    name: 'booleans in any case are taken and shown in lower case',
    spec: '1.1',
    steps: [
      queue('a.fifo', { FifoQueue: 'True', ContentBasedDeduplication: 'True', SqsManagedSseEnabled: 'False' }),
      attributes('a', ['ContentBasedDeduplication', 'SqsManagedSseEnabled', 'FifoQueue'], {
        ContentBasedDeduplication: 'true',
        SqsManagedSseEnabled: 'false',
        FifoQueue: 'true',
      }),
    ],
  },
  {
    name: 'SetQueueAttributes changes what is given, and the time of the change',
    spec: '1.4',
    steps: [
      queue('a', { DelaySeconds: '7' }),
      advance(10),
      set('a', { VisibilityTimeout: '60' }),
      attributes('a', ['DelaySeconds', 'VisibilityTimeout', 'CreatedTimestamp', 'LastModifiedTimestamp'], {
        DelaySeconds: '7',
        VisibilityTimeout: '60',
        CreatedTimestamp: '1800000000',
        LastModifiedTimestamp: '1800000010',
      }),
    ],
  },
  {
    name: 'no names give no attributes',
    spec: '1.4',
    steps: [queue('a'), attributes('a', [], {}), { op: 'GetQueueAttributes', input: { QueueUrl: '<a>' }, exactly: {} }],
  },
  {
    name: 'an unknown name is refused',
    spec: '1.4',
    steps: [
      queue('a'),
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<a>', AttributeNames: ['Foobar'] },
        error: invalidName('Unknown Attribute Foobar.'),
      },
      {
        op: 'GetQueueAttributes',
        input: { QueueUrl: '<a>', AttributeNames: [''] },
        error: invalidName('Unknown Attribute .'),
      },
    ],
  },
  {
    name: 'what is not set is left out',
    spec: '1.4',
    steps: [
      queue('a'),
      attributes('a', ['Policy'], {}),
      attributes('a', ['Policy', 'DelaySeconds', 'FifoQueue'], { DelaySeconds: '0' }),
    ],
  },
  {
    name: 'FifoQueue cannot be set on a standard queue',
    spec: '1.4',
    steps: [
      queue('a'),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { FifoQueue: 'true' } },
        error: invalidName('Unknown Attribute FifoQueue.'),
      },
    ],
  },
  {
    name: 'a FIFO queue stays one',
    spec: '1.4',
    steps: [
      queue('a.fifo'),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { FifoQueue: 'false' } },
        error: invalidAttributeValue(
          'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.',
        ),
      },
      set('a', { FifoQueue: 'true' }),
    ],
  },
  {
    name: 'a read-only attribute cannot be set',
    spec: '1.4',
    steps: [
      queue('a'),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { QueueArn: 'x' } },
        error: invalidName('Unknown Attribute QueueArn.'),
      },
    ],
  },
  {
    name: 'empty texts remove policies, also those that were not there',
    spec: '1.4',
    steps: [
      queue('d'),
      queue('a'),
      set('a', { Policy: '', RedrivePolicy: '', RedriveAllowPolicy: '' }),
      set('a', {
        Policy: '{"Statement":[]}',
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":"10"}',
        RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
      }),
      attributes('a', ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'], {
        Policy: '{"Statement":[]}',
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":10}',
        RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
      }),
      set('a', { Policy: '', RedrivePolicy: '', RedriveAllowPolicy: '' }),
      attributes('a', ['Policy', 'RedrivePolicy', 'RedriveAllowPolicy'], {}),
    ],
  },
  {
    name: 'encryption by KMS and by SQS exclude each other, and the default period is not shown',
    spec: '1.4',
    steps: [
      queue('a'),
      set('a', { KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' }),
      attributes('a', sse, {
        KmsMasterKeyId: 'testKeyId',
        KmsDataKeyReusePeriodSeconds: '6000',
        SqsManagedSseEnabled: 'false',
      }),
      set('a', { KmsDataKeyReusePeriodSeconds: '300' }),
      attributes('a', sse, { KmsMasterKeyId: 'testKeyId', SqsManagedSseEnabled: 'false' }),
      {
        ...set('a', { KmsMasterKeyId: 'k'.repeat(2049) }),
        error: { shape: 'InvalidAttributeValue', code: 'InvalidAttributeValue', status: 400 },
      },
      set('a', { KmsMasterKeyId: '' }),
      attributes('a', sse, { SqsManagedSseEnabled: 'false' }),
      set('a', { KmsMasterKeyId: 'other', KmsDataKeyReusePeriodSeconds: '60' }),
      set('a', { SqsManagedSseEnabled: 'true' }),
      attributes('a', sse, { SqsManagedSseEnabled: 'true' }),
    ],
  },
  {
    name: 'both kinds of encryption in one call are refused',
    spec: '1.4',
    steps: [
      queue('a'),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<a>', Attributes: { KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'true' } },
        error: invalidName(
          'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
        ),
      },
    ],
  },
  {
    name: 'what one attribute does to another does not hang on their order',
    spec: '1.4',
    steps: [
      queue('a', { SqsManagedSseEnabled: 'true', KmsDataKeyReusePeriodSeconds: '600' }),
      queue('b', { KmsDataKeyReusePeriodSeconds: '600', SqsManagedSseEnabled: 'true' }),
      attributes('a', sse, { SqsManagedSseEnabled: 'true' }),
      attributes('b', sse, { SqsManagedSseEnabled: 'true' }),
    ],
  },
  {
    name: 'a key given at the creation turns the other encryption off',
    spec: '1.2',
    steps: [
      queue('a', { KmsMasterKeyId: 'k' }),
      attributes('a', sse, { KmsMasterKeyId: 'k', SqsManagedSseEnabled: 'false' }),
    ],
  },
  {
    name: 'a redrive policy says the same with its number as a text, and in any order',
    spec: '1.2',
    steps: [
      queue('d'),
      queue('a', {
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":10}',
      }),
      {
        op: 'CreateQueue',
        input: {
          QueueName: 'a',
          Attributes: {
            RedrivePolicy: '{ "maxReceiveCount": "10", "deadLetterTargetArn": "arn:aws:sqs:us-east-1:000000000000:d" }',
          },
        },
        exactly: { QueueUrl: '<a>' },
      },
      create(
        'a',
        { RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:d","maxReceiveCount":11}' },
        exists('RedrivePolicy'),
      ),
    ],
  },
  {
    name: 'All shows also what was set, and on a standard queue nothing of a FIFO queue',
    spec: '1.4',
    steps: [
      queue('a', { Policy: '{"Statement":[]}', KmsMasterKeyId: 'testKeyId' }),
      attributes('a', ['All'], {
        ...fresh,
        QueueArn: 'arn:aws:sqs:us-east-1:000000000000:a',
        Policy: '{"Statement":[]}',
        KmsMasterKeyId: 'testKeyId',
        SqsManagedSseEnabled: 'false',
      }),
    ],
  },
  {
    name: 'an attribute is no other one in another case',
    spec: '1.1',
    steps: [create('a', { delaySeconds: '1' }, invalidName('Unknown Attribute delaySeconds.'))],
  },
];

function ranges(rows: readonly (readonly [string, number, number])[]): readonly Case[] {
  return rows.map(([name, min, max]) => ({
    name: `${name} goes from ${min} to ${max}`,
    spec: '1.1',
    steps: [
      create('a', { [name]: String(min - 1) }, invalidAttributeValue(`Invalid value for the parameter ${name}.`)),
      create('a', { [name]: String(max + 1) }, invalidAttributeValue(`Invalid value for the parameter ${name}.`)),
      queue('low', { [name]: String(min) }),
      queue('high', { [name]: String(max) }),
      {
        op: 'SetQueueAttributes',
        input: { QueueUrl: '<low>', Attributes: { [name]: String(max + 1) } },
        error: invalidAttributeValue(`Invalid value for the parameter ${name}.`),
      },
      attributes('low', [name], { [name]: String(min) }),
      attributes('high', [name], { [name]: String(max) }),
    ],
  }));
}
