/**
 * What distinguishes one reference to a published message from the others, for the body is stored once for all of them: whose
 * subscription it came by, and how that wants it. Version, flags, then the 16 bytes of the subscription's id.
 */
import { GantryError } from '../../model/errors.ts';
import type { Subscription } from '../../model/topic.ts';
import { uuidBytes, uuidText } from '../../model/uuid.ts';

const version = 1;
const rawFlag = 1;
const ungroupedFlag = 2;
const replayedFlag = 4;
const bytesMin = 18;

export interface Note {
  readonly subscriptionId: string;
  readonly isRaw: boolean;
  /** Message group and dedup id of a FIFO topic stay behind: the queue is a standard one. */
  readonly isUngrouped: boolean;
  /** Out of an archive. */
  readonly isReplayed: boolean;
}

function encodeNote({ subscriptionId, isRaw, isUngrouped, isReplayed }: Note): Uint8Array {
  const note = new Uint8Array(bytesMin);
  note[0] = version;
  note[1] = (isRaw ? rawFlag : 0) | (isUngrouped ? ungroupedFlag : 0) | (isReplayed ? replayedFlag : 0);
  note.set(uuidBytes(subscriptionId), 2);
  return note;
}

/**
 * The notes of subscriptions, each made once: a publish needs one for every subscription of its topic.
 */
export function createNotes(): { of(subscription: NotedFor, isUngrouped: boolean, isReplayed: boolean): Uint8Array } {
  const known = new WeakMap<NotedFor, (Uint8Array | undefined)[]>();
  return {
    of(subscription, isUngrouped, isReplayed) {
      let notes = known.get(subscription);
      if (notes === undefined) {
        notes = [];
        known.set(subscription, notes);
      }
      const { isRaw, address } = subscription;
      const place = (isUngrouped ? ungroupedFlag : 0) | (isReplayed ? replayedFlag : 0);
      const note = notes[place] ?? encodeNote({ subscriptionId: address.id, isRaw, isUngrouped, isReplayed });
      notes[place] = note;
      return note;
    },
  };
}
type NotedFor = Pick<Subscription, 'address' | 'isRaw'>;

/** @throws GantryError `internal` when it is of a later version */
export function decodeNote(note: Uint8Array): Note {
  const flags = note[1] ?? 0;
  if (note[0] !== version || note.length < bytesMin) {
    throw new GantryError('internal', `a delivery has a note of version ${note[0]}, ${version} expected`);
  }
  return {
    subscriptionId: uuidText(note.subarray(2, bytesMin)),
    isRaw: (flags & rawFlag) !== 0,
    isUngrouped: (flags & ungroupedFlag) !== 0,
    isReplayed: (flags & replayedFlag) !== 0,
  };
}

/** Each subscription's copy is a message of its own: its id is made of the published one's and the subscription's. */
export function copyId(id: Uint8Array, subscriptionId: string): Uint8Array {
  const own = uuidBytes(subscriptionId);
  const copy = new Uint8Array(16);
  for (let at = 0; at < 16; at++) copy[at] = (id[at] ?? 0) ^ (own[at] ?? 0);
  copy[6] = ((copy[6] ?? 0) & 0x0f) | 0x40;
  copy[8] = ((copy[8] ?? 0) & 0x3f) | 0x80;
  return copy;
}
