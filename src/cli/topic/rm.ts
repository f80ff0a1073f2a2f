import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { topicPath } from './views.ts';

export async function removeTopics(input: CommandInput): Promise<number> {
  const named = input.args.map((name) => ({ name, path: topicPath(name) }));
  const client = await connect(input);
  if (!(await confirm(input, `drop ${input.args.join(', ')} with all subscriptions`))) return exitCodes.failed;
  for (const { name, path } of named) {
    await client.call('DELETE', path);
    say(`dropped ${name}`);
  }
  return exitCodes.ok;
}
