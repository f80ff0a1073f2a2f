import { GantryError } from '../../model/errors.ts';
import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag, isSet } from '../command.ts';
import { exitCodes, Unreachable } from '../exit-codes.ts';
import { say } from '../output.ts';
import { type UserBody, userBody } from './body.ts';
import { userPath } from './views.ts';

/** Asks the running broker; with `--data-dir`, and before the first start, when none runs, the user is written where the start finds it. */
export async function addUser(input: CommandInput): Promise<number> {
  const [name = ''] = input.args;
  const body = await userBody(input);
  if (isSet(input, 'dataDir')) return writeOffline(input, name, body, 'a start on that folder reads it');
  try {
    const client = await connect(input);
    const user: UserView = await client.call('PUT', userPath(name), {}, body);
    say(`made ${user.name}${user.admin ? ', an admin,' : ''} at ${client.endpoint}`);
  } catch (error) {
    const isNamed = flag(input, 'endpoint') !== undefined || process.env.GANTRY_ENDPOINT !== undefined;
    if (!(error instanceof Unreachable) || isNamed) throw error;
    return writeOffline(input, name, body, 'no broker runs; the next start reads it');
  }
  return exitCodes.ok;
}

/** A folder that is named is meant, whatever broker runs elsewhere; one that runs on it keeps it locked. */
async function writeOffline(input: CommandInput, name: string, body: UserBody, when: string): Promise<number> {
  if (isSet(input, 'dataDir') && isSet(input, 'endpoint'))
    throw new GantryError('invalid-argument', '--data-dir and --endpoint: say one of them');
  say(`${name} is in ${await addOffline(input, name, body)}: ${when}`);
  return exitCodes.ok;
}

async function addOffline(input: CommandInput, name: string, body: UserBody): Promise<string> {
  const [{ loadConfig }, { writeOfflineUser }] = await Promise.all([
    import('../../server/config.ts'),
    import('../../server/offline-users.ts'),
  ]);
  const dataDir = flag(input, 'dataDir');
  const flags = dataDir === undefined ? {} : { dataDir: [dataDir] };
  const { config } = await loadConfig({ flags, environment: process.env });
  if (config.dataDir === ':memory:')
    throw new GantryError('invalid-argument', '--data-dir :memory: keeps no users: start the broker, or name a folder');
  return await writeOfflineUser(config.dataDir, { name, ...body, password: body.password ?? undefined });
}
