import { GantryError } from '../../model/errors.ts';
import { defaultNamespace } from '../../model/queue.ts';
import type { StoredUser } from '../../security/user-record.ts';
import { pathText } from '../schema-problem.ts';
import { passwordPlaceholder, secretPlaceholder, type UserDefinition, variableIn } from './user-definition.ts';

/** The whole user that a definition means: what it does not say is as by default. */
export interface WantedUser {
  readonly name: string;
  readonly account: string;
  readonly isAdmin: boolean;
  readonly hasPassword: boolean;
  /** Undefined beside `hasPassword`: whatever it is now. */
  readonly password: string | undefined;
  readonly accessKeys: readonly { readonly id: string; readonly secret: string; readonly account: string }[];
  readonly policy: readonly unknown[];
}

/** Placeholders that nothing is known for; said all at once, for one after another is tedious to set. */
export class MissingVariables {
  readonly #found: { readonly path: string; readonly user: string; readonly variable: string }[] = [];

  add(path: readonly (string | number)[], user: string, text: string): void {
    this.#found.push({ path: pathText(path), user, variable: variableIn(text) ?? text });
  }

  /** @throws GantryError `invalid-argument` that begins with the path of the first */
  require(): void {
    const [first, ...rest] = this.#found;
    if (first === undefined) return;
    const { path, user, variable } = first;
    throw new GantryError(
      'invalid-argument',
      `${path}: user "${user}": the variable ${variable} is not set${also(rest)}`,
      {
        resource: user,
        hint: 'Set it for whoever imports: an export has no passwords and no secrets.',
      },
    );
  }
}

/**
 * @param before the user as it is, whose secrets stay where the definition has only their placeholders
 * @param at its place among the definitions
 */
export function wantedUser(
  definition: UserDefinition,
  before: StoredUser | undefined,
  at: number,
  missing: MissingVariables,
): WantedUser {
  const { name, account = defaultNamespace.account, admin = false, policy = [], password } = definition;
  const isKept = password === passwordPlaceholder(name) && before?.password !== undefined;
  const isUnset = password !== undefined && variableIn(password) !== undefined;
  if (isUnset && !isKept) missing.add(['users', at, 'password'], name, password);
  const accessKeys = (definition['access-keys'] ?? []).map(({ id, secret, account: own = account }, which) => {
    if (variableIn(secret) === undefined) return { id, secret, account: own };
    const known = before?.accessKeys.find((key) => key.id === id)?.secret;
    const isOwn = secret === secretPlaceholder(id);
    if (known === undefined || !isOwn) missing.add(['users', at, 'access-keys', which, 'secret'], name, secret);
    return { id, secret: known ?? '', account: own };
  });
  return {
    ...{ name, account, isAdmin: admin, policy, accessKeys },
    ...{ hasPassword: password !== undefined, password: isUnset ? undefined : password },
  };
}

/** Who could manage the broker. */
export function isUsable({ isAdmin, hasPassword, accessKeys }: WantedUser): boolean {
  return isAdmin && (hasPassword || accessKeys.length > 0);
}

const namedMax = 20;

function also(rest: readonly { readonly variable: string }[]): string {
  if (rest.length === 0) return '';
  const named = rest.slice(0, namedMax).map(({ variable }) => variable);
  const more = rest.length > namedMax ? ` and ${rest.length - namedMax} more` : '';
  return `, nor ${rest.length === 1 ? 'is' : 'are'} ${named.join(', ')}${more}`;
}
