import type { Change, Store, Tally } from '../../storage/store.ts';
import { assert } from '../model/assert.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Namespace, Queue, QueueAddress, QueueAttributes, QueueId, QueueKind } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import type { Events } from './events.ts';
import { limits } from './limits.ts';
import type { QueueIndex } from './queue-index.ts';
import { addressText } from './queue-index.ts';
import { createQueueReader } from './queue-reader.ts';
import type { KnownQueue } from './queue-record.ts';
import { encodeQueueRecord, recordKey } from './queue-record.ts';
import { queueSettings } from './queue-settings.ts';
import { createTurns } from './turns.ts';
import { requireAddress, requireOtherDeadLetter } from './validate.ts';

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
  /** Replaces what is given, leaves the rest. @throws GantryError `access-denied`, `not-found` */
  alter(principal: Principal, address: QueueAddress, change: QueueChange): Promise<Queue>;
  /** Waiting receives end with `not-found`. @throws GantryError `access-denied`, `not-found` */
  drop(principal: Principal, address: QueueAddress): Promise<void>;
  /** @throws GantryError `access-denied`, `not-found` */
  purge(principal: Principal, address: QueueAddress): Promise<void>;
  /** Exact for every commit answered before; in the order asked. */
  tallies(queues: readonly QueueId[]): Promise<readonly Tally[]>;
}
export interface NewQueue {
  readonly address: QueueAddress;
  readonly kind: QueueKind;
  readonly attributes: QueueAttributes;
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
export interface QueueChange {
  readonly attributes?: Partial<QueueAttributes>;
  readonly extras?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface CatalogueParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly events: Events;
  readonly index: QueueIndex;
  /** A queue is no more, whoever dropped it. */
  readonly onDropped: (queue: Queue) => void;
}
export interface CatalogueService extends Catalogue {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What a rewrite makes of a queue; undefined: nothing to do. */
type Rewrite = (queue: KnownQueue) => Omit<KnownQueue, 'version'> | undefined;

/**
 * Every change of a queue is one batch: its record, guarded by the version that this node knows, and what the engine
 * acts on. So the two never disagree, and of two nodes that change one queue the later sees the earlier's work.
 */
export function createCatalogue({ store, authorize, events, index, onDropped }: CatalogueParts): CatalogueService {
  const { clock } = store;
  const turns = createTurns();
  let isStarted = false;
  const reader = createQueueReader(store, index, (before, after) => {
    if (before !== undefined && before.id !== after?.id) onDropped(before);
    if (!isStarted) return; // While the records are read, half of the links look wrong.
    if (before?.id !== after?.id) {
      const address = after?.address ?? before?.address;
      if (address !== undefined) void relinkSources(address);
    }
    if (after !== undefined && isLinkWrong(after)) void relink(after.address);
  });

  function requireKnown(address: QueueAddress): KnownQueue {
    const queue = index.find(address);
    if (queue !== undefined) return queue;
    throw new GantryError('not-found', `queue "${address.name}" does not exist`, { resource: address.name });
  }

  /** The id to tell the engine: of the dead-letter queue that exists now. */
  function deadLetterOf(attributes: QueueAttributes): QueueId | undefined {
    return attributes.redrive === undefined ? undefined : index.find(attributes.redrive.deadLetter)?.id;
  }

  function isLinkWrong(queue: KnownQueue): boolean {
    return deadLetterOf(queue.attributes) !== queue.deadLetterId;
  }

  async function insert(queue: NewQueue): Promise<KnownQueue> {
    const { address, kind, attributes, extras, tags } = queue;
    for (let attempt = 0; attempt < limits.conflictRetryCountMax; attempt++) {
      if (index.find(address) !== undefined) throw alreadyExists(address);
      const now = clock.now();
      const made = {
        ...{ id: store.newQueueId(), address, kind, attributes, extras, tags, createdAt: now, modifiedAt: now },
        ...{ dedupScopeAtCreation: attributes.dedupScope, deadLetterId: deadLetterOf(attributes) },
      };
      const version = await commitRecord(made, 0, {
        do: 'create-queue',
        queue: made.id,
        settings: queueSettings(kind, attributes, made.deadLetterId),
      });
      if (version !== undefined) {
        const known = { ...made, version };
        await reader.adopt(address, undefined, known);
        return known;
      }
      await reader.refresh(address); // Another node was first: the caller may want to see what it made.
    }
    throw tooManyConflicts(address);
  }

  /** @returns the queue as it is afterwards, undefined when it is gone or nothing was to do */
  async function rewrite(address: QueueAddress, next: Rewrite): Promise<KnownQueue | undefined> {
    for (let attempt = 0; attempt < limits.conflictRetryCountMax; attempt++) {
      const before = index.find(address);
      const after = before === undefined ? undefined : next(before);
      if (before === undefined || after === undefined) return undefined;
      const version = await commitRecord(after, before.version, {
        do: 'alter-queue',
        queue: after.id,
        settings: queueSettings(after.kind, after.attributes, after.deadLetterId),
      });
      if (version !== undefined) {
        const known = { ...after, version };
        await reader.adopt(address, before, known);
        return known;
      }
      await reader.refresh(address);
    }
    throw tooManyConflicts(address);
  }

  /** @returns the record's new version, undefined when it has another than `ifVersion` by now */
  async function commitRecord(
    queue: Omit<KnownQueue, 'version'>,
    ifVersion: number,
    change: Change,
  ): Promise<number | undefined> {
    const put = { do: 'put', key: recordKey(queue.address), value: encodeQueueRecord(queue), ifVersion } as const;
    const result = await store.commit({ changes: [put, change], durability: 'disk' });
    if (result.ok) {
      const [done] = result.changes;
      assert(done?.did === 'put', 'a put is answered with the version that it made');
      return done.version;
    }
    if (result.error.code === 'conflict') return undefined;
    throw result.error;
  }

  async function erase(address: QueueAddress): Promise<void> {
    for (let attempt = 0; attempt < limits.conflictRetryCountMax; attempt++) {
      const before = requireKnown(address);
      const result = await store.commit({
        changes: [
          { do: 'forget', key: recordKey(address), ifVersion: before.version },
          { do: 'drop-queue', queue: before.id },
        ],
        durability: 'disk',
      });
      if (result.ok) return reader.adopt(address, before, undefined);
      if (result.error.code !== 'conflict') throw result.error;
      await reader.refresh(address);
    }
    throw tooManyConflicts(address);
  }

  /**
   * Tells the engine which queue now bears the name of this one's dead letter. A failure is no one's to hear: until it
   * is mended the engine leaves entries where they are, and the next change, or the next start, tries again.
   */
  async function relink(address: QueueAddress): Promise<void> {
    const link: Rewrite = (queue) =>
      isLinkWrong(queue) ? { ...queue, deadLetterId: deadLetterOf(queue.attributes) } : undefined;
    try {
      await turns.take(addressText(address), () => rewrite(address, link));
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
    }
  }

  async function relinkSources(deadLetter: QueueAddress): Promise<void> {
    const wrong = index.sourcesOf(deadLetter).filter(isLinkWrong);
    await Promise.all(wrong.map((queue) => relink(queue.address)));
  }

  async function relinkAll(): Promise<void> {
    for (const queue of [...index.all()].filter(isLinkWrong)) await relink(queue.address);
  }

  return {
    async start() {
      if (isStarted) return;
      await reader.start();
      isStarted = true;
      store.onState((state) => {
        if (state === 'ok') void relinkAll();
      });
      await relinkAll();
    },
    stop: () => reader.stop(),

    find: (address) => index.find(address),
    findById: (id) => index.findById(id),
    list: (namespace, prefix, after, max) => index.list(namespace, prefix, after, max),
    all: () => index.all(),
    tallies: (queues) => store.tallies(queues),

    async create(principal, queue) {
      requireAllowed(authorize, principal, 'create', queue.address);
      requireAddress(queue.address);
      requireOtherDeadLetter(queue.address, queue.attributes);
      const made = await turns.take(addressText(queue.address), () => insert(queue));
      await relinkSources(made.address);
      if (events.has('queue-created')) tellChange('queue-created', principal, made.address);
      return index.findById(made.id) ?? made;
    },

    async alter(principal, address, change) {
      requireAllowed(authorize, principal, 'manage', address);
      if (change.attributes !== undefined) requireOtherDeadLetter(address, change.attributes);
      const altered = await turns.take(addressText(address), () =>
        rewrite(address, (queue) => altering(queue, change)),
      );
      if (altered === undefined) return requireKnown(address);
      if (events.has('queue-altered')) tellChange('queue-altered', principal, address);
      return altered;
    },

    async drop(principal, address) {
      requireAllowed(authorize, principal, 'manage', address);
      await turns.take(addressText(address), () => erase(address));
      await relinkSources(address);
      if (events.has('queue-dropped')) tellChange('queue-dropped', principal, address);
    },

    async purge(principal, address) {
      requireAllowed(authorize, principal, 'manage', address);
      const queue = requireKnown(address);
      const result = await store.commit({ changes: [{ do: 'purge-queue', queue: queue.id }], durability: 'disk' });
      if (!result.ok) throw result.error;
      if (events.has('queue-purged')) tellChange('queue-purged', principal, address);
    },
  };

  function altering(queue: KnownQueue, change: QueueChange): Omit<KnownQueue, 'version'> {
    const attributes = change.attributes === undefined ? queue.attributes : { ...queue.attributes, ...change.attributes };
    return {
      ...queue,
      attributes,
      extras: change.extras ?? queue.extras,
      tags: change.tags ?? queue.tags,
      modifiedAt: clock.now(),
      deadLetterId: deadLetterOf(attributes),
    };
  }

  function tellChange(
    kind: 'queue-created' | 'queue-altered' | 'queue-dropped' | 'queue-purged',
    principal: Principal,
    queue: QueueAddress,
  ): void {
    events.tell(kind, { at: clock.now(), queue, principal: principal.name });
  }
}

function alreadyExists(address: QueueAddress): GantryError {
  return new GantryError('already-exists', `queue "${address.name}" exists already`, { resource: address.name });
}

function tooManyConflicts(address: QueueAddress): GantryError {
  return new GantryError('conflict', `queue "${address.name}" is being changed by others all the time`, {
    resource: address.name,
    hint: 'Try again.',
  });
}
