import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { defaultNamespace } from '../../model/queue.ts';
import type { StoredUser } from '../../security/user-record.ts';
import { keyId, password, policy, secret, userAccount, userName } from './user-values.ts';
import { yesOrNo } from './values.ts';

/** A user of the store, in a definitions file and in an export: in the keys of `users:` of the configuration file. */
export const userDefinitionSchema = v.strictObject({
  name: userName,
  account: v.optional(userAccount),
  admin: v.optional(yesOrNo('may do everything, whatever policies say')),
  password: v.optional(password),
  'access-keys': v.optional(
    v.pipe(
      v.array(v.strictObject({ id: keyId, secret, account: v.optional(userAccount) })),
      v.title('access keys: id, secret'),
    ),
  ),
  policy: v.optional(policy),
});

export type UserDefinition = v.InferOutput<typeof userDefinitionSchema>;

/** A user as an export has it: where a password or a secret would stand is the name of a variable that holds it. */
export function exportedUser(user: StoredUser): UserDefinition {
  const { name, account, isAdmin, accessKeys, statements } = user;
  return {
    name,
    ...(account === defaultNamespace.account ? {} : { account }),
    ...(isAdmin ? { admin: true } : {}),
    ...(user.password === undefined ? {} : { password: passwordPlaceholder(name) }),
    ...(accessKeys.length === 0
      ? {}
      : {
          'access-keys': accessKeys.map((key) => ({
            id: key.id,
            secret: secretPlaceholder(key.id),
            ...(key.account === account ? {} : { account: key.account }),
          })),
        }),
    ...(statements.length === 0 ? {} : { policy: statements }),
  };
}

/** `${GANTRY_...}` would be taken for an option of the broker. */
export function passwordPlaceholder(name: string): string {
  return `\${USER_${variableWord(name, /^[a-z0-9-]+$/)}_PASSWORD}`;
}

export function secretPlaceholder(keyId: string): string {
  return `\${KEY_${variableWord(keyId, /^[A-Z0-9_]+$/)}_SECRET}`;
}

/** What the two above make. */
export const placeholders = {
  password: /^\$\{USER_[A-Z0-9_]+_PASSWORD\}$/,
  secret: /^\$\{KEY_[A-Z0-9_]+_SECRET\}$/,
} as const;

/** The name of the variable that a text is a placeholder of. */
export function variableIn(text: string): string | undefined {
  return /^\$\{([^{}]+)\}$/.exec(text)?.[1];
}

/**
 * Capitals, as variables are written; no two names may have one variable.
 * @param distinct names of this pattern are told apart by their word alone
 */
function variableWord(name: string, distinct: RegExp): string {
  const word = name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  if (distinct.test(name)) return word;
  return `${word}_${createHash('sha256').update(name).digest('hex').slice(0, 8).toUpperCase()}`;
}
