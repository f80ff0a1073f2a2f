import type { Delivery, Receipt } from '../../storage/store.ts';
import type { FilterOutReason } from '../filter/policy/index.ts';
import type { Instant } from '../model/clock.ts';
import type { QueueAddress } from '../model/queue.ts';
import type { SubscriptionAddress, TopicAddress } from '../model/topic.ts';
import type { Carried, Origin } from './origin.ts';

type OutcomeType = 'ack' | 'release' | 'extend' | 'reject';

/** A message as it was stored: decodeHead tells its headers and properties. */
export interface AppendedMessage {
  readonly id: Uint8Array;
  readonly pos: number;
  /** Body and attributes, as limits count them. */
  readonly bytes: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
}

/** What one call did, message by message. */
interface MessagesTold {
  readonly at: Instant;
  /** When the call came; `at` where nobody listened yet. */
  readonly askedAt: Instant;
  readonly queue: QueueAddress;
  readonly principal: string;
  /** Undefined: nobody outside asked. */
  readonly origin: Origin | undefined;
}

/** Each message counts once a subscription. */
interface Notified {
  readonly at: Instant;
  readonly topic: TopicAddress;
  readonly delivered: number;
  /** Given up. */
  readonly failed: number;
  readonly filteredOut: Readonly<Partial<Record<FilterOutReason, number>>>;
  /** Of those given up, how many a dead-letter queue got, and how many one should have got that could not. */
  readonly deadLettered: number;
  readonly deadLetterFailed: number;
}

/**
 * What happened, typed: metrics, tail, the message journey, advisories and traces listen here and nothing else is
 * instrumented a second time. With no listener for a kind, that kind costs one branch; those that carry messages are
 * kinds of their own, so that who only counts does not pay for them.
 */
export interface EventMap {
  readonly appended: {
    readonly at: Instant;
    readonly queue: QueueAddress;
    readonly messages: number;
    readonly bytes: number;
    readonly duplicates: number;
    readonly principal: string;
  };
  readonly delivered: {
    readonly at: Instant;
    readonly queue: QueueAddress;
    readonly messages: number;
    readonly principal: string;
  };
  readonly 'empty-receive': { readonly at: Instant; readonly queue: QueueAddress };
  readonly settled: {
    readonly at: Instant;
    readonly queue: QueueAddress;
    readonly outcome: OutcomeType;
    readonly messages: number;
    readonly principal: string;
  };
  /** Those of one call that were stored, duplicates not among them. */
  readonly 'messages-appended': MessagesTold & {
    readonly messages: readonly AppendedMessage[];
    readonly carried: Carried | undefined;
  };
  readonly 'messages-delivered': MessagesTold & { readonly deliveries: readonly Delivery[] };
  /** A receipt is all that a consumer settles by: whoever wants more remembers the delivery. */
  readonly 'messages-settled': MessagesTold & {
    readonly outcome: OutcomeType;
    readonly receipts: readonly Receipt[];
  };
  readonly 'queue-created': { readonly at: Instant; readonly queue: QueueAddress; readonly principal: string };
  readonly 'queue-altered': { readonly at: Instant; readonly queue: QueueAddress; readonly principal: string };
  readonly 'queue-dropped': { readonly at: Instant; readonly queue: QueueAddress; readonly principal: string };
  readonly 'queue-purged': { readonly at: Instant; readonly queue: QueueAddress; readonly principal: string };
  readonly 'topic-created': { readonly at: Instant; readonly topic: TopicAddress; readonly principal: string };
  readonly 'topic-altered': { readonly at: Instant; readonly topic: TopicAddress; readonly principal: string };
  readonly 'topic-dropped': { readonly at: Instant; readonly topic: TopicAddress; readonly principal: string };
  readonly 'subscription-changed': {
    readonly at: Instant;
    readonly subscription: SubscriptionAddress;
    readonly change: 'created' | 'altered' | 'dropped';
    readonly principal: string;
  };
  /** Messages that a topic took. */
  readonly published: {
    readonly at: Instant;
    readonly topic: TopicAddress;
    readonly messages: number;
    readonly bytes: number;
    readonly duplicates: number;
    readonly principal: string;
  };
  /** What became of messages on their way to the subscriptions of a topic; of several, where several were handled at once. */
  readonly notified: Notified;
  /**
   * A message does not get to a subscription's queue: it is given up, or goes to the dead-letter queue. Told of when its way
   * is looked for, also of a message that the store refuses then.
   */
  readonly undeliverable: {
    readonly at: Instant;
    readonly subscription: SubscriptionAddress;
    readonly queue: QueueAddress | undefined;
    readonly why: string;
  };
  /** Messages that the archive of a topic took. */
  readonly archived: {
    readonly at: Instant;
    readonly topic: TopicAddress;
    readonly messages: number;
    readonly bytes: number;
  };
  /** Messages out of an archive on their way to a subscription. */
  readonly replayed: {
    readonly at: Instant;
    readonly topic: TopicAddress;
    readonly delivered: number;
    readonly failed: number;
  };
  /** Every queue was dropped, each told of before. */
  readonly reset: { readonly at: Instant; readonly principal: string };
}
type EventKind = keyof EventMap;

export interface Events {
  /** Listeners run at once, in the order given; one that throws stops the process. @returns ends the listening */
  on<K extends EventKind>(kind: K, listener: (event: EventMap[K]) => void): () => void;
  has(kind: EventKind): boolean;
  tell<K extends EventKind>(kind: K, event: EventMap[K]): void;
}

type Listeners = { readonly [K in EventKind]: Set<(event: EventMap[K]) => void> };

export function createEvents(): Events {
  const listeners: Listeners = {
    appended: new Set(),
    delivered: new Set(),
    'empty-receive': new Set(),
    settled: new Set(),
    'messages-appended': new Set(),
    'messages-delivered': new Set(),
    'messages-settled': new Set(),
    'queue-created': new Set(),
    'queue-altered': new Set(),
    'queue-dropped': new Set(),
    'queue-purged': new Set(),
    'topic-created': new Set(),
    'topic-altered': new Set(),
    'topic-dropped': new Set(),
    'subscription-changed': new Set(),
    published: new Set(),
    notified: new Set(),
    undeliverable: new Set(),
    archived: new Set(),
    replayed: new Set(),
    reset: new Set(),
  };
  return {
    on(kind, listener) {
      // One of its own, so that a function which listens twice is told twice and also ends twice.
      const told: typeof listener = (event) => listener(event);
      listeners[kind].add(told);
      return () => {
        listeners[kind].delete(told);
      };
    },
    has: (kind) => listeners[kind].size > 0,
    tell(kind, event) {
      for (const listener of listeners[kind]) {
        try {
          listener(event);
        } catch (error) {
          // Out of the verb that tells: what it did is done, and its caller must not hear otherwise.
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
