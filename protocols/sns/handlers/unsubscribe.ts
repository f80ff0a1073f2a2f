import { GantryError } from '../../../src/model/errors.ts';
import type { Subscription } from '../../../src/model/topic.ts';
import type { Call } from '../../aws/service.ts';
import { linkBaseName, tellEndpoint, tokenExtras } from '../confirmation.ts';
import { protocolAsksToConfirm } from '../endpoints.ts';
import { snsError } from '../errors.ts';
import type { Sns } from '../sns.ts';
import { subscriptionAddressOf } from '../subscription-arn.ts';

/**
 * A subscription that is not there is as good as ended (verified). Whoever follows the link of a notification shows no
 * credential: then the endpoint is told, and may take it back for a while [sqs-sns 2.4].
 */
export async function unsubscribe(sns: Sns, call: Call): Promise<undefined> {
  const { subscriptions } = sns.broker.topics;
  const address = subscriptionAddressOf(call);
  const subscription = subscriptions.find(address);
  if (subscription === undefined || subscription.state === 'ended') return;
  try {
    if (call.isSigned) await subscriptions.drop(call.principal, address, 'subscribe');
    else await endByLink(sns, call, subscription);
  } catch (error) {
    if (!(error instanceof GantryError && error.code === 'not-found')) throw error;
  }
}

async function endByLink(sns: Sns, call: Call, { address, protocol, state, extras }: Subscription): Promise<void> {
  const { subscriptions } = sns.broker.topics;
  if (extras.AuthenticateOnUnsubscribe === 'true') {
    throw snsError('AuthorizationErrorException', 'Unsubscribe of this subscription must be signed by its owner');
  }
  if (state === 'pending' || !protocolAsksToConfirm(protocol)) {
    return subscriptions.drop(call.principal, address, undefined);
  }
  const ended = await subscriptions.alter(
    call.principal,
    address,
    (before) => ({ state: 'ended', extras: { ...before.extras, ...tokenExtras(sns, before.extras) } }),
    undefined,
  );
  const baseUrl = sns.linkBases.ofUnsigned(call.baseUrl, extras[linkBaseName]);
  await tellEndpoint(sns, baseUrl, ended, 'UnsubscribeConfirmation');
}
