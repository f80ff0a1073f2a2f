/**
 * The receives that wait at one queue, oldest first: a linked list through the waiters themselves, so that one in the
 * middle leaves at once and none costs more than its own object.
 */
import type { Delivery, ReceiveRequest } from '../../storage/store.ts';
import type { Instant, Timer } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Cancellation } from './cancellation.ts';
import type { Receiver } from './hand-over.ts';
import type { Origin } from './origin.ts';

/** What is asked of the store, by whom; all bounds are kept. */
export interface Asking extends Receiver {
  readonly deliveriesMax: number;
  readonly leaseMs: number;
  readonly attempt: string | undefined;
}

export function toRequest({ queue, deliveriesMax, leaseMs, attempt }: Asking): ReceiveRequest {
  const lease = { forMs: leaseMs };
  // A receive that a crash forgets only shows its messages again, early: it need not wait for the disk.
  if (attempt === undefined) return { queue: queue.id, lease, deliveriesMax, durability: 'memory' };
  return { queue: queue.id, lease, deliveriesMax, attempt, durability: 'memory' };
}

/**
 * Asking: the store has been asked for it. Parked: it is in its line. Ending: it was asked for and its wait is over, so
 * that an empty answer is its last. Done: it was answered.
 */
export type WaiterState = 'asking' | 'parked' | 'ending' | 'done';

/** Flat, and without the request, which is made anew for each question: there are thousands of these. */
export class Waiter implements Asking {
  state: WaiterState = 'asking';
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;
  /** From the moment at which it is first parked. */
  timer: Timer | undefined = undefined;
  readonly principal: Principal;
  readonly queue: Queue;
  readonly cancellation: Cancellation | undefined;
  readonly deliveriesMax: number;
  readonly leaseMs: number;
  readonly attempt: string | undefined;
  readonly origin: Origin | undefined;
  readonly askedAt: Instant;
  /** Settles the promise of the receive; a promise that fails makes it fail, which spares a second function. */
  readonly answer: (answer: readonly Delivery[] | Promise<readonly Delivery[]>) => void;

  constructor(asking: Asking, answer: Waiter['answer']) {
    this.principal = asking.principal;
    this.queue = asking.queue;
    this.cancellation = asking.cancellation;
    this.deliveriesMax = asking.deliveriesMax;
    this.leaseMs = asking.leaseMs;
    this.attempt = asking.attempt;
    this.origin = asking.origin;
    this.askedAt = asking.askedAt;
    this.answer = answer;
  }
}

export function goneQueue({ address: { name } }: Queue): GantryError {
  return new GantryError('not-found', `queue "${name}" does not exist any more`, { resource: name });
}

export class WaitLine {
  first: Waiter | undefined = undefined;
  last: Waiter | undefined = undefined;
  /** Counts how often the queue became ready: who asked before the last time may have asked in vain. */
  readyCount = 0;
  isPumping = false;
  /** Set when the queue was dropped; one for all, for thousands may wait. */
  gone: GantryError | undefined = undefined;

  append(waiter: Waiter): void {
    waiter.previous = this.last;
    waiter.next = undefined;
    if (this.last === undefined) this.first = waiter;
    else this.last.next = waiter;
    this.last = waiter;
  }

  prepend(waiter: Waiter): void {
    waiter.previous = undefined;
    waiter.next = this.first;
    if (this.first === undefined) this.last = waiter;
    else this.first.previous = waiter;
    this.first = waiter;
  }

  /** Only one that is in the line. @returns it, out of it */
  leave(waiter: Waiter): Waiter {
    if (waiter.previous === undefined) this.first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = undefined;
    waiter.next = undefined;
    return waiter;
  }

  /** Up to `max` from the front, in order; they are in the line no longer. */
  take(max: number): readonly Waiter[] {
    const taken: Waiter[] = [];
    while (taken.length < max && this.first !== undefined) {
      taken.push(this.leave(this.first));
    }
    return taken;
  }
}
