import * as v from 'valibot';
import type { PublishResult } from '../../core/broker.ts';
import { uuidText } from '../../model/uuid.ts';
import { errorAnswer } from './errors.ts';
import { type NewMessage, newMessageSchema, toOutgoing } from './new-message.ts';
import { listOf, oneByOne, type Refused } from './one-by-one.ts';
import { type AdminCall, ok, operation } from './operation.ts';
import { queueOf } from './queues.ts';

/** What became of one message: `{id, position, isDuplicate}` or `{error}`. */
export type SendResult = { readonly id: string; readonly position: number; readonly isDuplicate: boolean } | Refused;

export const sendingOperations = [
  operation({
    method: 'POST',
    path: '/queues/{queue}/messages',
    summary: 'send messages; each is taken or refused by itself, and what is taken is on disk',
    body: v.strictObject({ messages: listOf(newMessageSchema) }),
    answers: { 200: '{results: [{id, position, isDuplicate} or {error}]}, in the order of the messages' },
    handle: async (call) => ok({ results: await send(call, call.body.messages) }),
  }),
];

async function send(
  call: AdminCall<unknown, unknown>,
  messages: readonly NewMessage[],
): Promise<readonly SendResult[]> {
  const { parts, principal } = call;
  const queue = queueOf(call, 'send');
  parts.broker.requireAllowed(principal, 'send', queue.address);
  return await oneByOne(
    messages,
    (message) => toOutgoing(message, queue, principal.name),
    (outgoing) => parts.broker.publish(principal, queue, outgoing, 'disk'),
    toResult,
  );
}

function toResult(result: PublishResult): SendResult {
  if (!result.ok) return errorAnswer(result.error).json;
  return { id: uuidText(result.id), position: result.pos, isDuplicate: result.isDuplicate };
}
