/** A topic as its record in the store holds it. */
import type { RecordKey } from '../../../storage/store.ts';
import type { QueueId } from '../../model/queue.ts';
import type { Topic, TopicAddress } from '../../model/topic.ts';
import { addressText, sharingNamespace } from '../queue-record.ts';
import { type RecordFields, readRecord } from '../record-fields.ts';
import type { RecordKind } from '../record-reader.ts';
import type { Unwritten } from '../record-writer.ts';

const recordVersion = 1;

export interface KnownTopic extends Topic {
  /** The record's version in the store. */
  readonly version: number;
  /** Of a FIFO topic the hidden queue through which everything goes: it puts in order and finds duplicates. */
  readonly logId: QueueId | undefined;
  /** The hidden queue that keeps what was published. */
  readonly archiveId: QueueId | undefined;
}

export const topicRecords: RecordKind<TopicAddress, KnownTopic> = {
  prefix: ['topic'],
  textOf: addressText,
  keyOf: ({ account, region, name }) => ['topic', account, region, name],
  addressOf,
  sharing: sharingNamespace,
  decode,
  isSame: (one, other) => one.id === other.id,
};

function addressOf(key: RecordKey): TopicAddress | undefined {
  const [kind, account, region, name, ...rest] = key;
  if (kind !== 'topic' || rest.length > 0) return undefined;
  if (typeof account !== 'string' || typeof region !== 'string' || typeof name !== 'string') return undefined;
  return { account, region, name };
}

export function encodeTopicRecord({ address: _, ...fields }: Unwritten<KnownTopic>): Uint8Array {
  return Buffer.from(JSON.stringify({ v: recordVersion, ...fields }));
}

function decode(address: TopicAddress, value: Uint8Array, version: number): KnownTopic {
  const fields = readRecord(value, `topic "${address.name}"`, address.name);
  fields.requireVersion(recordVersion);
  return {
    id: fields.text('id'),
    address,
    kind: fields.oneOf('kind', ['standard', 'fifo']),
    attributes: attributesOf(fields.fields('attributes')),
    extras: fields.texts('extras'),
    tags: fields.texts('tags'),
    createdAt: fields.number('createdAt'),
    modifiedAt: fields.number('modifiedAt'),
    archivedSince: numberOf(fields, 'archivedSince'),
    logId: queueIdOf(fields, 'logId'),
    archiveId: queueIdOf(fields, 'archiveId'),
    version,
  };
}

function attributesOf(fields: RecordFields): Topic['attributes'] {
  return {
    isContentDeduplicated: fields.boolean('isContentDeduplicated'),
    dedupScope: fields.oneOf('dedupScope', ['topic', 'message-group']),
    messageBytesMax: fields.number('messageBytesMax'),
    policy: fields.has('policy') ? fields.text('policy') : undefined,
    archiveMs: numberOf(fields, 'archiveMs'),
  };
}

function numberOf(fields: RecordFields, name: string): number | undefined {
  return fields.has(name) ? fields.number(name) : undefined;
}

export function queueIdOf(fields: RecordFields, name: string): QueueId | undefined {
  return fields.has(name) ? (fields.number(name) as QueueId) : undefined;
}
