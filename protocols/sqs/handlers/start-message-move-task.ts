import { GantryError } from '../../../src/model/errors.ts';
import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { invalidValue } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { destinationOf, invalid, sourceOf, taskHandle } from '../move-task.ts';
import type { Sqs } from '../sqs.ts';

/** Moves a dead-letter queue's messages to another queue, or each back to its source [sqs-sns 1.16]. */
export async function startMessageMoveTask(sqs: Sqs, call: Call) {
  const { members } = call;
  const source = sourceOf(sqs, call);
  const hasDestination = (members.text('DestinationArn') ?? '') !== '';
  const to = hasDestination ? destinationOf(sqs, call) : 'origin';
  const rateMax = readRate(members);
  if (sqs.broker.catalogue.sourcesOf(source.address).length === 0) {
    throw invalid('Source queue must be configured as a Dead Letter Queue.');
  }
  try {
    const { id } = await sqs.broker.moves.start(call.principal, source, { to, rateMax });
    return { TaskHandle: taskHandle(id, source.address) };
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== 'already-exists') throw error;
    throw invalid(
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
}

function readRate(members: Members): number | undefined {
  const rate = members.integer('MaxNumberOfMessagesPerSecond');
  if (rate === undefined || (rate >= 1 && rate <= sqsLimits.moveRateMax)) return rate;
  const reason = `MaxNumberOfMessagesPerSecond must be an integer between 1 and ${sqsLimits.moveRateMax}`;
  throw invalidValue('MaxNumberOfMessagesPerSecond', rate, reason);
}
