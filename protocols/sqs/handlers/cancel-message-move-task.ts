import { GantryError } from '../../../src/model/errors.ts';
import type { Call } from '../../aws/service.ts';
import { noTask, readTaskHandle } from '../move-task.ts';
import type { Sqs } from '../sqs.ts';

/** What is moved stays moved; what is under way still is, so a list afterwards may say more than this answer. */
export async function cancelMessageMoveTask(sqs: Sqs, call: Call) {
  const { source, id } = readTaskHandle(sqs, call);
  try {
    const { moved } = await sqs.broker.moves.cancel(call.principal, source, id);
    return { ApproximateNumberOfMessagesMoved: moved };
  } catch (error) {
    // One that has ended is none to AWS either: only what runs can be cancelled.
    throw error instanceof GantryError && error.code === 'not-found' ? noTask() : error;
  }
}
