/** What is to be done so that the users of the store are as definitions want them; users of files are not touched. */
import { GantryError } from '../../model/errors.ts';
import { userLimits } from '../../security/limits.ts';
import type { StoredUser } from '../../security/user-record.ts';
import { isUsableAdmin, requireManageable } from '../access-rules.ts';
import { createUserChanges, type UserChange, type UserChanges } from '../user-changes.ts';
import { problemAt } from './judge.ts';
import type { DefinitionsContext, Step } from './kind.ts';
import type { UserDefinition } from './user-definition.ts';
import { isUsable, MissingVariables, type WantedUser, wantedUser } from './user-model.ts';
import { changedParts, createText, differences } from './user-words.ts';

/** After queues and topics: where nobody was asked before, the first user has to be. An admin before all others, and drops last. */
const turns = { admin: 6, other: 7, less: 8, drop: 9 } as const;

/**
 * @param definitions their form judged by `userDefinitionSchema`
 * @returns nothing for what is as it is wanted; admins first, so that a first user is one
 * @throws GantryError `invalid-argument` that begins with the path; `conflict` when nobody could manage the broker afterwards
 */
export async function planUsers(
  definitions: readonly UserDefinition[],
  context: Pick<DefinitionsContext, 'access' | 'random' | 'principal' | 'scope'>,
  { isPruning }: { readonly isPruning: boolean },
): Promise<readonly Step[]> {
  const { access, random } = context;
  const changes = createUserChanges(access, random, stillOf(context));
  const names = new Set(definitions.map(({ name }) => name));
  requireDistinct(definitions, context);
  const missing = new MissingVariables();
  const wanted = definitions.map((definition, at) =>
    wantedUser(definition, access.findStored(definition.name), at, missing),
  );
  missing.require();
  const gone = isPruning ? goneUsers(names, wanted, context) : [];
  const goneNames = new Set(gone.map(({ name }) => name));
  const others = access.storedUsers().filter(({ name }) => !names.has(name) && !goneNames.has(name));
  const after = [...access.fileUsers, ...others, ...wanted.map(asJudged)];
  // Said now, and not when half of it is done.
  requireManageable([...access.fileUsers, ...access.storedUsers()], after);
  if (others.length + wanted.length > userLimits.usersMax)
    throw new GantryError('limit-exceeded', `there would be more than ${userLimits.usersMax} users, which is the most`);
  const steps: Step[] = [];
  for (const user of wanted) {
    const step = await stepFor(user, access.findStored(user.name), changes, access);
    if (step !== undefined) steps.push(step);
  }
  const drops = gone.map(({ name }) => dropStep(name, changes));
  return [...steps, ...drops].toSorted((one, other) => one.turn - other.turn);
}

/**
 * Rights that somebody else takes away end an import in the middle; its own steps do not: the first admin shuts out who
 * was nobody, and who imports may be made less by it.
 */
function stillOf({ access, principal }: Pick<DefinitionsContext, 'access' | 'principal'>): (name: string) => void {
  let isItsOwnDoing = false;
  return (name) => {
    if (isItsOwnDoing) return;
    const refusal = access.authorize(principal, 'admin', { type: 'broker' });
    if (refusal !== undefined) throw refusal;
    isItsOwnDoing = access.current === undefined || name === principal.name;
  };
}

/** @throws GantryError `invalid-argument` that begins with the path */
function requireDistinct(definitions: readonly UserDefinition[], { access }: Pick<DefinitionsContext, 'access'>): void {
  const ofFiles = new Set(access.fileUsers.map(({ name }) => name));
  const owners = new Map<string, string>();
  for (const { name, accessKeys } of [...access.fileUsers, ...access.storedUsers()])
    for (const { id } of accessKeys) owners.set(id, name);
  const places = new Map<string, number>();
  for (const [at, { name, 'access-keys': keys = [] }] of definitions.entries()) {
    const fail = (message: string, path: readonly (string | number)[] = []): never => {
      throw problemAt(['users', at], { path, message: `user "${name}": ${message}` });
    };
    const first = places.get(name);
    if (first !== undefined) fail(`is defined twice, first at users[${first}]`);
    places.set(name, at);
    if (ofFiles.has(name)) fail('is of the configuration file, or of users.yaml in the data folder: change it there');
    if (keys.length > userLimits.accessKeysMax) fail(`has more than ${userLimits.accessKeysMax} access keys`);
    const own = new Set<string>();
    for (const [which, { id }] of keys.entries()) {
      const path = ['access-keys', which, 'id'];
      const owner = owners.get(id) ?? name;
      if (own.has(id)) fail(`the access key "${id}" is defined twice`, path);
      if (owner !== name) fail(`the access key "${id}" is of the user "${owner}": take it away there first`, path);
      own.add(id);
      owners.set(id, name);
    }
  }
}

/** Those that no definition names, but never who asks, and never the last admin. */
function goneUsers(
  names: ReadonlySet<string>,
  wanted: readonly WantedUser[],
  { access, principal, scope }: Pick<DefinitionsContext, 'access' | 'principal' | 'scope'>,
): readonly StoredUser[] {
  const ofFiles = new Set(access.fileUsers.map(({ name }) => name));
  const mayGo = ({ name, account }: StoredUser): boolean =>
    !names.has(name) &&
    !ofFiles.has(name) &&
    (scope.account ?? account) === account &&
    (principal.isAnonymous || principal.name !== name);
  const stored = access.storedUsers();
  const gone = stored.filter(mayGo);
  const stay = [...access.fileUsers, ...stored.filter((user) => !names.has(user.name) && !mayGo(user))];
  if (stay.some(isUsableAdmin) || wanted.some(isUsable)) return gone;
  const last = gone.find(isUsableAdmin);
  return gone.filter((user) => user !== last);
}

/** As `requireManageable` looks at users. */
function asJudged({ isAdmin, hasPassword, accessKeys }: WantedUser) {
  return { isAdmin, password: hasPassword ? {} : undefined, accessKeys };
}

async function stepFor(
  user: WantedUser,
  before: StoredUser | undefined,
  changes: UserChanges,
  access: DefinitionsContext['access'],
): Promise<Step | undefined> {
  const { name } = user;
  const whole: UserChange = {
    ...{ account: user.account, admin: user.isAdmin, policy: user.policy, accessKeys: user.accessKeys },
    password: user.hasPassword ? user.password : null,
  };
  const shape = { kind: 'user', name, requireAllowed: () => undefined };
  if (before === undefined) {
    const turn = isUsable(user) ? turns.admin : turns.other;
    const run = async (): Promise<void> => {
      try {
        await changes.create(name, whole);
      } catch (error) {
        // Somebody made it since the plan.
        if (!(error instanceof GantryError) || access.findStored(name) === undefined) throw error;
        await changes.alter(name, whole);
      }
    };
    return { ...shape, do: 'create', text: createText(user), turn, run };
  }
  const differing = await differences(user, before);
  if (differing.length === 0) return undefined;
  const change = changedParts(whole, differing);
  const turn = isUsable(user) ? turns.admin : isUsableAdmin(before) ? turns.less : turns.other;
  const text = `~ user ${name}: ${differing.map(({ text: line }) => line).join(', ')}`;
  return { ...shape, do: 'alter', text, turn, run: async () => void (await changes.alter(name, change)) };
}

function dropStep(name: string, changes: UserChanges): Step {
  const run = async (): Promise<void> => {
    try {
      await changes.drop(name);
    } catch (error) {
      if (!(error instanceof GantryError) || error.code !== 'not-found') throw error;
    }
  };
  return {
    ...{ do: 'drop', kind: 'user', name, text: `- user ${name}` },
    turn: turns.drop,
    requireAllowed: () => undefined,
    run,
  };
}
