import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, type Listing, printRows } from '../output.ts';
import { eachUser } from './views.ts';

const listing: Listing<UserView> = {
  name: ({ name }) => name,
  columns: [
    { title: 'name', of: ({ name }) => name },
    { title: 'account', of: ({ account }) => account },
    { title: 'admin', of: ({ admin }) => (admin ? 'yes' : '-') },
    { title: 'password', of: ({ hasPassword }) => (hasPassword ? 'yes' : '-') },
    { title: 'keys', of: ({ accessKeys }) => accessKeys.length },
    { title: 'statements', of: ({ policy }) => policy.length },
    { title: 'from', of: ({ origin }) => origin },
  ],
};

export async function listUsers(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const users: UserView[] = [];
  for await (const user of eachUser(client)) users.push(user);
  printRows(format, users, listing);
  return exitCodes.ok;
}
