import type { Call } from '../../aws/service.ts';
import { readEntries } from '../batch.ts';
import { deleteAnswer } from '../settle-answers.ts';
import { settleEntries } from '../settle-entries.ts';
import { readDelete } from '../settlement.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function deleteMessageBatch(sqs: Sqs, call: Call) {
  const queue = queueOf(sqs, call);
  const entries = readEntries(call.members, 'DeleteMessageBatchRequestEntry');
  return settleEntries(entries, {
    read: readDelete,
    settle: (settlements) => sqs.broker.settle(call.principal, queue, settlements, 'disk', call),
    errorOf: (result, { handle }) => deleteAnswer(result, handle),
  });
}
