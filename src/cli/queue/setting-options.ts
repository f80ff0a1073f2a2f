import type { QueueSettings } from '../../server/definitions/queue-definition.ts';
import type { OptionRow } from '../command.ts';

interface SettingFlag extends OptionRow {
  /** As commander hands it over. */
  readonly flagKey: string;
}

/** A flag for each key of a queue's settings: a key without one does not compile. The schema itself takes too long to load for `--help`. */
export const settingFlags: Readonly<Record<keyof QueueSettings, SettingFlag>> = {
  visibilityTimeout: {
    ...{ flagKey: 'visibilityTimeout', flags: '--visibility-timeout <duration>' },
    help: 'how long a received message is hidden from others, default 30s',
  },
  delay: { flagKey: 'delay', flags: '--delay <duration>', help: 'before a new message can be received, default 0s' },
  retention: {
    ...{ flagKey: 'retention', flags: '--retention <duration>' },
    help: 'age at which a message is dropped, default 4d',
  },
  receiveWait: {
    ...{ flagKey: 'receiveWait', flags: '--receive-wait <duration>' },
    help: 'how long a receive waits for a message, default 0s',
  },
  maximumMessageSize: {
    ...{ flagKey: 'maxMessageSize', flags: '--max-message-size <size>' },
    help: 'of body and attributes together, default 1MiB',
  },
  deadLetter: {
    ...{ flagKey: 'deadLetter', flags: '--dead-letter <queue:receives>' },
    help: 'where messages go that were received so often, or none',
  },
  deadLetterSources: {
    ...{ flagKey: 'deadLetterSources', flags: '--dead-letter-sources <names>' },
    help: 'queues that may name this one as dead letter: all, none, or names with commas',
  },
  contentBasedDeduplication: {
    ...{ flagKey: 'contentBasedDeduplication', flags: '--content-based-deduplication <true|false>' },
    help: 'FIFO: the body is the deduplication id of a message without one',
  },
  deduplicationScope: {
    ...{ flagKey: 'deduplicationScope', flags: '--deduplication-scope <scope>' },
    help: 'FIFO: queue or messageGroup',
  },
  fifoThroughputLimit: {
    ...{ flagKey: 'fifoThroughputLimit', flags: '--fifo-throughput-limit <scope>' },
    help: 'FIFO: perQueue or perMessageGroupId',
  },
  policy: { flagKey: 'policy', flags: '--policy <json>', help: 'IAM policy as JSON, @file, or none' },
  kmsKey: { flagKey: 'kmsKey', flags: '--kms-key <id>', help: 'kept and shown, not used; or none' },
  kmsKeyReuse: {
    ...{ flagKey: 'kmsKeyReuse', flags: '--kms-key-reuse <duration>' },
    help: 'how long a KMS data key is used again: kept and shown, not used',
  },
  managedEncryption: {
    ...{ flagKey: 'managedEncryption', flags: '--managed-encryption <true|false>' },
    help: 'SqsManagedSseEnabled: kept and shown, without effect',
  },
  tags: { flagKey: 'tag', flags: '--tag <name=value>', help: 'a tag; may be given several times', isList: true },
};

export const settingOptions: readonly OptionRow[] = Object.values(settingFlags).map(({ flags, help, isList }) => ({
  ...{ flags, help },
  ...(isList === undefined ? {} : { isList }),
}));
