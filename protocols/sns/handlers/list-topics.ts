import type { Call } from '../../aws/service.ts';
import { topicArn } from '../arn.ts';
import { snsLimits } from '../limits.ts';
import { isTopicName } from '../names.ts';
import { pageOf, readToken } from '../pages.ts';
import type { Sns } from '../sns.ts';

/** Topics of the caller's account and region (a name of its own that no topic can have stands for the list), in name order. */
export async function listTopics(sns: Sns, call: Call) {
  const after = readToken(call.members);
  const { topics } = sns.broker;
  topics.requireAllowed(call.principal, 'browse', { ...call.namespace, name: '*' });
  const found = topics.catalogue.list(call.namespace, after, snsLimits.listPageMax + 1);
  const { items, nextToken } = pageOf(found, ({ address }) => address.name);
  const named = items.filter(({ address }) => isTopicName(address.name));
  return { Topics: named.map(({ address }) => ({ TopicArn: topicArn(address) })), NextToken: nextToken };
}
