import * as v from 'valibot';
import { sqsLimits } from '../../../protocols/sqs/limits.ts';
import { isQueueName, parseArn } from '../../../protocols/sqs/names.ts';
import { defaultAttributes } from '../../../protocols/sqs/queue-attributes.ts';
import { tagsProblem } from '../../../protocols/sqs/tags.ts';
import { resourcePolicyProblem } from '../../security/resource-policies.ts';
import { record } from './records.ts';
import { duration, size, text, whole, yesOrNo } from './values.ts';

const seconds = (min: number, max: number) => ({ min: min * 1_000, max: max * 1_000 });

const queueName = v.pipe(
  v.string('expected a name'),
  v.check(isQueueName, 'expected 1 to 80 letters, digits, - and _, with .fifo at the end of a FIFO queue'),
  v.title('the name; one that ends in .fifo makes a FIFO queue'),
);
export const account = v.pipe(v.string(), v.regex(/^\d{12}$/, 'expected an account of 12 digits'), v.title('account'));
export const region = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9-]{1,64}$/, 'expected a region such as us-east-1'),
  v.title('region'),
);

const deadLetter = v.pipe(
  v.strictObject({
    queue: v.pipe(queueName, v.title('name of the queue that takes them')),
    after: whole({ min: 1, max: sqsLimits.receiveCountMax }, 'receives of a message before it goes there'),
  }),
  v.title('where messages go that were received too often'),
);
/** A queue of another account or region by its ARN, as SQS keeps it. */
const source = v.pipe(
  v.string('expected the name of a queue'),
  v.check((text) => isQueueName(text) || parseArn(text) !== undefined, 'expected the name of a queue, or its ARN'),
);
const deadLetterSources = v.pipe(
  v.union(
    [v.picklist(['all', 'none']), v.pipe(v.array(source), v.minLength(1), v.maxLength(sqsLimits.redriveSourcesMax))],
    `expected all, none, or a list of 1 to ${sqsLimits.redriveSourcesMax} queue names`,
  ),
  v.title('queues that may name this one as their dead-letter queue'),
);
/**
 * A policy document in plain form: core and AWS have it as JSON text.
 * @param problemOf what is wrong with it; undefined: nothing
 */
export function policyDocument(
  title: string,
  problemOf: (document: Readonly<Record<string, unknown>>) => string | undefined,
) {
  return v.pipe(
    record(v.string(), v.unknown(), 'expected a policy document'),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? problemOf(dataset.value) : undefined;
      if (problem !== undefined) addIssue({ message: problem });
    }),
    v.title(title),
  );
}
export const tags = v.pipe(
  record(
    text('', sqsLimits.tagKeyCharactersMax),
    v.pipe(
      v.union([v.string(), v.number(), v.boolean()], 'expected a text'),
      v.transform(String),
      v.maxLength(sqsLimits.tagValueCharactersMax),
    ),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? tagsProblem(Object.entries(dataset.value)) : undefined;
    if (problem !== undefined) addIssue({ message: problem });
  }),
  v.title('tags'),
);

/** What can be set in a queue that is there; each key optional. */
export const queueSettingsSchema = v.strictObject({
  delay: v.optional(duration(seconds(0, sqsLimits.delaySecondsMax), 'before a new message can be received')),
  visibilityTimeout: v.optional(
    duration(seconds(0, sqsLimits.visibilitySecondsMax), 'how long a received message is hidden from others'),
  ),
  retention: v.optional(
    duration(
      seconds(sqsLimits.retentionSecondsMin, sqsLimits.retentionSecondsMax),
      'age at which a message is dropped',
    ),
  ),
  receiveWait: v.optional(duration(seconds(0, sqsLimits.waitSecondsMax), 'how long a receive waits for a message')),
  maximumMessageSize: v.optional(
    size({ min: sqsLimits.messageBytesMin, max: sqsLimits.messageBytesMax }, 'of body and attributes together'),
  ),
  deadLetter: v.optional(v.nullable(deadLetter)),
  deadLetterSources: v.optional(v.nullable(deadLetterSources)),
  contentBasedDeduplication: v.optional(yesOrNo('FIFO: the body is the deduplication id of a message without one')),
  deduplicationScope: v.optional(
    v.pipe(
      v.picklist(['queue', 'messageGroup'], 'expected queue or messageGroup'),
      v.title('FIFO: what a deduplication id is unique in'),
    ),
  ),
  fifoThroughputLimit: v.optional(
    v.pipe(
      v.picklist(['perQueue', 'perMessageGroupId'], 'expected perQueue or perMessageGroupId'),
      v.title('FIFO: what the limit of the throughput is for'),
    ),
  ),
  policy: v.optional(v.nullable(policyDocument('IAM policy of the queue', policyProblem))),
  kmsKey: v.optional(v.nullable(text('id of a KMS key: kept and shown, not used', sqsLimits.kmsKeyIdCharactersMax))),
  kmsKeyReuse: v.optional(
    duration(
      seconds(sqsLimits.kmsReuseSecondsMin, sqsLimits.kmsReuseSecondsMax),
      'how long a KMS data key is used again: kept and shown, not used',
    ),
  ),
  managedEncryption: v.optional(
    v.nullable(
      yesOrNo('SqsManagedSseEnabled of SQS: kept and shown, without effect; by default true without a KMS key'),
    ),
  ),
  tags: v.optional(tags),
});

/** A queue of a definitions file, of an export, and of the admin API. */
export const queueDefinitionSchema = v.strictObject({
  name: queueName,
  account: v.optional(account),
  region: v.optional(region),
  ...queueSettingsSchema.entries,
});

export type QueueDefinition = v.InferOutput<typeof queueDefinitionSchema>;
export type QueueSettings = v.InferOutput<typeof queueSettingsSchema>;
/** What `defaults` a queue has that says nothing. */
export const queueDefaults = defaultAttributes;

/** Of the same size and sense as SQS takes, so that one broker says the same to all who ask. */
function policyProblem(document: Readonly<Record<string, unknown>>): string | undefined {
  const text = JSON.stringify(document);
  if (text.length > sqsLimits.policyCharactersMax)
    return `expected a policy of at most ${sqsLimits.policyCharactersMax} characters`;
  return resourcePolicyProblem(text);
}
