/**
 * Empties hidden queues: what lies in one is handed to whoever serves it, a bounded number at a time, under a lease of this
 * process: a crash gives it back at once, to its old place.
 */
import type { Change, ConsumerId, Delivery, HolderId, Store } from '../../../storage/store.ts';
import type { Timer } from '../../model/clock.ts';
import { GantryError } from '../../model/errors.ts';
import type { QueueId } from '../../model/queue.ts';

interface Drain {
  readonly queue: QueueId;
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
/** Of what one queue has under way, beyond which it waits; there may be one for each topic and endpoint. */
const bytesMax = 4 * 1_048_576;

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
      while (isOn(draining)) {
        const room = draining.drain.inFlightMax() - draining.inFlight;
        const bytesRoom = bytesMax - draining.bytes;
        if (room <= 0 || bytesRoom <= 0) break; // Whoever ends next asks.
        const { readyCount } = draining;
        draining.consumer ??= openConsumer(draining.drain.queue);
        const lease = { consumer: await draining.consumer };
        const options = { queue: draining.drain.queue, lease, deliveriesMax: Math.min(room, 100) };
        const deliveries = await store.receive({ ...options, bytesMax: bytesRoom, durability: 'memory' });
        if (deliveries.length > 0) begin(draining, deliveries);
        else if (draining.readyCount === readyCount) break;
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

  function isOn(draining: Draining): boolean {
    return state === 'running' && !draining.isRemoved;
  }

  function begin(draining: Draining, deliveries: readonly Delivery[]): void {
    const bytes = deliveries.reduce((sum, { body }) => sum + (body instanceof Uint8Array ? body.length : 0), 0);
    draining.inFlight += deliveries.length;
    draining.bytes += bytes;
    const run = handle(draining, deliveries).finally(() => {
      draining.inFlight -= deliveries.length;
      draining.bytes -= bytes;
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
