/** The three kinds of message that an endpoint is sent, by what of them is signed. */
export type SignedFields =
  | {
      readonly Type: 'Notification';
      readonly Message: string;
      readonly MessageId: string;
      /** Absent, it is left out of what is signed as it is of the message. */
      readonly Subject?: string | undefined;
      readonly Timestamp: string;
      readonly TopicArn: string;
    }
  | {
      readonly Type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
      readonly Message: string;
      readonly MessageId: string;
      readonly SubscribeURL: string;
      readonly Timestamp: string;
      readonly Token: string;
      readonly TopicArn: string;
    };

const notificationKeys = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const confirmationKeys = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

/**
 * Key, end of line, value, end of line, in byte order of the keys; other keys of `fields` do not count.
 * @see Amazon SNS Developer Guide, Verifying the signatures of Amazon SNS messages
 */
export function stringToSign(fields: SignedFields): string {
  const values = new Map<string, string | undefined>(Object.entries(fields));
  const keys = fields.Type === 'Notification' ? notificationKeys : confirmationKeys;
  return keys.map((key) => line(key, values.get(key))).join('');
}

function line(key: string, value: string | undefined): string {
  return value === undefined ? '' : `${key}\n${value}\n`;
}
