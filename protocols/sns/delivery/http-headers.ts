import { defaultContentType } from './effective-policy.ts';

export interface PostedMessage {
  readonly type: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly messageId: string;
  readonly topicArn: string;
  /** Of a notification; confirmations have none. */
  readonly subscriptionArn?: string;
  /** RawMessageDelivery: the body is the message itself. */
  readonly isRaw?: boolean;
  /** Of the effective policy; confirmations have the default. */
  readonly contentType?: string;
}

/** The headers of a POST to an endpoint [sqs-sns 2.4, 2.9]. */
export function postHeaders(message: PostedMessage): Record<string, string> {
  return {
    'x-amz-sns-message-type': message.type,
    'x-amz-sns-message-id': message.messageId,
    'x-amz-sns-topic-arn': message.topicArn,
    ...(message.subscriptionArn !== undefined && { 'x-amz-sns-subscription-arn': message.subscriptionArn }),
    ...(message.isRaw === true && { 'x-amz-sns-rawdelivery': 'true' }),
    'Content-Type': message.contentType ?? defaultContentType,
    'User-Agent': 'Amazon Simple Notification Service Agent',
    'Accept-Encoding': 'gzip,deflate',
  };
}
