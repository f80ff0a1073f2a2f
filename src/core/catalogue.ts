import type { Store, Tally } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Namespace, Queue, QueueAddress, QueueAttributes, QueueId, QueueKind } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import { createDeadLetterLinks } from './dead-letter-links.ts';
import type { Events } from './events.ts';
import { inChunks } from './in-chunks.ts';
import type { QueueIndex } from './queue-index.ts';
import type { KnownQueue } from './queue-record.ts';
import { queueRecords } from './queue-record.ts';
import type { UnwrittenQueue } from './queue-writer.ts';
import { createQueueWriter } from './queue-writer.ts';
import { createRecordReader } from './record-reader.ts';
import { requireAddress } from './validate.ts';

/** What queues there are: records of the store, kept in memory, current on every node. */
export interface Catalogue {
  /** Without asking the store; undefined when there is none. Asks no permission: the verb that follows does. */
  find(address: QueueAddress): Queue | undefined;
  findById(id: QueueId): Queue | undefined;
  /** In name order, those whose name begins with `prefix`, after the name `after`. */
  list(namespace: Namespace, prefix: string, after: string | undefined, max: number): readonly Queue[];
  /** Every queue of every namespace, in no order. */
  all(): Iterable<Queue>;
  /**
   * Makes the queue, durable when it settles.
   * @throws GantryError `access-denied`, `already-exists` (also when two creates race: exactly one wins)
   */
  create(principal: Principal, queue: NewQueue): Promise<Queue>;
  /**
   * Replaces what the change names, leaves the rest.
   * @param change out of the queue as it is when its turn comes, so that of two changes at once neither undoes the other's;
   * called anew when another node was faster; what it throws is thrown, and nothing is changed
   * @throws GantryError `access-denied`, `not-found`
   */
  alter(principal: Principal, address: QueueAddress, change: (queue: Queue) => QueueChange): Promise<Queue>;
  /** Waiting receives end with `not-found`. @throws GantryError `access-denied`, `not-found` */
  drop(principal: Principal, address: QueueAddress): Promise<void>;
  /**
   * Drops every queue that is there when it is called; asks no permission.
   * @param by who is named in the events
   */
  dropAll(by: string): Promise<void>;
  /** @throws GantryError `access-denied`, `not-found` */
  purge(principal: Principal, address: QueueAddress): Promise<void>;
  /** Those whose redrive names `deadLetter`, whether that exists or not; in no order. */
  sourcesOf(deadLetter: QueueAddress): readonly Queue[];
  /** Exact for every commit answered before; in the order asked. */
  tallies(queues: readonly QueueId[]): Promise<readonly Tally[]>;
}
interface NewQueue {
  readonly address: QueueAddress;
  readonly kind: QueueKind;
  readonly attributes: QueueAttributes;
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
interface QueueChange {
  readonly attributes?: Partial<QueueAttributes>;
  readonly extras?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface CatalogueParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly events: Events;
  readonly index: QueueIndex;
  /** Deliveries of one queue in flight at a time; undefined: no limit. */
  readonly leasedMax: number | undefined;
  /** A queue is no more, whoever dropped it. */
  readonly onDropped: (queue: Queue) => void;
}
export interface CatalogueService extends Catalogue {
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createCatalogue(parts: CatalogueParts): CatalogueService {
  const { store, authorize, events, index, leasedMax, onDropped } = parts;
  const { clock } = store;
  const reader = createRecordReader(store, queueRecords, index, onChanged);
  const writer = createQueueWriter(store, index, reader);
  const links = createDeadLetterLinks(index, writer);
  let isStarted = false;

  return {
    async start() {
      if (isStarted) return;
      await reader.start();
      isStarted = true;
      store.onState((state) => {
        if (state === 'ok') void links.mendAll();
      });
      await links.mendAll();
      await limitAll();
    },
    stop: () => reader.stop(),

    find: (address) => index.find(address),
    findById: (id) => index.findById(id),
    list: (namespace, prefix, after, max) => index.list(namespace, prefix, after, max),
    all: () => index.all(),
    sourcesOf: (deadLetter) => index.sourcesOf(deadLetter),
    tallies: (queues) => store.tallies(queues),

    async create(principal, queue) {
      const { address } = queue;
      requireAllowed(authorize, principal, 'create', address);
      requireAddress(address);
      const made = await writer.insert(address, () => making(queue));
      await links.mendSources(address); // Out of the writer's turn: two queues may be each other's dead letter.
      tellChange('queue-created', principal.name, address);
      return index.findById(made.id) ?? made;
    },

    async alter(principal, address, change) {
      requireAllowed(authorize, principal, 'manage', address);
      const altered = await writer.rewrite(address, (queue) => altering(queue, change(queue)));
      if (altered === undefined) throw notFound(address);
      tellChange('queue-altered', principal.name, address);
      return altered;
    },

    async drop(principal, address) {
      requireAllowed(authorize, principal, 'manage', address);
      if (!(await writer.erase(address))) throw notFound(address);
      await links.mendSources(address);
      tellChange('queue-dropped', principal.name, address);
    },

    async dropAll(by) {
      // Sources first: a dead-letter queue that goes before them would have the link of each written anew.
      const queues = [...index.all()];
      const drop = async ({ address }: KnownQueue) => {
        if (await writer.erase(address)) tellChange('queue-dropped', by, address);
      };
      await inChunks(queues.filter(hasDeadLetter), drop);
      await inChunks(
        queues.filter((queue) => !hasDeadLetter(queue)),
        drop,
      );
    },

    async purge(principal, address) {
      requireAllowed(authorize, principal, 'manage', address);
      const queue = index.find(address);
      if (queue === undefined) throw notFound(address);
      const result = await store.commit({ changes: [{ do: 'purge-queue', queue: queue.id }], durability: 'disk' });
      if (!result.ok) throw result.error;
      tellChange('queue-purged', principal.name, address);
    },
  };

  /** The limit may be another than at the last start: each queue that the engine was told otherwise is told anew. */
  async function limitAll(): Promise<void> {
    const isOther = (queue: KnownQueue) => queue.leasedMax !== leasedMax;
    await inChunks([...index.all()].filter(isOther), ({ address }) =>
      writer.rewrite(address, (queue) => (isOther(queue) ? { ...queue, leasedMax } : undefined)),
    );
  }

  /** The index changed, by this node's work or another's. */
  function onChanged(before: KnownQueue | undefined, after: KnownQueue | undefined): void {
    const isAnother = before?.id !== after?.id;
    if (before !== undefined && isAnother) onDropped(before);
    if (!isStarted) return; // While the records are read, half of the links look wrong.
    const changed = after ?? before;
    if (changed !== undefined && isAnother) void links.mendSources(changed.address);
    if (after !== undefined) void links.mend(after);
  }

  function making(queue: NewQueue): UnwrittenQueue {
    const { address, kind, attributes, extras, tags } = queue;
    const now = clock.now();
    return {
      ...{ id: store.newQueueId(), address, kind, attributes, extras, tags, createdAt: now, modifiedAt: now },
      ...{ dedupScopeAtCreation: attributes.dedupScope, deadLetterId: links.idFor(attributes), leasedMax },
    };
  }

  function altering(queue: KnownQueue, change: QueueChange): UnwrittenQueue {
    const attributes = { ...queue.attributes, ...change.attributes };
    return {
      ...queue,
      attributes,
      extras: change.extras ?? queue.extras,
      tags: change.tags ?? queue.tags,
      modifiedAt: clock.now(),
      deadLetterId: links.idFor(attributes),
      leasedMax,
    };
  }

  function tellChange(
    kind: 'queue-created' | 'queue-altered' | 'queue-dropped' | 'queue-purged',
    principal: string,
    queue: QueueAddress,
  ): void {
    if (events.has(kind)) events.tell(kind, { at: clock.now(), queue, principal });
  }
}

function hasDeadLetter({ attributes: { redrive } }: KnownQueue): boolean {
  return redrive !== undefined;
}

function notFound({ name }: QueueAddress): GantryError {
  return new GantryError('not-found', `queue "${name}" does not exist`, { resource: name });
}
