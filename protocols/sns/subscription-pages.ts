/** Lists of subscriptions, a hundred a page; the last one of a page is where the next begins. */
import type { Subscription, SubscriptionAddress } from '../../src/model/topic.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';

/** @param found one more than a page, if there are as many */
export function pageOf(found: readonly Subscription[], isShown: (subscription: Subscription) => boolean) {
  const page = found.slice(0, snsLimits.listPageMax);
  const last = page.at(-1);
  const hasMore = last !== undefined && found.length > page.length;
  return {
    Subscriptions: page.filter((each) => each.state !== 'ended' && isShown(each)).map(shown),
    ...(hasMore && { NextToken: tokenAfter(last.address) }),
  };
}

function shown({ address, state, owner, protocol, endpoint }: Subscription) {
  return {
    SubscriptionArn: state === 'pending' ? 'PendingConfirmation' : subscriptionArn(address),
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn(address.topic),
  };
}

function tokenAfter({ topic, id }: SubscriptionAddress): string {
  return Buffer.from(`${topic.name}:${id}`).toString('base64'); // As AWS's, which tests decode.
}

/** @throws AwsError `InvalidParameter` for a token that no page had */
export function readPageToken(token: string | undefined): { readonly name: string; readonly id: string } | undefined {
  if (token === undefined || token === '') return undefined;
  const text = Buffer.from(token, 'base64').toString();
  const [name = '', id = '', ...rest] = text.split(':');
  if (name === '' || id === '' || rest.length > 0 || Buffer.from(text).toString('base64') !== token) {
    throw invalid('NextToken');
  }
  return { name, id };
}
