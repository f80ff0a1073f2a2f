import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../sqs/cases/case.ts';
import { good, type Wire, withWorld } from './world.ts';

const wires: readonly Wire[] = ['query', 'json'];
const arn = 'arn:aws:sns:us-east-1:000000000000:';
const invalid = (text: string) => ({ code: 'InvalidParameter', message: `Invalid parameter: ${text}` });
const badValue = (message: string) => ({ code: 'ParameterValueInvalid', message });
const withAttribute = (value: JsonObject, name = 'attr1') => ({ Message: 'm', MessageAttributes: { [name]: value } });
const text = { DataType: 'String', StringValue: 'v' };

/** Input, and the failure that AWS answers [sqs-sns 2.5, 2.6]; to the topic `t` unless it says otherwise. */
const refusals: readonly (readonly [string, JsonObject, object])[] = [
  ['an empty message', { Message: '' }, invalid('Empty message')],
  ['no message', {}, invalid('Empty message')],
  ['an empty subject, before an empty message', { Message: '', Subject: '' }, invalid('Subject')],
  ['a subject of 100 characters', { Message: 'm', Subject: 'x'.repeat(100) }, invalid('Subject')],
  ['a subject of two lines', { Message: 'm', Subject: 'a\nb' }, invalid('Subject')],
  ['a subject with a control character', { Message: 'm', Subject: 'a\u0085' }, invalid('Subject')],
  ['a message over 262144 bytes', { Message: 'x'.repeat(262_145) }, invalid('Message too long')],
  [
    'a message that is too long with its attributes',
    { ...withAttribute(text, 'a'), Message: 'x'.repeat(262_137) },
    invalid('Message too long'),
  ],
  ['another structure', { Message: '{}', MessageStructure: 'xml' }, invalid('MessageStructure')],
  [
    'a structure without a default',
    { Message: '{"sqs":"a"}', MessageStructure: 'json' },
    invalid('Message Structure - No default entry in JSON message body'),
  ],
  [
    'a default that is no text',
    { Message: '{"default":{"a":1}}', MessageStructure: 'json' },
    invalid('Message Structure - No default entry in JSON message body'),
  ],
  [
    'a structure that is no JSON',
    { Message: '{', MessageStructure: 'json' },
    invalid('Message Structure - JSON message body failed to parse'),
  ],
  [
    'a structure that is no object',
    { Message: '"default"', MessageStructure: 'json' },
    invalid('Message Structure - JSON message body failed to parse'),
  ],
  [
    'no target',
    { Message: 'm', TopicArn: null },
    invalid('TopicArn or TargetArn Reason: no value for required parameter'),
  ],
  [
    'an empty topic',
    { Message: 'm', TopicArn: '' },
    invalid('TopicArn Reason: An ARN must have at least 6 elements, not 1'),
  ],
  ['an unknown topic', { Message: 'm', TopicArn: `${arn}none` }, { code: 'NotFound', message: 'Topic does not exist' }],
  [
    'a topic that is no ARN',
    { Message: 'm', TopicArn: 'none' },
    invalid('TopicArn Reason: An ARN must have at least 6 elements, not 1'),
  ],
  [
    'a topic of another region',
    { Message: 'm', TopicArn: 'arn:aws:sns:eu-west-1:000000000000:t' },
    invalid('TopicArn'),
  ],
  [
    'an endpoint that is not there',
    { Message: 'm', TopicArn: null, TargetArn: `${arn}endpoint/GCM/app/1` },
    invalid('TargetArn Reason: No endpoint found for the target arn specified'),
  ],
  [
    'what is no telephone number',
    { Message: 'm', TopicArn: null, PhoneNumber: 'NAA+15551234567' },
    invalid('PhoneNumber Reason: NAA+15551234567 is not valid to publish to'),
  ],
  [
    'a dedup id for a standard topic',
    { Message: 'm', MessageDeduplicationId: 'd', MessageGroupId: 'g' },
    invalid(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    ),
  ],
  [
    'a FIFO topic without a group',
    { Message: 'm', TopicArn: `${arn}f.fifo`, MessageDeduplicationId: 'd' },
    invalid('The MessageGroupId parameter is required for FIFO topics'),
  ],
  [
    'a FIFO topic without a dedup id',
    { Message: 'm', TopicArn: `${arn}f.fifo`, MessageGroupId: 'g' },
    invalid(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    ),
  ],
  [
    'an attribute without a type',
    withAttribute({ StringValue: 'v' }),
    {
      code: 'ValidationError',
      message:
        "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
    },
  ],
  [
    'an attribute without a value',
    withAttribute({ DataType: 'String', StringValue: '' }),
    badValue(
      "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
    ),
  ],
  [
    'a text in the field of bytes',
    withAttribute({ DataType: 'String', BinaryValue: 'YQ==' }),
    badValue("The message attribute 'attr1' with type 'String' must use field 'String'."),
  ],
  [
    'a number in the field of bytes',
    withAttribute({ DataType: 'Number', BinaryValue: 'YQ==' }),
    badValue("The message attribute 'attr1' with type 'Number' must use field 'String'."),
  ],
  [
    'bytes in the field of texts',
    withAttribute({ DataType: 'Binary', StringValue: 'a' }),
    badValue("The message attribute 'attr1' with type 'Binary' must use field 'Binary'."),
  ],
  ...['InvalidType', 'Stringprefixed', 'Binaryprefixed', 'Numberprefixed', 'string'].map(
    (DataType) =>
      [
        `the type ${DataType}`,
        withAttribute({ DataType, StringValue: 'a' }),
        badValue(
          "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
        ),
      ] as const,
  ),
  [
    'a number that is none',
    withAttribute({ DataType: 'Number', StringValue: 'x' }),
    badValue("Could not cast message attribute 'attr1' value to number."),
  ],
  [
    'a name of 256 characters',
    withAttribute(text, 'a'.repeat(256)),
    badValue('Length of message attribute name must be less than 256 bytes.'),
  ],
  [
    'a name with a caret',
    withAttribute(text, 'a^b'),
    badValue(
      "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
    ),
  ],
  [
    'a name that begins with a dot',
    withAttribute(text, '.a'),
    badValue("Invalid message attribute name starting with character '.' was found."),
  ],
  [
    'a name that ends with a dot',
    withAttribute(text, 'a.'),
    badValue("Invalid message attribute name ending with character '.' was found."),
  ],
  [
    'a name with two dots',
    withAttribute(text, 'a..b'),
    badValue("Message attribute name can not have successive '.' character."),
  ],
];

describe.each(wires)('by %s', (wire) => {
  it.each(refusals)('Publish refuses %s', (_, input, failure) =>
    withWorld(async ({ topic, sns, reported }) => {
      const TopicArn = await topic('t');
      await topic('f.fifo');

      const answer = await sns('Publish', { TopicArn, ...input }, { wire });

      expect(answer.failure).toMatchObject(failure);
      expect(answer.status).toBe('code' in failure && failure.code === 'NotFound' ? 404 : 400);
      expect(reported).toEqual([]);
    }),
  );

  it.each<[string, JsonObject]>([
    ['262144 bytes', { Message: 'x'.repeat(262_144) }],
    ['a subject of 99 characters', { Message: 'm', Subject: 'x'.repeat(99) }],
    ['a subject beyond ASCII', { Message: 'm', Subject: '主题 ü' }],
    ['a type with a suffix of the sender', withAttribute({ DataType: 'Binary.x', BinaryValue: 'YQ==' })],
    ['a list of texts', withAttribute({ DataType: 'String.Array', StringValue: '["a"]' })],
    ['a number', withAttribute({ DataType: 'Number', StringValue: '1.50' })],
    ['a name of 255 characters', withAttribute(text, 'a'.repeat(255))],
    [
      'eleven attributes',
      { Message: 'm', MessageAttributes: Object.fromEntries([...'abcdefghijk'].map((name) => [name, text])) },
    ],
    ['two keys of one name in a structure', { Message: '{"default":"a","default":"b"}', MessageStructure: 'json' }],
    ['a message group', { Message: 'm', MessageGroupId: 'g' }],
  ])('Publish takes %s, with nobody subscribed', (_, input) =>
    withWorld(async ({ topic, sns }) => {
      const answer = good(await sns('Publish', { TopicArn: await topic('t'), ...input }, { wire }));

      expect(answer).toEqual({ MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    }),
  );

  it('a target that is a topic is one', () =>
    withWorld(async ({ topic, sns, subscribed, messages }) => {
      const TargetArn = await topic('t');
      await subscribed(TargetArn, 'q');

      good(await sns('Publish', { TargetArn, Message: 'm' }, { wire }));

      expect(await messages('q')).toHaveLength(1);
    }));

  it('a duplicate answers what the first was answered, in a batch as well', () =>
    withWorld(async ({ topic, sns, subscribed, messages }) => {
      const TopicArn = await topic('f.fifo');
      await subscribed(TopicArn, 'q.fifo');
      const message = { Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
      const first = good(await sns('Publish', { TopicArn, ...message }, { wire }));

      const again = good(await sns('Publish', { TopicArn, ...message, MessageGroupId: 'other' }, { wire }));
      const entries = { TopicArn, PublishBatchRequestEntries: [{ Id: 'a', ...message }] };
      const batch = good(await sns('PublishBatch', entries, { wire }));

      expect(first.SequenceNumber).toMatch(/^\d{20}$/);
      expect(again).toEqual(first);
      expect(batch.Successful).toEqual([{ Id: 'a', ...first }]);
      expect(await messages('q.fifo')).toHaveLength(1);
    }));

  it('the dedup id of content is the digest of the message as it was given', () =>
    withWorld(async ({ topic, sns, subscribed, messages }) => {
      const TopicArn = await topic('f.fifo', { ContentBasedDeduplication: 'true' });
      await subscribed(TopicArn, 'q.fifo');
      const Message = '{"default":"d","sqs":"s"}';

      good(await sns('Publish', { TopicArn, Message: 'plain', MessageGroupId: 'g' }, { wire }));
      good(await sns('Publish', { TopicArn, Message, MessageGroupId: 'g', MessageStructure: 'json' }, { wire }));

      const ids = (await messages('q.fifo')).map(({ Attributes }) => Attributes.MessageDeduplicationId);
      expect(ids).toEqual([hash('sha256', 'plain'), hash('sha256', Message)]);
    }));
});

it('a telephone and a device get what is published to them', async () => {
  const taken: unknown[] = [];
  const destinations = {
    toPhone: async (_: unknown, to: string, message: object) => {
      taken.push([to, message]);
      return 'id-1';
    },
    toEndpoint: async (_: unknown, to: string, read: () => object) => {
      taken.push([to, read()]);
      return 'id-2';
    },
  };
  await withWorld(
    async ({ sns }) => {
      const TargetArn = `${arn}endpoint/GCM/app/1`;
      const one = good(await sns('Publish', { PhoneNumber: '+15551234567', Message: 'm', Subject: 's' }));
      const other = good(await sns('Publish', { TargetArn, Message: '{"GCM":"g"}', MessageStructure: 'json' }));

      expect([one, other]).toEqual([{ MessageId: 'id-1' }, { MessageId: 'id-2' }]);
      const plain = { subject: undefined, properties: [] };
      expect(taken).toEqual([
        ['+15551234567', { ...plain, text: 'm', texts: undefined, subject: 's' }],
        [TargetArn, { ...plain, text: '{"GCM":"g"}', texts: new Map([['GCM', 'g']]) }],
      ]);
    },
    { destinations },
  );
});

it.each([
  ['query', 404, 'MalformedQueryString'],
  ['json', 400, 'SerializationException'],
] as const)('tens of thousands of attributes are refused before any of them is read, by %s', (wire, status, code) =>
  withWorld(async ({ sns, topic, reported }) => {
    const TopicArn = await topic('t');
    const all = Array.from({ length: 20_000 }, (_, at) => [`a${at}`, { DataType: 'String', StringValue: 'v' }]);

    const answer = await sns(
      'Publish',
      { TopicArn, Message: 'm', MessageAttributes: Object.fromEntries(all) },
      { wire },
    );

    expect(answer).toMatchObject({ status, failure: { code } });
    expect(answer.failure?.message).toMatch(/^The request has more (parameters|values)/);
    expect(reported).toEqual([]);
  }),
);
