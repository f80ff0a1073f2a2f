import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { userPath } from '../user/views.ts';

export async function removeKeys(input: CommandInput): Promise<number> {
  const client = await connect(input);
  const [user = '', ...ids] = input.args;
  if (!(await confirm(input, `drop the access keys ${ids.join(', ')} of ${user}`))) return exitCodes.failed;
  for (const id of ids) {
    await client.call('DELETE', `${userPath(user)}/keys/${encodeURIComponent(id)}`);
    say(`dropped ${id}`);
  }
  return exitCodes.ok;
}
