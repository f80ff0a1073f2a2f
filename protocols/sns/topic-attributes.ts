/** The settable attributes of a topic [sqs-sns 2.2]: from their texts into the model, and back. */
import { GantryError } from '../../src/model/errors.ts';
import type { Topic, TopicAttributes } from '../../src/model/topic.ts';
import { archiveText, readArchivePolicy } from './archive-policy.ts';
import { parseTopicPolicy } from './delivery/delivery-policy.ts';
import { snsLimits } from './limits.ts';
import { readTopicPolicy } from './topic-policy.ts';

/** What an attribute changes in a topic. An extra that is undefined is to go. */
export interface TopicAttributeChange {
  readonly attributes?: Partial<TopicAttributes>;
  readonly extras?: Readonly<Record<string, string | undefined>>;
}

export interface TopicAttributeRow {
  readonly name: string;
  /** What it says of a standard topic, which cannot have it; undefined: every topic can. */
  readonly whyFifoOnly?: string;
  /** @throws GantryError `invalid-argument` with what follows "Invalid parameter: " or "Attributes Reason: " */
  read(text: string): TopicAttributeChange;
  /** @returns undefined: not shown, for it is not set */
  show(topic: Shown): string | undefined;
}
type Shown = Pick<Topic, 'attributes' | 'extras'>;

const feedbackProtocols = ['HTTP', 'Firehose', 'Lambda', 'SQS', 'Application'];

const rows: readonly TopicAttributeRow[] = [
  kept('DisplayName', (text) => {
    if (text.length > snsLimits.displayNameCharactersMax || hasControl(text))
      throw refused('DisplayName', `must be at most ${snsLimits.displayNameCharactersMax} characters, none a control`);
  }),
  {
    name: 'Policy',
    read: (text) => ({ attributes: { policy: text === '' ? undefined : readTopicPolicy(text) } }),
    show: ({ attributes }) => attributes.policy,
  },
  {
    name: 'DeliveryPolicy',
    read: (text) => {
      const policy = parseTopicPolicy(text);
      return { extras: { DeliveryPolicy: policy === undefined ? undefined : JSON.stringify(policy) } };
    },
    show: ({ extras }) => extras.DeliveryPolicy,
  },
  kept('KmsMasterKeyId', (text) => {
    if (text.length > snsLimits.keyIdCharactersMax || hasControl(text)) throw refused('KmsMasterKeyId', 'is no key');
  }),
  kept('SignatureVersion', oneOf('SignatureVersion', ['1', '2'])),
  kept('TracingConfig', oneOf('TracingConfig', ['PassThrough', 'Active'])),
  ...feedbackProtocols.flatMap((protocol) => [
    kept(`${protocol}SuccessFeedbackRoleArn`, requireRole),
    kept(`${protocol}SuccessFeedbackSampleRate`, (text, name) => {
      if (text !== '' && !(wholeOf(text) <= 100))
        throw refused(name, `Invalid value [${shown(text)}]. Must be 0 to 100`);
    }),
    kept(`${protocol}FailureFeedbackRoleArn`, requireRole),
  ]),
  {
    name: 'ContentBasedDeduplication',
    whyFifoOnly: 'Content-based deduplication can only be set for FIFO topics',
    read: (text) => ({ attributes: { isContentDeduplicated: yesOrNo('ContentBasedDeduplication', text) } }),
    show: ({ attributes }) => String(attributes.isContentDeduplicated),
  },
  {
    name: 'FifoThroughputScope',
    whyFifoOnly: 'FifoThroughputScope can only be set for FIFO topics',
    read: (text) => {
      oneOf('FifoThroughputScope', ['Topic', 'MessageGroup'])(text);
      const dedupScope = text === 'MessageGroup' ? 'message-group' : 'topic';
      return { attributes: { dedupScope }, extras: { FifoThroughputScope: text } };
    },
    show: ({ extras }) => extras.FifoThroughputScope,
  },
  {
    name: 'ArchivePolicy',
    whyFifoOnly: 'ArchivePolicy can only be set for FIFO topics',
    read: (text) => ({ attributes: { archiveMs: readArchivePolicy(text) } }),
    show: ({ attributes: { archiveMs } }) => (archiveMs === undefined ? undefined : archiveText(archiveMs)),
  },
  {
    name: 'MaximumMessageSize',
    read: (text) => {
      const messageBytesMax = wholeOf(text);
      const { messageBytesMin: min, messageBytesMax: max } = snsLimits;
      if (!(messageBytesMax >= min && messageBytesMax <= max)) {
        throw refused('MaximumMessageSize', `Invalid value [${shown(text)}]. Must be ${min} to ${max}`);
      }
      return { attributes: { messageBytesMax }, extras: { MaximumMessageSize: String(messageBytesMax) } };
    },
    show: ({ extras }) => extras.MaximumMessageSize,
  },
];

export const topicAttributeRows: ReadonlyMap<string, TopicAttributeRow> = new Map(rows.map((row) => [row.name, row]));

/** One that says nothing to core: kept as it is given, and gone when it is empty. @param check throws GantryError */
function kept(name: string, check: (text: string, name: string) => void): TopicAttributeRow {
  return {
    name,
    read: (text) => {
      check(text, name);
      return { extras: { [name]: text === '' ? undefined : text } };
    },
    show: ({ extras }) => extras[name],
  };
}

function oneOf(name: string, values: readonly string[]): (text: string) => void {
  return (text) => {
    if (values.includes(text)) return;
    throw refused(name, `Invalid value [${shown(text)}]. Must be ${values.join(' or ')}`);
  };
}

function requireRole(text: string, name: string): void {
  if (text === '' || (text.length <= snsLimits.keyIdCharactersMax && rolePattern.test(text))) return;
  throw refused(name, 'Invalid value. Must be the ARN of a role');
}

function yesOrNo(name: string, text: string): boolean {
  const lower = text.toLowerCase(); // Python clients say "True".
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw refused(name, `Invalid value [${shown(text)}]. Must be true or false`);
}

/** NaN where it is no whole number. */
function wholeOf(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
}

function refused(name: string, why: string): GantryError {
  return new GantryError('invalid-argument', `${name}: ${why}`);
}

function shown(text: string): string {
  return text.slice(0, 100);
}

const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/;

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
