/** What stands in the mails of `email` and `email-json` subscriptions. */
import { deliveryLimits } from './limits.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const defaultSubject = 'AWS Notification Message';
const confirmationSubject = 'AWS Notification - Subscription Confirmation';

/** `email`: the message as text, and below it the way out, as AWS appends it. */
export function notificationMail(given: {
  readonly to: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly unsubscribeUrl: string | undefined;
}): Mail {
  const { to, subject, message, unsubscribeUrl } = given;
  const footer = unsubscribeUrl === undefined ? '' : `\n\n--\n${unsubscribeText}\n${unsubscribeUrl}\n`;
  return { to, subject: oneLine(subject ?? defaultSubject), text: `${message}${footer}` };
}

const unsubscribeText =
  'If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:';

/** `email-json`: the envelope as it is, so that a program can read it. */
export function jsonMail(given: {
  readonly to: string;
  readonly subject: string | undefined;
  readonly envelope: string;
}): Mail {
  return { to: given.to, subject: oneLine(given.subject ?? defaultSubject), text: given.envelope };
}

/** Asks whoever reads it to confirm; for `email-json` it is the envelope of the confirmation. */
export function confirmationMail(given: {
  readonly to: string;
  readonly topicArn: string;
  readonly subscribeUrl: string;
  readonly envelope?: string;
}): Mail {
  const { to, topicArn, subscribeUrl, envelope } = given;
  const text =
    `You have chosen to subscribe to the topic:\n${topicArn}\n\n` +
    'To confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n' +
    `${subscribeUrl}\n`;
  return { to, subject: confirmationSubject, text: envelope ?? text };
}

/** A subject that is one line whatever it was: no character in it can end the header. */
export function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  return text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').slice(0, deliveryLimits.subjectLengthMax);
}

/** One plain address, without a name, a comment or a second one beside it. */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= deliveryLimits.mailAddressLengthMax && /^[^\s@<>(),:;"[\]\\]+@[^\s@<>(),:;"[\]\\]+$/u.test(text)
  );
}
