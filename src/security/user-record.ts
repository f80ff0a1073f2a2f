/**
 * A user as its record in the store holds it: JSON, with a version `v` so that a later Gantry can tell it from its own.
 * What must stay secret, also what verifies a password, is sealed.
 */
import type { RecordKey } from '../../storage/store.ts';
import type { Instant } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { PasswordVerifier } from './passwords.ts';
import { compileStatement } from './policy/document.ts';
import type { Sealer } from './sealer.ts';
import type { AccessKey, UserRecord } from './users.ts';

/** A user of the store. */
export interface StoredUser extends UserRecord {
  readonly password: PasswordVerifier | undefined;
  readonly accessKeys: readonly StoredKey[];
  readonly createdAt: Instant;
  readonly modifiedAt: Instant;
  /** What is sealed with a key that is not here: no use to anybody, and kept, for the key may come back. */
  readonly locked?: LockedSecrets | undefined;
  /** Why its record cannot be read: it can be dropped, and not changed. */
  readonly unreadable?: string | undefined;
}
interface LockedSecrets {
  readonly password: string | undefined;
  readonly keys: readonly LockedKey[];
}
interface LockedKey {
  readonly id: string;
  readonly account: string;
  readonly secret: string;
  readonly createdAt: Instant;
}
export interface StoredKey extends AccessKey {
  readonly createdAt: Instant;
}

const version = 1;

export const usersPrefix: RecordKey = ['user'];

export function userKey(name: string): RecordKey {
  return ['user', name];
}

/** Undefined when the key is none of a user. */
export function nameOfKey(key: RecordKey): string | undefined {
  const [kind, name, ...rest] = key;
  return kind === 'user' && typeof name === 'string' && rest.length === 0 ? name : undefined;
}

/** Whether anything of it has to be sealed. */
export function hasSecrets({ password, accessKeys }: StoredUser): boolean {
  return password !== undefined || accessKeys.length > 0;
}

/** @param sealer undefined: it has no secrets */
export function encodeUser(user: StoredUser, sealer: Pick<Sealer, 'seal'> | undefined): Uint8Array {
  const { name, account, isAdmin, accessKeys, statements, locked, createdAt, modifiedAt } = user;
  const seal = (text: string, place: string): string => {
    if (sealer === undefined) throw new GantryError('internal', `the secrets of user "${name}" have no sealer`);
    return sealer.seal(text, place);
  };
  const keys = accessKeys.map(({ id, secret, ...rest }) => ({
    ...{ id, ...rest },
    secret: seal(secret, secretPlace(name, id)),
  }));
  const password =
    user.password === undefined ? locked?.password : seal(JSON.stringify(user.password), passwordPlace(name));
  const allKeys = [...keys, ...(locked?.keys ?? [])];
  const record = { v: version, account, isAdmin, password, keys: allKeys, statements, createdAt, modifiedAt };
  return Buffer.from(JSON.stringify(record));
}

export interface DecodedUser {
  readonly user: StoredUser;
  /** What cannot be read of it, in words: nobody can sign in by that. */
  readonly problems: readonly string[];
}

/**
 * Never throws: a user that cannot be read stays a user, with no password, no key and no right, so that access control
 * stays on.
 */
export function decodeUser(name: string, value: Uint8Array, sealer: Sealer | undefined): DecodedUser {
  const record = objectIn(value);
  if (record.v !== version) {
    const unreadable = `its record is not of version ${version}`;
    return { user: { ...nobody(name), unreadable }, problems: [unreadable] };
  }
  const problems: string[] = [];
  const whyLocked = sealer === undefined ? 'sealed, and its key is not there' : 'sealed with another key';
  const opened = (sealed: unknown, place: string, what: string): string | undefined => {
    const text = typeof sealed === 'string' ? sealer?.open(sealed, place) : undefined;
    if (text === undefined) problems.push(`${what} is ${whyLocked}`);
    return text;
  };
  const password = record.password === undefined ? undefined : opened(record.password, passwordPlace(name), 'password');
  const lockedKeys: LockedKey[] = [];
  const accessKeys = listIn(record.keys).flatMap((each): StoredKey[] => {
    const { id, account, secret, createdAt } = fieldsOf(each);
    if (typeof id !== 'string' || typeof account !== 'string') return [];
    const text = opened(secret, secretPlace(name, id), `access key ${id}`);
    const key = { id, account, createdAt: Number(createdAt) };
    if (text !== undefined) return [{ ...key, secret: text }];
    if (typeof secret === 'string') lockedKeys.push({ ...key, secret });
    return [];
  });
  const lockedPassword = password === undefined && typeof record.password === 'string' ? record.password : undefined;
  const isLocked = lockedPassword !== undefined || lockedKeys.length > 0;
  const { account, isAdmin, createdAt, modifiedAt } = record;
  const statements = listIn(record.statements);
  const isReadable = statements.every(isStatement);
  if (!isReadable) problems.push('its policy is none');
  return {
    user: {
      ...{ name, account: String(account), isAdmin: isAdmin === true && isReadable, accessKeys },
      password: verifierIn(password),
      statements: isReadable ? statements : [denyAll],
      ...{ createdAt: Number(createdAt), modifiedAt: Number(modifiedAt) },
      ...(isLocked ? { locked: { password: lockedPassword, keys: lockedKeys } } : {}),
      ...(isReadable ? {} : { unreadable: 'its policy is none' }),
    },
    problems,
  };
}

/** So that a sealed text that is moved to another record, or within one, opens nothing. */
function secretPlace(name: string, id: string): string {
  return `user/${name}/key/${id}`;
}

function passwordPlace(name: string): string {
  return `user/${name}/password`;
}

/** Of a policy that nobody can read: it may have denied, so it denies. */
const denyAll = { Effect: 'Deny', Action: '*', Resource: '*' };

function nobody(name: string): StoredUser {
  const none = { account: '000000000000', isAdmin: false, password: undefined, accessKeys: [] };
  return { name, ...none, statements: [denyAll], createdAt: 0, modifiedAt: 0 };
}

function isStatement(value: unknown): boolean {
  try {
    compileStatement(value, 'user', []);
    return true;
  } catch {
    return false; // Said with the user's name.
  }
}

/** Made by `makeVerifier`, and the seal has not been touched. */
function verifierIn(text: string | undefined): PasswordVerifier | undefined {
  if (text === undefined) return undefined;
  const verifier: PasswordVerifier = JSON.parse(text);
  return verifier;
}

function objectIn(value: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString()));
  } catch {
    return {};
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
