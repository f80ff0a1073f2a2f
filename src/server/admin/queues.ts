import { setImmediate } from 'node:timers/promises';
import * as v from 'valibot';
import { arnOf } from '../../../protocols/sqs/names.ts';
import type { Tally } from '../../../storage/store.ts';
import { GantryError } from '../../model/errors.ts';
import type { Action } from '../../model/principal.ts';
import type { Queue, QueueAddress } from '../../model/queue.ts';
import { didYouMean } from '../closest.ts';
import { queueDefaults, queueDefinitionSchema, queueSettingsSchema } from '../definitions/queue-definition.ts';
import { checkQueue, kindOfName, settingsChange, shownSettings, withExtras } from '../definitions/queue-model.ts';
import { text, whole } from '../definitions/values.ts';
import { type AdminCall, type AdminParts, created, done, ok, operation } from './operation.ts';

const pageMax = 1_000;
const hintNamesMax = 2_000;
/** Queues whose rights are asked for before others get their turn of the event loop. */
const sliceQueues = 250;

/** A queue as the admin API shows it. Counts are exact; ages in milliseconds, instants as ISO 8601. */
export interface QueueView {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly kind: 'standard' | 'fifo';
  readonly arn: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
  readonly bytes: number;
  readonly oldestAgeMs: number | null;
  readonly totals: Tally['total'];
  readonly createdAt: string;
  readonly modifiedAt: string;
  /** As a definitions file has them; what is as by default is left out. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const { name: _name, account: _account, region: _region, ...settingEntries } = queueDefinitionSchema.entries;
const createSchema = v.strictObject(settingEntries);

export const queueOperations = [
  operation({
    method: 'GET',
    path: '/queues',
    summary: 'list queues by name, with their counts',
    query: v.strictObject({
      prefix: v.optional(text('beginning of the names', 200)),
      after: v.optional(text('the name to go on after: `next` of the page before', 200)),
      max: v.optional(whole({ min: 1, max: pageMax }, 'queues of a page')),
    }),
    answers: { 200: '{queues: [...], next?: the name to go on after}' },
    handle: async (call) => {
      const { prefix = '', after, max = pageMax } = call.query;
      const { queues, next } = await seenPage(call, prefix, after, max);
      const views = await viewsOf(call.parts, queues);
      return ok({ queues: views, ...(next === undefined ? {} : { next }) });
    },
  }),
  operation({
    method: 'GET',
    path: '/queues/{queue}',
    summary: 'show one queue: counts, totals, settings',
    answers: { 200: 'the queue', 404: 'there is none of that name' },
    handle: async (call) => {
      const queue = queueOf(call, 'browse');
      call.parts.broker.requireAllowed(call.principal, 'browse', queue.address);
      return ok(await viewOf(call.parts, queue));
    },
  }),
  operation({
    method: 'PUT',
    path: '/queues/{queue}',
    summary: 'create a queue; one that is there already must be as asked',
    body: createSchema,
    isBodyOptional: true,
    answers: { 201: 'made', 200: 'it is there as asked', 409: 'it is there and differs' },
    handle: async (call) => {
      const { parts, principal, body = {} } = call;
      const { catalogue } = parts.broker;
      const address = queueAddress(call);
      requireName(address);
      // First: what follows tells of this queue and of its dead-letter queue.
      parts.broker.requireAllowed(principal, 'create', address);
      const change = settingsChange(address, body);
      const attributes = { ...queueDefaults, ...change.attributes };
      checkQueue(address, attributes, (one) => catalogue.find(one));
      const known = catalogue.find(address);
      if (known !== undefined) {
        requireSame(known, { ...known, attributes, extras: withExtras({}, change.extras), tags: body.tags ?? {} });
        return ok(await viewOf(parts, known));
      }
      const made = await catalogue.create(principal, {
        ...{ address, kind: kindOfName(address.name), attributes },
        ...{ extras: withExtras({}, change.extras), tags: body.tags ?? {} },
      });
      return created(await viewOf(parts, made));
    },
  }),
  operation({
    method: 'PATCH',
    path: '/queues/{queue}',
    summary: 'change settings of a queue; what is left out stays, null takes away',
    body: queueSettingsSchema,
    answers: { 200: 'the queue as it is now' },
    handle: async (call) => {
      const { parts, body } = call;
      const { catalogue } = parts.broker;
      const { address } = queueOf(call, 'manage');
      const change = settingsChange(address, body);
      const queue = await catalogue.alter(call.principal, address, (before) => {
        checkQueue(address, { ...before.attributes, ...change.attributes }, (one) => catalogue.find(one));
        const extras = withExtras(before.extras, change.extras);
        return { attributes: change.attributes, extras, ...(body.tags === undefined ? {} : { tags: body.tags }) };
      });
      return ok(await viewOf(parts, queue));
    },
  }),
  operation({
    method: 'DELETE',
    path: '/queues/{queue}',
    summary: 'drop a queue with all its messages',
    answers: { 204: 'dropped' },
    handle: async (call) => {
      await call.parts.broker.catalogue.drop(call.principal, queueOf(call, 'manage').address);
      return done;
    },
  }),
  operation({
    method: 'POST',
    path: '/queues/{queue}/purge',
    summary: 'drop all messages of a queue',
    answers: { 204: 'purged' },
    handle: async (call) => {
      await call.parts.broker.catalogue.purge(call.principal, queueOf(call, 'manage').address);
      return done;
    },
  }),
];

function queueAddress({ namespace, params }: AdminCall<unknown, unknown>): QueueAddress {
  return { ...namespace, name: params.queue ?? '' };
}

/**
 * The queues of a page, which are those that the asker may see: another's name is not even where the next page goes on.
 * In slices, for there may be many more than those.
 */
async function seenPage(
  { parts: { broker }, principal, namespace }: AdminCall<unknown, unknown>,
  prefix: string,
  after: string | undefined,
  max: number,
): Promise<{ readonly queues: readonly Queue[]; readonly next: string | undefined }> {
  const seen: Queue[] = [];
  let from = after;
  while (seen.length <= max) {
    const slice = broker.catalogue.list(namespace, prefix, from, sliceQueues);
    seen.push(...slice.filter(({ address }) => broker.mayBrowse(principal, address)));
    from = slice.at(-1)?.address.name;
    if (slice.length < sliceQueues) break;
    await setImmediate();
  }
  const queues = seen.slice(0, max);
  return { queues, next: seen.length > max ? queues.at(-1)?.address.name : undefined };
}

/**
 * @param action that is about to be asked for: who may not do it learns not even that there is no such queue
 * @throws GantryError `access-denied`; `not-found`, with a hint at a name like it that the asker may see
 */
export function queueOf(call: AdminCall<unknown, unknown>, action: Action): Queue {
  return findQueue(call, queueAddress(call), action);
}

/** The same for a queue that is named elsewhere than in the path. @throws GantryError `access-denied`, `not-found` */
export function findQueue(call: AdminCall<unknown, unknown>, address: QueueAddress, action: Action): Queue {
  const { broker } = call.parts;
  const queue = broker.catalogue.find(address);
  if (queue !== undefined) return queue;
  broker.requireAllowed(call.principal, action, address);
  const names = broker.catalogue
    .list(call.namespace, '', undefined, hintNamesMax)
    .map((one) => one.address.name)
    .filter((name) => didYouMean(address.name, [name]) !== '');
  const seen = names.slice(0, 20).filter((name) => broker.mayBrowse(call.principal, { ...address, name }));
  const text = `queue "${address.name}" does not exist in ${address.region}${didYouMean(address.name, seen)}`;
  throw new GantryError('not-found', text, { resource: address.name });
}

/**
 * Of a queue by its id, undefined when it is gone. Asks for no permission: whoever may receive a message is told where it
 * was dead-lettered, as by DeadLetterQueueSourceArn of SQS.
 */
export function queueNames({ parts }: AdminCall<unknown, unknown>): (id: Queue['id']) => string | undefined {
  return (id) => parts.broker.catalogue.findById(id)?.address.name;
}

async function viewOf(parts: AdminParts, queue: Queue): Promise<QueueView> {
  const [view] = await viewsOf(parts, [queue]);
  if (view === undefined) throw new GantryError('internal', 'one queue has one view');
  return view;
}

async function viewsOf({ broker, clock }: AdminParts, queues: readonly Queue[]): Promise<readonly QueueView[]> {
  const tallies = await broker.catalogue.tallies(queues.map(({ id }) => id));
  return queues.flatMap((queue, at) => {
    const tally = tallies[at];
    return tally === undefined ? [] : [toView(queue, tally, clock.now())];
  });
}

function toView(queue: Queue, tally: Tally, now: number): QueueView {
  const { address, kind, createdAt, modifiedAt } = queue;
  const { waiting, delayed, leased, bytes, oldestAt, total } = tally;
  return {
    ...address,
    kind,
    arn: arnOf(address),
    ...{ waiting, inFlight: leased, delayed, bytes },
    oldestAgeMs: oldestAt === undefined ? null : Math.max(0, Math.round(now - oldestAt)),
    totals: total,
    createdAt: new Date(createdAt).toISOString(),
    modifiedAt: new Date(modifiedAt).toISOString(),
    settings: shownSettings(queue),
  };
}

function requireName({ name }: QueueAddress): void {
  const result = v.safeParse(queueDefinitionSchema.entries.name, name);
  if (!result.success)
    throw new GantryError('invalid-argument', `queue name "${name.slice(0, 200)}": ${result.issues[0].message}`);
}

/** @throws GantryError `already-exists` naming the first setting that differs */
function requireSame(known: Queue, asked: Queue): void {
  const is = shownSettings(known);
  const wanted = shownSettings(asked);
  const other = Object.keys({ ...is, ...wanted }).find(
    (key) => JSON.stringify(is[key]) !== JSON.stringify(wanted[key]),
  );
  if (other === undefined) return;
  const { name } = known.address;
  throw new GantryError('already-exists', `queue "${name}" exists already with another ${other}`, {
    resource: name,
    hint: `change the one that is there: gantry queue set ${name}`,
  });
}
