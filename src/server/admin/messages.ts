import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import { uuidText } from '../../../protocols/sqs/mapping.ts';
import type { EntryState } from '../../../storage/store.ts';
import type { Broker } from '../../core/broker.ts';
import { decodeHead } from '../../model/head.ts';
import type { Property } from '../../model/message.ts';
import { whole } from '../definitions/values.ts';
import { ok, operation } from './operation.ts';
import { queueOf } from './queues.ts';

const peekMax = 1_000;
const peekBytesMax = 8 * 1024 * 1024;
const allStates = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

/** A message as it lies in its queue. A body that is no UTF-8 text comes in base64. */
interface MessageView {
  readonly id: string;
  readonly state: EntryState;
  readonly position: number;
  readonly deliveries: number;
  readonly sentAt: string;
  readonly group?: string;
  readonly properties: Readonly<Record<string, { readonly type: string; readonly value: unknown }>>;
  readonly body: string;
  readonly isBase64: boolean;
  readonly bytes: number;
}

export const messageOperations = [
  operation({
    method: 'GET',
    path: '/queues/{queue}/messages',
    summary: 'look at the messages of a queue without a trace, in the order of their delivery',
    query: v.strictObject({
      max: v.optional(whole({ min: 1, max: peekMax }, 'messages at most')),
      state: v.optional(v.picklist(allStates, `expected ${allStates.join(', ')}`)),
    }),
    answers: { 200: '{messages: [...]}' },
    handle: async (call) => {
      const { max = 10, state } = call.query;
      const options = { states: state === undefined ? allStates : [state], entriesMax: max, bytesMax: peekBytesMax };
      const entries = await call.parts.broker.browse(call.principal, queueOf(call), options);
      return ok({ messages: entries.map(toView) });
    },
  }),
];

type Entry = Awaited<ReturnType<Broker['browse']>>[number];

function toView({ id, state, pos, deliveries, appendedAt, head, body }: Entry): MessageView {
  const { headers, properties } = decodeHead(head);
  return {
    ...{ id: uuidText(id), state, position: pos, deliveries },
    sentAt: new Date(headers.sentAt ?? appendedAt).toISOString(),
    ...(headers.groupId === undefined ? {} : { group: headers.groupId }),
    properties: Object.fromEntries(
      properties.map((one) => [one.name, { type: one.label ?? one.type, value: shown(one) }]),
    ),
    ...bodyOf(body),
  };
}

function bodyOf(body: Entry['body']): Pick<MessageView, 'body' | 'isBase64' | 'bytes'> {
  if (!(body instanceof Uint8Array)) return { body: '', isBase64: false, bytes: body.bytes };
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  const isText = isUtf8(bytes);
  return { body: bytes.toString(isText ? 'utf8' : 'base64'), isBase64: !isText, bytes: bytes.length };
}

function shown({ value }: Property): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? String(value) : value;
}
