import type { Change, Store } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import { GantryError } from '../../model/errors.ts';
import type { Principal } from '../../model/principal.ts';
import type { Namespace } from '../../model/queue.ts';
import type { Random } from '../../model/random.ts';
import type { Subscription, SubscriptionAddress, Topic, TopicAddress } from '../../model/topic.ts';
import { uuidText } from '../../model/uuid.ts';
import { type Authorize, requireAllowedTopic } from '../authorize.ts';
import type { Events } from '../events.ts';
import type { RecordReader } from '../record-reader.ts';
import { createRecordWriter, type Unwritten } from '../record-writer.ts';
import type { EndedCounts } from './ended-counts.ts';
import type { FilterPolicies, FilterUse } from './filter-policies.ts';
import { pushSettings } from './hidden-queues.ts';
import { encodeSubscriptionRecord, type KnownSubscription, subscriptionRecords } from './subscription-record.ts';
import { noSuchTopic } from './topic-catalogue.ts';
import type { SubscriptionIndex, TopicIndex } from './topic-index.ts';

/** What subscriptions there are. Those of a topic that was dropped stay readable until they are swept. */
export interface SubscriptionCatalogue {
  /** Asks no permission: the verb that follows does. */
  find(address: SubscriptionAddress): Subscription | undefined;
  /** Those of this very topic, in the order of their ids. @param isListed those that are not make a page no shorter */
  ofTopic(topic: Topic, after: string | undefined, max: number, isListed?: IsListed): readonly Subscription[];
  /** `deleted`: of those that have ended while this process has known the topic. */
  countsOf(topic: Topic): { readonly pending: number; readonly confirmed: number; readonly deleted: number };
  /** Filter policies of this very topic, and of all topics of its account. */
  filtersOf(topic: Topic): { readonly ofTopic: number; readonly ofAccount: FilterUse };
  /** Those of this very topic that have an endpoint outside, in the order of their ids. */
  pushedOf(topic: Topic, after: string | undefined, max: number): readonly Subscription[];
  /** Of every topic of a namespace, in the order of topics and ids. @param isListed as of `ofTopic` */
  list(
    namespace: Namespace,
    after: SubscriptionAddress | undefined,
    max: number,
    isListed?: IsListed,
  ): readonly Subscription[];
  all(): Iterable<Subscription>;
  /** Those to one endpoint by one protocol. */
  ofEndpoint(protocol: string, endpoint: string): Iterable<Subscription>;
  /**
   * Makes a subscription, durable when it settles; two for one endpoint are two: whoever wants one looks first.
   * @throws GantryError `access-denied`, `not-found` when there is no such topic
   */
  create(principal: Principal, subscription: NewSubscription): Promise<Subscription>;
  /**
   * @param change out of the subscription as it is when its turn comes; called anew when another node was faster; what it
   * throws is thrown, and nothing is changed
   * @param act what the principal must be allowed to do with the topic; undefined: it has shown a token
   * @throws GantryError `access-denied`, `not-found`
   */
  alter(
    principal: Principal,
    address: SubscriptionAddress,
    change: (subscription: Subscription) => SubscriptionChange,
    act: 'subscribe' | undefined,
  ): Promise<Subscription>;
  /** What waits for its endpoint goes with it. @param act as of `alter` @throws GantryError `access-denied`, `not-found` */
  drop(principal: Principal, address: SubscriptionAddress, act: 'subscribe' | undefined): Promise<void>;
}
type IsListed = (subscription: Subscription) => boolean;
type NewSubscription = Omit<Subscription, 'address' | 'topicId' | 'createdAt' | 'stateSince'> & {
  readonly topic: TopicAddress;
};
type SubscriptionChange = Partial<Pick<Subscription, 'state' | 'isRaw' | 'filter' | 'deadLetter' | 'extras'>>;

export interface SubscriptionCatalogueParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly events: Events;
  readonly topics: TopicIndex;
  readonly index: SubscriptionIndex;
  readonly reader: RecordReader<SubscriptionAddress, KnownSubscription>;
  readonly ended: EndedCounts;
  readonly policies: FilterPolicies;
}

export function createSubscriptionCatalogue(parts: SubscriptionCatalogueParts): SubscriptionCatalogue {
  const { store, authorize, random, events, topics, index, reader, ended, policies } = parts;
  const { clock } = store;
  const writer = createRecordWriter({
    ...{ store, kind: subscriptionRecords, index, reader, encode: encodeSubscriptionRecord },
    nameOf: ({ id }) => ({ what: `subscription "${id}"`, resource: id }),
  });

  return {
    find: (address) => index.find(address),
    ofTopic: (topic, after, max, isListed) => index.ofTopic(topic, after, max, isListed),
    countsOf(topic) {
      const { pending, confirmed } = index.countsOf(topic);
      return { pending, confirmed, deleted: ended.of(topic.id) };
    },
    filtersOf: (topic) => ({
      ofTopic: index.countsOf(topic).filtered,
      ofAccount: policies.useOf(topic.address.account),
    }),
    pushedOf: (topic, after, max) => index.pushedOf(topic, after, max),
    list: (namespace, after, max, isListed) => index.list(namespace, after, max, isListed),
    all: () => index.all(),
    ofEndpoint: (protocol, endpoint) => index.ofEndpoint(protocol, endpoint),

    async create(principal, { topic: address, ...fields }) {
      requireAllowedTopic(authorize, principal, 'subscribe', address);
      const own = { topic: address, id: uuidText(random.uuid()) };
      const { after } = await writer.change(own, () => {
        const topic = topics.find(address);
        if (topic === undefined) throw noSuchTopic(address);
        const pushId = fields.target.type === 'push' ? store.newQueueId() : undefined;
        const now = clock.now();
        const filter = policies.shared(fields.filter);
        const made = { ...fields, filter, address: own, topicId: topic.id, createdAt: now, stateSince: now, pushId };
        const changes: readonly Change[] =
          pushId === undefined ? [] : [{ do: 'create-queue', queue: pushId, settings: pushSettings }];
        return { after: made, changes };
      });
      assert(after !== undefined, 'what was made is there');
      tellChange('created', principal.name, own);
      return after;
    },

    async alter(principal, address, change, act) {
      if (act !== undefined) requireAllowedTopic(authorize, principal, act, address.topic);
      const { after } = await writer.change(address, (before) => {
        if (before === undefined) throw noSuchSubscription(address);
        const changed: Unwritten<KnownSubscription> = { ...before, ...change(before) };
        const filter = changed.filter === before.filter ? before.filter : policies.shared(changed.filter);
        const stateSince = changed.state === before.state ? before.stateSince : clock.now();
        return { after: { ...changed, filter, stateSince }, changes: [] };
      });
      assert(after !== undefined, 'what was altered is there');
      tellChange('altered', principal.name, address);
      return after;
    },

    async drop(principal, address, act) {
      if (act !== undefined) requireAllowedTopic(authorize, principal, act, address.topic);
      const { isChanged } = await writer.change(address, (before) => {
        if (before === undefined) return undefined;
        const { pushId } = before;
        return { after: undefined, changes: pushId === undefined ? [] : [{ do: 'drop-queue', queue: pushId }] };
      });
      if (!isChanged) throw noSuchSubscription(address);
      tellChange('dropped', principal.name, address);
    },
  };

  function tellChange(
    change: 'created' | 'altered' | 'dropped',
    principal: string,
    subscription: SubscriptionAddress,
  ): void {
    if (!events.has('subscription-changed')) return;
    events.tell('subscription-changed', { at: clock.now(), subscription, change, principal });
  }
}

function noSuchSubscription({ id }: SubscriptionAddress): GantryError {
  return new GantryError('not-found', `subscription "${id}" does not exist`, { resource: id });
}
