import { GantryError } from '../model/errors.ts';
import type { UserRecord } from '../security/users.ts';
import { didYouMean } from '../server/closest.ts';
import type { FileNode } from '../server/file-node.ts';

/** As in `users:` of the configuration file. */
export interface UserOptions {
  readonly name: string;
  /** Twelve digits; default 000000000000. */
  readonly account?: string | undefined;
  /** May do everything, whatever policies say. */
  readonly admin?: boolean | undefined;
  /** For `/metrics`, and for protocols that ask for one. */
  readonly password?: string | undefined;
  readonly accessKeys?: readonly AccessKeyOptions[] | undefined;
  /** A policy document as AWS writes it, or its statements. */
  readonly policy?: object | undefined;
}
export interface AccessKeyOptions {
  readonly id: string;
  readonly secret: string;
  /** In which its requests act; default the user's. */
  readonly account?: string | undefined;
}

/** Read as those of the configuration file are, so that the same rules and words hold. @throws GantryError `invalid-argument` */
export async function readUserOptions(users: readonly UserOptions[]): Promise<readonly UserRecord[]> {
  if (!Array.isArray(users)) throw bad('users', 'expected a list of users');
  if (users.length === 0) return [];
  const { readUsers } = await import('../server/users-file.ts');
  const items = users.map((user, at) => userNode(user, `users[${at}]`));
  return await readUsers({ place: 'users', items }, {});
}

const userKeys = ['name', 'account', 'admin', 'password', 'accessKeys', 'policy'];
const accessKeyKeys = ['id', 'secret', 'account'];

function userNode(user: UserOptions, place: string): FileNode {
  requireKeys(user, userKeys, place);
  const { accessKeys, ...rest } = user;
  if (Array.isArray(accessKeys))
    for (const [at, key] of accessKeys.entries()) requireKeys(key, accessKeyKeys, `${place}.accessKeys[${at}]`);
  return nodeOf(accessKeys === undefined ? rest : { ...rest, 'access-keys': accessKeys }, place, 0);
}

/** The file's own keys name files as well, and here none is read. */
function requireKeys(given: unknown, keys: readonly string[], place: string): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw bad(place, `expected an object: ${keys.join(', ')}`);
  for (const key of Object.keys(given))
    if (!keys.includes(key)) throw bad(`${place}.${key}`, `unknown key "${key}"${didYouMean(key, keys)}`);
}

function bad(place: string, what: string): GantryError {
  return new GantryError('invalid-argument', `${place}: ${what}`);
}

const levelsMax = 32;

function nodeOf(value: unknown, place: string, level: number): FileNode {
  if (level > levelsMax) throw bad(place, 'too many levels');
  if (Array.isArray(value)) {
    return { place, items: value.map((item: unknown, at) => nodeOf(item, `${place}[${at}]`, level + 1)) };
  }
  if (typeof value !== 'object' || value === null) return value == null ? { place } : { place, text: String(value) };
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return {
    place,
    entries: entries.map(([key, each]) => {
      const keyPlace = `${place}.${key}`;
      return { key, keyPlace, value: nodeOf(each, keyPlace, level + 1) };
    }),
  };
}
