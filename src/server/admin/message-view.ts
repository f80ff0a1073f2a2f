import { isUtf8 } from 'node:buffer';
import type { Delivery, EntryState, QueueId } from '../../../storage/store.ts';
import { decodeHead } from '../../model/head.ts';
import { uuidText } from '../../model/uuid.ts';
import { plainValue } from '../property-value.ts';

/** A message as the admin API shows it. A body that is no UTF-8 text comes in base64. */
export interface MessageView {
  readonly id: string;
  readonly position: number;
  readonly deliveries: number;
  readonly sentAt: string;
  readonly group?: string;
  readonly dedupId?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** Name of the queue where it was received too often. */
  readonly deadLetteredFrom?: string;
  readonly properties: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly body: string;
  readonly isBase64: boolean;
  readonly bytes: number;
}
/** As it lies in its queue. */
export interface PeekedView extends MessageView {
  readonly state: EntryState;
}
/** As it was handed out; the receipt settles it. */
export interface ReceivedView extends MessageView {
  readonly receipt: string;
}

/** @param nameOf of the queue that a message was dead-lettered from; undefined when that is gone */
export function messageView(
  { id, pos, deliveries, appendedAt, head, body, deadLetteredFrom: origin }: Omit<Delivery, 'receipt'>,
  nameOf: (queue: QueueId) => string | undefined,
): MessageView {
  const { headers, properties } = decodeHead(head);
  const deadLetteredFrom = origin === undefined ? undefined : nameOf(origin.queue);
  const { groupId, dedupId, correlationId, replyTo } = headers;
  return {
    ...{ id: uuidText(id), position: pos, deliveries },
    sentAt: new Date(headers.sentAt ?? appendedAt).toISOString(),
    ...(groupId === undefined ? {} : { group: groupId }),
    ...(dedupId === undefined ? {} : { dedupId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(deadLetteredFrom === undefined ? {} : { deadLetteredFrom }),
    properties: Object.fromEntries(
      properties.map((one) => [one.name, { type: one.label ?? one.type, value: plainValue(one) }]),
    ),
    ...bodyOf(body),
  };
}

function bodyOf(body: Delivery['body']): Pick<MessageView, 'body' | 'isBase64' | 'bytes'> {
  if (!(body instanceof Uint8Array)) return { body: '', isBase64: false, bytes: body.bytes };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const isText = isUtf8(bytes);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64: !isText, bytes: bytes.length };
}
