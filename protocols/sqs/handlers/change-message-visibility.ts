import { assert } from '../../../src/model/assert.ts';
import type { Call } from '../../aws/service.ts';
import { visibilityAnswer } from '../settle-answers.ts';
import { readVisibility } from '../settlement.ts';
import { queueOf, type Sqs } from '../sqs.ts';

/** Answered when applied: a crash that forgets it only shows the message at its earlier time. */
export async function changeMessageVisibility(sqs: Sqs, call: Call): Promise<undefined> {
  const queue = queueOf(sqs, call);
  const { handle, seconds, settlement } = readVisibility(call.members, sqs.clock.now());
  const [result] = await sqs.broker.settle(call.principal, queue, [settlement], 'memory', call);
  assert(result !== undefined, 'a settlement has a result');
  const error = visibilityAnswer(result, handle, seconds);
  if (error !== undefined) throw error;
  return undefined;
}
