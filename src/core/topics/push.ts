/**
 * Hands messages to endpoints outside: HTTP, mail, functions. Each such subscription has a hidden queue of its own, which the
 * publish fills in its one batch; from there a message is leased, sent, and acknowledged when its endpoint has taken it. What
 * should be tried again goes back for as long as its protocol says, what was given up goes to the subscription's dead-letter
 * queue in the commit that takes it out. So a crash forgets nothing, and a slow endpoint keeps nobody else waiting.
 */
import type { Change, ChangeResult, Delivery, Store } from '../../../storage/store.ts';
import { GantryError } from '../../model/errors.ts';
import { decodeHead, encodeHead } from '../../model/head.ts';
import type { Property } from '../../model/message.ts';
import type { Random } from '../../model/random.ts';
import type { Subscription, SubscriptionAddress, Topic } from '../../model/topic.ts';
import { commitResults } from '../commit-result.ts';
import type { Events } from '../events.ts';
import { limits } from '../limits.ts';
import type { PushOutcome } from '../push-outcome.ts';
import type { Drains } from './drains.ts';
import type { PublishedMessage } from './envelopes.ts';
import type { FanOut } from './fan-out.ts';
import { decodeNote, type Note } from './note.ts';
import { type PushFailure, PushFailures } from './push-failures.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { SubscriptionIndex, TopicIndex } from './topic-index.ts';

/** One message for one endpoint. */
export interface Push {
  readonly subscription: Subscription;
  /** Undefined: it was dropped meanwhile. */
  readonly topic: Topic | undefined;
  /** As it was published; undefined `note`: it is for this endpoint alone, as it is (a confirmation). */
  readonly message: PublishedMessage;
  readonly note: Note | undefined;
  /** 1 at first. */
  readonly attempt: number;
}

/** Whoever speaks the protocols of endpoints. */
export interface PushGateway {
  /** Never throws for what an endpoint does. @param signal the broker stops */
  send(push: Push, signal: AbortSignal): Promise<PushOutcome>;
  /** @returns milliseconds until the next try; undefined: it is given up */
  retryDelayMs(push: Push, outcome: PushOutcome & { readonly type: 'retry' }): number | undefined;
  /** How many messages may be under way to this endpoint at a time. */
  inFlightMax(subscription: Subscription): number;
  /** It did not take the last one, or took long over it: what is under way to such endpoints takes no room from the others. */
  isSlow(subscription: Subscription): boolean;
  /** Host and port, say, for whose few connections its messages wait with those of others; undefined: they wait for nothing. */
  siteOf(subscription: Subscription): string | undefined;
}

export interface Pushes {
  /** Begins to hand out; without a gateway all waits. */
  serve(gateway: PushGateway): void;
  /** Keeps up with the records. */
  change(before: KnownSubscription | undefined, after: KnownSubscription | undefined): void;
  /**
   * Sends something to one endpoint alone, whether it is confirmed or not: durable when it settles.
   * @throws GantryError `not-found`, or what the store refused with
   */
  tell(
    address: SubscriptionAddress,
    message: { readonly properties: readonly Property[]; readonly body: Uint8Array; readonly delayMs?: number },
  ): Promise<void>;
  /** Messages that wait for each endpoint. @returns in the order asked; 0 where there is no queue */
  waiting(subscriptions: readonly Subscription[]): Promise<readonly number[]>;
  /** @returns undefined: it took what was sent last, or nothing was since the start */
  failureOf(address: SubscriptionAddress): PushFailure | undefined;
  stop(): void;
}

export interface PushParts {
  readonly store: Store;
  readonly random: Random;
  readonly events: Events;
  readonly topics: TopicIndex;
  readonly subscriptions: SubscriptionIndex;
  readonly fanOut: FanOut;
  readonly drains: Drains;
}

export function createPushes(parts: PushParts): Pushes {
  const { store, random, events, topics, subscriptions, fanOut, drains } = parts;
  const { clock } = store;
  const ending = new AbortController();
  const failures = new PushFailures();
  let gateway: PushGateway | undefined;

  return {
    serve(given) {
      gateway = given;
      for (const subscription of subscriptions.all()) add(subscription);
    },
    change(before, after) {
      if (before !== undefined && after === undefined) failures.forget(before.address);
      if (before?.pushId !== undefined && before.pushId !== after?.pushId) drains.remove(before.pushId);
      if (after !== undefined && before?.pushId !== after.pushId) add(after);
    },
    async tell(address, { properties, body, delayMs = 0 }) {
      const queue = subscriptions.find(address)?.pushId;
      if (queue === undefined) throw new GantryError('not-found', `subscription "${address.id}" has no endpoint`);
      const head = encodeHead({ sentAt: clock.now() }, properties);
      const message = { id: random.uuid(), head, body, priority: limits.priorityDefault };
      const to = [delayMs > 0 ? { queue, visibleAt: clock.now() + delayMs } : { queue }];
      const result = await store.commit({ changes: [{ do: 'append', message, to }], durability: 'disk' });
      if (!result.ok) throw result.error;
    },
    async waiting(asked) {
      const ids = asked.map(({ address }) => subscriptions.find(address)?.pushId);
      const known = ids.flatMap((id) => id ?? []);
      const tallies = known.length === 0 ? [] : await store.tallies(known);
      let next = 0;
      return ids.map((id) => {
        const tally = id === undefined ? undefined : tallies[next++];
        return tally === undefined ? 0 : tally.waiting + tally.delayed + tally.leased;
      });
    },
    failureOf: (address) => failures.of(address),
    stop: () => ending.abort(),
  };

  function add({ address, pushId }: KnownSubscription): void {
    if (pushId === undefined || gateway === undefined) return;
    const serving = gateway;
    const current = () => subscriptions.find(address);
    drains.add({
      queue: pushId,
      kind: () => {
        const subscription = current();
        return subscription !== undefined && serving.isSlow(subscription) ? 'slow' : 'push';
      },
      site: () => {
        const subscription = current();
        return subscription && serving.siteOf(subscription);
      },
      inFlightMax: () => {
        const subscription = current();
        return subscription === undefined ? 0 : serving.inFlightMax(subscription);
      },
      handle: async (deliveries) => {
        await Promise.all(deliveries.map((delivery) => handOut(serving, current(), delivery)));
      },
    });
  }

  async function handOut(
    serving: PushGateway,
    subscription: KnownSubscription | undefined,
    delivery: Delivery,
  ): Promise<void> {
    if (subscription === undefined) return; // Its queue went with it.
    const push = pushOf(subscription, delivery);
    const outcome = await serving.send(push, ending.signal);
    if (ending.signal.aborted && outcome.type !== 'delivered') return; // It is the store's again with this process.
    const { address } = subscription;
    if (outcome.type === 'delivered') {
      failures.forget(address);
      const isSettled = (await settle([ack(delivery)])) !== undefined;
      if (isSettled && push.note !== undefined) tell(push, { delivered: 1 });
      return;
    }
    const delayMs = outcome.type === 'retry' ? serving.retryDelayMs(push, outcome) : undefined;
    const at = clock.now();
    const nextTryAt = delayMs === undefined ? undefined : at + delayMs;
    const { reason, statusCode } = outcome;
    // One that was dropped meanwhile would be remembered for nobody.
    if (subscriptions.find(address) !== undefined)
      failures.note(address, { reason, statusCode, at, attempt: push.attempt, nextTryAt });
    if (nextTryAt === undefined) await giveUp(push, subscription, delivery);
    else await settle([back(delivery, nextTryAt)]);
  }

  function pushOf(subscription: KnownSubscription, delivery: Delivery): Push {
    const { id, head, body, note, deliveries } = delivery;
    const topic = topics.find(subscription.address.topic);
    return {
      subscription,
      topic: topic?.id === subscription.topicId ? topic : undefined,
      message: { id, ...decodeHead(head), body: body instanceof Uint8Array ? body : new Uint8Array() },
      note: note === undefined ? undefined : decodeNote(note),
      attempt: deliveries,
    };
  }

  async function giveUp(push: Push, subscription: KnownSubscription, delivery: Delivery): Promise<void> {
    const { message, note } = push;
    if (note === undefined) return void (await settle([ack(delivery)])); // It was no message of the topic.
    const topic = { kind: 'standard', address: subscription.address.topic } as const;
    const target = fanOut.deadLetterOf(topic, subscription, message, clock.now());
    const isWanted = subscription.deadLetter !== undefined;
    if (target === undefined) {
      const isSettled = (await settle([ack(delivery)])) !== undefined;
      if (isSettled) tell(push, { failed: 1, deadLetterFailed: isWanted ? 1 : 0 });
      return;
    }
    const { id, body } = message;
    const moved = { id, head: delivery.head, body, priority: limits.priorityDefault };
    const results = await settle([{ do: 'append', message: moved, to: [target] }, ack(delivery)]);
    if (results === undefined) return; // It comes again, and is given up then.
    const [appended] = results;
    const isTaken = appended?.did === 'append' && appended.targets.every((each) => !('dropped' in each));
    tell(push, isTaken ? { failed: 1, deadLettered: 1 } : { failed: 1, deadLetterFailed: 1 });
  }

  /**
   * What the store does not take now comes again when it is well: the message is still there.
   * @returns undefined: it did not take it
   */
  async function settle(changes: readonly Change[]): Promise<readonly ChangeResult[] | undefined> {
    const results = await commit(changes);
    if (results !== undefined) return results;
    const visibleAt = clock.now() + retryMs;
    const settlement = changes.find((change) => change.do === 'settle');
    // It was the store's fault: no try of the endpoint's is lost by it.
    if (settlement?.do === 'settle')
      await commit([{ ...settlement, as: { type: 'release', isCounted: false, visibleAt } }]);
    return undefined;
  }

  async function commit(changes: readonly Change[]): Promise<readonly ChangeResult[] | undefined> {
    const [result] = await commitResults(store, [{ changes, durability: 'disk' }]);
    return result?.ok === true ? result.changes : undefined;
  }

  function tell(
    { subscription }: Push,
    counts: { delivered?: number; failed?: number; deadLettered?: number; deadLetterFailed?: number },
  ): void {
    if (!events.has('notified')) return;
    const nothing = { delivered: 0, failed: 0, filteredOut: {}, deadLettered: 0, deadLetterFailed: 0 };
    events.tell('notified', { at: clock.now(), topic: subscription.address.topic, ...nothing, ...counts });
  }
}

const retryMs = 1_000;

function ack({ queue, receipt }: Delivery): Change {
  return { do: 'settle', queue, receipt, as: { type: 'ack' } };
}

function back({ queue, receipt }: Delivery, visibleAt: number): Change {
  return { do: 'settle', queue, receipt, as: { type: 'release', isCounted: true, visibleAt } };
}
