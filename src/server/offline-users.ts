import { chmod, open, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { GantryError } from '../model/errors.ts';
import { checkPassword } from '../security/passwords.ts';
import { prepareDataDir } from './data-dir.ts';
import { readUsersOf, usersFileName } from './data-dir-users.ts';

/** A user as a command describes it, in the keys of `users:`. */
export interface OfflineUser {
  readonly name: string;
  readonly account?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly password?: string | undefined;
  readonly policy?: unknown;
}

const heading =
  '# Users that the broker reads at its start, beside users: of its configuration file. Made by "gantry user add".\n' +
  '# Texts are taken as they stand. The broker shows these users and does not change them: edit or remove them here.\n';

/**
 * Writes a user into the data folder while no broker runs there; what was there stays.
 * @returns the path of the file
 * @throws GantryError `unavailable` when a broker holds the folder, `already-exists`, `invalid-argument`
 */
export async function writeOfflineUser(dataDir: string, user: OfflineUser): Promise<string> {
  if (user.password !== undefined) checkPassword(user.password);
  await prepareDataDir(dataDir);
  const { lockFolder } = await import('../../storage/sqlite/lock.ts');
  const lock = lockFolder(dataDir);
  try {
    return await write(join(dataDir, usersFileName), user);
  } finally {
    lock.release();
  }
}

async function write(path: string, user: OfflineUser): Promise<string> {
  const known = await readUsersOf(path);
  if (known.some(({ name }) => name === user.name))
    throw new GantryError('already-exists', `user "${user.name}" is in ${path} already`, { resource: user.name });
  const text = await withUser(known.length === 0 ? undefined : await readFile(path, 'utf8'), user);
  const draft = `${path}.new`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(draft, 0o600); // Also of one that a crash left with another mode.
  // As the start will read it: what it would refuse is refused now.
  await readUsersOf(draft).catch(async (error: unknown) => {
    await unlink(draft);
    throw error;
  });
  await rename(draft, path);
  return path;
}

async function withUser(before: string | undefined, user: OfflineUser): Promise<string> {
  const { parseDocument, stringify } = await import('yaml');
  const entry: unknown = JSON.parse(JSON.stringify(user)); // Without what is undefined.
  if (before === undefined) return `${heading}${stringify({ users: [entry] })}`;
  const document = parseDocument(before);
  document.addIn(['users'], document.createNode(entry));
  return document.toString();
}
