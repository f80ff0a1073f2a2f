/** Topics and subscriptions as definitions want them against those that are: pure, and each step in a line for a person. */
import type { Namespace } from '../../model/queue.ts';
import type { Subscription, TopicAddress } from '../../model/topic.ts';
import { addressWords } from './addresses.ts';
import { type Change, changesBetween, changeText, type Words, wordsInBrackets, wordsOf } from './changes.ts';
import { kindOfName, withExtras } from './queue-model.ts';
import { endpointWords, shownSubscriptionSettings, type WantedSubscription } from './subscription-model.ts';
import type { TopicDefinition } from './topic-definition.ts';
import { type DescribedTopic, shownTopicSettings, topicChange, topicDefaults } from './topic-model.ts';
import { durationText, sizeText } from './values.ts';

export type TopicStep =
  | { readonly do: 'create'; readonly topic: DescribedTopic }
  | {
      readonly do: 'alter';
      readonly topic: DescribedTopic;
      readonly changes: readonly Change[];
      readonly archive: ArchiveChange;
    }
  | { readonly do: 'drop'; readonly topic: DescribedTopic; readonly subscriptions: number };

/** What becomes of what an archive has: kept though the definition says nothing of it; ended; some of it too old all at once. */
type ArchiveChange = 'none' | 'kept' | 'ended' | 'shortened';

export type SubscriptionStep = {
  readonly topic: TopicAddress;
  /** What whoever reads the plan should know. */
  readonly remark?: string;
} & (
  | { readonly do: 'create'; readonly wanted: WantedSubscription }
  | {
      readonly do: 'alter';
      readonly wanted: WantedSubscription;
      readonly current: Subscription;
      readonly changes: readonly Change[];
    }
  | { readonly do: 'drop'; readonly current: Subscription }
);

/**
 * The whole topic that a definition means: what it does not say is as by default.
 * @param namespace of a definition that names none
 * @param kept the archive of the topic that is there, where a definition that says nothing of one leaves it
 * @throws GantryError `invalid-argument`
 */
export function wantedTopic(
  definition: TopicDefinition,
  namespace: Namespace,
  kept?: { readonly archiveMs: number | undefined },
): DescribedTopic {
  const {
    name,
    account = namespace.account,
    region = namespace.region,
    tags = {},
    subscriptions: _,
    ...settings
  } = definition;
  const { attributes, extras } = topicChange(name, settings);
  return {
    ...{
      address: { account, region, name },
      kind: kindOfName(name),
      attributes: { ...topicDefaults, ...kept, ...attributes },
    },
    ...{ extras: withExtras({}, extras), tags },
  };
}

/**
 * @param isKept the definition says nothing of the archive, and the one that is there stays
 * @returns undefined: the topic is as it is wanted
 */
export function topicStep(
  topic: DescribedTopic,
  current: DescribedTopic | undefined,
  isKept: boolean,
): TopicStep | undefined {
  if (current === undefined) return { do: 'create', topic };
  const changes = changesBetween(topicWords(current), topicWords(topic), defaultTopicWords);
  return changes.length === 0
    ? undefined
    : { do: 'alter', topic, changes, archive: archiveChange(topic, current, isKept) };
}

function archiveChange(topic: DescribedTopic, current: DescribedTopic, isKept: boolean): ArchiveChange {
  const before = current.attributes.archiveMs;
  const after = topic.attributes.archiveMs;
  if (before === undefined) return 'none';
  if (after === undefined) return 'ended';
  if (after < before) return 'shortened';
  return isKept ? 'kept' : 'none';
}

/** @returns undefined: the subscription is as it is wanted */
export function subscriptionStep(
  topic: TopicAddress,
  wanted: WantedSubscription,
  current: Subscription | undefined,
): SubscriptionStep | undefined {
  if (current === undefined) return { do: 'create', topic, wanted };
  const after = settingsWords(topic, wanted);
  const changes = changesBetween(wordsOf(shownSubscriptionSettings(current)), after, defaultSubscriptionWords);
  return changes.length === 0 ? undefined : { do: 'alter', topic, wanted, current, changes };
}

/**
 * `~ topic alerts: displayName none -> Alerts`
 * @param archived messages in the archive
 */
export function topicStepText(step: TopicStep, archived: number): string {
  const name = addressWords(step.topic.address);
  switch (step.do) {
    case 'create':
      return `+ topic ${name}${wordsInBrackets(topicWords(step.topic))}`;
    case 'alter':
      return `~ topic ${name}: ${step.changes.map(changeText).join(', ')}${archiveText(step, archived)}`;
    case 'drop':
      return `- topic ${name}${withAll(step.subscriptions, archived)}`;
  }
}

function archiveText({ archive, topic }: TopicStep & { readonly do: 'alter' }, archived: number): string {
  if (archive === 'kept')
    return `; archive ${durationText(topic.attributes.archiveMs ?? 0)} is kept: the definition does not name it`;
  if (archived === 0 || archive === 'none') return '';
  return archive === 'ended'
    ? ` (drops ${counted(archived, 'archived message')})`
    : ` (drops what is older of ${counted(archived, 'archived message')})`;
}

function withAll(subscriptions: number, archived: number): string {
  const parts = [
    ...(subscriptions === 0 ? [] : [counted(subscriptions, 'subscription')]),
    ...(archived === 0 ? [] : [counted(archived, 'archived message')]),
  ];
  return parts.length === 0 ? '' : ` (with ${parts.join(', ')})`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `alerts -> orders` */
export function subscriptionWords(step: SubscriptionStep): string {
  const { topic } = step;
  if (step.do !== 'create') return `${addressWords(topic)} -> ${endpointWords(step.current)}`;
  const { protocol, endpoint } = step.wanted;
  const shown = { address: { topic, id: '' }, protocol, endpoint: endpoint.text, target: endpoint.target };
  return `${addressWords(topic)} -> ${endpointWords(shown)}`;
}

/** `+ subscription alerts -> orders (raw true)` */
export function subscriptionStepText(step: SubscriptionStep): string {
  const words = subscriptionWords(step);
  const remark = step.remark === undefined ? '' : `; ${step.remark}`;
  switch (step.do) {
    case 'create':
      return `+ subscription ${words}${wordsInBrackets(settingsWords(step.topic, step.wanted))}${remark}`;
    case 'alter':
      return `~ subscription ${words}: ${step.changes.map(changeText).join(', ')}${remark}`;
    case 'drop':
      return `- subscription ${words}`;
  }
}

const defaultTopicWords: Readonly<Record<string, string>> = {
  maximumMessageSize: sizeText(topicDefaults.messageBytesMax),
  contentBasedDeduplication: 'false',
  fifoThroughputScope: 'topic',
  signatureVersion: '1',
  tracing: 'PassThrough',
};
const defaultSubscriptionWords: Readonly<Record<string, string>> = { raw: 'false', filterScope: 'attributes' };

function topicWords(topic: DescribedTopic): Words {
  return wordsOf(shownTopicSettings(topic));
}

function settingsWords(topic: TopicAddress, { protocol, endpoint, settings }: WantedSubscription): Words {
  const shown = { address: { topic, id: '' }, protocol, endpoint: endpoint.text, target: endpoint.target };
  return wordsOf(shownSubscriptionSettings({ ...shown, ...settings }));
}
