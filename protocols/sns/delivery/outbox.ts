/**
 * Where SMS, mobile pushes, and mails without a mail server end: in an outbox that people and tests read. What really sends
 * them, some day, is another Provider.
 */
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Clock, Instant } from '../../../src/model/clock.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Mail } from './mail.ts';

interface Sent {
  readonly account: string;
  readonly region: string;
  readonly messageId: string;
  /** Undefined where it was published straight to its receiver. */
  readonly topicArn?: string | undefined;
  readonly subscriptionArn?: string | undefined;
}

interface SentMessage extends Sent {
  /** What its receiver reads: of a message with several texts, the one for it. */
  readonly message: string;
  readonly subject?: string | undefined;
  /** `json`: it was published with a text for each kind of receiver. */
  readonly messageStructure?: string | undefined;
  /** As published: `{ name: { DataType, StringValue } }`. */
  readonly messageAttributes?: unknown;
}

interface SmsMessage extends SentMessage {
  readonly kind: 'sms';
  readonly phoneNumber: string;
}

interface MobilePushMessage extends SentMessage {
  readonly kind: 'push';
  readonly endpointArn: string;
}

interface MailMessage extends Sent {
  readonly kind: 'mail';
  readonly mail: Mail;
}

export type OutboundMessage = SmsMessage | MobilePushMessage | MailMessage;
export type OutboxEntry = OutboundMessage & { readonly sentAt: Instant };

/** Hands a message to a person's device. */
export interface Provider {
  send(message: OutboundMessage): Promise<PushOutcome>;
}

/** What is left out is not looked at. */
export interface OutboxFilter {
  readonly kind: OutboundMessage['kind'];
  readonly account?: string;
  readonly region?: string;
  /** A phone number, an endpoint's ARN, or a mail address. */
  readonly receiver?: string;
}

/** What keeps the outbox; a queue of the broker's own. */
export interface OutboxStorage {
  /** Ends when the entry is on disk. */
  append(entry: OutboxEntry): Promise<void>;
  /** Oldest first. */
  list(filter: OutboxFilter): Promise<readonly OutboxEntry[]>;
  remove(filter: OutboxFilter): Promise<void>;
}

export function createOutboxProvider(storage: OutboxStorage, clock: Clock): Provider {
  return {
    async send(message) {
      try {
        await storage.append({ ...message, sentAt: clock.now() });
        return { type: 'delivered' };
      } catch (error) {
        // Full, or stopping: neither is the message's fault.
        if (error instanceof GantryError) return { type: 'retry', reason: error.message };
        throw error;
      }
    },
  };
}

export function receiverOf(message: OutboundMessage): string {
  if (message.kind === 'sms') return message.phoneNumber;
  return message.kind === 'push' ? message.endpointArn : message.mail.to;
}

export function isSelected(entry: OutboxEntry, { kind, account, region, receiver }: OutboxFilter): boolean {
  return (
    entry.kind === kind &&
    (account === undefined || entry.account === account) &&
    (region === undefined || entry.region === region) &&
    (receiver === undefined || receiverOf(entry) === receiver)
  );
}
