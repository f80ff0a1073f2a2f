import type { Delivery, Store } from '../../storage/store.ts';
import type { Instant } from '../model/clock.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { findRefusal } from './authorize.ts';
import type { Cancellation } from './cancellation.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Events } from './events.ts';
import type { HandOver } from './hand-over.ts';
import { limits } from './limits.ts';
import type { Origin } from './origin.ts';
import type { QueueIndex } from './queue-index.ts';
import type { Asking } from './wait-line.ts';
import { goneQueue, toRequest, Waiter } from './wait-line.ts';

export interface ReceiveOptions {
  readonly deliveriesMax: number;
  /** Milliseconds; undefined: the queue's own lease. */
  readonly leaseMs: number | undefined;
  /** Milliseconds, 0: do not wait; undefined: the queue's own wait. */
  readonly waitMs: number | undefined;
  readonly attempt?: string;
  /** Ends the wait with `[]`; what is on its way to a cancelled receive goes back, uncounted. */
  readonly cancellation?: Cancellation;
  readonly origin?: Origin;
}

export type Receive = (principal: Principal, queue: Queue, options: ReceiveOptions) => Promise<readonly Delivery[]>;

export interface ReceiveParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly index: QueueIndex;
  readonly dispatcher: Dispatcher;
  readonly handOver: HandOver;
  readonly events: Events;
}

/**
 * Frugal: thousands of receives wait, and an async function here would keep its frame for each. What a waiting one
 * keeps is its promise and its Waiter.
 */
export function createReceive({ store, authorize, index, dispatcher, handOver, events }: ReceiveParts): Receive {
  return function receive(principal, queue, options) {
    const refusal = findRefusal(authorize, principal, 'receive', queue.address);
    if (refusal !== undefined) return Promise.reject(refusal);
    if (options.cancellation?.isCancelled) return Promise.resolve([]);
    const asking = toAsking(principal, queue, options, events.has('messages-delivered') ? store.clock.now() : 0);
    const waitMs = clamp(options.waitMs ?? queue.attributes.receiveWaitMs, 0, limits.waitMsMax);
    if (waitMs === 0) return receiveNow(asking);
    return new Promise((resolve) => dispatcher.receive(new Waiter(asking, resolve), waitMs));
  };

  async function receiveNow(asking: Asking): Promise<readonly Delivery[]> {
    const deliveries = await store.receive(toRequest(asking));
    if (deliveries.length === 0 && index.findById(asking.queue.id) === undefined) throw goneQueue(asking.queue);
    return handOver(asking, deliveries);
  }
}

function toAsking(principal: Principal, queue: Queue, options: ReceiveOptions, askedAt: Instant): Asking {
  return {
    principal,
    queue,
    cancellation: options.cancellation,
    deliveriesMax: clamp(options.deliveriesMax, 1, limits.deliveriesMax),
    leaseMs: clamp(options.leaseMs ?? queue.attributes.leaseMs, 0, limits.leaseMsMax),
    attempt: options.attempt,
    origin: options.origin,
    askedAt,
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(Math.trunc(value), min), max);
}
