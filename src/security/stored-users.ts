/** The users of the store, kept equal to its records, whoever changed them. */
import type { RecordKey, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import { userLimits } from './limits.ts';
import type { Sealer } from './sealer.ts';
import { decodeUser, encodeUser, hasSecrets, nameOfKey, type StoredUser, userKey, usersPrefix } from './user-record.ts';

export interface StoredUsers {
  /** Reads all, and from then on every change. */
  start(): Promise<void>;
  /** In no order. */
  all(): Iterable<StoredUser>;
  find(name: string): StoredUser | undefined;
  readonly size: number;
  /**
   * Changes one user; one change at a time. It is on disk, and `changed` has ended, when this settles.
   * @param next the user as it shall be, undefined: dropped; called anew when another node was faster
   * @returns what `next` gave
   * @throws GantryError what `next` throws, `conflict`, what the store refused with
   */
  write(
    name: string,
    next: (before: StoredUser | undefined) => Promise<StoredUser | undefined>,
  ): Promise<StoredUser | undefined>;
}
export interface StoredUsersParts {
  readonly store: Pick<Store, 'records' | 'commit' | 'onRecords' | 'onState'>;
  /** @returns undefined: nothing was ever sealed here */
  findSealer(): Promise<Sealer | undefined>;
  /** Makes its key when there is none. */
  makeSealer(): Promise<Sealer>;
  /** Called after each change, also one of another node. */
  changed(): Promise<void>;
  /** Told of users that cannot be read. */
  warn(name: string, problems: readonly string[]): void;
}

interface Known {
  readonly user: StoredUser;
  readonly version: number;
}

export function createStoredUsers(parts: StoredUsersParts): StoredUsers {
  const { store, findSealer, makeSealer, changed, warn } = parts;
  const known = new Map<string, Known>();
  const noticed = new Set<string>();
  let isAllNoticed = false;
  let isFollowing = false;
  let isStarted = false;
  let lastWrite: Promise<unknown> = Promise.resolve();

  function put(name: string, value: Uint8Array, version: number, sealer: Sealer | undefined): void {
    if (known.get(name)?.version === version) return;
    const { user, problems } = decodeUser(name, value, sealer);
    if (problems.length > 0) warn(name, problems);
    known.set(name, { user, version });
  }

  async function readAll(): Promise<void> {
    const seen = new Set<string>();
    let after: RecordKey | undefined;
    for (;;) {
      const page = await store.records(usersPrefix, after, userLimits.recordPageMax);
      const sealer = page.length === 0 ? undefined : await findSealer();
      for (const { key, value, version } of page) {
        const name = nameOfKey(key);
        if (name === undefined) continue;
        seen.add(name);
        put(name, value, version, sealer);
      }
      after = page.at(-1)?.key;
      if (page.length < userLimits.recordPageMax || after === undefined) break;
    }
    for (const name of known.keys()) if (!seen.has(name)) known.delete(name);
  }

  async function readOne(name: string): Promise<number> {
    const key = userKey(name);
    const [record] = await store.records(key, undefined, 1);
    if (record === undefined || nameOfKey(record.key) !== name) {
      known.delete(name);
      return 0;
    }
    put(name, record.value, record.version, await findSealer());
    return record.version;
  }

  /** Reads and writes take turns, so that no read brings back what a write has just replaced. */
  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const run = lastWrite.then(action);
    lastWrite = run.catch(() => undefined);
    return run;
  }

  async function follow(): Promise<void> {
    if (isFollowing || !isStarted) return;
    isFollowing = true;
    try {
      while (isAllNoticed || noticed.size > 0) {
        const names = [...noticed];
        const isAll = isAllNoticed;
        noticed.clear();
        isAllNoticed = false;
        await inTurn(async () => {
          if (isAll) await readAll();
          else for (const name of names) await readOne(name);
          await changed();
        });
      }
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      isAllNoticed = true; // All are read at the next notice, or when the store says that it is well again.
    } finally {
      isFollowing = false;
    }
  }

  function notice(keys: readonly RecordKey[] | 'all'): void {
    if (keys === 'all') isAllNoticed = true;
    else for (const key of keys) noticed.add(nameOfKey(key) ?? '');
    void follow();
  }

  /** A key is made where nothing was ever sealed, and never while there is something that a lost one has sealed. */
  async function sealerFor(user: StoredUser): Promise<Sealer | undefined> {
    if (!hasSecrets(user)) return undefined;
    const found = await findSealer();
    if (found !== undefined) return found;
    const others = [...known.values()].filter((one) => one.user.name !== user.name);
    const locked = [user, ...others.map((one) => one.user)].filter((one) => one.locked !== undefined);
    const [first] = locked;
    if (first === undefined) return await makeSealer();
    throw new GantryError('conflict', `the key that sealed the secrets of user "${first.name}" is not there`, {
      resource: first.name,
      hint: `Bring users.key back into the data folder. If it is lost, drop the ${locked.length} users whose secrets it sealed, or take their passwords and access keys away.`,
    });
  }

  async function commit(name: string, user: StoredUser | undefined, version: number): Promise<number | undefined> {
    const key = userKey(name);
    const change =
      user === undefined
        ? ({ do: 'forget', key, ifVersion: version } as const)
        : ({ do: 'put', key, value: encodeUser(user, await sealerFor(user)), ifVersion: version } as const);
    const result = await store.commit({ changes: [change], durability: 'disk' });
    if (!result.ok) {
      if (result.error.code === 'conflict' || result.error.code === 'already-exists') return undefined;
      throw result.error;
    }
    const [done] = result.changes;
    return done?.did === 'put' ? done.version : 0;
  }

  return {
    async start() {
      store.onRecords(usersPrefix, notice);
      store.onState((state) => {
        if (state === 'ok') void follow();
      });
      await inTurn(readAll);
      isStarted = true;
      await changed();
      void follow();
    },
    *all() {
      for (const { user } of known.values()) yield user;
    },
    find: (name) => known.get(name)?.user,
    get size() {
      return known.size;
    },
    write: (name, next) =>
      inTurn(async () => {
        for (let attempt = 0; attempt < userLimits.conflictRetryCountMax; attempt++) {
          const before = known.get(name);
          const user = await next(before?.user);
          if (user === undefined && before === undefined) return undefined;
          const version = await commit(name, user, before?.version ?? 0);
          if (version === undefined) {
            await readOne(name);
            continue;
          }
          if (user === undefined) known.delete(name);
          else known.set(name, { user, version });
          await changed();
          return user;
        }
        throw new GantryError('conflict', `user "${name}" is being changed by others all the time`, {
          hint: 'Try again.',
        });
      }),
  };
}
