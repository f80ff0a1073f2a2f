/** Which subscriptions of a topic want a message. */
import type { TopicAddress } from '../../model/topic.ts';
import type { FilteredOut } from '../events.ts';
import { addressText } from '../queue-record.ts';
import type { PublishedMessage } from './envelopes.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { KnownTopic } from './topic-record.ts';

export interface Routed {
  readonly subscriptions: readonly KnownSubscription[];
  readonly filteredOut: Readonly<Partial<Record<FilteredOut, number>>>;
}

export class Routes {
  private readonly byTopic = new Map<string, Map<string, KnownSubscription>>();

  /** Keeps up with the records. */
  change(before: KnownSubscription | undefined, after: KnownSubscription | undefined): void {
    if (before?.state === 'confirmed') this.remove(before);
    if (after?.state === 'confirmed') this.add(after);
  }

  match(topic: KnownTopic, _message: Pick<PublishedMessage, 'properties' | 'body'>): Routed {
    const subscriptions = this.byTopic.get(addressText(topic.address));
    if (subscriptions === undefined) return none;
    const wanted: KnownSubscription[] = [];
    for (const subscription of subscriptions.values()) if (subscription.topicId === topic.id) wanted.push(subscription);
    return { subscriptions: wanted, filteredOut: {} };
  }

  hasAny(topic: TopicAddress): boolean {
    return this.byTopic.has(addressText(topic));
  }

  private add(subscription: KnownSubscription): void {
    const text = addressText(subscription.address.topic);
    const subscriptions = this.byTopic.get(text);
    if (subscriptions === undefined) this.byTopic.set(text, new Map([[subscription.address.id, subscription]]));
    else subscriptions.set(subscription.address.id, subscription);
  }

  private remove(subscription: KnownSubscription): void {
    const text = addressText(subscription.address.topic);
    const subscriptions = this.byTopic.get(text);
    subscriptions?.delete(subscription.address.id);
    if (subscriptions?.size === 0) this.byTopic.delete(text);
  }
}

const none: Routed = { subscriptions: [], filteredOut: {} };
