import type { Push } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { subscriptionArn, topicArn } from '../arn.ts';
import { confirmationFacts } from '../confirmation.ts';
import { type PostedMessage, postHeaders } from '../delivery/http-headers.ts';
import type { HttpPost } from '../delivery/http-sender.ts';
import { effectivePolicyOf } from '../subscription-attributes.ts';
import type { GatewayParts } from './parts.ts';
import { envelopeText, textOf } from './texts.ts';

export function postToEndpoint(push: Push, { delivery }: GatewayParts, signal: AbortSignal): Promise<PushOutcome> {
  return delivery.post(postOf(push), signal);
}

/** The request to an http or https endpoint [sqs-sns 2.4, 2.9]. */
function postOf(push: Push): HttpPost {
  const { subscription, message, note } = push;
  const isRaw = note?.isRaw === true;
  // Bytes, as a text would be kept beside them until the answer.
  const body = Buffer.from(note === undefined || isRaw ? textOf(message) : envelopeText(message, note));
  return { url: subscription.endpoint, headers: postHeaders(headOf(push, isRaw)), body };
}

function headOf(push: Push, isRaw: boolean): PostedMessage {
  const { subscription, topic, message } = push;
  const { address } = subscription;
  const confirmation = confirmationFacts(push);
  const common = { topicArn: topicArn(address.topic), subscriptionArn: subscriptionArn(address) };
  if (confirmation === undefined) {
    const contentType = effectivePolicyOf(subscription, topic).requestPolicy.headerContentType;
    return { type: 'Notification', messageId: uuidText(message.id), ...common, isRaw, contentType };
  }
  const { type, messageId } = confirmation;
  // Who is asked whether it wants a subscription does not learn its ARN beforehand (verified).
  if (type === 'SubscriptionConfirmation') return { type, messageId, topicArn: common.topicArn };
  return { type, messageId, ...common };
}
