/**
 * Who there is, and who of them may: users of files, which are read-only here, and users of the store. Access control is
 * on while there is one of either. Each change makes a new guard, put into effect everywhere in one turn: whoever asks
 * after the answer to the change is judged by it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../../storage/store.ts';
import type { Authorize } from '../core/authorize.ts';
import type { Clock } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue, QueueAddress } from '../model/queue.ts';
import type { Random } from '../model/random.ts';
import type { Topic, TopicAddress } from '../model/topic.ts';
import { createStoredUsers, type StoredUsers } from '../security/stored-users.ts';
import type { StoredUser } from '../security/user-record.ts';
import type { UserRecord, Users } from '../security/users.ts';
import { requireManageable, requireMayOpen } from './access-rules.ts';
import { readDataDirUsers } from './data-dir-users.ts';
import { createKeyFile } from './key-file.ts';
import type { Log } from './log.ts';

/** What judges requests while there are users. */
interface Guard {
  readonly users: Users;
  readonly authorize: Authorize;
  /** The wall's, for signatures and policies: their authors look at their own clocks, and time passes while a machine sleeps. */
  readonly clock: Pick<Clock, 'now'>;
  /**
   * Of HTTP's own Authorization header: name and password, or an access key's id and secret.
   * @param from see Authenticator
   * @returns the anonymous when it is missing or wrong
   * @throws GantryError `limit-exceeded`
   */
  authenticate(authorization: string | undefined, from?: string): Promise<Principal>;
}
/** What is made of each guard; undefined while everybody is let in. */
interface Guarded<T> {
  readonly current: T | undefined;
}
export interface Access extends Guarded<Guard> {
  /** For core, for good: asks the guard of the moment. */
  readonly authorize: Authorize;
  /** Makes something of every guard to come, in the turn that puts it into effect. @param load reads its code, at the first guard */
  derive<T>(load: () => Promise<(guard: Guard) => T>): Promise<Guarded<T>>;
  /** With the users of the files at once; those of the store are there after `start`. */
  prepare(): Promise<void>;
  start(store: StoredUsersStore): Promise<void>;
  /**
   * Users of the configuration file, read anew, and of the file in the data folder with them.
   * @returns whether others are there than before
   * @throws GantryError `conflict`: it would let everybody in, and may not, or nobody could manage the broker afterwards
   */
  reload(fileUsers: readonly UserRecord[]): Promise<boolean>;
  readonly fileUsers: readonly UserRecord[];
  storedUsers(): readonly StoredUser[];
  findStored(name: string): StoredUser | undefined;
  /**
   * Changes a user of the store; in effect, and on disk, when it settles.
   * @param next as for StoredUsers
   * @throws GantryError what `next` throws, `conflict` when nobody could manage the broker afterwards
   */
  write(
    name: string,
    next: (before: StoredUser | undefined) => Promise<StoredUser | undefined>,
  ): Promise<StoredUser | undefined>;
}
type StoredUsersStore = Pick<Store, 'records' | 'commit' | 'onRecords' | 'onState'>;

export interface AccessParts {
  readonly fileUsers: readonly UserRecord[];
  readonly dataDir: string;
  readonly random: Random;
  findQueue(address: QueueAddress): Queue | undefined;
  findTopic(address: TopicAddress): Topic | undefined;
  /** Undefined: everybody may be let in; else why not. */
  whyNotOpen(): string | undefined;
  /** Somebody may no longer do what was allowed before: whoever waits has to ask again. */
  narrowed(): void;
  log(): Log | undefined;
}

export function createAccess(parts: AccessParts): Access {
  const clock = { now: () => Date.now() };
  const keyFile = createKeyFile(parts.dataDir, parts.random);
  const derived: { load(): Promise<void>; follow(): void }[] = [];
  let fileUsers = parts.fileUsers;
  let stored: StoredUsers | undefined;
  let guard: Guard | undefined;

  async function putIntoEffect(): Promise<void> {
    if (records().length === 0 && guard === undefined) return;
    const make = await loadMaker();
    for (const each of derived) await each.load();
    // From here on nothing waits: the state is read, and put into effect everywhere, in one turn.
    const all = records();
    const isNarrower = all.length > 0;
    guard = all.length === 0 ? undefined : make(all);
    for (const each of derived) each.follow();
    if (isNarrower) parts.narrowed();
  }

  /** Without users a start does not pay for policies. */
  async function loadMaker(): Promise<(all: readonly UserRecord[]) => Guard> {
    const [{ createUsers }, { createAuthorize }, { createAuthenticator }] = await Promise.all([
      import('../security/users.ts'),
      import('../security/authorize.ts'),
      import('../security/basic.ts'),
    ]);
    authenticator ??= createAuthenticator(clock, parts.random);
    const { authenticate } = authenticator;
    return (all) => {
      const users = createUsers(all);
      return {
        ...{ users, clock },
        authorize: createAuthorize({ users, clock, findQueue: parts.findQueue, findTopic: parts.findTopic }),
        authenticate: (authorization, from) => authenticate(users, authorization, from),
      };
    };
  }
  let authenticator: import('../security/basic.ts').Authenticator | undefined;

  /** The files' come first: of two with one name theirs is meant. */
  function records(): readonly UserRecord[] {
    return stored === undefined || stored.size === 0 ? fileUsers : [...fileUsers, ...stored.all()];
  }

  return {
    get current() {
      return guard;
    },
    authorize: (principal, action, resource) =>
      guard === undefined ? undefined : guard.authorize(principal, action, resource),
    async derive<T>(load: () => Promise<(guard: Guard) => T>) {
      const holder: { current: T | undefined } = { current: undefined };
      let make: ((guard: Guard) => T) | undefined;
      const one = {
        load: async () => {
          make ??= await load();
        },
        follow: () => {
          holder.current = guard === undefined || make === undefined ? undefined : make(guard);
        },
      };
      if (guard !== undefined) await one.load();
      derived.push(one);
      one.follow();
      return holder;
    },
    async prepare() {
      fileUsers = withoutTaken(await readDataDirUsers(parts.dataDir), fileUsers);
      await putIntoEffect();
    },
    async start(store) {
      stored = createStoredUsers({
        store,
        findSealer: keyFile.find,
        makeSealer: keyFile.make,
        changed: putIntoEffect,
        warn: (name, problems) => parts.log()?.error('user-unreadable', { user: name, problems }),
      });
      await stored.start();
    },
    async reload(next) {
      const all = withoutTaken(await readDataDirUsers(parts.dataDir), next);
      if (isDeepStrictEqual(all, fileUsers)) return false;
      const after = [...all, ...(stored?.all() ?? [])];
      if (after.length === 0 && guard !== undefined) requireMayOpen(parts.whyNotOpen());
      requireManageable(records(), after);
      fileUsers = all;
      await putIntoEffect();
      return true;
    },
    get fileUsers() {
      return fileUsers;
    },
    storedUsers: () => [...(stored?.all() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1)),
    findStored: (name) => stored?.find(name),
    write: async (name, next) => {
      if (stored === undefined) throw new GantryError('unavailable', 'the broker is starting');
      const users = stored;
      return await users.write(name, async (before) => {
        const after = await next(before);
        const others = [...users.all()].filter((user) => user.name !== name);
        const all = [...fileUsers, ...others, ...(after === undefined ? [] : [after])];
        if (all.length === 0) requireMayOpen(parts.whyNotOpen());
        requireManageable(records(), all);
        return after;
      });
    },
  };
}

function withoutTaken(more: readonly UserRecord[], users: readonly UserRecord[]): readonly UserRecord[] {
  if (more.length === 0) return users;
  const names = new Set(users.map(({ name }) => name));
  return [...users, ...more.filter(({ name }) => !names.has(name))];
}
