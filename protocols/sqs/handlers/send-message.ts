import { assert } from '../../../src/model/assert.ts';
import type { Call } from '../../aws/service.ts';
import { errorOf } from '../errors.ts';
import { readMessage } from '../message.ts';
import { type Sent, sentOf } from '../sent.ts';
import { queueOf, type Sqs, senderOf } from '../sqs.ts';

/** Answered after the commit: what the client is told is on disk. */
export async function sendMessage(sqs: Sqs, call: Call): Promise<Sent> {
  const queue = queueOf(sqs, call);
  const message = readMessage(call.members, {
    queue,
    senderId: senderOf(call),
    traceId: call.traceId,
    tooLong: 'One or more parameters are invalid.',
  });
  const [result] = await sqs.broker.publish(call.principal, queue, [message.outgoing], 'disk', call);
  assert(result !== undefined, 'a published message has a result');
  if (!result.ok) throw errorOf(result.error);
  return sentOf(message, result, queue);
}
