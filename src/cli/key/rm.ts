import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { confirm } from '../confirm.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { pathPart } from '../path-part.ts';
import { userPath } from '../user/views.ts';

export async function removeKeys(input: CommandInput): Promise<number> {
  const [user = '', ...ids] = input.args;
  const keys = ids.map((id) => ({ id, path: `${userPath(user)}/keys/${pathPart(id)}` }));
  const client = await connect(input);
  if (!(await confirm(input, `drop the access keys ${ids.join(', ')} of ${user}`))) return exitCodes.failed;
  for (const { id, path } of keys) {
    await client.call('DELETE', path);
    say(`dropped ${id}`);
  }
  return exitCodes.ok;
}
