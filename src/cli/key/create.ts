import type { KeyView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatOf, printFields, printJson, say } from '../output.ts';
import { userPath } from '../user/views.ts';

export async function createKey(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const client = await connect(input);
  const [user = ''] = input.args;
  const account = flag(input, 'account');
  const body = account === undefined ? {} : { account };
  const key: KeyView = await client.call('POST', `${userPath(user)}/keys`, {}, body);
  if (format === 'json') printJson(key);
  else if (format === 'name') printFields([[key.id, '']]);
  else {
    // As a shell and a credentials file name them.
    printFields([
      ['AWS_ACCESS_KEY_ID', key.id],
      ['AWS_SECRET_ACCESS_KEY', key.secret],
      ['account', key.account],
    ]);
    say('The secret is shown this once: keep it.');
  }
  return exitCodes.ok;
}
