import * as v from 'valibot';
import type { OutgoingMessage, PublishResult } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import { uuidText } from '../../model/uuid.ts';
import { errorAnswer } from './errors.ts';
import { type NewMessage, newMessageSchema, toOutgoing } from './new-message.ts';
import { type AdminCall, ok, operation } from './operation.ts';
import { queueOf } from './queues.ts';

const messagesMax = 1_000;

/** What became of one message: `{id, position, isDuplicate}` or `{error}`. */
export type SendResult =
  | { readonly id: string; readonly position: number; readonly isDuplicate: boolean }
  | ReturnType<typeof errorAnswer>['json'];

const messagesSchema = v.pipe(
  v.array(newMessageSchema, 'expected a list of messages'),
  v.minLength(1, 'expected at least one message'),
  v.maxLength(messagesMax, `expected at most ${messagesMax} messages`),
);

export const sendingOperations = [
  operation({
    method: 'POST',
    path: '/queues/{queue}/messages',
    summary: 'send messages; each is taken or refused by itself, and what is taken is on disk',
    body: v.strictObject({ messages: messagesSchema }),
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
  const made = messages.map((message) => attempted(() => toOutgoing(message, queue, principal.name)));
  const outgoing = made.filter((one): one is OutgoingMessage => !(one instanceof GantryError));
  const published = await parts.broker.publish(principal, queue, outgoing, 'disk');
  let next = 0;
  return made.map((one) => {
    if (one instanceof GantryError) return errorAnswer(one).json;
    const result = published[next++];
    if (result === undefined) throw new GantryError('internal', 'each message has its result');
    return toResult(result);
  });
}

function attempted<T>(make: () => T): T | GantryError {
  try {
    return make();
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
}

function toResult(result: PublishResult): SendResult {
  if (!result.ok) return errorAnswer(result.error).json;
  return { id: uuidText(result.id), position: result.pos, isDuplicate: result.isDuplicate };
}
