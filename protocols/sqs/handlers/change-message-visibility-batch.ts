import type { Call } from '../../aws/service.ts';
import { readEntries } from '../batch.ts';
import { visibilityAnswer } from '../settle-answers.ts';
import { settleEntries } from '../settle-entries.ts';
import { readVisibility } from '../settlement.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function changeMessageVisibilityBatch(sqs: Sqs, call: Call) {
  const queue = queueOf(sqs, call);
  const entries = readEntries(call.members, 'ChangeMessageVisibilityBatchRequestEntry');
  const now = sqs.clock.now();
  return settleEntries(entries, {
    read: (members) => readVisibility(members, now),
    settle: (settlements) => sqs.broker.settle(call.principal, queue, settlements, 'memory', call),
    errorOf: (result, { handle, seconds }) => visibilityAnswer(result, handle, seconds),
  });
}
