/** Users as definitions want them against users as they are, in words without a secret. */
import { isDeepStrictEqual } from 'node:util';
import { defaultNamespace } from '../../model/queue.ts';
import { isPassword } from '../../security/passwords.ts';
import type { StoredUser } from '../../security/user-record.ts';
import type { UserChange } from '../user-changes.ts';
import type { WantedUser } from './user-model.ts';

interface Difference {
  readonly part: keyof UserChange;
  readonly text: string;
}

/** `+ user shop (2 access keys)` */
export function createText({ name, account, isAdmin, hasPassword, accessKeys, policy }: WantedUser): string {
  const keys = accessKeys.length;
  const words = [
    ...(isAdmin ? ['admin'] : []),
    ...(account === defaultNamespace.account ? [] : [`account ${account}`]),
    ...(hasPassword ? ['password'] : []),
    ...(keys === 0 ? [] : [keys === 1 ? '1 access key' : `${keys} access keys`]),
    ...(policy.length === 0 ? [] : ['policy']),
  ];
  return `+ user ${name}${words.length === 0 ? '' : ` (${words.join(', ')})`}`;
}

export async function differences(user: WantedUser, before: StoredUser): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  const { account, isAdmin } = before;
  if (user.account !== account) found.push({ part: 'account', text: `account ${account} -> ${user.account}` });
  if (user.isAdmin !== isAdmin) found.push({ part: 'admin', text: `admin ${isAdmin} -> ${user.isAdmin}` });
  if (!(await hasSamePassword(user, before)))
    found.push({ part: 'password', text: user.hasPassword ? 'password' : 'password -> none' });
  for (const text of keyChanges(user, before)) found.push({ part: 'accessKeys', text });
  if (!isDeepStrictEqual(user.policy, before.statements)) found.push({ part: 'policy', text: 'policy' });
  return found;
}

/** Of the whole user what differs: what is as it is wanted is not written again. */
export function changedParts(whole: UserChange, differing: readonly Difference[]): UserChange {
  const parts = new Set<string>(differing.map(({ part }) => part));
  return Object.fromEntries(Object.entries(whole).filter(([part]) => parts.has(part)));
}

/** Ids are no secrets. */
function keyChanges({ accessKeys }: WantedUser, before: StoredUser): readonly string[] {
  const ids = new Set(accessKeys.map(({ id }) => id));
  const changes = accessKeys.flatMap(({ id, secret, account }) => {
    const known = before.accessKeys.find((key) => key.id === id);
    if (known === undefined) return [`access key ${id} added`];
    const parts = [
      ...(known.secret === secret ? [] : ['secret']),
      ...(known.account === account ? [] : [`account ${known.account} -> ${account}`]),
    ];
    return parts.length === 0 ? [] : [`access key ${id}: ${parts.join(' and ')}`];
  });
  const gone = before.accessKeys.filter(({ id }) => !ids.has(id));
  return [...changes, ...gone.map(({ id }) => `access key ${id} dropped`)];
}

async function hasSamePassword({ hasPassword, password }: WantedUser, before: StoredUser): Promise<boolean> {
  if (!hasPassword || before.password === undefined) return !hasPassword && before.password === undefined;
  return password === undefined || (await isPassword(password, before.password));
}
