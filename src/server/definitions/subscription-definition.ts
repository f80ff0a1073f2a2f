import * as v from 'valibot';
import { isQueueName, parseArn } from '../../../protocols/sqs/names.ts';
import { record } from './records.ts';
import { text, yesOrNo } from './values.ts';

const endpointCharactersMax = 2_048;

const queue = (title: string) =>
  v.pipe(
    v.string('expected the name of a queue'),
    v.check((name) => isQueueName(name) || parseArn(name) !== undefined, 'expected the name of a queue, or its ARN'),
    v.title(title),
  );

/** One of these says who gets what is published; what it may be is judged as Subscribe judges it. */
const endpointEntries = {
  queue: v.optional(queue('name of a queue of the same account and region, or the ARN of another')),
  url: v.optional(text('http or https address to which messages are posted', endpointCharactersMax)),
  email: v.optional(text('mail address', endpointCharactersMax)),
  emailJson: v.optional(text('mail address that gets messages as JSON', endpointCharactersMax)),
  phone: v.optional(text('phone number that gets an SMS, such as +4915112345678', endpointCharactersMax)),
  function: v.optional(text('ARN of a Lambda function', endpointCharactersMax)),
  application: v.optional(
    text('ARN of a mobile device: of an endpoint of a platform application', endpointCharactersMax),
  ),
};
export type EndpointKey = keyof typeof endpointEntries;
const endpointKeys: readonly string[] = Object.keys(endpointEntries);

const policy = (title: string) => v.pipe(record(v.string(), v.unknown(), 'expected keys and values'), v.title(title));

/** What can be set in a subscription that is there; each key optional. */
export const subscriptionSettingsSchema = v.strictObject({
  raw: v.optional(yesOrNo('messages as they were published, without the envelope around them')),
  filter: v.optional(v.nullable(policy('filter policy: which messages are wanted'))),
  filterScope: v.optional(
    v.pipe(
      v.picklist(['attributes', 'body'], 'expected attributes or body'),
      v.title('what the filter looks at: the attributes of a message, or its body, which is JSON'),
    ),
  ),
  deadLetter: v.optional(v.nullable(queue('queue that gets what could not be delivered: its name, or its ARN'))),
  deliveryPolicy: v.optional(
    v.nullable(policy('url: how deliveries are tried again, as SNS has it: {healthyRetryPolicy: {...}}')),
  ),
});

/** A subscription of a topic in a definitions file, of an export, and of the admin API. */
export const subscriptionDefinitionSchema = v.pipe(
  v.strictObject({ ...endpointEntries, ...subscriptionSettingsSchema.entries }),
  v.check(
    (definition) => endpointKeys.filter((key) => Object.hasOwn(definition, key)).length === 1,
    `expected one of ${endpointKeys.join(', ')}`,
  ),
);

export type SubscriptionDefinition = v.InferOutput<typeof subscriptionDefinitionSchema>;
export type SubscriptionSettings = v.InferOutput<typeof subscriptionSettingsSchema>;
