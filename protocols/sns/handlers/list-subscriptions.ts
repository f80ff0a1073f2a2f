import type { Call } from '../../aws/service.ts';
import { snsLimits } from '../limits.ts';
import type { Sns } from '../sns.ts';
import { isListed, readSubscriptionToken, subscriptionPage } from '../subscription-pages.ts';

/** Of the caller's account and region, topic by topic; those of a topic that was deleted are no longer among them. */
export async function listSubscriptions({ broker }: Sns, call: Call) {
  const { catalogue, subscriptions, requireAllowed } = broker.topics;
  const { namespace } = call;
  const from = readSubscriptionToken(call.members);
  // Like a list of queues: a name that no topic can have stands for all.
  requireAllowed(call.principal, 'browse', { ...namespace, name: '*' });
  const after = from && { topic: { ...namespace, name: from.name }, id: from.id };
  const found = subscriptions.list(
    namespace,
    after,
    snsLimits.listPageMax + 1,
    (each) => isListed(each) && catalogue.find(each.address.topic)?.id === each.topicId,
  );
  return subscriptionPage(found);
}
