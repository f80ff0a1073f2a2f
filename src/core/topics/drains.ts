/**
 * Empties hidden queues: what lies in one is handed to whoever serves it, a bounded number at a time, under a lease of this
 * process: a crash gives it back at once, to its old place.
 *
 * All drains together are bounded as well, before they read: a message for ten thousand endpoints is ten thousand queues that
 * become ready at once. Each kind of them has a budget of its own, so that none waits for what another is slow at.
 */
import type { Change, ConsumerId, Delivery, HolderId, Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { QueueId } from '../../model/queue.ts';
import { limits } from '../limits.ts';
import { type Budget, createBudget, type Share } from './budget.ts';

/** Log: quick work inside the broker. Push: to endpoints; slow: to those that fail or take long. */
export type DrainKind = 'log' | 'push' | 'slow';

interface Drain {
  readonly queue: QueueId;
  /** Asked anew each time. */
  kind(): DrainKind;
  /** What it leads to, where that can take only so much, whoever sends it: it shall not use up what all others share. */
  site?(): string | undefined;
  /** Deliveries under way at a time; asked anew each time. */
  inFlightMax(): number;
  /**
   * Settles each. What it has not settled when it throws a `GantryError` comes again a little later, in its old place; what
   * else it throws is a defect, which ends the process.
   */
  handle(deliveries: readonly Delivery[]): Promise<void>;
}

export interface Drains {
  start(): void;
  /** Lets what is under way end. */
  stop(): Promise<void>;
  add(drain: Drain): void;
  /** What is under way goes on. */
  remove(queue: QueueId): void;
}

const retryMs = 1_000;

/** One that is being emptied. */
interface Draining {
  readonly drain: Drain;
  consumer: Promise<ConsumerId> | undefined;
  inFlight: number;
  bytes: number;
  readyCount: number;
  isAsking: boolean;
  isRemoved: boolean;
  retry: Timer | undefined;
}

export function createDrains(store: Store): Drains {
  const byQueue = new Map<QueueId, Draining>();
  const handling = new Set<Promise<void>>();
  const budgets: Readonly<Record<DrainKind, Budget>> = {
    log: budgetOf(limits.drained.log),
    push: budgetOf(limits.drained.push),
    slow: budgetOf(limits.drained.slow),
  };
  const sites = new Map<string, Budget>();
  let holder: Promise<HolderId> | undefined;
  let state: 'new' | 'running' | 'stopped' = 'new';

  return {
    start() {
      if (state !== 'new') return;
      state = 'running';
      store.onReady((queues) => {
        if (byQueue.size === 0) return;
        for (const queue of queues) {
          const draining = byQueue.get(queue);
          if (draining === undefined) continue;
          draining.readyCount++;
          void ask(draining);
        }
      });
      for (const draining of byQueue.values()) void ask(draining);
    },
    async stop() {
      state = 'stopped';
      for (const { retry } of byQueue.values()) retry?.cancel();
      await Promise.all(handling);
    },
    add(drain) {
      if (byQueue.has(drain.queue)) return;
      const draining = {
        ...{ drain, consumer: undefined, inFlight: 0, bytes: 0, readyCount: 0 },
        ...{ isAsking: false, isRemoved: false, retry: undefined },
      };
      byQueue.set(drain.queue, draining);
      void ask(draining);
    },
    remove(queue) {
      const draining = byQueue.get(queue);
      if (draining === undefined) return;
      byQueue.delete(queue);
      draining.isRemoved = true;
      draining.retry?.cancel();
      void closeConsumer(draining);
    },
  };

  async function ask(draining: Draining): Promise<void> {
    if (draining.isAsking) return; // The round under way will see that the queue became ready.
    draining.isAsking = true;
    try {
      while (isOn(draining) && roomOf(draining) > 0) {
        const { readyCount } = draining;
        const hasSome = await inTurn(draining);
        if (!hasSome && draining.readyCount === readyCount) break;
      }
    } catch (error) {
      // The store takes nothing now, or the queue was dropped with its owner, who will say so.
      if (!(error instanceof GantryError)) throw error;
      void closeConsumer({ consumer: draining.consumer });
      draining.consumer = undefined;
      if (isOn(draining)) draining.retry = store.clock.after(retryMs, () => void ask(draining));
    } finally {
      draining.isAsking = false;
    }
  }

  /** Whoever ends next asks, where there is none. */
  function roomOf({ drain, inFlight, bytes }: Draining): number {
    if (bytes >= limits.drained.queueBytesMax) return 0;
    const most = budgets[drain.kind()].isCrowded() ? Math.min(drain.inFlightMax(), 1) : drain.inFlightMax();
    return Math.min(most - inFlight, limits.drained.turnDeliveriesMax);
  }

  /** Reads once, when there is room for what that brings. @returns whether it brought any */
  async function inTurn(draining: Draining): Promise<boolean> {
    const shares: Share[] = [];
    let isBegun = false;
    try {
      const site = draining.drain.site?.();
      if (site !== undefined) shares.push(await takeOfSite(site, roomOf(draining)));
      const wanted = Math.min(shares[0]?.deliveriesMax ?? Number.POSITIVE_INFINITY, roomOf(draining));
      if (wanted <= 0) return false; // It was crowded meanwhile.
      const share = await budgets[draining.drain.kind()].take(wanted);
      shares.push(share);
      if (!isOn(draining)) return false;
      draining.consumer ??= openConsumer(draining.drain.queue);
      const lease = { consumer: await draining.consumer };
      const { deliveriesMax } = share;
      const bytesMax = Math.min(limits.drained.queueBytesMax - draining.bytes, limits.drained.turnBytesMax);
      const options = { queue: draining.drain.queue, lease, deliveriesMax, bytesMax };
      const deliveries = await store.receive({ ...options, durability: 'memory' });
      if (deliveries.length === 0) return false;
      begin(draining, deliveries, shares);
      isBegun = true;
      return true;
    } finally {
      if (!isBegun) for (const share of shares) share.end();
    }
  }

  async function takeOfSite(name: string, wanted: number): Promise<Share> {
    const site = sites.get(name) ?? budgetOf(limits.drained.site);
    sites.set(name, site);
    const share = await site.take(Math.max(wanted, 1));
    return {
      ...share,
      end() {
        share.end();
        if (site.isIdle()) sites.delete(name);
      },
    };
  }

  function isOn(draining: Draining): boolean {
    return state === 'running' && !draining.isRemoved;
  }

  function begin(draining: Draining, deliveries: readonly Delivery[], shares: readonly Share[]): void {
    const bytes = deliveries.reduce((sum, delivery) => sum + bytesOf(delivery), 0);
    for (const share of shares) share.keep(deliveries.length, bytes);
    draining.inFlight += deliveries.length;
    draining.bytes += bytes;
    const run = handle(draining, deliveries).finally(() => {
      draining.inFlight -= deliveries.length;
      draining.bytes -= bytes;
      for (const share of shares) share.end();
      handling.delete(run);
      void ask(draining);
    });
    handling.add(run);
  }

  async function handle({ drain }: Draining, deliveries: readonly Delivery[]): Promise<void> {
    try {
      await drain.handle(deliveries);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      await giveBack(deliveries);
    }
  }

  /** What is settled already stays so. */
  async function giveBack(deliveries: readonly Delivery[]): Promise<void> {
    const as = { type: 'release', isCounted: true, visibleAt: store.clock.now() + retryMs } as const;
    const changes = deliveries.map(({ queue, receipt }): Change => ({ do: 'settle', queue, receipt, as }));
    try {
      await store.commit({ changes, durability: 'memory' });
    } catch (error) {
      if (!(error instanceof GantryError)) throw error; // The store has stopped: its next start gives them back.
    }
  }

  async function openConsumer(queue: QueueId): Promise<ConsumerId> {
    holder ??= store.openHolder('connection').catch((error: unknown) => {
      holder = undefined; // Who asks next tries anew.
      throw error;
    });
    return store.openConsumer({ holder: await holder, queue, priority: 0, isExclusive: false });
  }

  async function closeConsumer({ consumer }: Pick<Draining, 'consumer'>): Promise<void> {
    try {
      if (consumer !== undefined) await store.closeConsumer(await consumer);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error; // It was never opened, or the store is gone.
    }
  }
}

function budgetOf(bounds: { readonly deliveriesMax: number; readonly bytesMax: number }): Budget {
  return createBudget({ ...bounds, turnBytesMax: limits.drained.turnReservedBytes });
}

function bytesOf({ head, body }: Delivery): number {
  return head.length + (body instanceof Uint8Array ? body.length : 0);
}
