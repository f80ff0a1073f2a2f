import * as v from 'valibot';
import { GantryError } from '../../model/errors.ts';
import type { StoredUser } from '../../security/user-record.ts';
import type { UserRecord } from '../../security/users.ts';
import { didYouMean } from '../closest.ts';
import { keyId, password, policy, secret, userAccount, userName } from '../definitions/user-values.ts';
import { text, whole, yesOrNo } from '../definitions/values.ts';
import { createUserChanges, type UserChanges } from '../user-changes.ts';
import { type AdminCall, type AdminParts, created, done, ok, operation } from './operation.ts';

const pageMax = 1_000;

/** A user as the admin API shows it: never a password or a secret. */
export interface UserView {
  readonly name: string;
  readonly account: string;
  readonly admin: boolean;
  readonly hasPassword: boolean;
  readonly accessKeys: readonly { readonly id: string; readonly account: string; readonly createdAt: string | null }[];
  readonly policy: readonly unknown[];
  /** `file`: read-only here. */
  readonly origin: 'file' | 'store';
  readonly createdAt: string | null;
  readonly modifiedAt: string | null;
}
/** The one answer that shows a secret. */
export interface KeyView {
  readonly user: string;
  readonly id: string;
  readonly secret: string;
  readonly account: string;
}

const newKeySchema = v.strictObject({ id: keyId, secret, account: v.optional(userAccount) });
const userSchema = v.strictObject({
  password: v.optional(v.nullable(password)),
  admin: v.optional(yesOrNo('may do everything, whatever policies say')),
  account: v.optional(userAccount),
  policy: v.optional(v.nullable(policy)),
  accessKeys: v.optional(v.pipe(v.array(newKeySchema), v.title('all its access keys, with secrets of your own'))),
});

export const userOperations = [
  operation({
    method: 'GET',
    path: '/users',
    summary: 'list users by name, those of files too',
    permission: 'admin',
    query: v.strictObject({
      after: v.optional(text('the name to go on after: `next` of the page before', 64)),
      max: v.optional(whole({ min: 1, max: pageMax }, 'users of a page')),
    }),
    answers: { 200: '{users: [...], next?: the name to go on after}; no secret is shown' },
    handle: async ({ parts, query }) => {
      const { after = '', max = pageMax } = query;
      const found = viewsOf(parts).filter(({ name }) => name > after);
      const users = found.slice(0, max);
      return ok({ users, ...(found.length > max ? { next: users.at(-1)?.name } : {}) });
    },
  }),
  operation({
    method: 'GET',
    path: '/users/{user}',
    summary: 'show one user: account, access keys, policy; no secret',
    permission: 'admin',
    answers: { 200: 'the user', 404: 'there is none of that name' },
    handle: async (call) => {
      const name = nameIn(call);
      const views = viewsOf(call.parts);
      const view = views.find((one) => one.name === name);
      if (view !== undefined) return ok(view);
      const hint = didYouMean(
        name,
        views.slice(0, pageMax).map((one) => one.name),
      );
      throw new GantryError('not-found', `user "${name}" does not exist${hint}`, { resource: name });
    },
  }),
  operation({
    method: 'PUT',
    path: '/users/{user}',
    summary: 'create a user; the first turns access control on, and must be an admin who can sign in',
    permission: 'admin',
    body: userSchema,
    isBodyOptional: true,
    answers: { 201: 'made', 409: 'there is one of that name' },
    handle: async (call) => {
      const name = v.safeParse(userName, nameIn(call));
      if (!name.success) throw new GantryError('invalid-argument', `user name: ${name.issues[0].message}`);
      return created(viewOf(await changesOf(call).create(name.output, call.body ?? {}), 'store'));
    },
  }),
  operation({
    method: 'PATCH',
    path: '/users/{user}',
    summary: 'change a user; what is left out stays, null takes away',
    permission: 'admin',
    body: userSchema,
    answers: { 200: 'the user as it is now', 409: 'it is of a file, or nobody could manage the broker afterwards' },
    handle: async (call) => ok(viewOf(await changesOf(call).alter(nameIn(call), call.body), 'store')),
  }),
  operation({
    method: 'DELETE',
    path: '/users/{user}',
    summary: 'drop a user with its access keys; the last turns access control off, where that is allowed',
    permission: 'admin',
    answers: { 204: 'dropped', 409: 'it is of a file, or must not go' },
    handle: async (call) => {
      await changesOf(call).drop(nameIn(call));
      return done;
    },
  }),
  operation({
    method: 'POST',
    path: '/users/{user}/keys',
    summary: 'make an access key for a user; its secret is shown in this answer and never again',
    permission: 'admin',
    body: v.strictObject({ account: v.optional(userAccount) }),
    isBodyOptional: true,
    answers: { 201: '{user, id, secret, account}' },
    handle: async (call) => {
      const name = nameIn(call);
      const { account } = call.body ?? {};
      const key = await changesOf(call).addKey(name, account === undefined ? {} : { account });
      const view: KeyView = { user: name, id: key.id, secret: key.secret, account: key.account };
      return created(view);
    },
  }),
  operation({
    method: 'DELETE',
    path: '/users/{user}/keys/{id}',
    summary: 'drop an access key; temporary credentials that come of it end as well',
    permission: 'admin',
    answers: { 204: 'dropped', 404: 'there is no such key' },
    handle: async (call) => {
      await changesOf(call).dropKey(nameIn(call), call.params.id ?? '');
      return done;
    },
  }),
];

function nameIn({ params }: Pick<AdminCall<unknown, unknown>, 'params'>): string {
  return (params.user ?? '').slice(0, 200);
}

function changesOf({ parts, principal }: AdminCall<unknown, unknown>): UserChanges {
  const { access, random } = parts;
  return createUserChanges(access, random, () => {
    const refusal = access.authorize(principal, 'admin', { type: 'broker' });
    if (refusal !== undefined) throw refusal;
  });
}

function viewsOf({ access }: AdminParts): readonly UserView[] {
  const ofFiles = new Set(access.fileUsers.map(({ name }) => name));
  const stored = access.storedUsers().filter(({ name }) => !ofFiles.has(name));
  const views = [
    ...access.fileUsers.map((user) => viewOf(user, 'file')),
    ...stored.map((user) => viewOf(user, 'store')),
  ];
  return views.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function viewOf(
  user: UserRecord & Partial<Pick<StoredUser, 'createdAt' | 'modifiedAt'>>,
  origin: UserView['origin'],
): UserView {
  const { name, account, isAdmin, password: known, accessKeys, statements, createdAt, modifiedAt } = user;
  return {
    ...{ name, account, admin: isAdmin, hasPassword: known !== undefined },
    accessKeys: accessKeys.map((key) => ({ id: key.id, account: key.account, createdAt: instantText(key.createdAt) })),
    policy: statements,
    ...{ origin, createdAt: instantText(createdAt), modifiedAt: instantText(modifiedAt) },
  };
}

function instantText(at: number | undefined): string | null {
  return at === undefined || !Number.isFinite(at) ? null : new Date(at).toISOString();
}
