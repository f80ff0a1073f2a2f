import { assert } from '../../../src/model/assert.ts';
import type { Call } from '../../aws/service.ts';
import { errorOf } from '../errors.ts';
import { sequenceNumber, uuidText } from '../mapping.ts';
import { readMessage } from '../message.ts';
import { queueOf, type Sqs, senderOf } from '../sqs.ts';

/** Answered after the commit: what the client is told is on disk. */
export async function sendMessage(sqs: Sqs, call: Call) {
  const queue = queueOf(sqs, call);
  const message = readMessage(call.members, {
    queue,
    senderId: senderOf(call),
    traceId: call.traceId,
    tooLong: 'One or more parameters are invalid.',
  });
  const [result] = await sqs.broker.publish(call.principal, queue, [message.outgoing], 'disk');
  assert(result !== undefined, 'a published message has a result');
  if (!result.ok) throw errorOf(result.error);
  return {
    MD5OfMessageBody: message.bodyMd5,
    MD5OfMessageAttributes: message.attributesMd5, // JSON leaves out what is undefined.
    MD5OfMessageSystemAttributes: message.systemAttributesMd5,
    MessageId: uuidText(result.id),
    SequenceNumber: queue.kind === 'fifo' ? sequenceNumber(result.pos) : undefined,
  };
}
