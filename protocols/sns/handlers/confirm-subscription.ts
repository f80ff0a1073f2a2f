import { GantryError } from '../../../src/model/errors.ts';
import type { Subscription } from '../../../src/model/topic.ts';
import type { AwsError } from '../../aws/errors.ts';
import type { Call } from '../../aws/service.ts';
import { arnParts, subscriptionArn } from '../arn.ts';
import { tokenKeyName } from '../confirmation.ts';
import { type ConfirmationToken, isSound, readToken } from '../confirmation-token.ts';
import { invalid, snsError } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import type { Sns } from '../sns.ts';

/**
 * The token decides: of the topic that is named beside it only the region counts (verified). It confirms as often as it is
 * shown, and restores a subscription that ended [sqs-sns 2.4].
 */
export async function confirmSubscription(sns: Sns, call: Call) {
  const { members, principal, isSigned } = call;
  const [arn, , service, region, , name = ''] = arnParts(members.text('TopicArn') ?? '');
  if (arn !== 'arn' || service !== 'sns' || name === '') throw invalid('Topic');
  const token = tokenOf(members.text('Token') ?? '');
  if (token.address.topic.region !== region) throw invalid('Topic');
  requireGood(sns, token);

  const isSignedToUnsubscribe = isSigned && members.text('AuthenticateOnUnsubscribe')?.toLowerCase() === 'true';
  const { subscriptions } = sns.broker.topics;
  try {
    const { address } = await subscriptions.alter(principal, token.address, confirmed, undefined);
    return { SubscriptionArn: subscriptionArn(address) };
  } catch (error) {
    if (error instanceof GantryError && error.code === 'not-found') throw badToken();
    throw error;
  }

  function confirmed({ extras }: Subscription) {
    return {
      state: 'confirmed' as const,
      extras: {
        ...extras,
        ConfirmationWasAuthenticated: String(isSigned || extras.ConfirmationWasAuthenticated === 'true'),
        ...(isSignedToUnsubscribe && { AuthenticateOnUnsubscribe: 'true' }),
      },
    };
  }
}

/** @throws AwsError `InvalidParameter` (verified): what was never a token has another text */
function tokenOf(text: string): ConfirmationToken {
  if (text === '') throw invalid('Token Reason: no value for required parameter');
  if (!/^[0-9a-fA-F]+$/.test(text)) throw snsError('InvalidParameterException', 'Invalid token');
  const token = text.length > snsLimits.tokenCharactersMax ? undefined : readToken(text);
  if (token === undefined) throw badToken();
  return token;
}

function requireGood({ broker, clock }: Sns, token: ConfirmationToken): void {
  const subscription = broker.topics.subscriptions.find(token.address);
  const key = subscription?.extras[tokenKeyName];
  const isTopicThere = broker.topics.catalogue.find(token.address.topic)?.id === subscription?.topicId;
  if (key === undefined || !isTopicThere || !isSound(token, key)) throw badToken();
  if (token.expiresAt <= clock.now()) throw badToken();
}

function badToken(): AwsError {
  return invalid('Token');
}
