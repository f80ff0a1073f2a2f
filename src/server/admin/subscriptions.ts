import * as v from 'valibot';
import { subscriptionArn } from '../../../protocols/sns/arn.ts';
import type { PushFailure } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import type { QueueAddress } from '../../model/queue.ts';
import type { Subscription, Topic } from '../../model/topic.ts';
import { eachInSlices } from '../definitions/judge.ts';
import {
  type SubscriptionDefinition,
  subscriptionDefinitionSchema,
  subscriptionSettingsSchema,
} from '../definitions/subscription-definition.ts';
import {
  changedDefinition,
  endpointWords,
  judgeSubscription,
  shownSubscription,
  type WantedSubscription,
} from '../definitions/subscription-model.ts';
import { subscriptionStep } from '../definitions/topic-plan.ts';
import { settledWithRoom, subscribeWanted } from '../definitions/topic-steps.ts';
import { text, whole } from '../definitions/values.ts';
import { pathText } from '../schema-problem.ts';
import { type AdminCall, baseUrlOf, created, done, ok, operation } from './operation.ts';
import { subscriptionOf, topicOf } from './topic-of.ts';

const pageMax = 1_000;

/** A subscription as the admin API shows it. */
export interface SubscriptionView {
  readonly id: string;
  readonly topic: string;
  readonly arn: string;
  readonly protocol: string;
  /** `orders`, `https://example.org/hook`: as a definitions file has it. */
  readonly to: string;
  readonly state: 'pending' | 'confirmed';
  /** Messages that wait for its endpoint, where that is outside. */
  readonly waiting: number;
  /** Where its endpoint took nothing since: why the last try was in vain, of which message's tries, and when the next is. */
  readonly lastError?: {
    readonly reason: string;
    readonly statusCode?: number;
    readonly at: string;
    readonly attempt: number;
    readonly nextTryAt?: string;
  };
  readonly owner: string;
  readonly createdAt: string;
  /** As a definitions file has them, with the endpoint; what is as by default is left out. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export const subscriptionOperations = [
  operation({
    method: 'GET',
    path: '/topics/{topic}/subscriptions',
    summary: 'list the subscriptions of a topic, with what waits for each',
    query: v.strictObject({
      after: v.optional(text('the id to go on after: `next` of the page before', 100)),
      max: v.optional(whole({ min: 1, max: pageMax }, 'subscriptions of a page')),
    }),
    answers: { 200: '{subscriptions: [...], next?: the id to go on after}' },
    handle: async (call) => {
      const { after, max = pageMax } = call.query;
      const topic = topicOf(call, 'browse');
      const page = call.parts.broker.topics.subscriptions.ofTopic(topic, after, max);
      const next = page.length < max ? undefined : page.at(-1)?.address.id;
      const subscriptions = await viewsOf(
        call,
        page.filter(({ state }) => state !== 'ended'),
      );
      return ok({ subscriptions, ...(next === undefined ? {} : { next }) });
    },
  }),
  operation({
    method: 'POST',
    path: '/topics/{topic}/subscriptions',
    summary: 'subscribe an endpoint; one that is subscribed already must be as asked',
    body: subscriptionDefinitionSchema,
    answers: {
      201: 'made; it is pending where its endpoint has to confirm it, which it is asked to',
      200: 'it is there as asked',
      409: 'it is there and differs',
    },
    handle: async (call) => {
      const topic = topicOf(call, 'subscribe');
      const wanted = judged(call, topic, call.body);
      const { target } = wanted.endpoint;
      for (const queue of [target.type === 'queue' ? target.queue : undefined, wanted.settings.deadLetter])
        requireQueue(call, queue);
      const known = subscribed(call, topic, wanted);
      if (known !== undefined) requireSame(topic, wanted, known);
      // Also where it is pending: its endpoint is asked again.
      const { parts, principal } = call;
      const made = await subscribeWanted({ sns: parts.sns, principal, baseUrl: baseUrlOf(call) }, topic, wanted);
      const view = await viewOf(call, made);
      return known === undefined ? created(view) : ok(view);
    },
  }),
  operation({
    method: 'GET',
    path: '/topics/{topic}/subscriptions/{subscription}',
    summary: 'show one subscription: state, settings, what waits for its endpoint',
    answers: { 200: 'the subscription', 404: 'there is none of that id' },
    handle: async (call) => ok(await viewOf(call, subscriptionOf(call, 'browse'))),
  }),
  operation({
    method: 'PATCH',
    path: '/topics/{topic}/subscriptions/{subscription}',
    summary: 'change settings of a subscription; what is left out stays, null takes away',
    body: subscriptionSettingsSchema,
    answers: { 200: 'the subscription as it is now' },
    handle: async (call) => {
      const { parts, principal, body } = call;
      const { address } = subscriptionOf(call, 'subscribe');
      const topic = topicOf(call, 'subscribe');
      const altered = await parts.broker.topics.subscriptions.alter(
        principal,
        address,
        (before) => {
          const definition = v.parse(subscriptionDefinitionSchema, changedDefinition(before, body));
          const wanted = judged(call, topic, definition);
          if (body.deadLetter !== undefined) requireQueue(call, wanted.settings.deadLetter);
          return settledWithRoom(parts.sns, before, wanted);
        },
        'subscribe',
      );
      return ok(await viewOf(call, altered));
    },
  }),
  operation({
    method: 'POST',
    path: '/topics/{topic}/subscriptions/{subscription}/confirm',
    summary: 'confirm a subscription in the place of its endpoint: for who may manage the topic',
    answers: { 200: 'the subscription as it is now' },
    handle: async (call) => {
      const { address } = subscriptionOf(call, 'manage');
      const confirmed = await call.parts.broker.topics.subscriptions.alter(
        call.principal,
        address,
        ({ extras }) => ({ state: 'confirmed', extras: { ...extras, ConfirmationWasAuthenticated: 'true' } }),
        undefined,
      );
      return ok(await viewOf(call, confirmed));
    },
  }),
  operation({
    method: 'DELETE',
    path: '/topics/{topic}/subscriptions/{subscription}',
    summary: 'end a subscription; what waits for its endpoint goes with it',
    answers: { 204: 'ended' },
    handle: async (call) => {
      const { address } = subscriptionOf(call, 'subscribe');
      await call.parts.broker.topics.subscriptions.drop(call.principal, address, 'subscribe');
      return done;
    },
  }),
];

/** @throws GantryError `invalid-argument` */
function judged(
  { parts }: AdminCall<unknown, unknown>,
  topic: Topic,
  definition: SubscriptionDefinition,
): WantedSubscription {
  const result = judgeSubscription(topic, definition, parts.sns.filterOptions);
  if ('wanted' in result) return result.wanted;
  throw new GantryError('invalid-argument', `${pathText(result.problem.path)}: ${result.problem.message}`);
}

/** Nobody subscribes a misspelt queue; whoever may not see it learns nothing. @throws GantryError `not-found` */
function requireQueue({ parts, principal }: AdminCall<unknown, unknown>, queue: QueueAddress | undefined): void {
  const { broker } = parts;
  if (queue === undefined || broker.catalogue.find(queue) !== undefined || !broker.mayBrowse(principal, queue)) return;
  const { name, region } = queue;
  throw new GantryError('not-found', `queue "${name}" does not exist in ${region}`, { resource: name });
}

function subscribed(
  { parts }: AdminCall<unknown, unknown>,
  topic: Topic,
  { protocol, endpoint }: WantedSubscription,
): Subscription | undefined {
  for (const one of parts.broker.topics.subscriptions.ofEndpoint(protocol, endpoint.text))
    if (one.topicId === topic.id && one.state !== 'ended') return one;
  return undefined;
}

/** @throws GantryError `already-exists` naming the first setting that differs */
function requireSame({ address }: Topic, wanted: WantedSubscription, known: Subscription): void {
  const step = subscriptionStep(address, wanted, known);
  if (step?.do !== 'alter') return;
  const words = endpointWords(known);
  const text = `"${words}" is subscribed to "${address.name}" already with another ${step.changes[0]?.setting}`;
  throw new GantryError('already-exists', text, {
    resource: known.address.id,
    hint: `change the one that is there: gantry topic sub set ${address.name} ${words}`,
  });
}

async function viewOf(call: AdminCall<unknown, unknown>, subscription: Subscription): Promise<SubscriptionView> {
  const [view] = await viewsOf(call, [subscription]);
  if (view === undefined) throw new GantryError('internal', 'one subscription has one view');
  return view;
}

async function viewsOf(
  { parts }: AdminCall<unknown, unknown>,
  subscriptions: readonly Subscription[],
): Promise<readonly SubscriptionView[]> {
  const { push } = parts.broker.topics;
  const waiting = await push.waiting(subscriptions);
  const views: SubscriptionView[] = [];
  await eachInSlices(subscriptions, (subscription, at) => {
    const { address, protocol, state, owner, createdAt } = subscription;
    views.push({
      ...{ id: address.id, topic: address.topic.name, arn: subscriptionArn(address), protocol },
      ...{ to: endpointWords(subscription), state: state === 'pending' ? state : 'confirmed' },
      ...{ waiting: waiting[at] ?? 0, owner, createdAt: new Date(createdAt).toISOString() },
      ...lastErrorOf(push.failureOf(address)),
      settings: shownSubscription(subscription),
    });
  });
  return views;
}

function lastErrorOf(failure: PushFailure | undefined): Pick<SubscriptionView, 'lastError'> {
  if (failure === undefined) return {};
  const { reason, statusCode, at, attempt, nextTryAt } = failure;
  return {
    lastError: {
      ...{ reason, at: new Date(at).toISOString(), attempt },
      ...(statusCode === undefined ? {} : { statusCode }),
      ...(nextTryAt === undefined ? {} : { nextTryAt: new Date(nextTryAt).toISOString() }),
    },
  };
}
