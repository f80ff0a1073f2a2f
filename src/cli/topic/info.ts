import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printFields, printJson, printName } from '../output.ts';
import { settingText } from './settings.ts';
import { topicPath } from './views.ts';

export async function showTopic(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const topic: TopicView = await client.call('GET', topicPath(input.args[0]));
  if (format === 'json') printJson(topic);
  else if (format === 'name') printName(topic.name);
  else printFields(fieldsOf(topic));
  return exitCodes.ok;
}

function fieldsOf(topic: TopicView): readonly (readonly [string, string | number])[] {
  const { name, kind, arn, subscriptions, waiting, archived, totals, filteredOut, createdAt, settings } = topic;
  return [
    ['name', name],
    ['kind', kind],
    ['arn', arn],
    ['confirmed', subscriptions.confirmed],
    ['pending', subscriptions.pending],
    ['waiting', waiting],
    ...(archived === undefined ? [] : [['in the archive', archived] as const]),
    ['created', createdAt],
    ...Object.entries(totals).map(([key, value]) => [`total ${key}`, value] as const),
    ...Object.entries(filteredOut).map(([reason, value]) => [`filtered out: ${reason}`, value] as const),
    ...Object.entries(settings).map(([key, value]) => [key, settingText(value)] as const),
  ];
}
