import type { Topic } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { invalid } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import { nameMeant } from '../meant.ts';
import { type Sns, topicOf } from '../sns.ts';
import { topicAttributeRows } from '../topic-attributes.ts';
import { readAttribute, withExtras } from '../topic-change.ts';

/** One attribute a call [SNS SetTopicAttributes]. */
export async function setTopicAttributes(sns: Sns, call: Call): Promise<undefined> {
  const { address } = topicOf(sns, call);
  const name = call.members.text('AttributeName') ?? '';
  const row = topicAttributeRows.get(name);
  const text = call.members.text('AttributeValue') ?? '';
  await sns.broker.topics.catalogue.alter(call.principal, address, (topic) => {
    if (row === undefined) throw invalid('AttributeName', nameMeant(name, topicAttributeRows.keys()));
    const { attributes = {}, extras } = readAttribute(row, text, { kind: topic.kind, prefix: '' });
    if ((attributes.messageBytesMax ?? 0) > snsLimits.messageBytesDefault) requireMayBeLarge(sns, topic);
    return { attributes, extras: withExtras(topic.extras, extras) };
  });
}

/** Long messages go to few subscriptions, and not by every protocol [SNS SetTopicAttributes, MaximumMessageSize]. */
function requireMayBeLarge({ broker }: Sns, topic: Topic): void {
  const { largeMessageSubscriptionsMax: max } = snsLimits;
  const { subscriptions } = broker.topics;
  const { confirmed, pending } = subscriptions.countsOf(topic);
  if (confirmed + pending > max) throw invalid(`MaximumMessageSize: the topic has more than ${max} subscriptions`);
  const other = subscriptions.ofTopic(topic, undefined, max).find(({ protocol }) => !largeProtocols.has(protocol));
  if (other === undefined) return;
  throw invalid(`MaximumMessageSize: the topic has a subscription of the protocol ${other.protocol}`);
}

const largeProtocols = new Set(['sqs', 'firehose', 'lambda']);
