import type { Instant } from '../model/clock.ts';
import type { PasswordVerifier } from './passwords.ts';
import { compileStatement, type Statement } from './policy/document.ts';

/** A user as a file or the store has it; its statements are IAM's, checked by `compileStatement`. */
export interface UserRecord {
  readonly name: string;
  readonly account: string;
  /** May do everything, whatever policies say. */
  readonly isAdmin: boolean;
  /** For the protocols and pages that ask for one: as a file has it, or what verifies it. */
  readonly password: string | PasswordVerifier | undefined;
  readonly accessKeys: readonly AccessKey[];
  readonly statements: readonly unknown[];
}
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** In which its requests act. */
  readonly account: string;
  /** Of a key that was made while the broker ran. */
  readonly createdAt?: Instant;
}

export interface User extends Omit<UserRecord, 'statements'> {
  readonly statements: readonly Statement[];
}
/** Who can sign a request, with what. */
export interface Signer {
  readonly user: User;
  readonly keyId: string;
  readonly secret: string;
  /** In which its requests act. */
  readonly account: string;
  /** Infinity for a user's own key. */
  readonly expiresAt: Instant;
  /** The user's own key, which these are or come from. */
  readonly parent: AccessKey;
  /** Of temporary credentials that were asked for in the name of a role: `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
  readonly roleArn: string | undefined;
}

interface KeyOwner {
  readonly user: User;
  readonly key: AccessKey;
}

/** Who there is, by name and by access key. */
export interface Users {
  readonly size: number;
  find(name: string): User | undefined;
  findKey(id: string): KeyOwner | undefined;
}

/**
 * @param records of two with one name, or one access key, the first is meant
 * @throws PolicyProblem
 */
export function createUsers(records: readonly UserRecord[]): Users {
  const byName = new Map<string, User>();
  const byKey = new Map<string, KeyOwner>();
  for (const record of records) {
    if (byName.has(record.name)) continue;
    const user = { ...record, statements: compiledOf(record) };
    byName.set(user.name, user);
    for (const key of user.accessKeys) if (!byKey.has(key.id)) byKey.set(key.id, { user, key });
  }
  return { size: byName.size, find: (name) => byName.get(name), findKey: (id) => byKey.get(id) };
}

/** Users are put together anew with each change of one of them; the others' policies are compiled already. */
const compiled = new WeakMap<UserRecord, readonly Statement[]>();

function compiledOf(record: UserRecord): readonly Statement[] {
  const known = compiled.get(record);
  if (known !== undefined) return known;
  const statements = record.statements.map((each, at) => compileStatement(each, 'user', [at]));
  compiled.set(record, statements);
  return statements;
}

export function userArn(account: string, name: string): string {
  return `arn:aws:iam::${account}:user/${name}`;
}
