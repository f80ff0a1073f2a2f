/**
 * The topics in memory, with their subscriptions. Names and ids stand in order, so that a page of a list costs what it shows,
 * and goes on after the last name it gave: what is made or dropped between two pages moves no other.
 */
import type { Namespace } from '../../model/queue.ts';
import type { SubscriptionAddress, TopicAddress } from '../../model/topic.ts';
import { addressText } from '../queue-record.ts';
import type { RecordIndex } from '../record-reader.ts';
import { OrderedTexts } from './ordered-texts.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { KnownTopic } from './topic-record.ts';

export class TopicIndex implements RecordIndex<TopicAddress, KnownTopic> {
  private readonly byAddress = new Map<string, KnownTopic>();
  private readonly names = new NamesByNamespace();

  find(address: TopicAddress): KnownTopic | undefined {
    return this.byAddress.get(addressText(address));
  }

  all(): Iterable<KnownTopic> {
    return this.byAddress.values();
  }

  list(namespace: Namespace, after: string | undefined, max: number): readonly KnownTopic[] {
    const found: KnownTopic[] = [];
    for (const name of this.names.after(namespace, after)) {
      if (found.length >= max) break;
      const topic = this.find({ ...namespace, name });
      if (topic !== undefined) found.push(topic);
    }
    return found;
  }

  set(topic: KnownTopic): void {
    this.byAddress.set(addressText(topic.address), topic);
    this.names.add(topic.address);
  }

  remove(address: TopicAddress): KnownTopic | undefined {
    const text = addressText(address);
    const topic = this.byAddress.get(text);
    if (topic === undefined) return undefined;
    this.byAddress.delete(text);
    this.names.remove(address);
    return topic;
  }
}

class NamesByNamespace {
  private readonly byNamespace = new Map<string, OrderedTexts>();

  after(namespace: Namespace, name: string | undefined): Iterable<string> {
    return this.byNamespace.get(namespaceText(namespace))?.after(name) ?? [];
  }

  add(address: TopicAddress): void {
    madeAt(this.byNamespace, namespaceText(address), () => new OrderedTexts()).add(address.name);
  }

  remove(address: TopicAddress): void {
    const text = namespaceText(address);
    const names = this.byNamespace.get(text);
    names?.remove(address.name);
    if (names?.isEmpty === true) this.byNamespace.delete(text);
  }
}

/** Whether it is on a page; one that is not makes the page no shorter. */
type IsListed = (subscription: KnownSubscription) => boolean;

/** Of one topic, also those of an earlier one of the same name that are not swept yet. */
interface OfAddress {
  readonly byId: Map<string, KnownSubscription>;
  readonly ids: OrderedTexts;
  readonly byTopicId: Map<string, OfTopic>;
}
/** Of one very topic, with what is asked about it often. */
interface OfTopic {
  readonly ids: OrderedTexts;
  /** Of those with an endpoint outside; undefined: there was none yet. */
  pushedIds: OrderedTexts | undefined;
  readonly counts: SubscriptionCounts;
}
/** How many are in which state; those that ended are in none of them. */
interface SubscriptionCounts {
  all: number;
  pending: number;
  confirmed: number;
  /** Also of those that ended: they may be taken back. */
  filtered: number;
}

export class SubscriptionIndex implements RecordIndex<SubscriptionAddress, KnownSubscription> {
  private readonly byTopic = new Map<string, OfAddress>();
  private readonly topicNames = new NamesByNamespace();
  private readonly topicsByEndpoint = new Map<string, Set<KnownSubscription>>();
  count = 0;

  find({ topic, id }: SubscriptionAddress): KnownSubscription | undefined {
    return this.byTopic.get(addressText(topic))?.byId.get(id);
  }

  /** Those of this very topic, in the order of ids */
  ofTopic(
    topic: Pick<KnownTopic, 'address' | 'id'>,
    after: string | undefined,
    max: number,
    isListed?: IsListed,
  ): readonly KnownSubscription[] {
    const subscriptions = this.byTopic.get(addressText(topic.address));
    const ids = subscriptions?.byTopicId.get(topic.id)?.ids;
    return subscriptions === undefined || ids === undefined
      ? []
      : pageOf(subscriptions.byId, ids, after, max, isListed);
  }

  /** As `ofTopic`, those that have an endpoint outside. */
  pushedOf(
    topic: Pick<KnownTopic, 'address' | 'id'>,
    after: string | undefined,
    max: number,
  ): readonly KnownSubscription[] {
    const subscriptions = this.byTopic.get(addressText(topic.address));
    const own = subscriptions?.byTopicId.get(topic.id);
    if (subscriptions === undefined || own === undefined) return [];
    return own.pushedIds === undefined ? [] : pageOf(subscriptions.byId, own.pushedIds, after, max);
  }

  /** Of this very topic. */
  countsOf({ address, id }: Pick<KnownTopic, 'address' | 'id'>): Readonly<SubscriptionCounts> {
    return this.byTopic.get(addressText(address))?.byTopicId.get(id)?.counts ?? noCounts;
  }

  /** Those that hand out to one endpoint by one protocol, of any topic. */
  ofEndpoint(protocol: string, endpoint: string): Iterable<KnownSubscription> {
    return this.topicsByEndpoint.get(endpointText(protocol, endpoint)) ?? [];
  }

  *all(): Iterable<KnownSubscription> {
    for (const { byId } of this.byTopic.values()) yield* byId.values();
  }

  /** Topic by topic in the order of names, and of one topic in the order of ids. */
  list(
    namespace: Namespace,
    after: SubscriptionAddress | undefined,
    max: number,
    isListed?: IsListed,
  ): readonly KnownSubscription[] {
    const found = after === undefined ? [] : [...this.page(after.topic, after.id, max, isListed)];
    for (const name of this.topicNames.after(namespace, after?.topic.name)) {
      if (found.length >= max) break;
      for (const each of this.page({ ...namespace, name }, undefined, max - found.length, isListed)) found.push(each);
    }
    return found;
  }

  set(subscription: KnownSubscription): void {
    const { address, topicId, protocol, endpoint } = subscription;
    this.remove(address);
    const subscriptions = madeAt(this.byTopic, addressText(address.topic), () => {
      this.topicNames.add(address.topic);
      return { byId: new Map(), ids: new OrderedTexts(), byTopicId: new Map() };
    });
    subscriptions.byId.set(address.id, subscription);
    subscriptions.ids.add(address.id);
    const own = madeAt(subscriptions.byTopicId, topicId, () => {
      const counts = { all: 0, pending: 0, confirmed: 0, filtered: 0 };
      return { ids: new OrderedTexts(), pushedIds: undefined, counts };
    });
    own.ids.add(address.id);
    if (subscription.pushId !== undefined) {
      own.pushedIds ??= new OrderedTexts();
      own.pushedIds.add(address.id);
    }
    tally(own.counts, subscription, 1);
    this.count++;
    madeAt(this.topicsByEndpoint, endpointText(protocol, endpoint), () => new Set<KnownSubscription>()).add(
      subscription,
    );
  }

  remove({ topic, id }: SubscriptionAddress): KnownSubscription | undefined {
    const text = addressText(topic);
    const subscriptions = this.byTopic.get(text);
    const subscription = subscriptions?.byId.get(id);
    if (subscriptions === undefined || subscription === undefined) return undefined;
    subscriptions.byId.delete(id);
    subscriptions.ids.remove(id);
    const own = subscriptions.byTopicId.get(subscription.topicId);
    own?.ids.remove(id);
    own?.pushedIds?.remove(id);
    if (own !== undefined) tally(own.counts, subscription, -1);
    if (own?.counts.all === 0) subscriptions.byTopicId.delete(subscription.topicId);
    if (subscriptions.byId.size === 0) {
      this.byTopic.delete(text);
      this.topicNames.remove(topic);
    }
    this.count--;
    this.forgetEndpoint(subscription);
    return subscription;
  }

  private page(
    topic: TopicAddress,
    after: string | undefined,
    max: number,
    isListed: IsListed | undefined,
  ): readonly KnownSubscription[] {
    const subscriptions = this.byTopic.get(addressText(topic));
    return subscriptions === undefined ? [] : pageOf(subscriptions.byId, subscriptions.ids, after, max, isListed);
  }

  private forgetEndpoint(subscription: KnownSubscription): void {
    const text = endpointText(subscription.protocol, subscription.endpoint);
    const others = this.topicsByEndpoint.get(text);
    others?.delete(subscription);
    if (others?.size === 0) this.topicsByEndpoint.delete(text);
  }
}

const noCounts: Readonly<SubscriptionCounts> = { all: 0, pending: 0, confirmed: 0, filtered: 0 };

function tally(counts: SubscriptionCounts, { state, filter }: KnownSubscription, by: 1 | -1): void {
  counts.all += by;
  if (state !== 'ended') counts[state] += by;
  if (filter !== undefined) counts.filtered += by;
}

function pageOf(
  byId: ReadonlyMap<string, KnownSubscription>,
  ids: OrderedTexts,
  after: string | undefined,
  max: number,
  isListed: IsListed = () => true,
): readonly KnownSubscription[] {
  const found: KnownSubscription[] = [];
  for (const id of ids.after(after)) {
    if (found.length >= max) break;
    const subscription = byId.get(id);
    if (subscription !== undefined && isListed(subscription)) found.push(subscription);
  }
  return found;
}

function madeAt<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function endpointText(protocol: string, endpoint: string): string {
  return `${protocol}\u0000${endpoint}`;
}

function namespaceText({ account, region }: Namespace): string {
  return `${account}\u0000${region}`;
}
