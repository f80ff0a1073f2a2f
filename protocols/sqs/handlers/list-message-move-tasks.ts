import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { invalidValue } from '../errors.ts';
import { sqsLimits } from '../limits.ts';
import { shownTask, sourceOf } from '../move-task.ts';
import type { Sqs } from '../sqs.ts';

/** The newest tasks of a queue, by default the last one alone. */
export async function listMessageMoveTasks(sqs: Sqs, call: Call) {
  const source = sourceOf(sqs, call);
  const tasks = await sqs.broker.moves.list(call.principal, source, readMax(call.members));
  return { Results: tasks.map((task) => shownTask(task, source.address)) };
}

function readMax(members: Members): number {
  const max = members.integer('MaxResults') ?? 1;
  if (max >= 1 && max <= sqsLimits.moveTasksListedMax) return max;
  const reason = `MaxResults must be an integer between 1 and ${sqsLimits.moveTasksListedMax}`;
  throw invalidValue('MaxResults', max, reason);
}
