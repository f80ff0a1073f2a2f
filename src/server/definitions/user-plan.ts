/** What is to be done so that the users of the store are as definitions want them; users of files are not touched. */
import { isDeepStrictEqual } from 'node:util';
import { GantryError } from '../../model/errors.ts';
import type { Random } from '../../model/random.ts';
import { isPassword } from '../../security/passwords.ts';
import type { StoredUser } from '../../security/user-record.ts';
import type { Access } from '../access.ts';
import { createUserChanges, type UserChange } from '../user-changes.ts';
import {
  exportedUser,
  passwordPlaceholder,
  secretPlaceholder,
  type UserDefinition,
  variableIn,
} from './user-definition.ts';

export interface UsersContext {
  readonly access: Access;
  readonly random: Pick<Random, 'bytes'>;
  /** What `${NAME}` stands for, of who imports. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}
/** One change; its shape is that of every kind of definition. */
export interface UserStep {
  readonly do: 'create' | 'alter' | 'drop';
  readonly name: string;
  /** The line of the plan; without a secret. */
  readonly text: string;
  run(): Promise<void>;
}

/** In the order of names. */
export function exportUsers({ access }: Pick<UsersContext, 'access'>): readonly UserDefinition[] {
  return access.storedUsers().map(exportedUser);
}

/**
 * @param definitions their form judged by `userDefinitionSchema`
 * @returns nothing for what is as it is wanted; admins first, so that a first user is one
 * @throws GantryError `invalid-argument` that begins with the path
 */
export async function planUsers(
  definitions: readonly UserDefinition[],
  context: UsersContext,
  { isPruning }: { readonly isPruning: boolean },
): Promise<readonly UserStep[]> {
  const { access, random } = context;
  const changes = createUserChanges(access, random);
  const steps: UserStep[] = [];
  const names = new Set<string>();
  for (const [at, definition] of definitions.entries()) {
    const { name } = definition;
    const fail = (what: string): never => {
      throw new GantryError('invalid-argument', `users[${at}]: user "${name}": ${what}`, { resource: name });
    };
    if (names.has(name)) fail('is defined twice');
    names.add(name);
    const before = access.findStored(name);
    const change = await changeOf(definition, before, context, fail);
    if (before === undefined) {
      const run = async () => void (await changes.create(name, change));
      steps.push({ do: 'create', name, text: `+ user ${name}`, run });
      continue;
    }
    const keys = Object.keys(change);
    if (keys.length === 0) continue;
    const run = async () => void (await changes.alter(name, change));
    steps.push({ do: 'alter', name, text: `~ user ${name}: ${keys.join(', ')}`, run });
  }
  const isAdmin = (name: string) => definitions.some((one) => one.name === name && one.admin === true);
  const ordered = steps.toSorted((one, other) => Number(isAdmin(other.name)) - Number(isAdmin(one.name)));
  const gone = isPruning ? access.storedUsers().filter(({ name }) => !names.has(name)) : [];
  const drops = gone.map(
    ({ name }): UserStep => ({ do: 'drop', name, text: `- user ${name}`, run: () => changes.drop(name) }),
  );
  return [...ordered, ...drops];
}

type Fail = (what: string) => never;

/** What differs. A definition settles the whole user, but for the secrets that it has no value for. */
async function changeOf(
  definition: UserDefinition,
  before: StoredUser | undefined,
  { environment }: UsersContext,
  fail: Fail,
): Promise<UserChange> {
  const { name, account = '000000000000', admin = false, policy = [] } = definition;
  const value = (text: string, own: string, isKnown: boolean): string | undefined => {
    const variable = variableIn(text);
    if (variable === undefined) return text;
    const found = environment[variable];
    if (found !== undefined && found !== '') return found;
    return isKnown && text === own ? undefined : fail(`"${text}" names a variable that is not set`);
  };
  const given = definition.password;
  const password = given === undefined ? null : value(given, passwordPlaceholder(name), before?.password !== undefined);
  const keys = (definition['access-keys'] ?? []).map(({ id, secret, account: own = account }) => {
    const known = before?.accessKeys.find((key) => key.id === id);
    const text = value(secret, secretPlaceholder(id), known !== undefined) ?? known?.secret;
    return { id, secret: text ?? fail(`the access key "${id}" has no secret`), account: own };
  });
  const keysBefore = (before?.accessKeys ?? []).map(({ id, secret, account: own }) => ({ id, secret, account: own }));
  return {
    ...(account === (before?.account ?? '') ? {} : { account }),
    ...(admin === (before?.isAdmin ?? false) ? {} : { admin }),
    ...((await isAsBefore(password, before?.password)) ? {} : { password }),
    ...(isDeepStrictEqual(policy, before?.statements ?? []) ? {} : { policy }),
    ...(isDeepStrictEqual(keys, keysBefore) ? {} : { accessKeys: keys }),
  };
}

/** @param password undefined: whatever it is now; null: none */
async function isAsBefore(password: string | null | undefined, before: StoredUser['password']): Promise<boolean> {
  if (password === undefined) return true;
  if (password === null || before === undefined) return password === null && before === undefined;
  return await isPassword(password, before);
}
