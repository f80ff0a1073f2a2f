/**
 * Ready queues meet waiting receives. A receive that gets nothing is parked in its queue's line; when the store says
 * that the queue is ready, the line's pump asks for the first few in one turn, for more while all of them get
 * something, and puts those that got nothing back to the front. Three things keep a wake-up from being lost: a
 * receive that was answered `[]` before it could park looks whether the queue became ready meanwhile, so does the
 * pump after each round, and a wait that ends asks the store once more, for the word of another node may be late.
 */
import type { Delivery, QueueId, ReceiveRequest, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { Cancellation } from './cancellation.ts';
import { limits } from './limits.ts';
import { Waiter, WaitLine } from './wait-line.ts';

export interface Dispatcher {
  start(): void;
  /** Who waits is answered `[]`, and nobody waits any more. */
  stop(): void;
  /**
   * Asks the store, and waits for the queue to become ready while it has nothing.
   * @throws GantryError `not-found` when the queue is gone or goes, `limit-exceeded` when too many wait already
   */
  receive(
    request: ReceiveRequest,
    waitMs: number,
    cancellation: Cancellation | undefined,
  ): Promise<readonly Delivery[]>;
  /** The queue was dropped: whoever waits at it hears `not-found`. */
  drop(queue: QueueId): void;
  /** Receives that wait now. */
  waiting(): number;
}

const nothing: readonly Delivery[] = [];

/** The part of a store that dispatching needs. */
export type ReadyStore = Pick<Store, 'clock' | 'receive' | 'onReady'>;

/** @param isKnown whether there is such a queue: a line for one that is gone would stay for ever */
export function createDispatcher(
  store: ReadyStore,
  isKnown: (queue: QueueId) => boolean,
  waitersMax: number = limits.waitersMax,
): Dispatcher {
  const linesByQueueId = new Map<QueueId, WaitLine>();
  let waiterCount = 0;
  let state: 'new' | 'running' | 'stopped' = 'new';

  return {
    start() {
      if (state !== 'new') return;
      state = 'running';
      store.onReady(wake);
    },
    stop() {
      state = 'stopped';
      for (const line of linesByQueueId.values()) while (line.first !== undefined) leave(line.first, nothing);
    },
    receive,
    drop(queue) {
      const line = linesByQueueId.get(queue);
      if (line === undefined) return;
      linesByQueueId.delete(queue);
      line.isGone = true;
      if (line.first === undefined) return;
      const refusal = Promise.reject(gone()); // One for all: thousands may wait.
      while (line.first !== undefined) leave(line.first, refusal);
    },
    waiting: () => waiterCount,
  };

  async function receive(
    request: ReceiveRequest,
    waitMs: number,
    cancellation: Cancellation | undefined,
  ): Promise<readonly Delivery[]> {
    const line = lineOf(request.queue);
    // A repeated attempt has deliveries of its own coming, whoever waits.
    const mustQueue = (line.first !== undefined || line.isPumping) && request.attempt === undefined;
    if (!mustQueue || state === 'stopped') {
      const readyCount = line.readyCount;
      const deliveries = await store.receive(request);
      if (deliveries.length > 0) return deliveries;
      if (line.isGone) throw gone();
      if (state === 'stopped' || cancellation?.isCancelled) return nothing;
      const waited = park(line, request, waitMs, cancellation);
      if (line.readyCount !== readyCount) void pump(line);
      return waited;
    }
    return park(line, request, waitMs, cancellation);
  }

  /** A line stays while its queue does: the next receive would make it anew. */
  function lineOf(queue: QueueId): WaitLine {
    let line = linesByQueueId.get(queue);
    if (line === undefined) {
      if (!isKnown(queue)) throw gone();
      line = new WaitLine();
      linesByQueueId.set(queue, line);
    }
    return line;
  }

  function park(
    line: WaitLine,
    request: ReceiveRequest,
    waitMs: number,
    cancellation: Cancellation | undefined,
  ): Promise<readonly Delivery[]> {
    if (waiterCount >= waitersMax) {
      throw new GantryError('limit-exceeded', `${waiterCount} receives wait already, which is the limit`, {
        hint: 'Receive without waiting, or later.',
      });
    }
    waiterCount++;
    return new Promise((resolve) => {
      const waiter = new Waiter(line, request, resolve);
      waiter.timer = store.clock.after(waitMs, () => void end(waiter));
      cancellation?.onCancel(() => cancel(waiter));
      line.append(waiter);
    });
  }

  /** The waiter hears `deliveries`, or fails as they do. */
  function answer(waiter: Waiter, deliveries: readonly Delivery[] | Promise<never>): void {
    if (waiter.state === 'done') return;
    waiter.state = 'done';
    waiter.timer?.cancel();
    waiterCount--;
    waiter.answer(deliveries);
  }

  /** Of one that is parked. */
  function leave(waiter: Waiter, deliveries: readonly Delivery[] | Promise<never>): void {
    waiter.line.remove(waiter);
    answer(waiter, deliveries);
  }

  function cancel(waiter: Waiter): void {
    if (waiter.state === 'parked') leave(waiter, nothing);
    else if (waiter.state === 'asking') waiter.state = 'ending';
  }

  /** The wait is over. What the store answers to the last question is the answer, whatever it is. */
  async function end(waiter: Waiter): Promise<void> {
    if (waiter.state === 'asking') waiter.state = 'ending';
    if (waiter.state !== 'parked') return;
    const { line } = waiter;
    line.remove(waiter);
    waiter.state = 'ending';
    const isServed = await ask(waiter);
    if (isServed) void pump(line); // The store had kept silent, or is about to speak: others may be served as well.
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
      const readyCount = line.readyCount;
      const asked = line.take(max);
      for (const waiter of asked) waiter.state = 'asking';
      const served = await Promise.all(asked.map(ask));
      for (const waiter of asked.toReversed()) if (waiter.state === 'asking') putBack(waiter);
      if (!served.includes(false)) max = Math.min(max * 2, limits.pumpReceivesMax);
      else if (line.readyCount !== readyCount) max = limits.pumpReceivesMin;
      else break; // What one got nothing of, the others need not ask for.
    }
    line.isPumping = false; // In the same turn as the last look, so that no wake-up falls between.
  }

  function putBack(waiter: Waiter): void {
    if (waiter.line.isGone) return answer(waiter, Promise.reject(gone()));
    if (state === 'stopped') return answer(waiter, nothing);
    waiter.state = 'parked';
    waiter.line.prepend(waiter);
  }

  /** Asks the store for one waiter and answers it, unless it got nothing and may go on waiting. @returns whether it was given something */
  async function ask(waiter: Waiter): Promise<boolean> {
    try {
      const deliveries = await store.receive(waiter.request);
      if (deliveries.length > 0) {
        answer(waiter, deliveries);
        return true;
      }
      if (waiter.state === 'ending') answer(waiter, waiter.line.isGone ? Promise.reject(gone()) : nothing);
    } catch (error) {
      answer(waiter, Promise.reject(error)); // This one's alone; the others ask for themselves.
    }
    return false;
  }
}

function gone(): GantryError {
  return new GantryError('not-found', 'the queue does not exist any more');
}
