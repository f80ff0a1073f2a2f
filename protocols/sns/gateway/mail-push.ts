import type { Push } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { subscriptionArn, topicArn } from '../arn.ts';
import { type ConfirmationFacts, confirmationFacts } from '../confirmation.ts';
import { confirmationMail, jsonMail, type Mail, notificationMail } from '../delivery/mail.ts';
import type { GatewayParts } from './parts.ts';
import { envelopeOf, textOf } from './texts.ts';

export function mailTo(push: Push, { delivery }: GatewayParts, signal: AbortSignal): Promise<PushOutcome> {
  const { subscription, message } = push;
  const { topic } = subscription.address;
  return delivery.send(
    {
      ...{ kind: 'mail', account: topic.account, region: topic.region },
      messageId: confirmationFacts(push)?.messageId ?? uuidText(message.id),
      topicArn: topicArn(topic),
      subscriptionArn: subscriptionArn(subscription.address),
      mail: mailOf(push),
    },
    signal,
  );
}

/** @returns what `email` and `email-json` subscribers read [sqs-sns 2.9] */
function mailOf(push: Push): Mail {
  const { subscription, message, note } = push;
  const { endpoint: to, protocol, address } = subscription;
  const isJson = protocol === 'email-json';
  if (note === undefined) {
    const text = textOf(message);
    const confirmation = confirmationFacts(push);
    if (confirmation?.type === 'UnsubscribeConfirmation')
      return endMail(to, confirmation, topicArn(address.topic), isJson ? text : undefined);
    const asked = { to, topicArn: topicArn(address.topic), subscribeUrl: confirmation?.subscribeUrl ?? '' };
    return confirmationMail(isJson ? { ...asked, envelope: text } : asked);
  }
  const subject = message.headers.type;
  const envelope = envelopeOf(message, note);
  if (isJson) return jsonMail({ to, subject, envelope: JSON.stringify(envelope) });
  return notificationMail({ to, subject, message: textOf(message), unsubscribeUrl: envelope.UnsubscribeURL });
}

/** @param envelope in place of the text for a person */
function endMail(to: string, { subscribeUrl }: ConfirmationFacts, topic: string, envelope: string | undefined): Mail {
  const text =
    `Your subscription to the topic below has been deactivated:\n${topic}\n\n` +
    'If this was in error or you wish to resubscribe, click or visit the link below:\n' +
    `${subscribeUrl}\n`;
  return { to, subject: 'AWS Notification - Unsubscribe Confirmation', text: envelope ?? text };
}
