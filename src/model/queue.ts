import type { Instant } from './clock.ts';

/** Stable for the life of the queue; a purge keeps it, a drop and a new queue of the same name do not. */
export type QueueId = number & { readonly __brand: 'QueueId' };

/** Names are kept apart by account and region: the same name in two of them is two queues. */
export interface Namespace {
  readonly account: string;
  readonly region: string;
}
export interface QueueAddress extends Namespace {
  readonly name: string;
}

/** The namespace of every protocol but the AWS ones. */
export const defaultNamespace: Namespace = { account: '000000000000', region: 'us-east-1' };

/** What a queue does with its messages. Times are milliseconds, sizes bytes. */
export interface QueueAttributes {
  /** Before a message without a delay of its own can be received. */
  readonly delayMs: number;
  /** How long a receive without a lease of its own hides a message. */
  readonly leaseMs: number;
  /** Age at which a message is dropped; undefined: never. */
  readonly retentionMs: number | undefined;
  /** Body, attribute names, types and values together. */
  readonly messageBytesMax: number;
  /** How long a receive without a wait of its own waits for a message. */
  readonly receiveWaitMs: number;
  readonly isContentDeduplicated: boolean;
  readonly dedupScope: 'queue' | 'message-group';
  readonly throughputScope: 'queue' | 'message-group';
  readonly redrive: Redrive | undefined;
  readonly redriveAllow: RedriveAllow | undefined;
  /** IAM-shaped JSON text, as it was given. */
  readonly policy: string | undefined;
}
export interface Redrive {
  readonly deadLetter: QueueAddress;
  /** A receive that would exceed it moves the message instead. 1 to 1,000. */
  readonly deliveryCountMax: number;
}
export interface RedriveAllow {
  readonly permission: 'all' | 'none' | 'by-queue';
  readonly sources: readonly QueueAddress[];
}

export type QueueKind = 'standard' | 'fifo';

/** A queue as the catalogue knows it; its messages are the store's. */
export interface Queue {
  readonly id: QueueId;
  readonly address: QueueAddress;
  readonly kind: QueueKind;
  readonly attributes: QueueAttributes;
  /** Facts that a protocol keeps with the queue and core hands back untouched (SQS: encryption settings). */
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
}
