import type { Call } from '../../aws/service.ts';
import { snsLimits } from '../limits.ts';
import { browsedTopic, type Sns } from '../sns.ts';
import { isListed, readSubscriptionToken, subscriptionPage } from '../subscription-pages.ts';

export async function listSubscriptionsByTopic(sns: Sns, call: Call) {
  const topic = browsedTopic(sns, call);
  const after = readSubscriptionToken(call.members);
  const found = sns.broker.topics.subscriptions.ofTopic(topic, after?.id, snsLimits.listPageMax + 1, isListed);
  return subscriptionPage(found);
}
