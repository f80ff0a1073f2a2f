import { join } from 'node:path';
import { GantryError } from '../model/errors.ts';
import type { UserRecord } from '../security/users.ts';
import { readConfigFile } from './config-file.ts';

/** Beside the messages; `gantry user add` writes it before the first start. */
export const usersFileName = 'users.yaml';

/**
 * Users that lie in the data folder, as `users:` of the configuration file but taken literally: a password with a `$` is
 * a password with a `$`.
 * @throws GantryError `invalid-argument` naming file, line and column
 */
export async function readDataDirUsers(dataDir: string): Promise<readonly UserRecord[]> {
  return dataDir === ':memory:' ? [] : await readUsersOf(join(dataDir, usersFileName));
}

/** The same of a file. */
export async function readUsersOf(path: string): Promise<readonly UserRecord[]> {
  const entries = await readConfigFile(path);
  if (entries === undefined) return [];
  const { readUsers } = await import('./users-file.ts');
  const users: UserRecord[] = [];
  for (const { key, keyPlace, value } of entries) {
    if (key !== 'users')
      throw new GantryError('invalid-argument', `${keyPlace}: unknown key "${key}": only users lie here`);
    users.push(...(await readUsers(value, undefined)));
  }
  return users;
}
