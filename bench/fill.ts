/**
 * Fills a queue to any depth, on a data folder without a broker: through core and the engine, as a broker would, but
 * without waiting for the disk message by message. What it leaves is synced when it ends.
 */
import { hash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { bodyBytes, groupText } from '../src/cli/bench/load/requests.ts';
import { type Broker, createBroker, type OutgoingMessage } from '../src/core/broker.ts';
import { defaultNamespace, type Queue, type QueueAttributes } from '../src/model/queue.ts';
import type { Store } from '../storage/store.ts';
import { openStore, random } from './open-store.ts';

export interface FillOptions {
  readonly dataFolder: string;
  /** Made when it is not there; a name that ends in `.fifo` makes it FIFO. */
  readonly queue: string;
  readonly messages: number;
  /** Message groups of a FIFO queue, in turn. */
  readonly groups: number;
}
const messagesAtOnce = 2000;
/**
 * A deep queue is old: with what was sent an hour ago, the five minutes in which FIFO ids are remembered are over, and
 * what the broker then holds in memory is the depth's doing alone.
 */
const agoMs = 3_600_000;
const principal = { name: 'bench', account: defaultNamespace.account, isAnonymous: false } as const;

/** @returns messages a second */
export async function fillQueue(options: FillOptions): Promise<number> {
  await mkdir(options.dataFolder, { recursive: true, mode: 0o700 });
  const store = await openStore({ dataFolder: options.dataFolder, synchronous: 'OFF', agoMs });
  try {
    return await fillStore(store, options);
  } finally {
    await store.stop();
  }
}

/** The same into a store that is open already. */
export async function fillStore(store: Store, options: Omit<FillOptions, 'dataFolder'>): Promise<number> {
  const broker = createBroker({ store, authorize: () => undefined, random });
  await broker.start();
  const startedAt = performance.now();
  try {
    const queue = await findOrCreate(broker, options.queue);
    for (let from = 0; from < options.messages; from += messagesAtOnce) {
      const count = Math.min(messagesAtOnce, options.messages - from);
      const messages = Array.from({ length: count }, (_, index) => newMessage(queue, from + index, options.groups));
      for (const result of await broker.publish(principal, queue, messages, 'memory'))
        if (!result.ok) throw result.error;
    }
  } finally {
    await broker.stop();
  }
  return (options.messages / (performance.now() - startedAt)) * 1000;
}

async function findOrCreate(broker: Broker, name: string): Promise<Queue> {
  const address = { ...defaultNamespace, name };
  const kind = name.endsWith('.fifo') ? 'fifo' : 'standard';
  return (
    broker.catalogue.find(address) ??
    (await broker.catalogue.create(principal, { address, kind, attributes, extras: {}, tags: {} }))
  );
}

/** As CreateQueue's defaults, but for the lease: nothing may come back while a benchmark runs. */
const attributes: QueueAttributes = {
  delayMs: 0,
  leaseMs: 43_200_000,
  retentionMs: 345_600_000,
  messageBytesMax: 1_048_576,
  receiveWaitMs: 0,
  isContentDeduplicated: false,
  dedupScope: 'queue',
  throughputScope: 'queue',
  redrive: undefined,
  redriveAllow: undefined,
  policy: undefined,
};
const filler = 'x'.repeat(bodyBytes - 16);

function newMessage(queue: Queue, number: number, groups: number): OutgoingMessage {
  const body = Buffer.from(number.toString(36).padStart(16, '0') + filler);
  const headers = { bodyKind: 'text', senderId: principal.account, bodyMd5: hash('md5', body, 'hex') } as const;
  if (queue.kind === 'standard') return { headers, properties: [], body, delayMs: undefined };
  const ids = { groupId: groupText(number % groups), dedupId: `fill-${number}` };
  return { headers: { ...headers, ...ids }, properties: [], body, delayMs: undefined };
}
