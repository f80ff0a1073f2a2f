import type { Instant } from './clock.ts';
import type { Namespace, QueueAddress, QueueKind } from './queue.ts';

/** A topic and a queue of the same name in one namespace are two things. */
export interface TopicAddress extends Namespace {
  readonly name: string;
}

/** What a topic does with what is published to it. Sizes are bytes, times milliseconds. */
export interface TopicAttributes {
  /** A FIFO topic takes the digest of a body for a dedup id that was not given. */
  readonly isContentDeduplicated: boolean;
  readonly dedupScope: 'topic' | 'message-group';
  /** Body, attribute names, types and values together. */
  readonly messageBytesMax: number;
  /** IAM-shaped JSON text, as it was given; undefined: the owner alone. */
  readonly policy: string | undefined;
  /** How long a FIFO topic keeps what was published, for replays; undefined: it keeps nothing. */
  readonly archiveMs: number | undefined;
}

export interface Topic {
  /** A uuid, another for a topic that is made again under the same name. */
  readonly id: string;
  readonly address: TopicAddress;
  readonly kind: QueueKind;
  readonly attributes: TopicAttributes;
  /** Facts that a protocol keeps with the topic and core hands back untouched (SNS: DisplayName). */
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  /** From when on the archive has everything; undefined: there is none. */
  readonly archivedSince: Instant | undefined;
}

/** Names one subscription; what follows the topic in its ARN. */
export interface SubscriptionAddress {
  readonly topic: TopicAddress;
  /** A uuid. */
  readonly id: string;
}

/**
 * Pending: its endpoint has not confirmed that it wants it, and gets nothing. Ended: its endpoint was told that it ended, and
 * may take that back for a while.
 */
type SubscriptionState = 'pending' | 'confirmed' | 'ended';

/** Where what matches goes: to a queue of this broker, or out of it by whoever serves the protocol. */
export type SubscriptionTarget = { readonly type: 'queue'; readonly queue: QueueAddress } | { readonly type: 'push' };

export interface SubscriptionFilter {
  /** SNS's filter policy, JSON as it was given. */
  readonly policy: string;
  readonly scope: 'attributes' | 'body';
}

export interface Subscription {
  readonly address: SubscriptionAddress;
  /** `id` of the topic that it belongs to: of a later one of the same name it hears nothing. */
  readonly topicId: string;
  /** As its protocol names it: `sqs`, `https`. */
  readonly protocol: string;
  readonly endpoint: string;
  readonly target: SubscriptionTarget;
  readonly state: SubscriptionState;
  readonly stateSince: Instant;
  /** The message as it was published, without an envelope around it. */
  readonly isRaw: boolean;
  readonly filter: SubscriptionFilter | undefined;
  /** Gets what could not be delivered. */
  readonly deadLetter: QueueAddress | undefined;
  /** Account. */
  readonly owner: string;
  /** Facts that a protocol keeps with it and core hands back untouched (SNS: DeliveryPolicy). */
  readonly extras: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
}
