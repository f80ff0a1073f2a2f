import { GantryError } from '../model/errors.ts';

/** What of a user says whether it can manage the broker. */
interface Judged {
  readonly isAdmin: boolean;
  readonly password: unknown;
  readonly accessKeys: readonly unknown[];
}

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
export function requireManageable(before: readonly Judged[], after: readonly Judged[]): void {
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

/** An admin who can sign in. */
export function isUsableAdmin({ isAdmin, password, accessKeys }: Judged): boolean {
  return isAdmin && (password !== undefined || accessKeys.length > 0);
}
