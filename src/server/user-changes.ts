/** What is done to users of the store, whoever asks: the admin API or an import. */
import { GantryError } from '../model/errors.ts';
import { defaultNamespace } from '../model/queue.ts';
import type { Random } from '../model/random.ts';
import { userLimits } from '../security/limits.ts';
import { makeVerifier } from '../security/passwords.ts';
import type { StoredKey, StoredUser } from '../security/user-record.ts';
import type { Access } from './access.ts';

/** What is left out stays as it is; null takes away. */
export interface UserChange {
  readonly password?: string | null | undefined;
  readonly admin?: boolean | undefined;
  readonly account?: string | undefined;
  readonly policy?: readonly unknown[] | null | undefined;
  /** All of them, in the place of those that are there. */
  readonly accessKeys?: readonly NewKey[] | undefined;
}
interface NewKey {
  readonly id: string;
  readonly secret: string;
  readonly account?: string | undefined;
}
export interface UserChanges {
  /** @throws GantryError `already-exists` */
  create(name: string, change: UserChange): Promise<StoredUser>;
  /** @throws GantryError `not-found`, `conflict` */
  alter(name: string, change: UserChange): Promise<StoredUser>;
  drop(name: string): Promise<void>;
  /** With an id and a secret of our own making where none is given. */
  addKey(name: string, key: Partial<NewKey>): Promise<StoredKey>;
  dropKey(name: string, id: string): Promise<void>;
}

const idLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const idRandomBytes = 16;
const secretBytes = 30;

/**
 * @param requireStill asked in the turn of each change, for its password takes long to digest and others may be first:
 *   throws when who asked may do it no more
 */
export function createUserChanges(
  access: Access,
  random: Pick<Random, 'bytes'>,
  requireStill: (name: string) => void,
): UserChanges {
  const now = () => Date.now();
  const write: Access['write'] = (name, next) =>
    access.write(name, async (before) => {
      requireStill(name);
      return await next(before);
    });

  return {
    async create(name, change) {
      const password = await verifierOf(change.password);
      const made = await write(name, async (before) => {
        requireNotOfFile(name, 'already-exists');
        if (before !== undefined)
          throw new GantryError('already-exists', `user "${name}" exists already`, {
            resource: name,
            hint: `change the one that is there: gantry user set ${name}`,
          });
        if (access.storedUsers().length >= userLimits.usersMax)
          throw new GantryError('limit-exceeded', `there are ${userLimits.usersMax} users, which is the most`);
        const at = now();
        const account = change.account ?? defaultNamespace.account;
        return changed(
          {
            ...{ name, account, isAdmin: false, password: undefined },
            accessKeys: [],
            statements: [],
            createdAt: at,
            modifiedAt: at,
          },
          change,
          password,
        );
      });
      return given(made, name);
    },
    async alter(name, change) {
      const password = await verifierOf(change.password);
      return await rewrite(name, (before) => changed(before, change, password));
    },
    async drop(name) {
      await write(name, async (before) => {
        require(name, before);
        return undefined;
      });
    },
    async addKey(name, { id = newId(), secret = newSecret(), account }) {
      const user = await rewrite(name, (before) => {
        requireRoom(before.accessKeys.length + (before.locked?.keys.length ?? 0) + 1);
        requireFreeId(id, undefined);
        const key = { id, secret, account: account ?? before.account, createdAt: now() };
        return { ...before, accessKeys: [...before.accessKeys, key] };
      });
      const key = user.accessKeys.find((one) => one.id === id);
      if (key === undefined) throw new GantryError('internal', 'the key that was made is there');
      return key;
    },
    async dropKey(name, id) {
      await rewrite(name, (before) => {
        const others = (key: { readonly id: string }) => key.id !== id;
        const accessKeys = before.accessKeys.filter(others);
        const locked = before.locked && { ...before.locked, keys: before.locked.keys.filter(others) };
        if (accessKeys.length === before.accessKeys.length && locked?.keys.length === before.locked?.keys.length)
          throw new GantryError('not-found', `user "${name}" has no access key "${id}"`, { resource: id });
        return { ...before, accessKeys, locked: filled(locked) };
      });
    },
  };

  async function rewrite(name: string, next: (before: StoredUser) => StoredUser): Promise<StoredUser> {
    const user = await write(name, async (given) => {
      const before = require(name, given);
      if (before.unreadable !== undefined)
        throw new GantryError('conflict', `user "${name}" cannot be changed: ${before.unreadable}`, {
          resource: name,
          hint: 'Drop it and make it anew, or change it with the release of Gantry that made it.',
        });
      return { ...next(before), modifiedAt: now() };
    });
    return given(user, name);
  }

  function changed(before: StoredUser, change: UserChange, password: StoredUser['password']): StoredUser {
    const { admin = before.isAdmin, account = before.account, policy, accessKeys } = change;
    return {
      ...before,
      ...{ account, isAdmin: admin, locked: stillLocked(before.locked, change) },
      password: change.password === undefined ? before.password : password,
      statements: policy === undefined ? before.statements : (policy ?? []),
      accessKeys: accessKeys === undefined ? before.accessKeys : keysOf(before, accessKeys, account),
    };
  }

  function keysOf(before: StoredUser, keys: readonly NewKey[], account: string): readonly StoredKey[] {
    requireRoom(keys.length);
    return keys.map((key, at) => {
      requireFreeId(key.id, before.name);
      if (keys.findIndex(({ id }) => id === key.id) !== at) throw taken(key.id);
      const known = before.accessKeys.find(({ id, secret }) => id === key.id && secret === key.secret);
      return { id: key.id, secret: key.secret, account: key.account ?? account, createdAt: known?.createdAt ?? now() };
    });
  }

  function require(name: string, before: StoredUser | undefined): StoredUser {
    requireNotOfFile(name, 'conflict');
    if (before !== undefined) return before;
    throw new GantryError('not-found', `user "${name}" does not exist`, { resource: name });
  }

  function requireNotOfFile(name: string, code: 'already-exists' | 'conflict'): void {
    if (!access.fileUsers.some((user) => user.name === name)) return;
    throw new GantryError(code, `user "${name}" is of the configuration file, or of users.yaml in the data folder`, {
      resource: name,
      hint: 'Change it there; an access key is an entry of its access-keys.',
    });
  }

  /** @param owner whose it may be */
  function requireFreeId(id: string, owner: string | undefined): void {
    for (const { name, accessKeys } of [...access.fileUsers, ...access.storedUsers()])
      if (name !== owner && accessKeys.some((key) => key.id === id)) throw taken(id);
    for (const { name, locked } of access.storedUsers())
      if (name !== owner && locked?.keys.some((key) => key.id === id)) throw taken(id);
  }

  async function verifierOf(password: string | null | undefined): Promise<StoredUser['password']> {
    return typeof password === 'string' ? await makeVerifier(password, random) : undefined;
  }

  /** As AWS's look: `AKIA` and sixteen letters and digits. */
  function newId(): string {
    return `AKIA${[...random.bytes(idRandomBytes)].map((byte) => idLetters[byte % idLetters.length]).join('')}`;
  }

  /** Of 40 letters, digits, `+` and `/`, as AWS's. */
  function newSecret(): string {
    return Buffer.from(random.bytes(secretBytes)).toString('base64');
  }
}

/** What is set anew, or taken away, is not kept for the day when its key comes back. */
function stillLocked(locked: StoredUser['locked'], { password, accessKeys }: UserChange): StoredUser['locked'] {
  if (locked === undefined) return undefined;
  return filled({
    password: password === undefined ? locked.password : undefined,
    keys: accessKeys === undefined ? locked.keys : [],
  });
}

function filled(locked: StoredUser['locked']): StoredUser['locked'] {
  return locked?.password === undefined && locked?.keys.length === 0 ? undefined : locked;
}

function requireRoom(count: number): void {
  if (count > userLimits.accessKeysMax)
    throw new GantryError('limit-exceeded', `a user has at most ${userLimits.accessKeysMax} access keys`);
}

function taken(id: string): GantryError {
  return new GantryError('already-exists', `the access key "${id}" is there already`, { resource: id });
}

function given(user: StoredUser | undefined, name: string): StoredUser {
  if (user !== undefined) return user;
  throw new GantryError('internal', `user "${name}" was written and is not there`);
}
