import type { Subscription, SubscriptionAddress } from '../../src/model/topic.ts';
import type { Call } from '../aws/service.ts';
import { arnParts } from './arn.ts';
import { invalid, notFound } from './errors.ts';
import { requireOwnAct, type Sns } from './sns.ts';

/** @throws AwsError `InvalidParameter` when it is no ARN of a subscription (verified) [sqs-sns 2.4] */
export function subscriptionAddressOf(call: Call): SubscriptionAddress {
  const arn = call.members.text('SubscriptionArn') ?? '';
  if (arn === '') throw invalid('SubscriptionArn Reason: no value for required parameter');
  const parts = arnParts(arn);
  if (parts.length < 6) {
    throw invalid(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  }
  const [, , , region = '', account = '', name = '', id = '', ...rest] = parts;
  if (id === '' || rest.length > 0) throw invalid('SubscriptionId');
  return { topic: { account, region, name }, id };
}

/**
 * The subscription that the request names. One that ended is there for its token alone.
 * @throws AwsError `InvalidParameter`, `NotFound`; GantryError `access-denied`
 */
export function subscriptionOf(sns: Sns, call: Call): Subscription {
  const address = subscriptionAddressOf(call);
  const subscription = sns.broker.topics.subscriptions.find(address);
  if (subscription !== undefined && subscription.state !== 'ended') return subscription;
  requireOwnAct(sns, call, address.topic);
  throw notFound('Subscription does not exist');
}
