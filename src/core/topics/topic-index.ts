/**
 * The topics in memory, with their subscriptions. Names are put in order when the first list asks for it; a page of a list
 * goes on after the last name it gave, so that what is made or dropped between two pages moves no other.
 */
import type { Namespace } from '../../model/queue.ts';
import type { SubscriptionAddress, TopicAddress } from '../../model/topic.ts';
import { addressText } from '../queue-record.ts';
import type { RecordIndex } from '../record-reader.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { KnownTopic } from './topic-record.ts';

export class TopicIndex implements RecordIndex<TopicAddress, KnownTopic> {
  private readonly byAddress = new Map<string, KnownTopic>();
  private readonly namesByNamespace = new Map<string, readonly string[]>();

  find(address: TopicAddress): KnownTopic | undefined {
    return this.byAddress.get(addressText(address));
  }

  all(): Iterable<KnownTopic> {
    return this.byAddress.values();
  }

  list(namespace: Namespace, after: string | undefined, max: number): readonly KnownTopic[] {
    const names = this.namesOf(namespace);
    const found: KnownTopic[] = [];
    for (let at = after === undefined ? 0 : placeAfter(names, after); at < names.length && found.length < max; at++) {
      const name = names[at];
      const topic = name === undefined ? undefined : this.find({ ...namespace, name });
      if (topic !== undefined) found.push(topic);
    }
    return found;
  }

  set(topic: KnownTopic): void {
    const text = addressText(topic.address);
    if (!this.byAddress.has(text)) this.namesByNamespace.delete(namespaceText(topic.address));
    this.byAddress.set(text, topic);
  }

  remove(address: TopicAddress): KnownTopic | undefined {
    const text = addressText(address);
    const topic = this.byAddress.get(text);
    if (topic === undefined) return undefined;
    this.byAddress.delete(text);
    this.namesByNamespace.delete(namespaceText(address));
    return topic;
  }

  private namesOf(namespace: Namespace): readonly string[] {
    const text = namespaceText(namespace);
    const known = this.namesByNamespace.get(text);
    if (known !== undefined) return known;
    const names: string[] = [];
    for (const { address } of this.byAddress.values()) if (namespaceText(address) === text) names.push(address.name);
    names.sort(compareTexts);
    this.namesByNamespace.set(text, names);
    return names;
  }
}

/** Those of one topic, by their ids. */
export type SubscriptionsById = ReadonlyMap<string, KnownSubscription>;

export class SubscriptionIndex implements RecordIndex<SubscriptionAddress, KnownSubscription> {
  private readonly byTopic = new Map<string, Map<string, KnownSubscription>>();
  private readonly topicsByEndpoint = new Map<string, Set<KnownSubscription>>();
  count = 0;

  find({ topic, id }: SubscriptionAddress): KnownSubscription | undefined {
    return this.byTopic.get(addressText(topic))?.get(id);
  }

  /** Also those of an earlier topic of the same name that are not swept yet. */
  ofTopic(topic: TopicAddress): SubscriptionsById {
    return this.byTopic.get(addressText(topic)) ?? none;
  }

  /** Those that hand out to one endpoint by one protocol, of any topic. */
  ofEndpoint(protocol: string, endpoint: string): Iterable<KnownSubscription> {
    return this.topicsByEndpoint.get(endpointText(protocol, endpoint)) ?? [];
  }

  *all(): Iterable<KnownSubscription> {
    for (const subscriptions of this.byTopic.values()) yield* subscriptions.values();
  }

  /** Topic by topic in the order of names, and of one topic in the order of ids. */
  list(
    namespace: Namespace,
    after: SubscriptionAddress | undefined,
    max: number,
    isListed?: (subscription: KnownSubscription) => boolean,
  ): readonly KnownSubscription[] {
    const prefix = `${namespaceText(namespace)}\u0000`;
    const topics = [...this.byTopic.keys()].filter((text) => text.startsWith(prefix)).sort(compareTexts);
    const from = after === undefined ? undefined : addressText(after.topic);
    const found: KnownSubscription[] = [];
    for (const topic of topics) {
      if (found.length >= max) break;
      if (from !== undefined && topic < from) continue;
      const left = max - found.length;
      const afterId = topic === from ? after?.id : undefined;
      found.push(...pageOf(this.byTopic.get(topic) ?? none, afterId, left, isListed));
    }
    return found;
  }

  set(subscription: KnownSubscription): void {
    const text = addressText(subscription.address.topic);
    let subscriptions = this.byTopic.get(text);
    if (subscriptions === undefined) {
      subscriptions = new Map();
      this.byTopic.set(text, subscriptions);
    }
    const before = subscriptions.get(subscription.address.id);
    if (before === undefined) this.count++;
    else this.forgetEndpoint(before);
    subscriptions.set(subscription.address.id, subscription);
    const endpoint = endpointText(subscription.protocol, subscription.endpoint);
    const others = this.topicsByEndpoint.get(endpoint);
    if (others === undefined) this.topicsByEndpoint.set(endpoint, new Set([subscription]));
    else others.add(subscription);
  }

  remove({ topic, id }: SubscriptionAddress): KnownSubscription | undefined {
    const text = addressText(topic);
    const subscriptions = this.byTopic.get(text);
    const subscription = subscriptions?.get(id);
    if (subscriptions === undefined || subscription === undefined) return undefined;
    subscriptions.delete(id);
    if (subscriptions.size === 0) this.byTopic.delete(text);
    this.count--;
    this.forgetEndpoint(subscription);
    return subscription;
  }

  private forgetEndpoint(subscription: KnownSubscription): void {
    const text = endpointText(subscription.protocol, subscription.endpoint);
    const others = this.topicsByEndpoint.get(text);
    others?.delete(subscription);
    if (others?.size === 0) this.topicsByEndpoint.delete(text);
  }
}

const none: SubscriptionsById = new Map();

/** In the order of ids, those after `after`. */
export function pageOf(
  subscriptions: SubscriptionsById,
  after: string | undefined,
  max: number,
  isListed: (subscription: KnownSubscription) => boolean = () => true,
): readonly KnownSubscription[] {
  return [...subscriptions.values()]
    .filter((each) => (after === undefined || each.address.id > after) && isListed(each))
    .sort((one, other) => compareTexts(one.address.id, other.address.id))
    .slice(0, max);
}

function endpointText(protocol: string, endpoint: string): string {
  return `${protocol}\u0000${endpoint}`;
}

function namespaceText({ account, region }: Namespace): string {
  return `${account}\u0000${region}`;
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Index of the first of the ordered `names` that is behind `name`. */
function placeAfter(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = names[middle];
    if (at !== undefined && at <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
