import type { Store } from '../../storage/store.ts';
import type { Queue } from '../model/queue.ts';
import type { Headers, Property } from '../model/message.ts';
import type { Principal } from '../model/principal.ts';
import type { Random } from '../model/random.ts';
import type { Delivery, Durability, Outcome, Receipt } from '../../storage/store.ts';
import type { GantryError } from '../model/errors.ts';
import type { Authorize } from './authorize.ts';
import type { Catalogue } from './catalogue.ts';
import type { Events } from './events.ts';

/** The routing core: verbs over one store. Protocols talk to nothing else. */
export interface Broker {
  start(): Promise<void>;
  /** Waiting receives are answered empty; harmless twice. The store is its owner's to stop. */
  stop(): Promise<void>;
  readonly catalogue: Catalogue;
  readonly events: Events;
  /**
   * Takes messages for one queue, each a batch of its own: one bad message spoils no other. Results in the order given,
   * settled after the commit (durability `disk`). Fills in id, `sentAt`, and the dedup id where the queue is deduplicated by content
   * (SHA-256 hex of the body).
   * @throws GantryError `access-denied`
   */
  publish(
    principal: Principal,
    queue: Queue,
    messages: readonly OutgoingMessage[],
    durability: Durability,
  ): Promise<readonly PublishResult[]>;
  /**
   * Hands up to `deliveriesMax` visible messages to a consumer under a timed lease; waits up to `waitMs` for the first.
   * @returns oldest first; in a FIFO queue never two consumers in one message group; `[]` when the wait ends
   * @throws GantryError `access-denied`, `limit-exceeded`, `not-found` when the queue is dropped while waiting
   */
  receive(principal: Principal, queue: Queue, request: ReceiveOptions): Promise<readonly Delivery[]>;
  /**
   * Settles deliveries, each a batch of its own. Results in the order given, after the commit.
   * @throws GantryError `access-denied`
   */
  settle(
    principal: Principal,
    queue: Queue,
    settlements: readonly Settlement[],
    durability: Durability,
  ): Promise<readonly SettleResult[]>;
}

export interface OutgoingMessage {
  /** groupId, dedupId and priority act; the rest is carried. */
  readonly headers: Headers;
  readonly properties: readonly Property[];
  readonly body: Uint8Array;
  /** Milliseconds; undefined: the queue's own delay. */
  readonly delayMs: number | undefined;
}
export type PublishResult =
  | {
      readonly ok: true;
      /** 16 bytes; the first one's when this is a duplicate. */
      readonly id: Uint8Array;
      /** Position in the queue, ascending on a FIFO queue (SQS SequenceNumber). */
      readonly pos: number;
      readonly isDuplicate: boolean;
      /** The dedup id that acted, given or made from the content. */
      readonly dedupId: string | undefined;
    }
  | { readonly ok: false; readonly error: GantryError };

export interface ReceiveOptions {
  readonly deliveriesMax: number;
  /** Milliseconds; undefined: the queue's own lease. */
  readonly leaseMs: number | undefined;
  /** Milliseconds, 0: do not wait; undefined: the queue's own wait. */
  readonly waitMs: number | undefined;
  readonly attempt?: string;
  /** Ends the wait with `[]`; what is on its way to a cancelled receive goes back, uncounted. */
  readonly cancellation?: Cancellation;
}

/** One-shot signal from a connection that went away: lighter than AbortSignal, for there are thousands. */
export class Cancellation {
  isCancelled = false;
  private action: (() => void) | undefined;

  /** At most one listener; called at once when cancelled already. */
  onCancel(action: () => void): void {
    if (this.isCancelled) action();
    else this.action = action;
  }
  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    this.action?.();
    this.action = undefined;
  }
}

export interface Settlement {
  readonly receipt: Receipt;
  readonly outcome: Outcome;
}
/** `was` in the store's words; `unavailable` and its like as errors. */
export type SettleResult =
  | {
      readonly ok: true;
      readonly was: 'done' | 'gone' | 'expired' | 'not-leased' | 'over-limit' | 'other-queue' | 'invalid';
    }
  | { readonly ok: false; readonly error: GantryError };

export interface BrokerDependencies {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
}
