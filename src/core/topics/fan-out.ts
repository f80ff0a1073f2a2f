/**
 * From one published message to the appends of one batch: for each text that subscribers get (SNS's MessageStructure gives a
 * protocol its own) one append with a target for each subscription, so that a body is stored once.
 */

import type { Change, ChangeResult, Target } from '../../../storage/store.ts';
import type { FilterOutReason } from '../../filter/policy/index.ts';
import { assert } from '../../model/assert.ts';
import type { Instant } from '../../model/clock.ts';
import { encodeHead } from '../../model/head.ts';
import type { Principal } from '../../model/principal.ts';
import type { Queue } from '../../model/queue.ts';
import { type Authorize, findRefusal } from '../authorize.ts';
import type { Events } from '../events.ts';
import { limits } from '../limits.ts';
import { othersTurn } from '../others-turn.ts';
import type { QueueIndex } from '../queue-index.ts';
import { groupOf, routeToQueue } from '../route.ts';
import { messageBytes } from '../validate.ts';
import type { Envelopes, PublishedMessage } from './envelopes.ts';
import { createNotes } from './note.ts';
import type { Routes } from './routes.ts';
import type { KnownSubscription } from './subscription-record.ts';
import type { KnownTopic } from './topic-record.ts';

/** A message that a topic has taken. */
export interface TakenMessage extends PublishedMessage {
  readonly sentAt: Instant;
  /** What the subscribers of a protocol get instead of the body. */
  readonly bodies: ReadonlyMap<string, Uint8Array>;
  readonly baseUrl: string | undefined;
  /** In a FIFO topic. */
  readonly sequence: number | undefined;
  readonly isReplayed: boolean;
}

/** One text and who gets it. */
interface Share {
  readonly body: Uint8Array;
  /** Body and properties; -1: nobody has asked yet. */
  bytes: number;
  /** Of the largest envelope around it; -1: nobody has asked yet. */
  envelopeBytes: number;
  readonly targets: Target[];
  readonly wanted: Wanted[];
  isSealed: boolean;
}
/** What each target is for. */
interface Wanted {
  /** Undefined: the topic's archive. */
  readonly subscription: KnownSubscription | undefined;
  /** Undefined: a queue of a push endpoint. */
  readonly queue: Queue | undefined;
  readonly isDeadLetter: boolean;
}

export interface Plan {
  readonly topic: KnownTopic;
  readonly message: TakenMessage;
  /** Still growing while it is made. */
  readonly shares: Share[];
  readonly counts: Counts;
}
/** As `Notified`, still growing. */
interface Counts {
  delivered: number;
  failed: number;
  filteredOut: Partial<Record<FilterOutReason, number>>;
  deadLettered: number;
  deadLetterFailed: number;
}

export interface FanOutParts {
  readonly events: Events;
  readonly authorize: Authorize;
  readonly queues: QueueIndex;
  readonly routes: Routes;
  readonly envelopes: Envelopes;
}

export interface FanOut {
  /**
   * For each message a plan. A promise only where there are so many subscriptions that others get their turn of the event loop
   * meanwhile.
   */
  plan(topic: KnownTopic, messages: readonly TakenMessage[]): readonly Plan[] | Promise<readonly Plan[]>;
  /** The same for chosen subscriptions, which are not asked whether they want it. */
  planFor(topic: KnownTopic, message: TakenMessage, subscriptions: readonly KnownSubscription[]): Plan;
  /** What goes to the dead-letter queue of one subscription; undefined: it has none that is there. */
  deadLetterOf(
    topic: Pick<KnownTopic, 'kind' | 'address'>,
    subscription: KnownSubscription,
    message: PublishedMessage,
    now: Instant,
  ): Target | undefined;
  /** Asks for what every envelope says, where one is wanted. A promise only where there is something to wait for. */
  changesOf(plan: Plan): readonly Change[] | Promise<readonly Change[]>;
  /**
   * Counts what was delivered. Queues that were dropped while the batch was on its way took nothing.
   * @returns another plan for those who have a dead-letter queue; undefined: all is done
   */
  settle(plan: Plan, results: readonly ChangeResult[]): Plan | undefined;
}

export function createFanOut({ events, authorize, queues, routes, envelopes }: FanOutParts): FanOut {
  const notes = createNotes();
  return { plan, planFor, deadLetterOf, changesOf, settle };

  function plan(topic: KnownTopic, messages: readonly TakenMessage[]): readonly Plan[] | Promise<readonly Plan[]> {
    const plans: Plan[] = [];
    let sinceTurn = 0;
    for (const message of messages) {
      const next = planOne(topic, message);
      if (next instanceof Promise) return planRest(topic, messages, plans, next);
      plans.push(next);
      sinceTurn += sizeOf(next);
      if (sinceTurn >= sliceMax && plans.length < messages.length) return planRest(topic, messages, plans, undefined);
    }
    return plans;
  }

  async function planRest(
    topic: KnownTopic,
    messages: readonly TakenMessage[],
    plans: Plan[],
    next: Promise<Plan> | undefined,
  ): Promise<readonly Plan[]> {
    if (next !== undefined) plans.push(await next);
    for (const message of messages.slice(plans.length)) {
      await othersTurn();
      plans.push(await planOne(topic, message));
    }
    return plans;
  }

  function planOne(topic: KnownTopic, message: TakenMessage): Plan | Promise<Plan> {
    const { subscriptions, filteredOut } = routes.match(topic, message, message.bodies);
    if (subscriptions.length > sliceMax) return planInSlices(topic, message, subscriptions, filteredOut);
    return planned(topic, message, subscriptions, filteredOut);
  }

  function planFor(topic: KnownTopic, message: TakenMessage, subscriptions: readonly KnownSubscription[]): Plan {
    return planned(topic, message, subscriptions, {});
  }

  async function planInSlices(
    topic: KnownTopic,
    message: TakenMessage,
    subscriptions: readonly KnownSubscription[],
    filteredOut: Counts['filteredOut'],
  ): Promise<Plan> {
    const plan = planned(topic, message, subscriptions.slice(0, sliceMax), filteredOut);
    for (let at = sliceMax; at < subscriptions.length; at += sliceMax) {
      await othersTurn();
      addTargets(plan, subscriptions.slice(at, at + sliceMax));
    }
    return plan;
  }

  function planned(
    topic: KnownTopic,
    message: TakenMessage,
    subscriptions: readonly KnownSubscription[],
    filteredOut: Counts['filteredOut'],
  ): Plan {
    const counts: Counts = { delivered: 0, failed: 0, filteredOut, deadLettered: 0, deadLetterFailed: 0 };
    const plan = { topic, message, shares: [], counts };
    addTargets(plan, subscriptions);
    if (topic.archiveId !== undefined && !message.isReplayed) {
      const target = { queue: topic.archiveId };
      const share = shareOf(plan.shares, message.body);
      add(share, target, { subscription: undefined, queue: undefined, isDeadLetter: false });
    }
    return plan;
  }

  function addTargets(plan: Plan, subscriptions: readonly KnownSubscription[]): void {
    const { topic, message, shares } = plan;
    const asker = passingOn(topic);
    for (const subscription of subscriptions) {
      const share = shareOf(shares, message.bodies.get(subscription.protocol) ?? message.body);
      if (subscription.pushId !== undefined) {
        const note = notes.of(subscription, false, message.isReplayed);
        add(share, { queue: subscription.pushId, note }, { subscription, queue: undefined, isDeadLetter: false });
        continue;
      }
      const queue = queueOf(asker, subscription, message, share);
      if (typeof queue === 'string') fail(plan, share, subscription, queue);
      else {
        const target = targetIn(queue, topic, subscription, message, message.sentAt);
        add(share, target, { subscription, queue, isDeadLetter: false });
      }
    }
  }

  /** Where it can be delivered to, or why it never can. */
  function queueOf(
    asker: Principal,
    { target, isRaw }: KnownSubscription,
    message: TakenMessage,
    share: Share,
  ): Queue | string {
    const queue = target.type === 'queue' ? queues.find(target.queue) : undefined;
    if (queue === undefined) return isGone;
    const refusal = findRefusal(authorize, asker, 'send', queue.address);
    if (refusal !== undefined) return refusal.message;
    if (isRaw && message.properties.length > limits.rawPropertiesMax) return hasTooMany;
    if (share.bytes < 0) share.bytes = messageBytes({ ...message, body: share.body, delayMs: undefined });
    const { messageBytesMax } = queue.attributes;
    if (isRaw) return share.bytes > messageBytesMax ? isTooLarge : queue;
    // What an envelope adds is only found out where it may matter: control characters take six bytes each.
    if (share.bytes * 6 + limits.envelopeBytesMax <= messageBytesMax) return queue;
    if (share.envelopeBytes < 0) share.envelopeBytes = envelopes.bytesMax({ ...message, body: share.body });
    return share.envelopeBytes > messageBytesMax ? isTooLarge : queue;
  }

  function fail(
    { topic, message, counts }: Pick<Plan, 'topic' | 'message' | 'counts'>,
    share: Share,
    subscription: KnownSubscription,
    why: string,
  ): void {
    counts.failed++;
    if (events.has('undeliverable')) {
      const { address, target } = subscription;
      const queue = target.type === 'queue' ? target.queue : undefined;
      events.tell('undeliverable', { at: message.sentAt, subscription: address, queue, why });
    }
    if (subscription.deadLetter === undefined) return;
    const target = deadLetterOf(topic, subscription, message, message.sentAt);
    if (target === undefined) counts.deadLetterFailed++;
    else add(share, target, { subscription, queue: queues.find(subscription.deadLetter), isDeadLetter: true });
  }

  function deadLetterOf(
    topic: Pick<KnownTopic, 'kind' | 'address'>,
    subscription: KnownSubscription,
    message: PublishedMessage,
    now: Instant,
  ): Target | undefined {
    const { deadLetter } = subscription;
    const queue = deadLetter === undefined ? undefined : queues.find(deadLetter);
    if (queue === undefined) return undefined;
    if (findRefusal(authorize, passingOn(topic), 'send', queue.address) !== undefined) return undefined;
    return targetIn(queue, topic, subscription, message, now);
  }

  function targetIn(
    queue: Queue,
    topic: Pick<KnownTopic, 'kind'>,
    subscription: KnownSubscription,
    message: PublishedMessage & { readonly isReplayed?: boolean },
    now: Instant,
  ): Target {
    const isUngrouped = topic.kind === 'fifo' && queue.kind === 'standard';
    const isReplayed = message.isReplayed === true;
    const note = notes.of(subscription, isUngrouped, isReplayed);
    const { groupId, dedupId } = message.headers;
    const group = isUngrouped ? undefined : groupOf(queue, groupId);
    // What is replayed is wanted once more, however soon after the first time.
    const dedup = queue.kind === 'fifo' && !isReplayed ? dedupId : undefined;
    const scope = queues.findById(queue.id)?.dedupScopeAtCreation ?? queue.attributes.dedupScope;
    return { ...routeToQueue(queue, scope, group, dedup, undefined, now), note };
  }

  function changesOf({ topic, message, shares }: Plan): readonly Change[] | Promise<readonly Change[]> {
    const changes: (Change | Promise<Change>)[] = [];
    let isWaiting = false;
    for (const share of shares) {
      if (share.targets.length === 0) continue;
      const { envelope } = message.headers;
      if (!share.isSealed || envelope !== undefined) changes.push(appendOf(message, share, envelope));
      else {
        const sealed = envelopes.seal({ ...message, body: share.body }, { ...message, topic });
        if (typeof sealed !== 'string') isWaiting = true;
        changes.push(
          typeof sealed === 'string'
            ? appendOf(message, share, sealed)
            : sealed.then((text) => appendOf(message, share, text)),
        );
      }
    }
    return isWaiting ? Promise.all(changes) : changes.filter(isThere);
  }

  function settle(plan: Plan, results: readonly ChangeResult[]): Plan | undefined {
    const { topic, message, counts } = plan;
    const appended = results.filter((result) => result.did === 'append');
    const again: Share[] = [];
    for (const [at, share] of plan.shares.filter(({ targets }) => targets.length > 0).entries()) {
      const result = appended[at];
      assert(result !== undefined, 'each share is an append');
      for (const [index, outcome] of result.targets.entries()) {
        const wanted = share.wanted[index];
        assert(wanted !== undefined, 'each target is for somebody');
        if (wanted.subscription === undefined) continue;
        if (!('dropped' in outcome)) {
          if (wanted.isDeadLetter) counts.deadLettered++;
          else if (wanted.queue !== undefined) counts.delivered++;
        } else if (wanted.isDeadLetter) counts.deadLetterFailed++;
        else fail(plan, shareOf(again, share.body), wanted.subscription, isGone);
      }
    }
    return again.some(({ targets }) => targets.length > 0) ? { topic, message, shares: again, counts } : undefined;
  }
}

const isGone = 'the queue does not exist';
const isTooLarge = 'the message is larger than the queue takes';
const hasTooMany = `the message has more attributes than the ${limits.rawPropertiesMax} of one that is delivered raw`;

/** Subscriptions that are planned for before others get their turn of the event loop. */
export const sliceMax = 1_000;

/** How many subscriptions it is for. */
export function sizeOf({ shares, counts }: Plan): number {
  let size = counts.failed;
  for (const { targets } of shares) size += targets.length;
  return size;
}

function appendOf({ id, headers, properties }: TakenMessage, share: Share, envelope: string | undefined): Change {
  const head = encodeHead(envelope === undefined ? headers : { ...headers, envelope }, properties);
  const priority = headers.priority ?? limits.priorityDefault;
  return { do: 'append', message: { id, head, body: share.body, priority }, to: share.targets };
}

function shareOf(shares: Share[], body: Uint8Array): Share {
  const known = shares.find((share) => share.body === body);
  if (known !== undefined) return known;
  const share = { body, bytes: -1, envelopeBytes: -1, targets: [], wanted: [], isSealed: false };
  shares.push(share);
  return share;
}

function add(share: Share, target: Target, wanted: Wanted): void {
  share.targets.push(target);
  share.wanted.push(wanted);
  if (wanted.subscription?.isRaw !== true) share.isSealed = true;
}

/** Who sends to a queue what a topic was told: the queue's policy may name it. */
function passingOn({ address }: Pick<KnownTopic, 'address'>): Principal {
  return { name: 'sns.amazonaws.com', account: address.account, isAnonymous: false, topic: address };
}

/** Not still to come. */
export function isThere<T>(value: T | Promise<T>): value is T {
  return !(value instanceof Promise);
}
