import { GantryError } from '../../model/errors.ts';
import type { UserView } from '../../server/admin/users.ts';
import { connect } from '../admin-client.ts';
import { type CommandInput, flag } from '../command.ts';
import { exitCodes, Unreachable } from '../exit-codes.ts';
import { say } from '../output.ts';
import { type UserBody, userBody } from './body.ts';
import { userPath } from './views.ts';

/** Asks the running broker; before the first start, when none runs, the user is written where the start finds it. */
export async function addUser(input: CommandInput): Promise<number> {
  const [name = ''] = input.args;
  const body = await userBody(input);
  try {
    const client = await connect(input);
    const user: UserView = await client.call('PUT', userPath(name), {}, body);
    say(`made ${user.name}${user.admin ? ', an admin' : ''}`);
  } catch (error) {
    const isNamed = flag(input, 'endpoint') !== undefined || process.env.GANTRY_ENDPOINT !== undefined;
    if (!(error instanceof Unreachable) || isNamed) throw error;
    const path = await addOffline(input, name, body);
    say(`no broker runs: ${name} is in ${path}, which the next start reads`);
  }
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
