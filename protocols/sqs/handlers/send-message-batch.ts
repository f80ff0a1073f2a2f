import type { Queue } from '../../../src/model/queue.ts';
import { AwsError } from '../../aws/errors.ts';
import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { BatchAnswer, type BatchEntry, readEntries, readEntry } from '../batch.ts';
import { errorOf, sqsError } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { type CheckedMessage, isDedupIdMissing, noDedupId, readMessage } from '../message.ts';
import { type SentBatch, type SentEntry, sentEntryOf } from '../sent.ts';
import { queueOf, type Sqs, senderOf } from '../sqs.ts';

/** Each entry is stored or refused alone; all that are good share one commit. */
export async function sendMessageBatch(sqs: Sqs, call: Call): Promise<SentBatch> {
  const queue = queueOf(sqs, call);
  const entries = readEntries(call.members, 'SendMessageBatchRequestEntry', checkSizes);
  checkFifoIds(entries, queue);
  const answer = new BatchAnswer<SentEntry>(entries);
  const sending = {
    ...{ queue, senderId: senderOf(call), traceId: call.traceId },
    tooLong: 'One or more parameters cannot be validated.',
  } as const;
  const accepted: { readonly index: number; readonly id: string; readonly message: CheckedMessage }[] = [];
  for (const [index, { id, members }] of entries.entries()) {
    const message = readEntry(() => readMessage(members, sending));
    if (message instanceof AwsError) answer.set(index, message);
    else accepted.push({ index, id, message });
  }
  if (accepted.length > 0) {
    const messages = accepted.map(({ message }) => message.outgoing);
    const results = await sqs.broker.publish(call.principal, queue, messages, 'disk', call);
    for (const [position, { index, id, message }] of accepted.entries()) {
      const result = results[position];
      if (result === undefined) continue;
      answer.set(index, result.ok ? sentEntryOf(id, message, result, queue) : errorOf(result.error));
    }
  }
  return answer.output();
}

/** The service's limit, not the queue's, which is each entry's own [SQS SendMessageBatch]. */
function checkSizes(entries: readonly Members[]): void {
  let bytes = 0;
  for (const entry of entries) bytes += entryBytes(entry);
  if (bytes <= sqsLimits.messageBytesMax) return;
  throw sqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${sqsLimits.messageBytesMax} bytes. You have sent ${bytes} bytes.`,
  );
}

/** As `attributeBytes` counts, of an entry that nobody has checked yet. */
function entryBytes(entry: Members): number {
  const body = entry.text('MessageBody') ?? '';
  let bytes = entry.isPlainText ? body.length : Buffer.byteLength(body);
  for (const [name, value] of entry.structureMap('MessageAttributes') ?? []) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value.text('DataType') ?? '');
    bytes += Buffer.byteLength(value.text('StringValue') ?? '') + (value.bytes('BinaryValue')?.length ?? 0);
  }
  return bytes;
}

/** One entry without its ids fails the request, and with another code than in SendMessage [sqs-sns 1.6]. */
function checkFifoIds(entries: readonly BatchEntry[], queue: Queue): void {
  if (queue.kind === 'standard') return;
  if (entries.some(({ members }) => members.text('MessageGroupId') === undefined)) {
    throw sqsError('InvalidParameterValueException', 'The request must contain the parameter MessageGroupId.');
  }
  if (entries.some(({ members }) => isDedupIdMissing(members, queue))) throw noDedupId();
}
