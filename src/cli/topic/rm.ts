import type { TopicView } from '../../server/admin/topics.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, isSet } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { archivedWords, topicPath } from './views.ts';

export async function removeTopics(input: CommandInput): Promise<number> {
  const named = input.args.map((name) => ({ name, path: topicPath(name) }));
  const client = await connect(input);
  if (!isSet(input, 'force')) {
    let archived = 0;
    for (const { path } of named) archived += (await client.call<TopicView>('GET', path)).archived ?? 0;
    const messages = archived === 0 ? '' : ` and ${archivedWords(archived)}`;
    if (!(await confirm(input, `drop ${input.args.join(', ')} with all subscriptions${messages}`)))
      return exitCodes.failed;
  }
  for (const { name, path } of named) {
    await client.call('DELETE', path);
    say(`dropped ${name}`);
  }
  return exitCodes.ok;
}
