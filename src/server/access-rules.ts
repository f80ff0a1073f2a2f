import { GantryError } from '../model/errors.ts';
import type { UserRecord } from '../security/users.ts';

/** @throws GantryError `conflict` */
export function requireMayOpen(why: string | undefined): void {
  if (why === undefined) return;
  throw new GantryError('conflict', `without users everybody would be let in, and ${why}`, {
    hint: 'Make another user first, or start with --allow-anonymous.',
  });
}

/**
 * A change must not lock everybody out of the admin API: who could manage the broker before, an admin or anybody, must
 * not be followed by nobody.
 * @throws GantryError `conflict`
 */
export function requireManageable(before: readonly UserRecord[], after: readonly UserRecord[]): void {
  if (after.length === 0 || after.some(isUsableAdmin)) return;
  if (before.length === 0)
    throw new GantryError('conflict', 'the first user must be an admin with a password or an access key', {
      hint: 'Access control is on as soon as there is a user, and nobody else could make the next.',
    });
  if (before.some(isUsableAdmin))
    throw new GantryError('conflict', 'no admin would be left who can sign in', {
      hint: 'Make another admin with a password or an access key first.',
    });
}

function isUsableAdmin({ isAdmin, password, accessKeys }: UserRecord): boolean {
  return isAdmin && (password !== undefined || accessKeys.length > 0);
}
