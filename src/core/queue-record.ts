/**
 * A queue as its record in the store holds it: JSON, so that a person with the database's shell can read it, with a
 * version `v` so that a later Gantry can tell it from its own.
 */
import type { RecordKey } from '../../storage/store.ts';
import type {
  Namespace,
  Queue,
  QueueAddress,
  QueueAttributes,
  QueueId,
  Redrive,
  RedriveAllow,
} from '../model/queue.ts';
import { type RecordFields, readRecord } from './record-fields.ts';
import type { RecordKind } from './record-reader.ts';

const version = 1;

/** What the catalogue knows of a queue beyond what everybody sees. */
export interface KnownQueue extends Queue {
  /** The record's version in the store. */
  readonly version: number;
  /** Acts instead of the attribute, which only shows when it is changed after the creation [SQS 1.4]. */
  readonly dedupScopeAtCreation: QueueAttributes['dedupScope'];
  /** The dead-letter queue that the engine was told together with this version of the record. */
  readonly deadLetterId: QueueId | undefined;
  /** The most deliveries in flight that the engine was told together with this version; undefined: no limit. */
  readonly leasedMax: number | undefined;
}

/** The queues among the records. */
export const queueRecords: RecordKind<QueueAddress, KnownQueue> = {
  prefix: ['queue'],
  textOf: addressText,
  keyOf: recordKey,
  addressOf: addressOfKey,
  sharing: sharingNamespace,
  decode: decodeQueueRecord,
  isSame: (one, other) => one.id === other.id,
};

/** One text for one address: no part may contain U+0000. */
export function addressText({ account, region, name }: QueueAddress): string {
  return `${account}\u0000${region}\u0000${name}`;
}

/** Records come in key order: each takes the texts of its neighbour instead of keeping two of its own. */
export function sharingNamespace(address: QueueAddress, neighbour: QueueAddress): QueueAddress {
  if (neighbour.account !== address.account || neighbour.region !== address.region) return address;
  return { account: neighbour.account, region: neighbour.region, name: address.name };
}

export function recordKey(address: QueueAddress): RecordKey {
  return ['queue', address.account, address.region, address.name];
}

/** Undefined when the key is none of a queue. */
export function addressOfKey(key: RecordKey): QueueAddress | undefined {
  const [kind, account, region, name, ...rest] = key;
  if (kind !== 'queue' || rest.length > 0) return undefined;
  if (typeof account !== 'string' || typeof region !== 'string' || typeof name !== 'string') return undefined;
  return { account, region, name };
}

export function encodeQueueRecord(queue: Omit<KnownQueue, 'version'>): Uint8Array {
  const { id, kind, attributes, extras, tags, createdAt, modifiedAt, dedupScopeAtCreation, deadLetterId, leasedMax } =
    queue;
  const record = {
    v: version,
    id,
    kind,
    createdAt,
    modifiedAt,
    dedupScopeAtCreation,
    deadLetterId,
    leasedMax,
    attributes,
    extras,
    tags,
  };
  return Buffer.from(JSON.stringify(record));
}

/** @throws GantryError `internal` when the record is of a later version or not one of ours */
export function decodeQueueRecord(address: QueueAddress, value: Uint8Array, recordVersion: number): KnownQueue {
  const fields = readRecord(value, `queue "${address.name}"`, address.name);
  fields.requireVersion(version);
  return {
    id: queueId(fields.number('id')),
    address,
    kind: fields.oneOf('kind', ['standard', 'fifo']),
    attributes: attributesOf(fields.fields('attributes'), address),
    extras: fields.texts('extras'),
    tags: fields.texts('tags'),
    createdAt: fields.number('createdAt'),
    modifiedAt: fields.number('modifiedAt'),
    version: recordVersion,
    dedupScopeAtCreation: fields.oneOf('dedupScopeAtCreation', ['queue', 'message-group']),
    deadLetterId: fields.has('deadLetterId') ? queueId(fields.number('deadLetterId')) : undefined,
    leasedMax: fields.has('leasedMax') ? fields.number('leasedMax') : undefined,
  };
}

function queueId(id: number): QueueId {
  return id as QueueId;
}

function attributesOf(fields: RecordFields, namespace: Namespace): QueueAttributes {
  return {
    delayMs: fields.number('delayMs'),
    leaseMs: fields.number('leaseMs'),
    retentionMs: fields.has('retentionMs') ? fields.number('retentionMs') : undefined,
    messageBytesMax: fields.number('messageBytesMax'),
    receiveWaitMs: fields.number('receiveWaitMs'),
    isContentDeduplicated: fields.boolean('isContentDeduplicated'),
    dedupScope: fields.oneOf('dedupScope', ['queue', 'message-group']),
    throughputScope: fields.oneOf('throughputScope', ['queue', 'message-group']),
    redrive: fields.has('redrive') ? redriveOf(fields.fields('redrive'), namespace) : undefined,
    redriveAllow: fields.has('redriveAllow') ? redriveAllowOf(fields.fields('redriveAllow'), namespace) : undefined,
    policy: fields.has('policy') ? fields.text('policy') : undefined,
  };
}

function redriveOf(fields: RecordFields, namespace: Namespace): Redrive {
  return {
    deadLetter: addressOf(fields.fields('deadLetter'), namespace),
    deliveryCountMax: fields.number('deliveryCountMax'),
  };
}

function redriveAllowOf(fields: RecordFields, namespace: Namespace): RedriveAllow {
  return {
    permission: fields.oneOf('permission', ['all', 'none', 'by-queue']),
    sources: fields.list('sources').map((source) => addressOf(source, namespace)),
  };
}

/** Texts of the queue's own namespace are shared: with many queues they are most of what an address would cost. */
function addressOf(fields: RecordFields, { account, region }: Namespace): QueueAddress {
  const own = { account: fields.text('account'), region: fields.text('region'), name: fields.text('name') };
  return own.account === account && own.region === region ? { account, region, name: own.name } : own;
}
