/** How many subscriptions there may be: AWS's quotas, of which none is in effect unless it is set [sqs-sns 2.3]. */
import type { SubscriptionFilter, Topic } from '../../src/model/topic.ts';
import type { AwsError } from '../aws/errors.ts';
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

/**
 * For a filter policy instead of another one, or of none. They are bounded by their bytes too, for they are held in memory.
 * @throws AwsError `FilterPolicyLimitExceeded`
 */
export function requireRoomForFilter(
  { broker, quotas }: Sns,
  topic: Topic,
  before: SubscriptionFilter | undefined,
  after: SubscriptionFilter | undefined,
): void {
  if (after === undefined || after.policy === before?.policy) return;
  const { filtersPerTopicMax, filtersPerAccountMax, filterBytesMax } = quotas;
  const { ofTopic, ofAccount } = broker.topics.subscriptions.filtersOf(topic);
  const isFull = (count: number, max: number | undefined) => max !== undefined && count >= max;
  if (before === undefined && isFull(ofTopic, filtersPerTopicMax)) throw filterLimit('--sns-filter-policies-max');
  if (before === undefined && isFull(ofAccount.count, filtersPerAccountMax))
    throw filterLimit('--sns-account-filter-policies-max');
  const more = bytesOf(after) - bytesOf(before);
  if (more > 0 && filterBytesMax !== undefined && ofAccount.bytes + more > filterBytesMax)
    throw filterLimit('--sns-filter-policy-bytes-max');
}

function filterLimit(option: string): AwsError {
  return snsError('FilterPolicyLimitExceededException', 'The number of filter policies has reached its limit', option);
}

function bytesOf(filter: SubscriptionFilter | undefined): number {
  return filter === undefined ? 0 : Buffer.byteLength(filter.policy);
}
