import type { UserRecord } from '../../src/security/users.ts';

type Given = Omit<Partial<UserRecord>, 'accessKeys'> & {
  readonly accessKeys?: readonly { readonly id: string; readonly secret: string; readonly account?: string }[];
};

/** A user with what a test does not say left at its default. */
export function user(name: string, { accessKeys = [], account = '000000000000', ...given }: Given = {}): UserRecord {
  return {
    name,
    account,
    isAdmin: false,
    password: undefined,
    statements: [],
    accessKeys: accessKeys.map((key) => ({ account, ...key })),
    ...given,
  };
}
