import { confirmSubscription } from '../handlers/confirm-subscription.ts';
import { getSubscriptionAttributes } from '../handlers/get-subscription-attributes.ts';
import { listSubscriptions } from '../handlers/list-subscriptions.ts';
import { listSubscriptionsByTopic } from '../handlers/list-subscriptions-by-topic.ts';
import { setSubscriptionAttributes } from '../handlers/set-subscription-attributes.ts';
import { subscribe } from '../handlers/subscribe.ts';
import { unsubscribe } from '../handlers/unsubscribe.ts';
import { row, silentRow } from './row.ts';

export const subscriptionRows = [
  row('Subscribe', subscribe),
  row('ConfirmSubscription', confirmSubscription),
  silentRow('Unsubscribe', unsubscribe),
  row('GetSubscriptionAttributes', getSubscriptionAttributes),
  silentRow('SetSubscriptionAttributes', setSubscriptionAttributes),
  row('ListSubscriptions', listSubscriptions),
  row('ListSubscriptionsByTopic', listSubscriptionsByTopic),
];
