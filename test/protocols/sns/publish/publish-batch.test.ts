import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../sqs/cases/case.ts';
import { good, type Wire, withWorld } from './world.ts';

const wires: readonly Wire[] = ['query', 'json'];
const many = (count: number) => Array.from({ length: count }, (_, at) => ({ Id: `${at}`, Message: 'm' }));
const entry = (more: JsonObject) => [
  { Id: 'good', Message: 'm' },
  { Id: 'bad', Message: 'm', ...more },
];
const attributes = (value: JsonObject) => ({ MessageAttributes: { attr1: value } });

/** Entries, and the failure of the whole request (verified) [sqs-sns 2.7]. */
const refusals: readonly (readonly [string, readonly JsonObject[], string, string])[] = [
  ['eleven', many(11), 'TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.'],
  ['none', [], 'EmptyBatchRequest', "The batch request doesn't contain any entries."],
  [
    'two of one id',
    entry({ Id: 'good' }),
    'BatchEntryIdsNotDistinct',
    'Two or more batch entries in the request have the same Id.',
  ],
  [
    'an id with a space',
    entry({ Id: 'a b' }),
    'InvalidBatchEntryId',
    'The Id of a batch entry in the batch request contains an impermissible character: a b',
  ],
  [
    'an id of 81 letters',
    entry({ Id: 'a'.repeat(81) }),
    'InvalidBatchEntryId',
    `The Id of a batch entry in the batch request is too long: ${'a'.repeat(81)}`,
  ],
  [
    'more than 262144 bytes together',
    entry({ Message: 'x'.repeat(262_144) }),
    'BatchRequestTooLong',
    'The length of all the messages put together is more than the limit.',
  ],
  ['an empty message', entry({ Message: '' }), 'InvalidParameter', 'Invalid parameter: Empty message'],
  [
    'an attribute without a type',
    entry(attributes({ StringValue: 'v' })),
    'ValidationError',
    "1 validation error detected: Value null at 'publishBatchRequestEntries.2.member.messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
  ],
  [
    'an attribute of no type that there is',
    entry(attributes({ DataType: 'x', StringValue: 'v' })),
    'ParameterValueInvalid',
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    'a structure without a default',
    entry({ Message: '{}', MessageStructure: 'json' }),
    'InvalidParameter',
    'Invalid parameter: Message Structure - No default entry in JSON message body',
  ],
];

describe.each(wires)('by %s', (wire) => {
  it.each(refusals)('PublishBatch refuses %s, and publishes nothing', (_, entries, code, message) =>
    withWorld(async ({ topic, subscribed, sns, messages, reported }) => {
      const TopicArn = await topic('t');
      await subscribed(TopicArn, 'q');

      const answer = await sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: [...entries] }, { wire });

      expect(answer.failure).toMatchObject({ code, message });
      expect(await messages('q')).toEqual([]);
      expect(reported).toEqual([]);
    }),
  );

  it('an unknown topic is not found', () =>
    withWorld(async ({ sns }) => {
      const TopicArn = 'arn:aws:sns:us-east-1:000000000000:none';

      const answer = await sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: many(1) }, { wire });

      expect(answer).toMatchObject({ status: 404, failure: { code: 'NotFound', message: 'Topic does not exist' } });
    }));

  it('a FIFO topic wants the group and the dedup id of each', () =>
    withWorld(async ({ sns, topic }) => {
      const TopicArn = await topic('f.fifo');
      const group = { MessageGroupId: 'g' };

      const answers = await Promise.all(
        [entry({ MessageDeduplicationId: 'd' }), entry({}).map((each) => ({ ...each, ...group }))].map((entries) =>
          sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: entries }, { wire }),
        ),
      );

      expect(answers.map(({ failure }) => failure?.message)).toEqual([
        'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
        'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      ]);
    }));

  it('the structure of a message is looked at before what FIFO asks for (verified)', () =>
    withWorld(async ({ sns, topic }) => {
      const TopicArn = await topic('f.fifo');
      const structured = { Id: '1', Message: '{"sqs": "test sqs"}', MessageStructure: 'json' };

      const answer = await sns('PublishBatch', { TopicArn, PublishBatchRequestEntries: [structured] }, { wire });

      expect(answer.failure?.message).toBe(
        'Invalid parameter: Message Structure - No default entry in JSON message body',
      );
    }));

  it('ten are published, in order on a FIFO topic, and the list of those that failed is there and empty', () =>
    withWorld(async ({ topic, subscribed, sns, messages }) => {
      const TopicArn = await topic('f.fifo', { ContentBasedDeduplication: 'true' });
      await subscribed(TopicArn, 'q.fifo', { RawMessageDelivery: 'true' });
      const PublishBatchRequestEntries = many(10).map(({ Id }) => ({ Id, Message: `m${Id}`, MessageGroupId: 'g' }));

      const answer = good(await sns('PublishBatch', { TopicArn, PublishBatchRequestEntries }, { wire }));

      expect(answer).toMatchObject({
        Successful: many(10).map(({ Id }) => ({ Id, SequenceNumber: expect.stringMatching(/^\d{20}$/) })),
        Failed: [],
      });
      const bodies = (await messages('q.fifo')).map(({ Body }) => Body);
      expect(bodies).toEqual(many(10).map(({ Id }) => `m${Id}`));
    }));
});
