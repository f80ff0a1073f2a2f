import { GantryError } from '../../model/errors.ts';
import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../output.ts';
import { topicFlags } from './setting-options.ts';
import { readSettings, readTags, settingText } from './settings.ts';
import { tagsOf, topicPath } from './views.ts';

export async function changeTopic(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const path = topicPath(input.args[0]);
  const before: TopicView = await client.call('GET', path);
  const tags = readTags(input, tagsOf(before));
  const change = { ...(await readSettings(input, topicFlags)), ...(tags === undefined ? {} : { tags }) };
  if (Object.keys(change).length === 0)
    throw new GantryError('invalid-argument', 'name what to change: `gantry topic set --help` lists the settings');
  const topic: TopicView = await client.call('PATCH', path, {}, change);
  if (format === 'json') printJson(topic);
  else if (format === 'name') printName(topic.name);
  else
    for (const key of Object.keys(change))
      say(`${key}: ${settingText(before.settings[key])} -> ${settingText(topic.settings[key])}`);
  return exitCodes.ok;
}
