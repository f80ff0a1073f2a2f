import type { Subscription, Topic } from '../../src/model/topic.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { parseSubscriptionPolicy, parseTopicPolicy } from './delivery/delivery-policy.ts';
import { effectiveSubscriptionPolicy } from './delivery/effective-policy.ts';
import { replayStatusOf } from './replay-policy.ts';
import type { Sns } from './sns.ts';

/** As GetSubscriptionAttributes shows them (verified) [sqs-sns 2.3]. */
export function shownAttributes({ broker }: Sns, subscription: Subscription): Record<string, string> {
  const { address, owner, endpoint, protocol, state, isRaw, filter, extras } = subscription;
  const { RedrivePolicy, DeliveryPolicy, SubscriptionRoleArn, SubscriptionPrincipal, ReplayPolicy } = extras;
  const topic = broker.topics.catalogue.find(address.topic);
  const ReplayStatus = replayStatusOf(broker, address);
  const isHttp = protocol === 'http' || protocol === 'https';
  return {
    SubscriptionArn: subscriptionArn(address),
    TopicArn: topicArn(address.topic),
    Owner: owner,
    ...(SubscriptionPrincipal !== undefined && { SubscriptionPrincipal }),
    Protocol: protocol,
    Endpoint: endpoint,
    RawMessageDelivery: String(isRaw),
    PendingConfirmation: String(state === 'pending'),
    ConfirmationWasAuthenticated: extras.ConfirmationWasAuthenticated ?? 'true',
    ...(filter !== undefined && {
      FilterPolicy: filter.policy,
      FilterPolicyScope: filter.scope === 'body' ? 'MessageBody' : 'MessageAttributes',
    }),
    ...(RedrivePolicy !== undefined && { RedrivePolicy }),
    ...(DeliveryPolicy !== undefined && { DeliveryPolicy }),
    ...(isHttp && { EffectiveDeliveryPolicy: JSON.stringify(effectivePolicyOf(subscription, topic)) }),
    ...(SubscriptionRoleArn !== undefined && { SubscriptionRoleArn }),
    ...(ReplayPolicy !== undefined && { ReplayPolicy }),
    ...(ReplayStatus !== undefined && { ReplayStatus }),
  };
}

/** What both policies come to; they were judged when they were set. */
export function effectivePolicyOf({ extras, topicId }: Subscription, topic: Topic | undefined) {
  const ofTopic = topic?.id === topicId ? topic.extras.DeliveryPolicy : undefined;
  return effectiveSubscriptionPolicy(
    parseTopicPolicy(ofTopic ?? ''),
    parseSubscriptionPolicy(extras.DeliveryPolicy ?? ''),
  );
}
