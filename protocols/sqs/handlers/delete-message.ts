import { assert } from '../../../src/model/assert.ts';
import type { Call } from '../../aws/service.ts';
import { deleteAnswer } from '../settle-answers.ts';
import { readDelete } from '../settlement.ts';
import { queueOf, type Sqs } from '../sqs.ts';

export async function deleteMessage(sqs: Sqs, call: Call): Promise<undefined> {
  const queue = queueOf(sqs, call);
  const { handle, settlement } = readDelete(call.members);
  const [result] = await sqs.broker.settle(call.principal, queue, [settlement], 'disk', call);
  assert(result !== undefined, 'a settlement has a result');
  const error = deleteAnswer(result, handle);
  if (error !== undefined) throw error;
  return undefined;
}
