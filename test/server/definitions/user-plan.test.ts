import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../../../src/model/principal.ts';
import { operator } from '../../../src/security/operator.ts';
import type { UserRecord } from '../../../src/security/users.ts';
import { createAccess } from '../../../src/server/access.ts';
import { exportedUser, userDefinitionSchema } from '../../../src/server/definitions/user-definition.ts';
import { planUsers } from '../../../src/server/definitions/user-plan.ts';
import { createSystemRandom } from '../../../src/server/system-random.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createModelStore } from '../../support/model-store.ts';

interface Asking {
  readonly isPruning?: boolean;
  readonly by?: string;
  readonly account?: string;
}

async function setup(fileUsers: readonly UserRecord[] = []) {
  const random = createSystemRandom();
  const store = createModelStore({ clock: createFakeClock(), random });
  await store.start();
  const access = createAccess({
    ...{ fileUsers, dataDir: ':memory:', random },
    findQueue: () => undefined,
    findTopic: () => undefined,
    whyNotOpen: () => undefined,
    narrowed: () => undefined,
    log: () => undefined,
  });
  await access.start(store);
  const plan = async (definitions: unknown, { isPruning = false, by, account }: Asking = {}) => {
    const judged = v.parse(v.array(userDefinitionSchema), definitions);
    const principal = by === undefined ? operator : named(by);
    const scope = account === undefined ? {} : { account };
    return await planUsers(judged, { access, random, principal, scope }, { isPruning });
  };
  const apply = async (...wanted: Parameters<typeof plan>) => {
    const steps = await plan(...wanted);
    for (const step of steps) await step.run();
    return steps.map(({ text }) => text);
  };
  return { access, plan, apply, exported: () => access.storedUsers().map(exportedUser) };
}

function named(name: string): Principal {
  return { name, account: '000000000000', isAnonymous: false };
}

const policy = [{ Effect: 'Allow', Action: 'send', Resource: 'orders' }];
const shopKey = { id: 'AKIASHOP', secret: 'hidden of the shop' };
const shop = { name: 'shop', 'access-keys': [shopKey], policy };
const root = { name: 'root', admin: 'true', password: 'hidden of the root' };
/** How an export has those two. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
const rootHeld = { ...root, admin: true, password: '${USER_ROOT_PASSWORD}' };
// biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
const shopKeyHeld = { id: 'AKIASHOP', secret: '${KEY_AKIASHOP_SECRET}' };
const shopHeld = { ...shop, 'access-keys': [shopKeyHeld] };
const placeheld = [rootHeld, shopHeld];

describe('users of definitions', () => {
  test('what is imported is exported without a secret, and is then as it is wanted', async () => {
    const { apply, exported } = await setup();

    expect(await apply([shop, root])).toEqual(['+ user root (admin, password)', '+ user shop (1 access key, policy)']);
    expect(exported()).toEqual(placeheld);
    expect(await apply([shop, root])).toEqual([]);
    expect(await apply(placeheld, { isPruning: true })).toEqual([]);
  });

  test('only what differs is changed, and said without a secret', async () => {
    const { access, apply } = await setup();
    await apply([shop, root]);

    expect(await apply([{ ...shop, account: '111122223333' }])).toEqual([
      '~ user shop: account 000000000000 -> 111122223333, access key AKIASHOP: account 000000000000 -> 111122223333',
    ]);
    expect(await apply([{ ...shop, policy: [] }])).toEqual([
      '~ user shop: account 111122223333 -> 000000000000, access key AKIASHOP: account 111122223333 -> 000000000000, policy',
    ]);
    expect(await apply([{ ...root, password: 'another' }])).toEqual(['~ user root: password']);
    expect(await apply([{ ...root, password: 'another' }])).toEqual([]);
    const keys = [
      { id: 'AKIANEW', secret: 'new' },
      { ...shopKey, secret: 'hidden too' },
    ];
    expect(await apply([{ name: 'shop', 'access-keys': keys }])).toEqual([
      '~ user shop: access key AKIANEW added, access key AKIASHOP: secret',
    ]);
    expect(access.findStored('shop')?.accessKeys).toMatchObject(keys);
    expect(await apply([{ name: 'shop', 'access-keys': keys.toReversed() }])).toEqual([]);
    expect(await apply([{ name: 'shop' }])).toEqual([
      '~ user shop: access key AKIANEW dropped, access key AKIASHOP dropped',
    ]);
  });

  test('a placeholder keeps the secret beside what is changed', async () => {
    const { access, apply } = await setup();
    await apply([shop, root]);
    const before = access.findStored('root')?.password;
    const keys = [shopKeyHeld, { id: 'AKIANEW', secret: 'new' }];

    expect(
      await apply([
        { ...rootHeld, policy },
        { ...shopHeld, 'access-keys': keys },
      ]),
    ).toEqual(['~ user root: policy', '~ user shop: access key AKIANEW added']);
    expect(access.findStored('root')?.password).toEqual(before);
    expect(access.findStored('shop')?.accessKeys).toMatchObject([shopKey, { id: 'AKIANEW', secret: 'new' }]);
  });

  test('variables that nothing is known for are named all at once, with the place of the first', async () => {
    const { plan, apply } = await setup();
    const text =
      'users[0].password: user "root": the variable USER_ROOT_PASSWORD is not set, nor is KEY_AKIASHOP_SECRET';

    await expect(plan(placeheld)).rejects.toMatchObject({ code: 'invalid-argument', message: text });
    await apply([shop, root]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    const other = { ...root, password: '${KEY_OTHER_SECRET}' };
    await expect(plan([shop, other])).rejects.toThrow(
      'users[1].password: user "root": the variable KEY_OTHER_SECRET is not set',
    );
  });

  test('no two names have one variable', async () => {
    const { apply, exported } = await setup();
    const names = ['a-b', 'a_b', 'a.b', 'A-b'];
    const keys = ['KEY1', 'key1', 'Key1'].map((id) => ({ id, secret: id }));
    await apply([root, ...names.map((name) => ({ name, password: name })), { name: 'keys', 'access-keys': keys }]);

    const texts = exported().flatMap((user) => [
      ...(user.password === undefined ? [] : [user.password]),
      ...(user['access-keys'] ?? []).map(({ secret }) => secret),
    ]);

    expect(texts).toHaveLength(8);
    expect(new Set(texts).size).toBe(8);
    expect(await apply(exported(), { isPruning: true })).toEqual([]);
  });

  test('mistakes have their place', async () => {
    const file = { ...named('config'), isAdmin: true, password: 'word', statements: [] };
    const { plan, apply } = await setup([
      { ...file, accessKeys: [{ ...shopKey, id: 'AKIAFILE', account: file.account }] },
    ]);
    await apply([shop]);
    const withKey = (name: string, id: string) => ({ name, 'access-keys': [{ id, secret: 'x' }] });

    await expect(plan([{ name: 'a' }, { name: 'a' }])).rejects.toThrow(
      'users[1]: user "a": is defined twice, first at users[0]',
    );
    await expect(plan([{ name: 'config' }])).rejects.toThrow('users[0]: user "config": is of the configuration file');
    for (const [id, owner] of [
      ['AKIASHOP', 'shop'],
      ['AKIAFILE', 'config'],
    ] as const)
      await expect(plan([withKey('other', id)])).rejects.toThrow(
        `users[0].access-keys[0].id: user "other": the access key "${id}" is of the user "${owner}"`,
      );
    const key = { id: 'AKIAX', secret: 'x' };
    await expect(plan([{ name: 'other', 'access-keys': [key, key] }])).rejects.toThrow(
      'users[0].access-keys[1].id: user "other": the access key "AKIAX" is defined twice',
    );
  });

  test('who could manage the broker is not followed by nobody, and nothing is done of such a plan', async () => {
    const { access, plan, apply } = await setup();

    await expect(plan([shop])).rejects.toMatchObject({ code: 'conflict' });
    await apply([root, shop]);
    await expect(plan([{ ...root, admin: false }])).rejects.toMatchObject({ code: 'conflict' });
    expect(access.findStored('root')?.isAdmin).toBe(true);
    // The next admin comes before the last one goes.
    expect(
      await apply([
        { ...root, admin: false },
        { ...root, name: 'second' },
      ]),
    ).toEqual(['+ user second (admin, password)', '~ user root: admin true -> false']);
  });

  test('pruning drops what is not named, but never who asks, nor the last admin', async () => {
    const { plan, apply } = await setup();
    const texts = async (...given: Parameters<typeof plan>) => (await plan(...given)).map(({ text }) => text);
    await apply([root, shop, { ...root, name: 'second' }, { name: 'far', account: '111122223333' }]);

    expect(await texts([], { isPruning: true, by: 'second' })).toEqual(['- user far', '- user root', '- user shop']);
    expect(await texts([], { isPruning: true })).toEqual(['- user far', '- user second', '- user shop']);
    expect(await texts([], { isPruning: true, account: '111122223333' })).toEqual(['- user far']);
    expect(await apply([{ ...root, admin: false }], { isPruning: true, by: 'root' })).toEqual([
      '~ user root: admin true -> false',
      '- user far',
      '- user shop',
    ]);
  });
});
