import type { Store } from '../../../storage/store.ts';
import type { Action, Principal } from '../../model/principal.ts';
import type { Random } from '../../model/random.ts';
import type { SubscriptionAddress, TopicAddress } from '../../model/topic.ts';
import { type Authorize, requireAllowedTopic } from '../authorize.ts';
import type { Events } from '../events.ts';
import type { QueueIndex } from '../queue-index.ts';
import { createRecordReader } from '../record-reader.ts';
import { createTurns, type Turns } from '../turns.ts';
import { createDeliver } from './deliver.ts';
import { createDrains } from './drains.ts';
import { EndedCounts } from './ended-counts.ts';
import type { Envelopes } from './envelopes.ts';
import { createFanOut } from './fan-out.ts';
import { createFifoLogs } from './fifo-log.ts';
import { FilterPolicies } from './filter-policies.ts';
import { createPublishToTopic, type PublishToTopic } from './publish-topic.ts';
import { createPushes, type Pushes } from './push.ts';
import { createReplays, type Replays } from './replays.ts';
import { Routes } from './routes.ts';
import { createSubscriptionCatalogue, type SubscriptionCatalogue } from './subscription-catalogue.ts';
import { type KnownSubscription, subscriptionRecords } from './subscription-record.ts';
import { createSweep } from './sweep.ts';
import { createTopicCatalogue, type TopicCatalogue } from './topic-catalogue.ts';
import { SubscriptionIndex, TopicIndex } from './topic-index.ts';
import { type KnownTopic, topicRecords } from './topic-record.ts';

/** What core can do with topics. */
export interface Topics {
  readonly catalogue: TopicCatalogue;
  readonly subscriptions: SubscriptionCatalogue;
  /** For who looks whether there is a subscription before making one: by topic and endpoint, whatever adapter asks. */
  readonly subscribing: Turns;
  readonly publish: PublishToTopic;
  readonly push: Omit<Pushes, 'change' | 'stop'>;
  /** Of FIFO topics that keep an archive. */
  readonly replays: Replays;
  /**
   * For what a protocol only reads: a topic's attributes, tags, its name in a list.
   * @throws GantryError `access-denied`
   */
  requireAllowed(principal: Principal, action: Action, topic: TopicAddress): void;
}
export interface TopicsService extends Topics {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Every topic and every subscription; asks no permission. @param by who is named in the events */
  reset(by: string): Promise<void>;
}

export interface TopicsParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly events: Events;
  readonly queues: QueueIndex;
  readonly envelopes: Envelopes;
  readonly replaysMax?: number | undefined;
}

export function createTopics(parts: TopicsParts): TopicsService {
  const { store, authorize, random, events, queues, envelopes, replaysMax } = parts;
  const topicIndex = new TopicIndex();
  const subscriptionIndex = new SubscriptionIndex();
  const routes = new Routes();
  const policies = new FilterPolicies();
  const subscriptionKind: typeof subscriptionRecords = {
    ...subscriptionRecords,
    decode: (...record) => {
      const subscription = subscriptionRecords.decode(...record);
      return { ...subscription, filter: policies.shared(subscription.filter) };
    },
  };
  const ended = new EndedCounts(topicIndex);
  const topicReader = createRecordReader<TopicAddress, KnownTopic>(store, topicRecords, topicIndex, topicChanged);
  const subscriptionReader = createRecordReader<SubscriptionAddress, KnownSubscription>(
    ...([store, subscriptionKind, subscriptionIndex, subscriptionChanged] as const),
  );
  const fanOut = createFanOut({ events, authorize, queues, routes, envelopes });
  const deliver = createDeliver({ store, events, fanOut, envelopes });
  const drains = createDrains(store);
  const logs = createFifoLogs({ store, topics: topicIndex, fanOut, deliver, drains });
  const pushes = createPushes({
    ...{ store, random, events, topics: topicIndex, subscriptions: subscriptionIndex, fanOut, drains },
  });
  const catalogue = createTopicCatalogue({ store, authorize, random, events, index: topicIndex, reader: topicReader });
  const subscriptions = createSubscriptionCatalogue({
    ...{
      store,
      authorize,
      random,
      events,
      topics: topicIndex,
      index: subscriptionIndex,
      reader: subscriptionReader,
      policies,
      ended,
    },
  });
  const sweep = createSweep({ store, topics: topicIndex, subscriptions: subscriptionIndex, catalogue: subscriptions });
  const replays = createReplays({
    ...{ store, authorize, random, topics: topicIndex, subscriptions: subscriptionIndex, routes, fanOut, deliver },
    replaysMax,
  });
  let isStarted = false;

  return {
    catalogue,
    subscriptions,
    subscribing: createTurns(),
    publish: createPublishToTopic({ store, authorize, random, events, index: topicIndex, fanOut, deliver, logs }),
    push: pushes,
    replays,
    requireAllowed: (principal, action, topic) => requireAllowedTopic(authorize, principal, action, topic),
    async start() {
      await topicReader.start();
      await subscriptionReader.start();
      isStarted = true;
      drains.start();
      await replays.start();
      await sweep.start();
    },
    async stop() {
      sweep.stop();
      pushes.stop();
      await drains.stop();
      await replays.stop();
      await topicReader.stop();
      await subscriptionReader.stop();
    },
    async reset(by) {
      await catalogue.dropAll(by);
      await sweep.all(by);
    },
  };

  function topicChanged(before: KnownTopic | undefined, after: KnownTopic | undefined): void {
    logs.change(before, after);
    if (before !== undefined && before.id !== after?.id) ended.forgetTopic(before.id);
    if (isStarted && before !== undefined && before.id !== after?.id) sweep.soon();
  }

  function subscriptionChanged(before: KnownSubscription | undefined, after: KnownSubscription | undefined): void {
    policies.change(before, after);
    routes.change(before, after);
    ended.change(before, after);
    pushes.change(before, after);
    if (before !== undefined && after === undefined) replays.forget(before.address);
  }
}
