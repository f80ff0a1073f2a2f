/** Topic definitions and the model, both ways. What a definition does not say is as in a topic that SNS makes. */
import { parseTopicPolicy } from '../../../protocols/sns/delivery/delivery-policy.ts';
import { snsLimits } from '../../../protocols/sns/limits.ts';
import { GantryError } from '../../model/errors.ts';
import type { Topic, TopicAttributes } from '../../model/topic.ts';
import type { SchemaProblem } from '../schema-problem.ts';
import { kindOfName, type SettingsChange, type ShownSettings } from './queue-model.ts';
import { parsed } from './subscription-model.ts';
import type { TopicSettings } from './topic-definition.ts';
import { durationText, sizeText } from './values.ts';

/** What a definition says of a topic, beside its name and subscriptions. */
export type DescribedTopic = Pick<Topic, 'address' | 'kind' | 'attributes' | 'extras' | 'tags'>;
export interface TopicChange {
  readonly attributes: Partial<TopicAttributes>;
  /** Undefined: it is to go. */
  readonly extras: SettingsChange['extras'];
}

export const topicDefaults: TopicAttributes = {
  isContentDeduplicated: false,
  dedupScope: 'topic',
  messageBytesMax: snsLimits.messageBytesDefault,
  policy: undefined,
  archiveMs: undefined,
};

/** Those that a definition settles; SNS keeps others beside them, such as what says of deliveries. */
export const noTopicExtras = {
  DisplayName: undefined,
  DeliveryPolicy: undefined,
  SignatureVersion: undefined,
  TracingConfig: undefined,
  KmsMasterKeyId: undefined,
  FifoThroughputScope: undefined,
  MaximumMessageSize: undefined,
};

/**
 * What the settings change in a topic of that name; what they leave out they leave.
 * @throws GantryError `invalid-argument`
 */
export function topicChange(name: string, settings: TopicSettings): TopicChange {
  const problem = topicProblem(name, settings);
  if (problem !== undefined) throw wrong(name, problem.message);
  const { contentBasedDeduplication, fifoThroughputScope, maximumMessageSize, archive, policy } = settings;
  const { displayName, deliveryPolicy, signatureVersion, tracing, kmsKey } = settings;
  return {
    attributes: {
      ...(contentBasedDeduplication === undefined ? {} : { isContentDeduplicated: contentBasedDeduplication }),
      ...(fifoThroughputScope === undefined
        ? {}
        : { dedupScope: fifoThroughputScope === 'topic' ? 'topic' : 'message-group' }),
      ...(maximumMessageSize === undefined ? {} : { messageBytesMax: maximumMessageSize }),
      ...(archive === undefined ? {} : { archiveMs: archive ?? undefined }),
      ...(policy === undefined ? {} : { policy: policy === null ? undefined : JSON.stringify(policy) }),
    },
    extras: {
      ...extra('DisplayName', displayName),
      ...extra('SignatureVersion', signatureVersion === '1' ? null : signatureVersion),
      ...extra('TracingConfig', tracing === 'PassThrough' ? null : tracing),
      ...extra('KmsMasterKeyId', kmsKey),
      ...extra('DeliveryPolicy', deliveryPolicy === undefined ? undefined : deliveryText(deliveryPolicy)),
      ...extra('FifoThroughputScope', scopeWord(fifoThroughputScope)),
      ...extra('MaximumMessageSize', maximumMessageSize === undefined ? undefined : String(maximumMessageSize)),
    },
  };
}

/** What no topic of that name can be told. */
export function topicProblem(name: string, { deliveryPolicy, ...settings }: TopicSettings): SchemaProblem | undefined {
  const key = fifoKeys.find((one) => settings[one] !== undefined);
  if (key !== undefined && kindOfName(name) === 'standard')
    return { path: [key], message: `${key} is for FIFO topics, whose names end in .fifo` };
  try {
    if (deliveryPolicy !== undefined && deliveryPolicy !== null) deliveryText(deliveryPolicy);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return { path: ['deliveryPolicy'], message: error.message };
  }
  return undefined;
}

/** Out of the whole topic, what a definition has to say so that the same comes of it. */
export function shownTopicSettings({ kind, attributes, extras, tags }: DescribedTopic): ShownSettings {
  const { isContentDeduplicated, dedupScope, messageBytesMax, archiveMs, policy } = attributes;
  const { DisplayName, DeliveryPolicy, SignatureVersion, TracingConfig, KmsMasterKeyId } = extras;
  return {
    ...(DisplayName === undefined ? {} : { displayName: DisplayName }),
    ...(messageBytesMax === topicDefaults.messageBytesMax ? {} : { maximumMessageSize: sizeText(messageBytesMax) }),
    ...(kind === 'fifo' && isContentDeduplicated ? { contentBasedDeduplication: true } : {}),
    ...(kind === 'fifo' && dedupScope !== 'topic' ? { fifoThroughputScope: 'messageGroup' } : {}),
    ...(archiveMs === undefined ? {} : { archive: durationText(archiveMs) }),
    ...(policy === undefined ? {} : { policy: parsed(policy, 'policy of the topic') }),
    ...(DeliveryPolicy === undefined ? {} : { deliveryPolicy: parsed(DeliveryPolicy, 'delivery policy') }),
    ...(SignatureVersion === '2' ? { signatureVersion: '2' } : {}),
    ...(TracingConfig === 'Active' ? { tracing: TracingConfig } : {}),
    ...(KmsMasterKeyId === undefined ? {} : { kmsKey: KmsMasterKeyId }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  };
}

const fifoKeys = ['contentBasedDeduplication', 'fifoThroughputScope', 'archive'] as const;

function extra(name: keyof typeof noTopicExtras, value: string | null | undefined): TopicChange['extras'] {
  return value === undefined ? {} : { [name]: value === null || value === '' ? undefined : value };
}

function scopeWord(scope: TopicSettings['fifoThroughputScope']): string | null | undefined {
  if (scope === undefined) return undefined;
  return scope === 'topic' ? null : 'MessageGroup';
}

/** As SNS keeps it. @throws GantryError `invalid-argument` */
function deliveryText(policy: Readonly<Record<string, unknown>> | null): string | null {
  const known = policy === null ? undefined : parseTopicPolicy(JSON.stringify(policy));
  return known === undefined ? null : JSON.stringify(known);
}

function wrong(name: string, what: string): GantryError {
  return new GantryError('invalid-argument', `topic "${name}": ${what}`, { resource: name });
}
