import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { queuePath } from './views.ts';

export async function purgeQueues(input: CommandInput): Promise<number> {
  const named = input.args.map((name) => ({ name, path: `${queuePath(name)}/purge` }));
  const client = await connect(input);
  if (!(await confirm(input, `drop all messages of ${input.args.join(', ')}`))) return exitCodes.failed;
  for (const { name, path } of named) {
    await client.call('POST', path);
    say(`purged ${name}`);
  }
  return exitCodes.ok;
}
