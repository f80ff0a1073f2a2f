/** How many subscriptions there may be: AWS's quotas, of which none is in effect unless it is set [sqs-sns 2.3]. */
import type { Topic } from '../../src/model/topic.ts';
import { snsError } from './errors.ts';
import type { Sns } from './sns.ts';

/** @throws AwsError `SubscriptionLimitExceeded` */
export function requireRoom({ broker, quotas }: Sns, topic: Topic): void {
  const max = quotas.perTopicMax;
  if (max === undefined) return;
  const { pending, confirmed } = broker.topics.subscriptions.countsOf(topic);
  if (pending + confirmed < max) return;
  const message = `The number of subscriptions of topic ${topic.address.name} has reached its limit of ${max}`;
  throw snsError('SubscriptionLimitExceededException', message, '--sns-subscriptions-max');
}

/** For one filter policy more. @throws AwsError `FilterPolicyLimitExceeded` */
export function requireRoomForFilter({ broker, quotas }: Sns, { id, address }: Topic): void {
  const { filtersPerTopicMax, filtersPerAccountMax } = quotas;
  if (filtersPerTopicMax === undefined && filtersPerAccountMax === undefined) return;
  let ofTopic = 0;
  let ofAccount = 0;
  for (const { filter, topicId, owner } of broker.topics.subscriptions.all()) {
    if (filter === undefined) continue;
    if (topicId === id) ofTopic++;
    if (owner === address.account) ofAccount++;
  }
  const isFull = (count: number, max: number | undefined) => max !== undefined && count >= max;
  if (!isFull(ofTopic, filtersPerTopicMax) && !isFull(ofAccount, filtersPerAccountMax)) return;
  const message = 'The number of filter policies has reached its limit';
  throw snsError('FilterPolicyLimitExceededException', message, '--sns-filter-policies-max');
}
