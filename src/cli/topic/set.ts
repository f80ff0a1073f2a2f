import { GantryError } from '../../model/errors.ts';
import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../output.ts';
import { topicFlags } from './setting-options.ts';
import { readSettings, readTags, settingText } from './settings.ts';
import { archivedWords, tagsOf, topicPath } from './views.ts';

export async function changeTopic(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const path = topicPath(input.args[0]);
  const before: TopicView = await client.call('GET', path);
  const tags = readTags(input, tagsOf(before));
  const change = { ...(await readSettings(input, topicFlags)), ...(tags === undefined ? {} : { tags }) };
  if (Object.keys(change).length === 0)
    throw new GantryError('invalid-argument', 'name what to change: `gantry topic set --help` lists the settings');
  const loss = lossOf(before, change);
  if (loss !== undefined && !(await confirm(input, loss))) return exitCodes.failed;
  const topic: TopicView = await client.call('PATCH', path, {}, change);
  if (format === 'json') printJson(topic);
  else if (format === 'name') printName(topic.name);
  else
    for (const key of Object.keys(change))
      say(`${key}: ${settingText(before.settings[key])} -> ${settingText(topic.settings[key])}`);
  return exitCodes.ok;
}

/** An archive that ends or becomes shorter throws away what it has, or what is older. */
function lossOf({ archived = 0, name, settings }: TopicView, { archive }: Record<string, unknown>): string | undefined {
  if (archived === 0 || archive === undefined) return undefined;
  if (archive === null) return `drop ${archivedWords(archived)} of ${name}`;
  const isLonger = daysOf(archive) >= daysOf(settings.archive);
  return isLonger ? undefined : `drop what is older than ${String(archive)} of ${archivedWords(archived)} of ${name}`;
}

/** Of what is not spelt in days nobody knows here: the broker judges it. */
function daysOf(text: unknown): number {
  const [, days] = /^(\d{1,9})d$/.exec(String(text)) ?? [];
  return days === undefined ? Number.NaN : Number(days);
}
