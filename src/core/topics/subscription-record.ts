/** A subscription as its record in the store holds it. */
import type { RecordKey } from '../../../storage/store.ts';
import type { QueueAddress, QueueId } from '../../model/queue.ts';
import type { Subscription, SubscriptionAddress, SubscriptionTarget } from '../../model/topic.ts';
import { addressText, sharingNamespace } from '../queue-record.ts';
import { type RecordFields, readRecord } from '../record-fields.ts';
import type { RecordKind } from '../record-reader.ts';
import type { Unwritten } from '../record-writer.ts';
import { queueIdOf } from './topic-record.ts';

const recordVersion = 1;

export interface KnownSubscription extends Subscription {
  /** The record's version in the store. */
  readonly version: number;
  /** The hidden queue of what is still to be handed to its endpoint; undefined: it has a queue for its target. */
  readonly pushId: QueueId | undefined;
}

export const subscriptionRecords: RecordKind<SubscriptionAddress, KnownSubscription> = {
  prefix: ['subscription'],
  textOf: subscriptionText,
  keyOf: ({ topic: { account, region, name }, id }) => ['subscription', account, region, name, id],
  addressOf,
  sharing: (address, neighbour) => {
    const topic = sharingNamespace(address.topic, neighbour.topic);
    return { topic: topic.name === neighbour.topic.name ? neighbour.topic : topic, id: address.id };
  },
  decode,
  isSame: (one, other) => one.topicId === other.topicId,
};

function subscriptionText({ topic, id }: SubscriptionAddress): string {
  return `${addressText(topic)}\u0000${id}`;
}

function addressOf(key: RecordKey): SubscriptionAddress | undefined {
  const [kind, account, region, name, id, ...rest] = key;
  if (kind !== 'subscription' || rest.length > 0 || typeof account !== 'string') return undefined;
  if (typeof region !== 'string' || typeof name !== 'string' || typeof id !== 'string') return undefined;
  return { topic: { account, region, name }, id };
}

export function encodeSubscriptionRecord({ address: _, ...fields }: Unwritten<KnownSubscription>): Uint8Array {
  return Buffer.from(JSON.stringify({ v: recordVersion, ...fields }));
}

function decode(address: SubscriptionAddress, value: Uint8Array, version: number): KnownSubscription {
  const fields = readRecord(value, `subscription "${address.id}"`, address.id);
  fields.requireVersion(recordVersion);
  const filter = fields.has('filter') ? fields.fields('filter') : undefined;
  return {
    address,
    topicId: fields.text('topicId'),
    protocol: fields.text('protocol'),
    endpoint: fields.text('endpoint'),
    target: targetOf(fields.fields('target')),
    state: fields.oneOf('state', ['pending', 'confirmed', 'ended']),
    stateSince: fields.number('stateSince'),
    isRaw: fields.boolean('isRaw'),
    filter:
      filter === undefined
        ? undefined
        : { policy: filter.text('policy'), scope: filter.oneOf('scope', ['attributes', 'body']) },
    deadLetter: fields.has('deadLetter') ? queueOf(fields.fields('deadLetter')) : undefined,
    owner: fields.text('owner'),
    extras: fields.texts('extras'),
    createdAt: fields.number('createdAt'),
    pushId: queueIdOf(fields, 'pushId'),
    version,
  };
}

function targetOf(fields: RecordFields): SubscriptionTarget {
  const type = fields.oneOf('type', ['queue', 'push']);
  return type === 'queue' ? { type, queue: queueOf(fields.fields('queue')) } : { type };
}

function queueOf(fields: RecordFields): QueueAddress {
  return { account: fields.text('account'), region: fields.text('region'), name: fields.text('name') };
}
