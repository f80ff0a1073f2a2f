import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import type { CommandInput } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, type Listing, printRows } from '../output.ts';
import { eachUser, userPath } from '../user/views.ts';

interface KeyRow {
  readonly user: string;
  readonly id: string;
  readonly account: string;
  readonly createdAt: string | null;
}

const listing: Listing<KeyRow> = {
  name: ({ id }) => id,
  columns: [
    { title: 'id', of: ({ id }) => id },
    { title: 'user', of: ({ user }) => user },
    { title: 'account', of: ({ account }) => account },
    { title: 'created', of: ({ createdAt }) => createdAt ?? '-' },
  ],
};

export async function listKeys(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [name] = input.args;
  const users: UserView[] = [];
  if (name === undefined) for await (const user of eachUser(client)) users.push(user);
  else users.push(await client.call('GET', userPath(name)));
  const rows = users.flatMap((user) => user.accessKeys.map((key) => ({ user: user.name, ...key })));
  printRows(format, rows, listing);
  return exitCodes.ok;
}
