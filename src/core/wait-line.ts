/**
 * The receives that wait at one queue, oldest first: a linked list through the waiters themselves, so that one in the
 * middle leaves at once and none costs more than its own object.
 */
import type { Delivery, ReceiveRequest } from '../../storage/store.ts';
import type { Timer } from '../model/clock.ts';

/**
 * Parked: in its line. Asking: the store has been asked for it. Ending: so as well, and its wait is over, so that an
 * empty answer is its last. Done: it was answered.
 */
export type WaiterState = 'parked' | 'asking' | 'ending' | 'done';

export class Waiter {
  state: WaiterState = 'parked';
  previous: Waiter | undefined = undefined;
  next: Waiter | undefined = undefined;
  timer: Timer | undefined = undefined;
  readonly line: WaitLine;
  readonly request: ReceiveRequest;
  readonly answer: (deliveries: readonly Delivery[] | Promise<never>) => void;

  constructor(line: WaitLine, request: ReceiveRequest, answer: Waiter['answer']) {
    this.line = line;
    this.request = request;
    this.answer = answer;
  }
}

export class WaitLine {
  first: Waiter | undefined = undefined;
  last: Waiter | undefined = undefined;
  /** Counts how often the queue became ready: who asked before the last time may have asked in vain. */
  readyCount = 0;
  isPumping = false;
  /** The queue was dropped. */
  isGone = false;

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

  /** Only one that is in the line. */
  remove(waiter: Waiter): void {
    if (waiter.previous === undefined) this.first = waiter.next;
    else waiter.previous.next = waiter.next;
    if (waiter.next === undefined) this.last = waiter.previous;
    else waiter.next.previous = waiter.previous;
    waiter.previous = undefined;
    waiter.next = undefined;
  }

  /** Up to `max` from the front, in order; they are in the line no longer. */
  take(max: number): readonly Waiter[] {
    const taken: Waiter[] = [];
    while (taken.length < max && this.first !== undefined) {
      const waiter = this.first;
      this.remove(waiter);
      taken.push(waiter);
    }
    return taken;
  }
}
