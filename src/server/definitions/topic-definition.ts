import * as v from 'valibot';
import { snsLimits } from '../../../protocols/sns/limits.ts';
import { isTopicName } from '../../../protocols/sns/names.ts';
import { readTopicPolicy } from '../../../protocols/sns/topic-policy.ts';
import { GantryError } from '../../model/errors.ts';
import { account, policyDocument, region, tags } from './queue-definition.ts';
import { record } from './records.ts';
import { subscriptionDefinitionSchema } from './subscription-definition.ts';
import { duration, size, text, yesOrNo } from './values.ts';

const dayMs = 86_400_000;

export const topicName = v.pipe(
  v.string('expected a name'),
  v.check(isTopicName, 'expected 1 to 256 letters, digits, - and _, with .fifo at the end of a FIFO topic'),
  v.title('the name; one that ends in .fifo makes a FIFO topic'),
);

/** What can be set in a topic that is there; each key optional. */
export const topicSettingsSchema = v.strictObject({
  displayName: v.optional(v.nullable(text('who mails and SMS say they are from', snsLimits.displayNameCharactersMax))),
  maximumMessageSize: v.optional(
    size({ min: snsLimits.messageBytesMin, max: snsLimits.messageBytesMax }, 'of body and attributes together'),
  ),
  contentBasedDeduplication: v.optional(yesOrNo('FIFO: the body is the deduplication id of a message without one')),
  fifoThroughputScope: v.optional(
    v.pipe(
      v.picklist(['topic', 'messageGroup'], 'expected topic or messageGroup'),
      v.title('FIFO: what a deduplication id is unique in'),
    ),
  ),
  archive: v.optional(
    v.nullable(
      v.pipe(
        duration({ min: dayMs, max: snsLimits.archiveDaysMax * dayMs }, 'FIFO: how long messages are kept for replays'),
        v.check((ms) => ms % dayMs === 0, 'expected whole days, such as 30d'),
      ),
    ),
  ),
  policy: v.optional(v.nullable(policyDocument('IAM policy of the topic', policyProblem))),
  deliveryPolicy: v.optional(
    v.nullable(
      v.pipe(
        record(v.string(), v.unknown(), 'expected a delivery policy'),
        v.title('how deliveries over HTTP are tried again, as SNS has it: {http: {...}}'),
      ),
    ),
  ),
  signatureVersion: v.optional(
    v.pipe(
      v.union([v.picklist(['1', '2']), v.picklist([1, 2])], 'expected 1 or 2'),
      v.title('of messages: 1 with SHA-1, 2 with SHA-256'),
      v.transform(String),
    ),
  ),
  tracing: v.optional(
    v.pipe(
      v.picklist(['PassThrough', 'Active'], 'expected PassThrough or Active'),
      v.title('TracingConfig: kept and shown'),
    ),
  ),
  kmsKey: v.optional(v.nullable(text('id of a KMS key: kept and shown, not used', snsLimits.keyIdCharactersMax))),
  tags: v.optional(tags),
});

/** A topic of a definitions file, of an export, and of the admin API. */
export const topicDefinitionSchema = v.strictObject({
  name: topicName,
  account: v.optional(account),
  region: v.optional(region),
  ...topicSettingsSchema.entries,
  subscriptions: v.optional(v.pipe(v.array(subscriptionDefinitionSchema), v.title('who gets what is published'))),
});

export type TopicDefinition = v.InferOutput<typeof topicDefinitionSchema>;
export type TopicSettings = v.InferOutput<typeof topicSettingsSchema>;

function policyProblem(document: Readonly<Record<string, unknown>>): string | undefined {
  try {
    readTopicPolicy(JSON.stringify(document));
    return undefined;
  } catch (error) {
    if (error instanceof GantryError) return error.hint ?? error.message;
    throw error;
  }
}
