import type { Call } from '../../aws/service.ts';
import type { Sns } from '../sns.ts';
import { subscriptionOf } from '../subscription-arn.ts';
import { shownAttributes } from '../subscription-attributes.ts';

export async function getSubscriptionAttributes(sns: Sns, call: Call) {
  const subscription = subscriptionOf(sns, call);
  sns.broker.topics.requireAllowed(call.principal, 'browse', subscription.address.topic);
  return { Attributes: shownAttributes(sns, subscription) };
}
