import type { Change, QueueSettings, Store } from '../../../storage/store.ts';
import { assert } from '../../model/assert.ts';
import { GantryError } from '../../model/errors.ts';
import type { Principal } from '../../model/principal.ts';
import type { Namespace, QueueId, QueueKind } from '../../model/queue.ts';
import type { Random } from '../../model/random.ts';
import type { Topic, TopicAddress, TopicAttributes } from '../../model/topic.ts';
import { uuidText } from '../../model/uuid.ts';
import { type Authorize, requireAllowedTopic } from '../authorize.ts';
import type { Events } from '../events.ts';
import { inChunks } from '../in-chunks.ts';
import type { RecordReader } from '../record-reader.ts';
import { createRecordWriter } from '../record-writer.ts';
import { requireAddress } from '../validate.ts';
import { archiveSettings, logSettings } from './hidden-queues.ts';
import type { TopicIndex } from './topic-index.ts';
import { encodeTopicRecord, type KnownTopic, topicRecords } from './topic-record.ts';

/** What topics there are: records of the store, kept in memory, current on every node. */
export interface TopicCatalogue {
  /** Without asking the store; undefined when there is none. Asks no permission: the verb that follows does. */
  find(address: TopicAddress): Topic | undefined;
  /** In name order, after the name `after`. */
  list(namespace: Namespace, after: string | undefined, max: number): readonly Topic[];
  /** Every topic of every namespace, in no order. */
  all(): Iterable<Topic>;
  /**
   * Makes the topic, durable when it settles.
   * @throws GantryError `access-denied`, `already-exists` (also when two creates race: exactly one wins)
   */
  create(principal: Principal, topic: NewTopic): Promise<Topic>;
  /**
   * Replaces what the change names, leaves the rest.
   * @param change out of the topic as it is when its turn comes; called anew when another node was faster; what it throws is
   * thrown, and nothing is changed
   * @throws GantryError `access-denied`, `not-found`
   */
  alter(principal: Principal, address: TopicAddress, change: (topic: Topic) => TopicChange): Promise<Topic>;
  /**
   * Its subscriptions end with it, and are swept later.
   * @param check is shown the topic as it is when its turn comes; what it throws is thrown, and nothing is dropped
   * @throws GantryError `access-denied`, `not-found`
   */
  drop(principal: Principal, address: TopicAddress, check?: (topic: Topic) => void): Promise<void>;
  /**
   * Messages in the archive of each, and a mark for each replay that began in that time. @returns in the order asked; undefined
   * where none is kept
   */
  archived(topics: readonly Topic[]): Promise<readonly (number | undefined)[]>;
  /** Asks no permission. @param by who is named in the events */
  dropAll(by: string): Promise<void>;
}
interface NewTopic {
  readonly address: TopicAddress;
  readonly kind: QueueKind;
  readonly attributes: TopicAttributes;
  readonly extras: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}
interface TopicChange {
  readonly attributes?: Partial<TopicAttributes>;
  readonly extras?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface TopicCatalogueParts {
  readonly store: Store;
  readonly authorize: Authorize;
  readonly random: Random;
  readonly events: Events;
  readonly index: TopicIndex;
  readonly reader: RecordReader<TopicAddress, KnownTopic>;
}

export function createTopicCatalogue(parts: TopicCatalogueParts): TopicCatalogue {
  const { store, authorize, random, events, index, reader } = parts;
  const { clock } = store;
  const writer = createRecordWriter({
    ...{ store, kind: topicRecords, index, reader, encode: encodeTopicRecord },
    nameOf: ({ name }) => ({ what: `topic "${name}"`, resource: name }),
  });

  return {
    find: (address) => index.find(address),
    list: (namespace, after, max) => index.list(namespace, after, max),
    all: () => index.all(),

    async create(principal, { address, kind, attributes, extras, tags }) {
      requireAllowedTopic(authorize, principal, 'create', address);
      requireAddress(address);
      const now = clock.now();
      const { after } = await writer.change(address, (before) => {
        if (before !== undefined) {
          throw new GantryError('already-exists', `topic "${address.name}" exists already`, { resource: address.name });
        }
        const logId = kind === 'fifo' ? store.newQueueId() : undefined;
        const topic = {
          ...{ id: uuidText(random.uuid()), address, kind, attributes, extras, tags, createdAt: now, modifiedAt: now },
          ...{ logId, archiveId: undefined, archivedSince: undefined },
        };
        const log = logId === undefined ? [] : [creating(logId, logSettings)];
        const archive = archiveOf({ ...topic, version: 0 }, attributes.archiveMs);
        return { after: { ...topic, ...archive.fields }, changes: [...log, ...archive.changes] };
      });
      assert(after !== undefined, 'what was made is there');
      tellChange('topic-created', principal.name, address);
      return after;
    },

    async alter(principal, address, change) {
      requireAllowedTopic(authorize, principal, 'manage', address);
      const { after } = await writer.change(address, (before) => {
        if (before === undefined) throw noSuchTopic(address);
        const wanted = change(before);
        const attributes = { ...before.attributes, ...wanted.attributes };
        const { changes, fields } = archiveOf(before, attributes.archiveMs);
        const { extras = before.extras, tags = before.tags } = wanted;
        return { after: { ...before, attributes, extras, tags, modifiedAt: clock.now(), ...fields }, changes };
      });
      assert(after !== undefined, 'what was altered is there');
      tellChange('topic-altered', principal.name, address);
      return after;
    },

    async drop(principal, address, check) {
      requireAllowedTopic(authorize, principal, 'manage', address);
      if (!(await erase(address, check))) throw noSuchTopic(address);
      tellChange('topic-dropped', principal.name, address);
    },

    async archived(asked) {
      const ids = asked.map(({ address, id }) => {
        const known = index.find(address);
        return known?.id === id ? known.archiveId : undefined;
      });
      const known = ids.flatMap((id) => id ?? []);
      const tallies = known.length === 0 ? [] : await store.tallies(known);
      let next = 0;
      return ids.map((id) => (id === undefined ? undefined : (tallies[next++]?.waiting ?? 0)));
    },

    async dropAll(by) {
      await inChunks([...index.all()], async ({ address }) => {
        if (await erase(address)) tellChange('topic-dropped', by, address);
      });
    },
  };

  async function erase(address: TopicAddress, check?: (topic: Topic) => void): Promise<boolean> {
    const { isChanged } = await writer.change(address, (before) => {
      if (before === undefined) return undefined;
      check?.(before);
      const hidden = [before.logId, before.archiveId].flatMap((queue) => queue ?? []);
      return { after: undefined, changes: hidden.map((queue) => ({ do: 'drop-queue', queue })) };
    });
    return isChanged;
  }

  /** What an archive of `archiveMs` takes: a queue is made, altered or dropped with the record. */
  function archiveOf(topic: KnownTopic, archiveMs: number | undefined) {
    const { archiveId } = topic;
    if (archiveMs === undefined) {
      const changes: readonly Change[] = archiveId === undefined ? [] : [{ do: 'drop-queue', queue: archiveId }];
      return { changes, fields: { archiveId: undefined, archivedSince: undefined } };
    }
    const settings = archiveSettings(archiveMs);
    if (archiveId !== undefined) {
      const changes: readonly Change[] =
        archiveMs === topic.attributes.archiveMs ? [] : [{ do: 'alter-queue', queue: archiveId, settings }];
      return { changes, fields: {} };
    }
    const made = store.newQueueId();
    return { changes: [creating(made, settings)], fields: { archiveId: made, archivedSince: clock.now() } };
  }

  function tellChange(
    kind: 'topic-created' | 'topic-altered' | 'topic-dropped',
    principal: string,
    topic: TopicAddress,
  ): void {
    if (events.has(kind)) events.tell(kind, { at: clock.now(), topic, principal });
  }
}

function creating(queue: QueueId, settings: QueueSettings): Change {
  return { do: 'create-queue', queue, settings };
}

export function noSuchTopic({ name }: TopicAddress): GantryError {
  return new GantryError('not-found', `topic "${name}" does not exist`, { resource: name });
}
