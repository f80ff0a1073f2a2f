import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printJson, printName, say } from '../output.ts';
import { topicFlags } from './setting-options.ts';
import { readSettings, readTags } from './settings.ts';
import { topicPath } from './views.ts';

export async function createTopics(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const paths = input.args.map((asked) => {
    const name = isSet(input, 'fifo') && !asked.endsWith('.fifo') ? `${asked}.fifo` : asked;
    return topicPath(name);
  });
  const client = await connect(input);
  const tags = readTags(input, {});
  const settings = { ...(await readSettings(input, topicFlags)), ...(tags === undefined ? {} : { tags }) };
  const made: TopicView[] = [];
  for (const path of paths) {
    const topic: TopicView = await client.call('PUT', path, {}, settings);
    made.push(topic);
    if (format === 'name') printName(topic.name);
    else if (format === 'table') say(`topic ${topic.name} is there, ${topic.kind}: ${topic.arn}`);
  }
  if (format === 'json') printJson(made.length === 1 ? made[0] : made);
  return exitCodes.ok;
}
