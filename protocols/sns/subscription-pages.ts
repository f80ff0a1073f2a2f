import type { Subscription } from '../../src/model/topic.ts';
import type { Members } from '../aws/members.ts';
import { subscriptionArn, topicArn } from './arn.ts';
import { invalid } from './errors.ts';
import { pageOf, readToken } from './pages.ts';

/** @param found one more than a page, if there are as many */
export function subscriptionPage(found: readonly Subscription[], isShown: (subscription: Subscription) => boolean) {
  const { items, nextToken } = pageOf(found, ({ address: { topic, id } }) => `${topic.name}:${id}`);
  const shown = items.filter((each) => each.state !== 'ended' && isShown(each));
  return { Subscriptions: shown.map(entryOf), NextToken: nextToken };
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
