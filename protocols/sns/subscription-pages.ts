import type { Subscription } from '../../src/model/topic.ts';
import type { Members } from '../aws/members.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { invalid } from './errors.ts';
import { pageOf, readToken } from './pages.ts';

/** @param found one more than a page, if there are as many */
export function subscriptionPage(found: readonly Subscription[]) {
  const { items, nextToken } = pageOf(found, ({ address: { topic, id } }) => `${topic.name}:${id}`);
  return { Subscriptions: items.map(entryOf), NextToken: nextToken };
}

/** One that has ended can be taken back, and is in no list before that is done. */
export function isListed({ state }: Subscription): boolean {
  return state !== 'ended';
}

function entryOf({ address, state, owner, protocol, endpoint }: Subscription) {
  return {
    SubscriptionArn: state === 'pending' ? 'PendingConfirmation' : subscriptionArn(address),
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn(address.topic),
  };
}

/** Of the last subscription of the page before. @throws AwsError `InvalidParameter` for a token that no page had */
export function readSubscriptionToken(members: Members): { readonly name: string; readonly id: string } | undefined {
  const text = readToken(members);
  if (text === undefined) return undefined;
  const [name = '', id = '', ...rest] = text.split(':');
  if (name === '' || id === '' || rest.length > 0) throw invalid('NextToken');
  return { name, id };
}
