/** What AWS writes to a log of deliveries, where a topic asks for it [sqs-sns 2.11]. */
import { hash } from 'node:crypto';
import type { Push } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Random } from '../../../src/model/random.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { topicArn } from '../arn.ts';

/** The names are AWS's (verified for a success, which has no `attempts`). */
export interface DeliveryStatus {
  readonly notification: {
    readonly messageMD5Sum: string;
    readonly messageId: string;
    readonly topicArn: string;
    readonly timestamp: string;
  };
  readonly delivery: {
    readonly deliveryId: string;
    readonly destination: string;
    readonly providerResponse: string;
    readonly dwellTimeMs: number;
    readonly attempts?: number;
    readonly statusCode?: number;
  };
  readonly status: 'SUCCESS' | 'FAILURE';
}

/** How the names of a topic's attributes begin. */
const prefixes: Readonly<Record<string, string | undefined>> = {
  http: 'HTTP',
  https: 'HTTP',
  lambda: 'Lambda',
  application: 'Application',
};

export function isStatusWanted({ topic, subscription, note }: Push, outcome: PushOutcome, random: Random): boolean {
  const prefix = prefixes[subscription.protocol];
  if (topic === undefined || prefix === undefined || note === undefined) return false;
  const { extras } = topic;
  if (outcome.type !== 'delivered') return extras[`${prefix}FailureFeedbackRoleArn`] !== undefined;
  if (extras[`${prefix}SuccessFeedbackRoleArn`] === undefined) return false;
  const percent = Number(extras[`${prefix}SuccessFeedbackSampleRate`] ?? '100');
  const [byte = 0] = random.bytes(1);
  return (byte * 100) / 256 < percent;
}

export function statusOf(
  { subscription, message, attempt }: Push,
  outcome: PushOutcome,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): DeliveryStatus {
  const now = clock.now();
  const sentAt = message.headers.sentAt ?? now;
  const isDelivered = outcome.type === 'delivered';
  return {
    notification: {
      messageMD5Sum: hash('md5', message.body, 'hex'),
      messageId: uuidText(message.id),
      topicArn: topicArn(subscription.address.topic),
      timestamp: new Date(sentAt).toISOString().replace('T', ' ').replace('Z', ''),
    },
    delivery: {
      deliveryId: uuidText(random.uuid()),
      destination: withoutPassword(subscription.endpoint),
      providerResponse: isDelivered ? (outcome.response ?? '') : outcome.reason,
      dwellTimeMs: Math.max(0, now - sentAt),
      ...(!isDelivered && { attempts: attempt }),
      ...(outcome.statusCode !== undefined && { statusCode: outcome.statusCode }),
    },
    status: isDelivered ? 'SUCCESS' : 'FAILURE',
  };
}

/** Of `https://user:password@host/`: it goes into a log. */
function withoutPassword(endpoint: string): string {
  return endpoint.replace(/:\/\/[^\s/?#]*@/, '://***@');
}
