/**
 * Ready queues meet waiting receives. A receive that gets nothing is parked in its queue's line; when the store says
 * that the queue is ready, the line's pump asks for the first few in one turn, for more while all of them get
 * something, and puts those that got nothing back to the front. Three things keep a wake-up from being lost: a
 * receive that was answered `[]` before it could park looks whether the queue became ready meanwhile, so does the
 * pump after each round, and a wait that ends asks the store once more, for the word of another node may be late.
 */
import type { Delivery, QueueId, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { Queue } from '../model/queue.ts';
import type { HandOver } from './hand-over.ts';
import { limits } from './limits.ts';
import type { Waiter } from './wait-line.ts';
import { goneQueue, toRequest, WaitLine } from './wait-line.ts';

export interface Dispatcher {
  start(): void;
  /** Who is parked is answered `[]`, and nobody waits any more. */
  stop(): void;
  /**
   * Asks the store, and waits for the queue to become ready while it has nothing. Answers the waiter, with an error
   * `not-found` when the queue is gone or goes, `limit-exceeded` when too many wait already.
   */
  receive(waiter: Waiter, waitMs: number): void;
  /** The queue was dropped: whoever waits at it hears `not-found`. */
  drop(queue: Queue): void;
  /** Whoever waits is answered `[]` and asks again, as who may no longer be allowed to. */
  endWaits(): void;
  /** Receives that wait now. */
  waiting(): number;
}

export interface DispatchParts {
  readonly store: Pick<Store, 'clock' | 'receive' | 'onReady'>;
  readonly handOver: HandOver;
  /** Whether there is such a queue: a line for one that is gone would stay for ever. */
  readonly isKnown: (queue: QueueId) => boolean;
  readonly waitersMax?: number;
}

const nothing: readonly Delivery[] = [];

export function createDispatcher(parts: DispatchParts): Dispatcher {
  const { store, handOver, isKnown, waitersMax = limits.waitersMax } = parts;
  const linesByQueueId = new Map<QueueId, WaitLine>();
  let parkedCount = 0; // Also those that a pump is asking for.
  let state: 'new' | 'running' | 'stopped' = 'new';
  let endings = 0; // Of all waits at once: who is just asking the store sees that it is not to wait on.

  return {
    start() {
      if (state !== 'new') return;
      state = 'running';
      store.onReady(wake);
    },
    stop() {
      state = 'stopped';
      endParked();
    },
    endWaits() {
      endings++;
      endParked();
    },
    receive(waiter, waitMs) {
      const line = lineOf(waiter);
      if (line === undefined) return fail(waiter, goneQueue(waiter.queue));
      // A repeated attempt has deliveries of its own coming, whoever waits.
      const isBehindOthers = (line.first !== undefined || line.isPumping) && waiter.attempt === undefined;
      if (isBehindOthers && state !== 'stopped') park(line, waiter, waitMs);
      else void askFirst(line, waiter, waitMs);
    },
    drop(queue) {
      const line = linesByQueueId.get(queue.id);
      if (line === undefined) return;
      linesByQueueId.delete(queue.id);
      line.gone = goneQueue(queue);
      while (line.first !== undefined) endEmpty(line, line.leave(line.first));
    },
    waiting: () => parkedCount,
  };

  function endParked(): void {
    for (const line of linesByQueueId.values()) while (line.first !== undefined) give(line.leave(line.first), nothing);
  }

  /** A line stays while its queue does: the next receive would make it anew. */
  function lineOf({ queue: { id } }: Waiter): WaitLine | undefined {
    const known = linesByQueueId.get(id);
    if (known !== undefined || !isKnown(id)) return known;
    const line = new WaitLine();
    linesByQueueId.set(id, line);
    return line;
  }

  async function askFirst(line: WaitLine, waiter: Waiter, waitMs: number): Promise<void> {
    const { readyCount } = line;
    const before = endings;
    await ask(line, waiter);
    if (waiter.state !== 'asking') return;
    if (line.gone !== undefined || state === 'stopped' || endings !== before || waiter.cancellation?.isCancelled)
      return endEmpty(line, waiter);
    park(line, waiter, waitMs);
    if (line.readyCount !== readyCount) void pump(line);
  }

  function park(line: WaitLine, waiter: Waiter, waitMs: number): void {
    if (parkedCount >= waitersMax) {
      const hint = 'Receive without waiting, or later.';
      fail(waiter, new GantryError('limit-exceeded', `${waitersMax} receives wait already`, { hint }));
      return;
    }
    parkedCount++;
    waiter.state = 'parked';
    line.append(waiter);
    waiter.timer = store.clock.after(waitMs, () => end(line, waiter));
    waiter.cancellation?.onCancel(() => cancel(line, waiter));
  }

  function cancel(line: WaitLine, waiter: Waiter): void {
    if (waiter.state === 'parked') give(line.leave(waiter), nothing);
    else if (waiter.state === 'asking') waiter.state = 'ending';
  }

  /** The wait is over. What the store answers to the last question is the answer, whatever it is. */
  function end(line: WaitLine, waiter: Waiter): void {
    if (waiter.state === 'asking') waiter.state = 'ending';
    if (waiter.state !== 'parked') return;
    line.leave(waiter).state = 'ending';
    void askLast(line, waiter);
  }

  async function askLast(line: WaitLine, waiter: Waiter): Promise<void> {
    const isServed = await ask(line, waiter);
    if (isServed) void pump(line); // The store kept silent, or is about to speak: others may be served as well.
  }

  function wake(queues: readonly QueueId[]): void {
    for (const queue of queues) {
      const line = linesByQueueId.get(queue);
      if (line === undefined) continue;
      line.readyCount++;
      if (line.first !== undefined) void pump(line);
    }
  }

  async function pump(line: WaitLine): Promise<void> {
    if (line.isPumping) return; // The round that is on its way will see that the queue became ready.
    line.isPumping = true;
    let max: number = limits.pumpReceivesMin;
    while (line.first !== undefined) {
      const { readyCount } = line;
      const before = endings;
      const asked = line.take(max);
      for (const waiter of asked) waiter.state = 'asking';
      const served = await Promise.all(asked.map((waiter) => ask(line, waiter)));
      for (const waiter of asked.toReversed()) if (waiter.state === 'asking') putBack(line, waiter, before);
      if (!served.includes(false)) max = Math.min(max * 2, limits.pumpReceivesMax);
      else if (line.readyCount !== readyCount) max = limits.pumpReceivesMin;
      else break; // What one got nothing of, the others need not ask for.
    }
    line.isPumping = false; // In the same turn as the last look, so that no wake-up falls between.
  }

  function putBack(line: WaitLine, waiter: Waiter, endingsBefore: number): void {
    if (line.gone !== undefined || state === 'stopped' || endings !== endingsBefore) endEmpty(line, waiter);
    else {
      waiter.state = 'parked';
      line.prepend(waiter);
    }
  }

  /** Asks the store for one waiter and answers it, unless it got nothing and may go on waiting. @returns whether it was given something */
  async function ask(line: WaitLine, waiter: Waiter): Promise<boolean> {
    try {
      const deliveries = await store.receive(toRequest(waiter));
      if (deliveries.length > 0) give(waiter, deliveries);
      else if (waiter.state === 'ending') endEmpty(line, waiter);
      return deliveries.length > 0;
    } catch (error) {
      // So much is in flight that nothing may be given now: whoever waits, waits on, and hears no error [SQS 1.7].
      if (!(error instanceof GantryError && error.code === 'limit-exceeded')) fail(waiter, error);
      else if (waiter.state === 'ending') endEmpty(line, waiter);
      return false; // This one's alone; the others ask for themselves.
    }
  }

  function endEmpty(line: WaitLine, waiter: Waiter): void {
    if (line.gone !== undefined) fail(waiter, line.gone);
    else give(waiter, nothing);
  }

  function give(waiter: Waiter, deliveries: readonly Delivery[]): void {
    close(waiter);
    waiter.answer(handOver(waiter, deliveries));
  }

  function fail(waiter: Waiter, error: unknown): void {
    close(waiter);
    waiter.answer(Promise.reject(error));
  }

  function close(waiter: Waiter): void {
    waiter.state = 'done';
    if (waiter.timer === undefined) return;
    waiter.timer.cancel();
    parkedCount--;
  }
}
