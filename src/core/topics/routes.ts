/** Which subscriptions of a topic want a message: an index of their filter policies for each topic. */
import { isUtf8 } from 'node:buffer';
import {
  type FilteredMessage,
  FilterIndex,
  type FilterOutReason,
  type FilterPolicy,
  FilterView,
  parseFilterPolicy,
} from '../../filter/policy/index.ts';
import { GantryError } from '../../model/errors.ts';
import type { SubscriptionFilter } from '../../model/topic.ts';
import { addressText } from '../queue-record.ts';
import type { PublishedMessage } from './envelopes.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { KnownTopic } from './topic-record.ts';

export interface Routed {
  /** In no order. */
  readonly subscriptions: readonly KnownSubscription[];
  readonly filteredOut: Readonly<Partial<Record<FilterOutReason, number>>>;
}

type Compiled = FilterPolicy | undefined | 'unreadable';

/** What was accepted once stays so, whatever the limits are now. */
const noLimits = { policyBytesMax: Number.MAX_SAFE_INTEGER, keyCountMax: 10_000, combinationCountMax: 1_000_000 };

export class Routes {
  private readonly byTopic = new Map<string, FilterIndex<KnownSubscription>>();
  /** Equal ones are one object (filter-policies.ts). */
  private readonly compiled = new WeakMap<SubscriptionFilter, Compiled>();

  /** Keeps up with the records. */
  change(before: KnownSubscription | undefined, after: KnownSubscription | undefined): void {
    if (before?.state === 'confirmed') this.remove(before);
    if (after?.state === 'confirmed') this.add(after);
  }

  /**
   * @param bodies what the subscriptions of a protocol get instead: to them a filter over the body is about that. All that does
   * not depend on a text is matched once
   */
  match(
    topic: KnownTopic,
    { properties, body }: Pick<PublishedMessage, 'properties' | 'body'>,
    bodies: ReadonlyMap<string, Uint8Array> = noBodies,
  ): Routed {
    const index = this.byTopic.get(addressText(topic.address));
    if (index === undefined) return none;
    const { matched, filteredOut } = index.match(new FilterView(viewed({ properties, body })));
    let wanted = matched;
    if (bodies.size > 0 && index.hasBodyPolicies) {
      const own = matched.filter(({ filter, protocol }) => filter?.scope !== 'body' || !bodies.has(protocol));
      for (const [protocol, text] of bodies) {
        for (const each of index.matchBody(new FilterView(viewed({ properties, body: text }))))
          if (each.protocol === protocol) own.push(each);
      }
      wanted = own;
    }
    // Those of an earlier topic of the same name are swept soon.
    const isOwn = ({ topicId }: KnownSubscription) => topicId === topic.id;
    return { subscriptions: wanted.every(isOwn) ? wanted : wanted.filter(isOwn), filteredOut };
  }

  private add(subscription: KnownSubscription): void {
    const text = addressText(subscription.address.topic);
    let index = this.byTopic.get(text);
    if (index === undefined) {
      index = new FilterIndex();
      this.byTopic.set(text, index);
    }
    const { filter } = subscription;
    const policy = filter === undefined ? undefined : this.compiledOf(filter);
    if (policy !== 'unreadable') index.add(subscription, policy);
  }

  private compiledOf(filter: SubscriptionFilter): Compiled {
    const known = this.compiled.get(filter);
    if (known !== undefined) return known;
    const made = compile(filter);
    this.compiled.set(filter, made);
    return made;
  }

  private remove(subscription: KnownSubscription): void {
    const text = addressText(subscription.address.topic);
    const index = this.byTopic.get(text);
    index?.remove(subscription);
    if (index?.size === 0) this.byTopic.delete(text);
  }
}

const noBodies: ReadonlyMap<string, Uint8Array> = new Map();
const none: Routed = { subscriptions: [], filteredOut: {} };

function viewed({ properties, body }: Pick<PublishedMessage, 'properties' | 'body'>): FilteredMessage {
  return { properties, text: () => (isUtf8(body) ? Buffer.from(body).toString() : undefined) };
}

/** A policy that nobody can read, perhaps of an earlier version, lets nothing through: it may have kept things back. */
function compile({ policy, scope }: SubscriptionFilter): Compiled {
  try {
    return parseFilterPolicy(policy, scope, { isLenient: true, limits: noLimits });
  } catch (error) {
    if (error instanceof GantryError) return 'unreadable';
    throw error;
  }
}
