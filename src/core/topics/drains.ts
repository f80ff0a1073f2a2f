/**
 * Empties hidden queues: what lies in one is handed to whoever serves it, a bounded number at a time, under a lease of this
 * process: a crash gives it back at once, to its old place.
 */
import type { ConsumerId, Delivery, HolderId, Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { QueueId } from '../../model/queue.ts';

interface Drain {
  readonly queue: QueueId;
  /** Deliveries under way at a time; asked anew each time. */
  inFlightMax(): number;
  /** Settles each; what it throws is a defect. */
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
const bytesMax = 4 * 1_048_576;

/** One that is being emptied. */
interface Draining {
  readonly drain: Drain;
  consumer: Promise<ConsumerId> | undefined;
  inFlight: number;
  readyCount: number;
  isAsking: boolean;
  isRemoved: boolean;
  retry: Timer | undefined;
}

export function createDrains(store: Store): Drains {
  const byQueue = new Map<QueueId, Draining>();
  const handling = new Set<Promise<void>>();
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
        ...{ drain, consumer: undefined, inFlight: 0, readyCount: 0 },
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
      while (isOn(draining)) {
        const room = draining.drain.inFlightMax() - draining.inFlight;
        if (room <= 0) break; // Whoever ends next asks.
        const { readyCount } = draining;
        draining.consumer ??= openConsumer(draining.drain.queue);
        const lease = { consumer: await draining.consumer };
        const options = { queue: draining.drain.queue, lease, deliveriesMax: Math.min(room, 100), bytesMax };
        const deliveries = await store.receive({ ...options, durability: 'memory' });
        if (deliveries.length > 0) begin(draining, deliveries);
        else if (draining.readyCount === readyCount) break;
      }
    } catch (error) {
      // The store takes nothing now, or the queue was dropped with its owner, who will say so.
      if (!(error instanceof GantryError)) throw error;
      draining.consumer = undefined;
      if (isOn(draining)) draining.retry = store.clock.after(retryMs, () => void ask(draining));
    } finally {
      draining.isAsking = false;
    }
  }

  function isOn(draining: Draining): boolean {
    return state === 'running' && !draining.isRemoved;
  }

  function begin(draining: Draining, deliveries: readonly Delivery[]): void {
    draining.inFlight += deliveries.length;
    const run = draining.drain.handle(deliveries).finally(() => {
      draining.inFlight -= deliveries.length;
      handling.delete(run);
      void ask(draining);
    });
    handling.add(run);
  }

  async function openConsumer(queue: QueueId): Promise<ConsumerId> {
    holder ??= store.openHolder('connection');
    return store.openConsumer({ holder: await holder, queue, priority: 0, isExclusive: false });
  }

  async function closeConsumer({ consumer }: Draining): Promise<void> {
    try {
      if (consumer !== undefined) await store.closeConsumer(await consumer);
    } catch (error) {
      if (!(error instanceof GantryError)) throw error; // It was never opened, or the store is gone.
    }
  }
}
