import { GantryError } from '../../model/errors.ts';
import type { QueueView } from '../../server/admin/queues.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../output.ts';
import { readSettings } from './settings.ts';
import { queuePath } from './views.ts';

export async function changeQueue(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const path = queuePath(input.args[0]);
  const before: QueueView = await client.call('GET', path);
  const change = await readSettings(input, tagsOf(before));
  if (Object.keys(change).length === 0)
    throw new GantryError('invalid-argument', 'name what to change: `gantry queue set --help` lists the settings');
  const queue: QueueView = await client.call('PATCH', path, {}, change);
  if (format === 'json') printJson(queue);
  else if (format === 'name') printName(queue.name);
  else
    for (const key of Object.keys(change))
      say(`${key}: ${shown(before.settings[key])} -> ${shown(queue.settings[key])}`);
  return exitCodes.ok;
}

function tagsOf({ settings: { tags } }: QueueView): Readonly<Record<string, string>> {
  return typeof tags === 'object' && tags !== null
    ? Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, String(value)]))
    : {};
}

/** What is not shown is as by default. */
function shown(value: unknown): string {
  if (value === undefined) return 'default';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
