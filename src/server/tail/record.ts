import { isUtf8 } from 'node:buffer';
import type { Origin } from '../../core/broker.ts';
import type { Instant } from '../../model/clock.ts';
import { decodeHead } from '../../model/head.ts';
import type { Head, Property } from '../../model/message.ts';
import type { QueueAddress } from '../../model/queue.ts';
import { uuidText } from '../../model/uuid.ts';
import { plainValue } from '../property-value.ts';

export const tailKinds = [
  ...(['appended', 'delivered', 'acked', 'released', 'extended', 'rejected'] as const),
  ...(['queue-created', 'queue-altered', 'queue-dropped', 'queue-purged'] as const),
] as const;
export type TailKind = (typeof tailKinds)[number];

/** One line of a tail: what happened, to which message of which queue, by whom. What is not known, or is not, is left out. */
export interface TailRecord {
  readonly at: string;
  readonly kind: TailKind;
  readonly queue: string;
  readonly id?: string;
  readonly position?: number;
  /** From the second on it is a repetition. */
  readonly deliveries?: number;
  readonly group?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  /** In base64 when it is no UTF-8 text. */
  readonly body?: string;
  readonly isBase64?: boolean;
  /** Only its beginning stands in `body`; `bytes` is its whole length. */
  readonly isCut?: boolean;
  readonly bytes?: number;
  readonly principal: string;
  readonly protocol?: string;
  readonly remoteAddress?: string;
  readonly traceparent?: string;
}
/** In the place of what a reader was too slow for. */
export interface MissedRecord {
  readonly kind: 'missed';
  readonly count: number;
}

export interface Happening {
  readonly at: Instant;
  readonly queue: QueueAddress;
  readonly principal: string;
  readonly origin?: Origin | undefined;
}

export function recordOf(kind: TailKind, { at, queue, principal, origin }: Happening, facts: object): TailRecord {
  return {
    ...{ at: new Date(at).toISOString(), kind, queue: queue.name },
    ...facts,
    principal,
    ...(origin === undefined ? {} : { protocol: origin.protocol, remoteAddress: origin.remoteAddress }),
  };
}

interface Message {
  readonly id: Uint8Array;
  readonly pos: number;
  readonly head: Uint8Array;
  readonly body: Uint8Array | { readonly bytes: number };
}

export function messageFacts({ id, pos, body }: Message, { headers, properties }: Head, bodyBytesMax: number) {
  return {
    ...{ id: uuidText(id), position: pos },
    ...(headers.groupId === undefined ? {} : { group: headers.groupId }),
    ...(properties.length === 0 ? {} : { properties: plain(properties) }),
    ...bodyFacts(body, bodyBytesMax),
    ...(headers.traceparent === undefined ? {} : { traceparent: headers.traceparent }),
  };
}

export function headOf({ head }: Pick<Message, 'head'>): Head {
  return decodeHead(head);
}

function bodyFacts(body: Message['body'], bytesMax: number) {
  if (!(body instanceof Uint8Array)) return { bytes: body.bytes, isCut: true };
  const part = Buffer.from(body.buffer, body.byteOffset, cutAt(body, bytesMax));
  const isText = isUtf8(part);
  return {
    body: part.toString(isText ? 'utf8' : 'base64'),
    ...(isText ? {} : { isBase64: true }),
    ...(part.length < body.length ? { isCut: true } : {}),
    bytes: body.length,
  };
}

/** A text is cut between two characters: a byte that goes on with one looks like 10xxxxxx. */
function cutAt(body: Uint8Array, bytesMax: number): number {
  if (body.length <= bytesMax) return body.length;
  let at = bytesMax;
  while (at > 0 && at > bytesMax - 4 && ((body[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}

function plain(properties: readonly Property[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(properties.map((property) => [property.name, plainValue(property)]));
}
