import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { topicArn } from '../../../protocols/sns/arn.ts';
import { GantryError } from '../../model/errors.ts';
import type { Topic } from '../../model/topic.ts';
import { kindOfName, withExtras } from '../definitions/queue-model.ts';
import { topicDefinitionSchema, topicName, topicSettingsSchema } from '../definitions/topic-definition.ts';
import { shownTopicSettings, topicChange, topicDefaults } from '../definitions/topic-model.ts';
import { text, whole } from '../definitions/values.ts';
import { pushesWaiting } from '../push-counts.ts';
import { type AdminCall, created, done, ok, operation } from './operation.ts';
import { maySeeTopic, topicAddress, topicOf } from './topic-of.ts';

const pageMax = 1_000;
/** Topics whose rights are asked for before others get their turn of the event loop. */
const sliceTopics = 250;

/** A topic as the admin API shows it. Counts of messages are since the start; instants as ISO 8601. */
export interface TopicView {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly kind: 'standard' | 'fifo';
  readonly arn: string;
  readonly subscriptions: { readonly confirmed: number; readonly pending: number };
  /** Messages that wait for endpoints outside. */
  readonly waiting: number;
  /** Messages that can be replayed, each replay that began counted as one; left out where no archive is kept. */
  readonly archived?: number;
  readonly totals: Readonly<Record<string, number>>;
  /** By the reason. */
  readonly filteredOut: Readonly<Record<string, number>>;
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** As a definitions file has them; what is as by default is left out. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const {
  name: _name,
  account: _account,
  region: _region,
  subscriptions: _subscriptions,
  ...settingEntries
} = topicDefinitionSchema.entries;
const createSchema = v.strictObject(settingEntries);

export const topicOperations = [
  operation({
    method: 'GET',
    path: '/topics',
    summary: 'list topics by name, with the counts of their subscriptions and of what passed through since the start',
    query: v.strictObject({
      prefix: v.optional(text('beginning of the names', 300)),
      after: v.optional(text('the name to go on after: `next` of the page before', 300)),
      max: v.optional(whole({ min: 1, max: pageMax }, 'topics of a page')),
    }),
    answers: { 200: '{topics: [...], next?: the name to go on after}' },
    handle: async (call) => {
      const { prefix = '', after, max = pageMax } = call.query;
      const { topics, next } = await seenPage(call, prefix, after, max);
      const views = await viewsOf(call, topics);
      return ok({ topics: views, ...(next === undefined ? {} : { next }) });
    },
  }),
  operation({
    method: 'GET',
    path: '/topics/{topic}',
    summary: 'show one topic: subscriptions, counts since the start, settings',
    answers: { 200: 'the topic', 404: 'there is none of that name' },
    handle: async (call) => ok(await viewOf(call, topicOf(call, 'browse'))),
  }),
  operation({
    method: 'PUT',
    path: '/topics/{topic}',
    summary: 'create a topic; one that is there already must be as asked',
    body: createSchema,
    isBodyOptional: true,
    answers: { 201: 'made', 200: 'it is there as asked', 409: 'it is there and differs' },
    handle: async (call) => {
      const { parts, principal, body = {} } = call;
      const { catalogue, requireAllowed } = parts.broker.topics;
      const address = topicAddress(call);
      requireName(address.name);
      requireAllowed(principal, 'create', address);
      const change = topicChange(address.name, body);
      const wanted = {
        ...{ address, kind: kindOfName(address.name), attributes: { ...topicDefaults, ...change.attributes } },
        ...{ extras: withExtras({}, change.extras), tags: body.tags ?? {} },
      };
      const known = catalogue.find(address);
      if (known === undefined) return created(await viewOf(call, await catalogue.create(principal, wanted)));
      requireSame(known, { ...known, ...wanted, tags: body.tags ?? known.tags });
      return ok(await viewOf(call, known));
    },
  }),
  operation({
    method: 'PATCH',
    path: '/topics/{topic}',
    summary: 'change settings of a topic; what is left out stays, null takes away',
    body: topicSettingsSchema,
    answers: { 200: 'the topic as it is now' },
    handle: async (call) => {
      const { parts, principal, body } = call;
      const { address } = topicOf(call, 'manage');
      const change = topicChange(address.name, body);
      const topic = await parts.broker.topics.catalogue.alter(principal, address, (before) => ({
        attributes: change.attributes,
        extras: withExtras(before.extras, change.extras),
        ...(body.tags === undefined ? {} : { tags: body.tags }),
      }));
      return ok(await viewOf(call, topic));
    },
  }),
  operation({
    method: 'DELETE',
    path: '/topics/{topic}',
    summary: 'drop a topic with its subscriptions, and what waits for endpoints outside',
    answers: { 204: 'dropped' },
    handle: async (call) => {
      await call.parts.broker.topics.catalogue.drop(call.principal, topicOf(call, 'manage').address);
      return done;
    },
  }),
];

/** The topics of a page, which are those that the asker may see. In slices, for there may be many more than those. */
async function seenPage(
  call: AdminCall<unknown, unknown>,
  prefix: string,
  after: string | undefined,
  max: number,
): Promise<{ readonly topics: readonly Topic[]; readonly next: string | undefined }> {
  const { catalogue } = call.parts.broker.topics;
  const seen: Topic[] = [];
  let from = after;
  while (seen.length <= max) {
    const slice = catalogue.list(call.namespace, from, sliceTopics);
    seen.push(...slice.filter(({ address }) => address.name.startsWith(prefix) && maySeeTopic(call, address)));
    from = slice.at(-1)?.address.name;
    const isPast = from !== undefined && from > prefix && !from.startsWith(prefix);
    if (slice.length < sliceTopics || isPast) break;
    await setImmediate();
  }
  const topics = seen.slice(0, max);
  return { topics, next: seen.length > max ? topics.at(-1)?.address.name : undefined };
}

async function viewOf(call: AdminCall<unknown, unknown>, topic: Topic): Promise<TopicView> {
  const [view] = await viewsOf(call, [topic]);
  if (view === undefined) throw new GantryError('internal', 'one topic has one view');
  return view;
}

async function viewsOf(
  { parts }: AdminCall<unknown, unknown>,
  topics: readonly Topic[],
): Promise<readonly TopicView[]> {
  const { catalogue, subscriptions } = parts.broker.topics;
  const waiting = await pushesWaiting(parts.broker.topics, topics);
  const archives = await catalogue.archived(topics);
  return topics.map((topic, at) => {
    const archived = archives[at];
    const { filteredOut, ...totals } = parts.topicCounts(topic.address);
    const { address, kind, createdAt, modifiedAt } = topic;
    const { confirmed, pending } = subscriptions.countsOf(topic);
    return {
      ...{ ...address, kind, arn: topicArn(address), subscriptions: { confirmed, pending } },
      waiting: waiting[at] ?? 0,
      ...(archived === undefined ? {} : { archived }),
      ...{ totals, filteredOut: Object.fromEntries(filteredOut) },
      createdAt: new Date(createdAt).toISOString(),
      modifiedAt: new Date(modifiedAt).toISOString(),
      settings: shownTopicSettings(topic),
    };
  });
}

function requireName(name: string): void {
  const result = v.safeParse(topicName, name);
  if (!result.success)
    throw new GantryError('invalid-argument', `topic name "${name.slice(0, 200)}": ${result.issues[0].message}`);
}

/** @throws GantryError `already-exists` naming the first setting that differs */
function requireSame(known: Topic, asked: Topic): void {
  const is = shownTopicSettings(known);
  const wanted = shownTopicSettings(asked);
  const other = Object.keys({ ...is, ...wanted }).find(
    (key) => JSON.stringify(is[key]) !== JSON.stringify(wanted[key]),
  );
  if (other === undefined) return;
  const { name } = known.address;
  throw new GantryError(
    'already-exists',
    `topic "${name}" exists already with ${other === 'tags' ? 'other tags' : `another ${other}`}`,
    {
      resource: name,
      hint: `change the one that is there: gantry topic set ${name}`,
    },
  );
}
