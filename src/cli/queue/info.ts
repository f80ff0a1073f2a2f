import type { QueueView } from '../../server/admin/queues.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printFields, printJson } from '../output.ts';
import { ageText, queuePath } from './views.ts';

export async function showQueue(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [name = ''] = input.args;
  const queue: QueueView = await client.call('GET', queuePath(name));
  if (format === 'json') printJson(queue);
  else if (format === 'name') printFields([[queue.name, '']]);
  else printFields(fieldsOf(queue));
  return exitCodes.ok;
}

function fieldsOf(queue: QueueView): readonly (readonly [string, string | number])[] {
  const { name, kind, arn, waiting, inFlight, delayed, bytes, oldestAgeMs, totals, createdAt, settings } = queue;
  return [
    ['name', name],
    ['kind', kind],
    ['arn', arn],
    ['waiting', waiting],
    ['in flight', inFlight],
    ['delayed', delayed],
    ['bytes', bytes],
    ['oldest', ageText(oldestAgeMs)],
    ['created', createdAt],
    ...Object.entries(totals).map(([key, value]) => [`total ${key}`, value] as const),
    ...Object.entries(settings).map(
      ([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)] as const,
    ),
  ];
}
