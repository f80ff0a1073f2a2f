/** A replay as its record in the store holds it: what was asked for, and how far it is. */
import type { BrowseCursor, RecordKey } from '../../../storage/store.ts';
import type { Instant } from '../../model/clock.ts';
import type { SubscriptionAddress } from '../../model/topic.ts';
import { addressText, sharingNamespace } from '../queue-record.ts';
import { readRecord } from '../record-fields.ts';
import type { RecordKind } from '../record-reader.ts';
import type { Unwritten } from '../record-writer.ts';

const recordVersion = 1;

/** Pending: nothing was handed out yet. Failed: topic or archive are gone, what was replayed stays so. */
export type ReplayState = 'pending' | 'running' | 'completed' | 'failed';

export interface KnownReplay {
  /** A uuid, another for each that is asked for; it marks the place in the archive where the replay ends. */
  readonly id: string;
  /** Of the subscription, which has one replay. */
  readonly address: SubscriptionAddress;
  readonly topicId: string;
  /** Of when they were published; both included. */
  readonly from: Instant;
  readonly to: Instant | undefined;
  readonly state: ReplayState;
  /** In the archive; undefined: at its beginning. */
  readonly cursor: BrowseCursor | undefined;
  readonly version: number;
}

export const replayRecords: RecordKind<SubscriptionAddress, KnownReplay> = {
  prefix: ['replay'],
  textOf: replayText,
  keyOf: ({ topic: { account, region, name }, id }) => ['replay', account, region, name, id],
  addressOf,
  sharing: (address, neighbour) => ({ topic: sharingNamespace(address.topic, neighbour.topic), id: address.id }),
  decode,
  isSame: (one, other) => one.id === other.id,
};

export function replayText({ topic, id }: SubscriptionAddress): string {
  return `${addressText(topic)}\u0000${id}`;
}

function addressOf(key: RecordKey): SubscriptionAddress | undefined {
  const [kind, account, region, name, id, ...rest] = key;
  if (kind !== 'replay' || rest.length > 0 || typeof account !== 'string') return undefined;
  if (typeof region !== 'string' || typeof name !== 'string' || typeof id !== 'string') return undefined;
  return { topic: { account, region, name }, id };
}

export function encodeReplayRecord({ address: _, ...fields }: Unwritten<KnownReplay>): Uint8Array {
  return Buffer.from(JSON.stringify({ v: recordVersion, ...fields }));
}

function decode(address: SubscriptionAddress, value: Uint8Array, version: number): KnownReplay {
  const fields = readRecord(value, `replay for subscription "${address.id}"`, address.id);
  fields.requireVersion(recordVersion);
  return {
    id: fields.text('id'),
    address,
    topicId: fields.text('topicId'),
    from: fields.number('from'),
    to: fields.has('to') ? fields.number('to') : undefined,
    state: fields.oneOf('state', ['pending', 'running', 'completed', 'failed']),
    cursor: fields.has('cursor') ? (fields.text('cursor') as BrowseCursor) : undefined,
    version,
  };
}
