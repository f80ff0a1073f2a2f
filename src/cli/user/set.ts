import { GantryError } from '../../model/errors.ts';
import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, isSet } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../output.ts';
import { userBody } from './body.ts';
import { userPath } from './views.ts';

export async function changeUser(input: CommandInput): Promise<number> {
  const [name = ''] = input.args;
  const given = await userBody(input);
  const body = {
    ...given,
    ...(isSet(input, 'removePassword') ? { password: null } : {}),
    ...(isSet(input, 'removePolicy') ? { policy: null } : {}),
  };
  if (Object.keys(body).length === 0)
    throw new GantryError('invalid-argument', `say what to change of ${name}: gantry user set --help`);
  const client = await connect(input);
  const user: UserView = await client.call('PATCH', userPath(name), {}, body);
  say(`changed ${user.name}`);
  return exitCodes.ok;
}
