import type { SubscriptionSettings } from '../../server/definitions/subscription-definition.ts';
import type { TopicSettings } from '../../server/definitions/topic-definition.ts';
import type { OptionRow } from '../command.ts';

export interface SettingFlag extends OptionRow {
  /** As commander hands it over. */
  readonly flagKey: string;
  /** JSON, or `none`. */
  readonly isJson?: boolean;
  /** True: `none` takes it away. */
  readonly isRemovable?: boolean;
}

/** A flag for each key of a topic's settings: a key without one does not compile. */
export const topicFlags: Readonly<Record<keyof TopicSettings, SettingFlag>> = {
  displayName: {
    ...{ flagKey: 'displayName', flags: '--display-name <text>', isRemovable: true },
    help: 'who mails and SMS say they are from, or none',
  },
  maximumMessageSize: {
    ...{ flagKey: 'maxMessageSize', flags: '--max-message-size <size>' },
    help: 'of body and attributes together, default 256KiB',
  },
  contentBasedDeduplication: {
    ...{ flagKey: 'contentBasedDeduplication', flags: '--content-based-deduplication <true|false>' },
    help: 'FIFO: the body is the deduplication id of a message without one',
  },
  fifoThroughputScope: {
    ...{ flagKey: 'fifoThroughputScope', flags: '--fifo-throughput-scope <scope>' },
    help: 'FIFO: topic or messageGroup',
  },
  archive: {
    ...{ flagKey: 'archive', flags: '--archive <days>', isRemovable: true },
    help: 'FIFO: how long messages are kept for replays, such as 30d, or none',
  },
  policy: {
    ...{ flagKey: 'policy', flags: '--policy <json>', isJson: true, isRemovable: true },
    help: 'IAM policy as JSON, @file, or none',
  },
  deliveryPolicy: {
    ...{ flagKey: 'deliveryPolicy', flags: '--delivery-policy <json>', isJson: true, isRemovable: true },
    help: 'how deliveries over HTTP are tried again, as JSON, @file, or none',
  },
  signatureVersion: {
    ...{ flagKey: 'signatureVersion', flags: '--signature-version <number>' },
    help: 'of messages: 1 with SHA-1, the default, or 2 with SHA-256',
  },
  tracing: { flagKey: 'tracing', flags: '--tracing <mode>', help: 'PassThrough or Active: kept and shown' },
  kmsKey: {
    ...{ flagKey: 'kmsKey', flags: '--kms-key <id>', isRemovable: true },
    help: 'kept and shown, not used; or none',
  },
  tags: { flagKey: 'tag', flags: '--tag <name=value>', help: 'a tag; may be given several times', isList: true },
};

/** The same of a subscription. */
export const subscriptionFlags: Readonly<Record<keyof SubscriptionSettings, SettingFlag>> = {
  raw: {
    ...{ flagKey: 'raw', flags: '--raw [true|false]' },
    help: 'messages as they were published, without the envelope around them',
  },
  filter: {
    ...{ flagKey: 'filter', flags: '--filter <json>', isJson: true, isRemovable: true },
    help: 'filter policy: which messages are wanted, as JSON, @file, or none',
  },
  filterScope: {
    ...{ flagKey: 'filterScope', flags: '--filter-scope <scope>' },
    help: 'what the filter looks at: attributes, the default, or body',
  },
  deadLetter: {
    ...{ flagKey: 'deadLetter', flags: '--dead-letter <queue>', isRemovable: true },
    help: 'queue that gets what could not be delivered, or none',
  },
  deliveryPolicy: {
    ...{ flagKey: 'deliveryPolicy', flags: '--delivery-policy <json>', isJson: true, isRemovable: true },
    help: 'how deliveries over HTTP are tried again, as JSON, @file, or none',
  },
};

export function optionsOf(flags: Readonly<Record<string, SettingFlag>>): readonly OptionRow[] {
  return Object.values(flags).map((row) => ({
    ...{ flags: row.flags, help: row.help },
    ...(row.isList === undefined ? {} : { isList: row.isList }),
  }));
}
