import type { QueueId } from '../store.ts';
import type { CachedBody } from './body-cache.ts';
import type { Origin } from './dead-letter.ts';
import {
  deliveryHasBody,
  deliveryHasNote,
  deliveryHasOrigin,
  deliveryHasTag,
  deliveryIsRedelivered,
  type PackedReader,
} from './post.ts';
import { messageIdBytes } from './statements/append.ts';

/** One delivery as the engine answers it; `cached` when its body came along. */
export interface DeliveryParts {
  readonly life: number;
  readonly rank: number;
  readonly pos: number;
  readonly count: number;
  readonly deliveries: number;
  readonly appendedAt: number;
  readonly firstReceivedAt: number;
  readonly body: number;
  readonly isRedelivered: boolean;
  readonly note: Uint8Array | undefined;
  readonly tag: number | undefined;
  readonly deadLetteredFrom: { readonly queue: QueueId; readonly cause: string } | undefined;
  readonly cached: CachedBody | undefined;
}

/** A head on its way has the message's id before it. */
function readBody(reader: PackedReader): CachedBody {
  const headLength = reader.u32() - messageIdBytes;
  return { id: reader.raw(messageIdBytes), head: reader.raw(headLength), body: reader.blob() };
}

export function readDelivery(reader: PackedReader): DeliveryParts {
  const life = reader.f64();
  const rank = reader.u8();
  const pos = reader.f64();
  const count = reader.u32();
  const deliveries = reader.u32();
  const appendedAt = reader.f64();
  const firstReceivedAt = reader.f64();
  const body = reader.f64();
  const flags = reader.u8();
  const note = (flags & deliveryHasNote) !== 0 ? reader.blob() : undefined;
  const tag = (flags & deliveryHasTag) !== 0 ? reader.u32() : undefined;
  const origin = (flags & deliveryHasOrigin) !== 0 ? (JSON.parse(reader.text()) as Origin) : undefined;
  const cached = (flags & deliveryHasBody) !== 0 ? readBody(reader) : undefined;
  const isRedelivered = (flags & deliveryIsRedelivered) !== 0;
  const deadLetteredFrom = origin === undefined ? undefined : { queue: origin.queue as QueueId, cause: origin.cause };
  return {
    life,
    rank,
    pos,
    count,
    deliveries,
    appendedAt,
    firstReceivedAt,
    body,
    isRedelivered,
    note,
    tag,
    deadLetteredFrom,
    cached,
  };
}
