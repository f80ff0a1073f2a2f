/** One test's world: a store of its own and short words for what most tests do. */
import { onTestFinished } from 'vitest';
import type {
  Batch,
  BatchResult,
  Change,
  ChangeResult,
  Delivery,
  Durability,
  HolderId,
  NewMessage,
  Outcome,
  QueueId,
  QueueSettings,
  Receipt,
  ReceiveRequest,
  Store,
  Tally,
  Target,
} from '../store.ts';
import type { OpenStore, StoreHarness, TestClock } from './harness.ts';

export const minuteMs = 60_000;
export const leaseMs = 30_000;
export const plain: QueueSettings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 5 * minuteMs, onExpiry: 'drop' };
export const strict: QueueSettings = { ...plain, groups: 'strict' };
export const fair: QueueSettings = { ...plain, groups: 'fair' };

type Was = Extract<ChangeResult, { did: 'settle' }>['was'];
export type TargetResult = Extract<ChangeResult, { did: 'append' }>['targets'][number];
type Sent = Partial<Omit<Target, 'queue'>> &
  Partial<Pick<NewMessage, 'priority' | 'expiresAt' | 'id' | 'head'>> & { readonly durability?: Durability };
type Received = Partial<ReceiveRequest> & { readonly max?: number; readonly forMs?: number };

export type Setup = () => Promise<World>;
export interface World {
  /** The one that runs now: another after `crash` and `reopen`. */
  readonly store: Store;
  readonly clock: TestClock;
  readonly harness: StoreHarness;
  crash(): Promise<void>;
  reopen(): Promise<void>;
  commit(...changes: readonly Change[]): Promise<BatchResult>;
  /** @returns the results of a batch that must succeed */
  commitOk(...changes: readonly Change[]): Promise<readonly ChangeResult[]>;
  createQueue(settings?: Partial<QueueSettings>): Promise<QueueId>;
  message(body: string, sent?: Sent): NewMessage;
  append(queue: QueueId, body: string, sent?: Sent): Promise<TargetResult>;
  /** Several in one turn, in order. */
  appendAll(queue: QueueId, bodies: readonly string[], sent?: Sent): Promise<readonly TargetResult[]>;
  receive(queue: QueueId, received?: Received): Promise<readonly Delivery[]>;
  /** @throws Error when there is none */
  receiveOne(queue: QueueId, received?: Received): Promise<Delivery>;
  settle(delivery: Pick<Delivery, 'receipt'>, as: Outcome, queue?: QueueId): Promise<Was>;
  ack(delivery: Pick<Delivery, 'receipt'>): Promise<Was>;
  release(delivery: Pick<Delivery, 'receipt'>): Promise<Was>;
  extend(delivery: Pick<Delivery, 'receipt'>, forMs: number, totalMsMax?: number): Promise<Was>;
  tally(queue: QueueId): Promise<Tally>;
  openConsumer(queue: QueueId, holder?: HolderId): Promise<ReceiveRequest['lease'] & { readonly holder: HolderId }>;
  /** Settles once the store has called the queue ready after this was asked. */
  nextReady(queue: QueueId): Promise<void>;
}

export function createSetup(open: OpenStore): Setup {
  return async () => {
    const harness = await open();
    onTestFinished(() => harness.dispose());
    return createWorld(harness);
  };
}

function createWorld(harness: StoreHarness): World {
  let store = harness.store;
  let ids = 0;
  let waiting: { readonly queue: QueueId; readonly resolve: () => void }[] = [];

  function take(next: Store): void {
    store = next;
    store.onReady((queues) => {
      const [met, others] = partition(waiting, ({ queue }) => queues.includes(queue));
      waiting = others;
      for (const { resolve } of met) resolve();
    });
  }
  take(store);

  const commit = (batch: Batch) => store.commit(batch);
  const commitOk = async (batch: Batch) => changesOf(await commit(batch));
  const append = async (queue: QueueId, body: string, sent: Sent = {}): Promise<TargetResult> => {
    const change: Change = { do: 'append', message: world.message(body, sent), to: [targetOf(queue, sent)] };
    const [result] = await commitOk({ changes: [change], durability: sent.durability ?? 'disk' });
    return appended(result);
  };
  const settle = async (delivery: Pick<Delivery, 'receipt'>, as: Outcome, queue?: QueueId): Promise<Was> => {
    const change: Change = { do: 'settle', receipt: delivery.receipt, as, ...(queue === undefined ? {} : { queue }) };
    const [result] = await commitOk({ changes: [change], durability: 'disk' });
    if (result?.did !== 'settle') throw new Error('a settle was answered as something else');
    return result.was;
  };
  const receive = (queue: QueueId, { max, forMs, ...request }: Received = {}) =>
    store.receive({
      queue,
      lease: { forMs: forMs ?? leaseMs },
      deliveriesMax: max ?? 10,
      durability: 'disk',
      ...request,
    });

  const world: World = {
    get store() {
      return store;
    },
    clock: harness.clock,
    harness,
    crash: async () => take(await harness.crash()),
    reopen: async () => take(await harness.reopen()),
    commit: (...changes) => commit({ changes, durability: 'disk' }),
    commitOk: (...changes) => commitOk({ changes, durability: 'disk' }),
    async createQueue(settings = {}) {
      const queue = store.newQueueId();
      const change: Change = { do: 'create-queue', queue, settings: { ...plain, ...settings } };
      await commitOk({ changes: [change], durability: 'disk' });
      return queue;
    },
    message: (body, { id, head, priority, expiresAt } = {}) => ({
      id: id ?? Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? ++ids % 256 : index + (ids >> 8))),
      head: head ?? Uint8Array.of(1),
      body: bytesOf(body),
      priority: priority ?? 4,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    }),
    append,
    appendAll: (queue, bodies, sent) => Promise.all(bodies.map((body) => append(queue, body, sent))),
    receive,
    async receiveOne(queue, received) {
      const [delivery] = await receive(queue, { max: 1, ...received });
      if (delivery === undefined) throw new Error('nothing could be received');
      return delivery;
    },
    settle,
    ack: (delivery) => settle(delivery, { type: 'ack' }),
    release: (delivery) => settle(delivery, { type: 'release', isCounted: true }),
    extend: (delivery, forMs, totalMsMax = 12 * 60 * minuteMs) =>
      settle(delivery, { type: 'extend', until: harness.clock.now() + forMs, totalMsMax }),
    async tally(queue) {
      const [tally] = await store.tallies([queue]);
      if (tally === undefined) throw new Error('a tally is missing');
      return tally;
    },
    async openConsumer(queue, holder) {
      const owner = holder ?? (await store.openHolder('connection'));
      const consumer = await store.openConsumer({ holder: owner, queue, priority: 0, isExclusive: false });
      return { consumer, holder: owner };
    },
    nextReady: (queue) => new Promise((resolve) => waiting.push({ queue, resolve })),
  };
  return world;
}

function targetOf(queue: QueueId, { group, dedup, visibleAt, isHolderOnly, note }: Sent): Target {
  return {
    queue,
    ...(group === undefined ? {} : { group }),
    ...(dedup === undefined ? {} : { dedup }),
    ...(visibleAt === undefined ? {} : { visibleAt }),
    ...(isHolderOnly === undefined ? {} : { isHolderOnly }),
    ...(note === undefined ? {} : { note }),
  };
}

function partition<T>(items: readonly T[], is: (item: T) => boolean): [T[], T[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}

export function changesOf(result: BatchResult): readonly ChangeResult[] {
  if (!result.ok) throw result.error;
  return result.changes;
}

/** The answer for the first target of an append. */
export function appended(result: ChangeResult | undefined): TargetResult {
  const target = result?.did === 'append' ? result.targets[0] : undefined;
  if (target === undefined) throw new Error('an append was answered as something else');
  return target;
}

export function posOf(target: TargetResult | undefined): number {
  if (target === undefined || !('pos' in target)) throw new Error(`no position in ${JSON.stringify(target)}`);
  return target.pos;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf({ body }: Pick<Delivery, 'body'>): string {
  if (!(body instanceof Uint8Array)) throw new Error('a body was not handed over whole');
  return new TextDecoder().decode(body);
}

export function texts(deliveries: readonly Pick<Delivery, 'body'>[]): string[] {
  return deliveries.map(textOf);
}

/** The one of several deliveries with that body. @throws Error when there is none */
export function withText<D extends Pick<Delivery, 'body'>>(deliveries: readonly D[], text: string): D {
  const delivery = deliveries.find((other) => textOf(other) === text);
  if (delivery === undefined) throw new Error(`"${text}" is not among ${texts(deliveries).join(', ')}`);
  return delivery;
}

/** What a client made up. */
export function asReceipt(text: string): Receipt {
  return text as Receipt;
}
