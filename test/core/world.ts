import type { Authorize } from '../../src/core/authorize.ts';
import type { Broker, OutgoingMessage, PublishResult, ReceiveOptions } from '../../src/core/broker.ts';
import { Cancellation, createBroker } from '../../src/core/broker.ts';
import type { Headers } from '../../src/model/message.ts';
import type { Principal } from '../../src/model/principal.ts';
import type { Queue, QueueAddress, QueueAttributes, QueueKind } from '../../src/model/queue.ts';
import { defaultNamespace } from '../../src/model/queue.ts';
import type { Delivery, Receipt, Store } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { createModelDisk, createModelStore } from '../support/model-store.ts';

export { Cancellation };

export const alice: Principal = { name: 'alice', account: defaultNamespace.account, isAnonymous: false };

export const plainAttributes: QueueAttributes = {
  delayMs: 0,
  leaseMs: 30_000,
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

export function address(name: string): QueueAddress {
  return { ...defaultNamespace, name };
}

export function message(body: string, headers: Headers = {}, delayMs?: number): OutgoingMessage {
  return { headers, properties: [], body: Buffer.from(body), delayMs };
}

export function bodies(deliveries: readonly Delivery[]): string[] {
  return deliveries.map(({ body }) => (body instanceof Uint8Array ? Buffer.from(body).toString() : 'a large body'));
}

/** One that no store ever made. */
export function receiptOf(text: string): Receipt {
  return text as Receipt;
}

export interface WorldOptions {
  readonly authorize?: Authorize;
  /** What stands between core and the model: counts, breaks or delays. */
  readonly wrap?: (store: Store) => Store;
  readonly leasedMax?: number;
}

/** One model store with a broker on it, started; `another` puts a second node beside the first. */
export async function createWorld({
  authorize = () => undefined,
  wrap = (store) => store,
  leasedMax,
}: WorldOptions = {}) {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const disk = createModelDisk(random);
  const store = wrap(createModelStore({ clock, random, disk }));
  await store.start();
  const another = async (limit = leasedMax): Promise<Broker> => {
    const broker = createBroker({ store, authorize, random, leasedMax: limit });
    await broker.start();
    return broker;
  };
  const broker = await another();

  function createQueue(
    name: string,
    attributes: Partial<QueueAttributes> = {},
    kind: QueueKind = name.endsWith('.fifo') ? 'fifo' : 'standard',
  ): Promise<Queue> {
    const all = { ...plainAttributes, ...attributes };
    return broker.catalogue.create(alice, { address: address(name), kind, attributes: all, extras: {}, tags: {} });
  }

  async function publish(queue: Queue, ...messages: readonly OutgoingMessage[]): Promise<readonly PublishResult[]> {
    return broker.publish(alice, queue, messages, 'disk');
  }

  function receive(queue: Queue, options: Partial<ReceiveOptions> = {}): Promise<readonly Delivery[]> {
    return broker.receive(alice, queue, { deliveriesMax: 10, leaseMs: undefined, waitMs: undefined, ...options });
  }

  return { clock, disk, store, broker, another, createQueue, publish, receive };
}

/** Lets everything that has been asked for happen: the model answers in one turn of the event loop and tells in the next. */
export async function quiet(turns = 12): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether it has settled by now, and with what; never waits. */
export function watch<T>(promise: Promise<T>): { value: T | undefined; error: unknown; isSettled: boolean } {
  const seen: { value: T | undefined; error: unknown; isSettled: boolean } = {
    value: undefined,
    error: undefined,
    isSettled: false,
  };
  promise.then(
    (value) => Object.assign(seen, { value, isSettled: true }),
    (error: unknown) => Object.assign(seen, { error, isSettled: true }),
  );
  return seen;
}
