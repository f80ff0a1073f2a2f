import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printFields, printJson } from '../output.ts';
import { userPath } from './views.ts';

export async function showUser(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [name = ''] = input.args;
  const user: UserView = await client.call('GET', userPath(name));
  if (format === 'json') printJson(user);
  else if (format === 'name') printFields([[user.name, '']]);
  else printFields(fieldsOf(user));
  return exitCodes.ok;
}

function fieldsOf(user: UserView): readonly (readonly [string, string])[] {
  return [
    ['name', user.name],
    ['account', user.account],
    ['admin', user.admin ? 'yes: may do everything' : 'no'],
    ['password', user.hasPassword ? 'set' : 'none'],
    ['from', user.origin === 'file' ? 'a file: read-only here' : 'the store'],
    ['created', user.createdAt ?? '-'],
    ['modified', user.modifiedAt ?? '-'],
    ...user.accessKeys.map(({ id, account }) => ['access key', `${id} (account ${account})`] as const),
    ...user.policy.map((statement, at) => [`statement ${at}`, JSON.stringify(statement)] as const),
  ];
}
