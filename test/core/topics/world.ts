import { createBroker, type Envelopes, type TopicMessage, type TopicPublishResult } from '../../../src/core/broker.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Headers } from '../../../src/model/message.ts';
import type { Queue, QueueAttributes } from '../../../src/model/queue.ts';
import type { Subscription, Topic, TopicAttributes } from '../../../src/model/topic.ts';
import type { Batch, BatchResult, Delivery, Store } from '../../../storage/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { createModelDisk, createModelStore } from '../../support/model-store.ts';
import { address, alice, plainAttributes } from '../world.ts';

type Verdict = 'pass' | GantryError;

/** What a batch is to a test: of which kinds its changes are. */
export const kindsOf = ({ changes }: Batch) => changes.map((change) => change.do);
export const full = () => new GantryError('store-full', 'no room');

/** Shows what the real ones show: what was sealed at the publish, and whose copy it is. */
const plainEnvelopes: Envelopes = {
  seal: (_, { sequence }) => `sealed ${sequence ?? '-'}`,
  bytesMax: ({ body }) => body.length + 100,
  wrap: ({ headers, body }, { isReplayed }) =>
    Buffer.from(`${headers.envelope}: ${Buffer.from(body)}${isReplayed ? ' replayed' : ''}`),
};

export function topicMessage(body: string, headers: Headers = {}): TopicMessage {
  return { headers: { bodyKind: 'text', ...headers }, properties: [], body: Buffer.from(body) };
}

interface TopicsWorldOptions {
  readonly envelopes?: Envelopes;
  readonly replaysMax?: number;
}

/**
 * A broker on the model's disk. What it asks of its store goes through `judge`; a crash cuts it off in the middle of
 * whatever it does, and a start goes on with what the disk has.
 */
export async function createTopicsWorld({ envelopes = plainEnvelopes, replaysMax }: TopicsWorldOptions = {}) {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const disk = createModelDisk(random);
  const batches: Batch[] = [];
  let judge: (batch: Batch) => Verdict | Promise<Verdict> = () => 'pass';
  let node = await open();

  async function open() {
    const own = { isCut: false };
    const store = createModelStore({ clock, random, disk });
    const cut = () => own.isCut;
    await store.start();
    const broker = createBroker({
      store: guarded(store, cut),
      authorize: () => undefined,
      random,
      envelopes,
      replaysMax,
    });
    await broker.start();
    return { store, broker, own };
  }

  function guarded(store: Store, cut: () => boolean): Store {
    const gone = () => new GantryError('unavailable', 'the store is gone');
    async function commit(batch: Batch): Promise<BatchResult> {
      if (cut()) throw gone();
      batches.push(batch);
      const verdict = judge(batch);
      const judged = verdict instanceof Promise ? await verdict : verdict;
      if (cut()) throw gone();
      return judged === 'pass' ? store.commit(batch) : { ok: false, error: judged };
    }
    return {
      ...store,
      commit,
      commitAll: (all) => Promise.all(all.map(commit)),
      receive: async (request) => {
        if (cut()) throw gone();
        return store.receive(request);
      },
    };
  }

  async function stop(): Promise<void> {
    await node.broker.stop();
    await node.store.stop();
  }

  return {
    ...{ clock, disk, batches },
    get broker() {
      return node.broker;
    },
    /** Asked about each batch before the store is. */
    judged(by: (batch: Batch) => Verdict | Promise<Verdict>) {
      judge = by;
    },
    stop,
    async restart() {
      await stop();
      node = await open();
    },
    /** What was asked and not answered yet may be there or not, as the model has it. */
    async crash() {
      const { own, store, broker } = node;
      own.isCut = true;
      await store.stop();
      void broker.stop();
      judge = () => 'pass';
      node = await open();
    },
    /** Another broker on the same store, as a second node would be. */
    async another() {
      const broker = createBroker({ store: node.store, authorize: () => undefined, random, envelopes, replaysMax });
      await broker.start();
      return broker;
    },
    topic(name: string, attributes: Partial<TopicAttributes> = {}): Promise<Topic> {
      const all = { ...topicAttributes, ...attributes };
      const kind = name.endsWith('.fifo') ? 'fifo' : 'standard';
      return node.broker.topics.catalogue.create(alice, {
        ...{ address: address(name), kind, attributes: all, extras: {}, tags: {} },
      });
    },
    queue(name: string, attributes: Partial<QueueAttributes> = {}): Promise<Queue> {
      const kind = name.endsWith('.fifo') ? 'fifo' : 'standard';
      const all = { ...plainAttributes, ...attributes };
      return node.broker.catalogue.create(alice, {
        address: address(name),
        kind,
        attributes: all,
        extras: {},
        tags: {},
      });
    },
    subscribe(topic: Topic, queue: string, more: Partial<Subscription> = {}): Promise<Subscription> {
      return node.broker.topics.subscriptions.create(alice, {
        ...{ topic: topic.address, protocol: 'sqs', endpoint: queue, target: { type: 'queue', queue: address(queue) } },
        ...{
          state: 'confirmed',
          isRaw: true,
          filter: undefined,
          deadLetter: undefined,
          owner: alice.account,
          extras: {},
        },
        ...more,
      });
    },
    publish(topic: Topic, ...messages: readonly TopicMessage[]): Promise<readonly TopicPublishResult[]> {
      return node.broker.topics.publish(alice, topic, messages, { baseUrl: 'http://broker.test' });
    },
    /** All that a queue has, taken out. */
    async drained(queue: Queue): Promise<readonly Delivery[]> {
      const all: Delivery[] = [];
      for (;;) {
        const options = { deliveriesMax: 10, leaseMs: undefined, waitMs: 0 };
        const some = await node.broker.receive(alice, queue, options);
        if (some.length === 0) return all;
        all.push(...some);
        await node.broker.settle(
          alice,
          queue,
          some.map(({ receipt }) => ({ receipt, outcome: { type: 'ack' as const } })),
          'disk',
        );
      }
    },
  };
}

const topicAttributes: TopicAttributes = {
  isContentDeduplicated: false,
  dedupScope: 'topic',
  messageBytesMax: 262_144,
  policy: undefined,
  archiveMs: undefined,
};
