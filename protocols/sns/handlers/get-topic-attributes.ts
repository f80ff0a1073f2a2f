import type { Topic } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { topicArn } from '../arn.ts';
import { parseTopicPolicy } from '../delivery/delivery-policy.ts';
import { effectiveTopicPolicy } from '../delivery/effective-policy.ts';
import { browsedTopic, type Sns } from '../sns.ts';
import { topicAttributeRows } from '../topic-attributes.ts';
import { defaultPolicy } from '../topic-policy.ts';

/** Those that every topic has, and those that were set (verified) [sqs-sns 2.2]. */
export async function getTopicAttributes(sns: Sns, call: Call) {
  const topic = browsedTopic(sns, call);
  const { pending, confirmed, deleted } = sns.broker.topics.subscriptions.countsOf(topic);
  const shown: [string, string][] = [
    ['Policy', defaultPolicy(topic.address)],
    ['Owner', topic.address.account],
    ['SubscriptionsPending', String(pending)],
    ['TopicArn', topicArn(topic.address)],
    ['EffectiveDeliveryPolicy', effectiveText(topic)],
    ['SubscriptionsConfirmed', String(confirmed)],
    ['DisplayName', ''],
    ['SubscriptionsDeleted', String(deleted)],
    ...(topic.kind === 'fifo' ? [['FifoTopic', 'true'] as [string, string]] : []),
    ...beginningOf(topic, sns.clock.now()),
  ];
  for (const { name, whyFifoOnly, show } of topicAttributeRows.values()) {
    const value = whyFifoOnly !== undefined && topic.kind === 'standard' ? undefined : show(topic);
    if (value !== undefined) shown.push([name, value]);
  }
  return { Attributes: Object.fromEntries(shown) };
}

function effectiveText({ extras: { DeliveryPolicy } }: Topic): string {
  const own = DeliveryPolicy === undefined ? undefined : parseTopicPolicy(DeliveryPolicy);
  return JSON.stringify(effectiveTopicPolicy(own));
}

/** From when on a replay finds everything: the archive's own beginning, later what it still keeps. */
function beginningOf({ archivedSince, attributes: { archiveMs } }: Topic, now: number): [string, string][] {
  if (archivedSince === undefined || archiveMs === undefined) return [];
  return [['BeginningArchiveTime', new Date(Math.max(archivedSince, now - archiveMs)).toISOString()]];
}
