import type { QueueView } from '../../server/admin/queues.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../output.ts';
import { readSettings } from './settings.ts';
import { queuePath } from './views.ts';

export async function createQueues(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const named = input.args.map((asked) => {
    const name = isSet(input, 'fifo') && !asked.endsWith('.fifo') ? `${asked}.fifo` : asked;
    return queuePath(name);
  });
  const client = await connect(input);
  const settings = await readSettings(input, {});
  const made: QueueView[] = [];
  for (const path of named) {
    const queue: QueueView = await client.call('PUT', path, {}, settings);
    made.push(queue);
    if (format === 'name') printName(queue.name);
    else if (format === 'table') say(`queue ${queue.name} is there, ${queue.kind}: ${queue.arn}`);
  }
  if (format === 'json') printJson(made.length === 1 ? made[0] : made);
  return exitCodes.ok;
}
