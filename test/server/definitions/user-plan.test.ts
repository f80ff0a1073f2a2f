import * as v from 'valibot';
import { expect, test } from 'vitest';
import { createAccess } from '../../../src/server/access.ts';
import { userDefinitionSchema } from '../../../src/server/definitions/user-definition.ts';
import { exportUsers, planUsers, type UsersContext } from '../../../src/server/definitions/user-plan.ts';
import { createSystemRandom } from '../../../src/server/system-random.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createModelStore } from '../../support/model-store.ts';

const environment = { USER_ROOT_PASSWORD: 'hidden of the root', KEY_AKIASHOP_SECRET: 'hidden of the shop' };

async function setup(given: UsersContext['environment'] = environment) {
  const random = createSystemRandom();
  const store = createModelStore({ clock: createFakeClock(), random });
  await store.start();
  const access = createAccess({
    ...{ fileUsers: [], dataDir: ':memory:', random },
    findQueue: () => undefined,
    whyNotOpen: () => undefined,
    narrowed: () => undefined,
    log: () => undefined,
  });
  await access.start(store);
  const context = { access, random, environment: given };
  const plan = async (definitions: unknown, isPruning = false, more: Partial<UsersContext> = {}) =>
    await planUsers(v.parse(v.array(userDefinitionSchema), definitions), { ...context, ...more }, { isPruning });
  const apply = async (...wanted: Parameters<typeof plan>) => {
    const steps = await plan(...wanted);
    for (const step of steps) await step.run();
    return steps.map(({ text }) => text);
  };
  return { context, plan, apply };
}

const policy = [{ Effect: 'Allow', Action: 'send', Resource: 'orders' }];
const definitions = [
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: as they stand in the file
  { name: 'shop', 'access-keys': [{ id: 'AKIASHOP', secret: '${KEY_AKIASHOP_SECRET}' }], policy },
  { name: 'root', admin: 'true', password: '${USER_ROOT_PASSWORD}' },
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as they stand in the file
];

test('what is imported is exported without a secret, and is then as it is wanted', async () => {
  const { context, apply } = await setup();

  expect(await apply(definitions)).toEqual(['+ user root', '+ user shop']);
  const exported = exportUsers(context);

  expect(exported).toEqual([{ ...definitions[1], admin: true }, definitions[0]]);
  expect(JSON.stringify(exported)).not.toContain('hidden');
  expect(await apply(exported)).toEqual([]);
  expect(await apply(exported, true, { environment: {} })).toEqual([]);
});

test('only what differs is changed, and only pruning drops', async () => {
  const { apply } = await setup();
  await apply(definitions);
  const [shop, root] = definitions;

  expect(await apply([root])).toEqual([]);
  expect(await apply([{ ...shop, account: '111122223333' }])).toEqual(['~ user shop: account, accessKeys']);
  expect(await apply([{ ...root, password: 'another' }])).toEqual(['~ user root: password']);
  expect(await apply([{ ...root, password: 'another' }])).toEqual([]);
  expect(await apply([{ ...root, password: 'another' }], true)).toEqual(['- user shop']);
});

test('a variable that is not set is named, and nothing else is needed for who is there', async () => {
  const { plan } = await setup({});

  // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
  await expect(plan(definitions)).rejects.toThrow('users[0]: user "shop": "${KEY_AKIASHOP_SECRET}" names a variable');
  await expect(plan([{ name: 'a' }, { name: 'a' }])).rejects.toThrow('users[1]: user "a": is defined twice');
});
