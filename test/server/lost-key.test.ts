import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSystemClock } from '../../src/server/system-clock.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';
import { temporaryFolder } from '../support/launch.ts';
import { createModelStore } from '../support/model-store.ts';
import { startWorld } from './setup.ts';

/** A broker with a user "low" in its store and an admin in a file; `start` starts the next one on the same store. */
async function setup() {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'users.yaml'), 'users: [{ name: root, admin: true, password: of the root }]\n');
  const store = createModelStore({ clock: createSystemClock(), random: createSystemRandom() });
  const start = async () => {
    const world = await startWorld({ dataDir: [dataDir] }, undefined, { openStore: async () => store });
    const ask = async (method: string, path: string, body?: unknown, credentials = 'root:of the root') => {
      const response = await fetch(world.url(`/_gantry${path}`), {
        ...{ method, headers: { Authorization: `Basic ${btoa(credentials)}` } },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, text };
    };
    return { ask, stop: () => world.server.stop() };
  };
  const key = join(dataDir, 'users.key');
  const first = await start();
  await first.ask('PUT', '/users/low', {
    password: 'of low',
    accessKeys: [{ id: 'AKIALOW', secret: 'secret of low' }],
  });
  await first.stop();
  await rename(key, `${key}.lost`);
  return { start, key };
}

/** 403: it is who it says, and may not; 401: it is nobody. */
const whoAmI = ['GET', '/users', undefined] as const;

test('a change of a user whose key is lost leaves what it sealed, and makes no other key', async () => {
  const { start, key } = await setup();

  const second = await start();
  const changed = await second.ask('PATCH', '/users/low', { account: '111122223333' });
  const isKeyMade = existsSync(key);
  await second.stop();
  await rename(`${key}.lost`, key);
  const third = await start();

  expect(changed.status).toBe(200);
  expect(isKeyMade).toBe(false);
  expect((await third.ask(...whoAmI, 'low:of low')).status).toBe(403);
  expect((await third.ask(...whoAmI, 'AKIALOW:secret of low')).status).toBe(403);
  expect((await third.ask(...whoAmI, 'low:of another')).status).toBe(401);
});

test('nothing is sealed with a new key while a lost one may come back, until what it sealed is taken away', async () => {
  const { start, key } = await setup();
  const { ask } = await start();

  const refused = [
    await ask('PUT', '/users/new', { password: 'of new' }),
    await ask('POST', '/users/low/keys', {}),
    await ask('PATCH', '/users/low', { password: 'of low, anew' }),
  ];
  const isKeyMade = existsSync(key);
  const taken = [
    await ask('DELETE', '/users/low/keys/AKIALOW'),
    await ask('PATCH', '/users/low', { password: 'of low, anew' }),
    await ask('PUT', '/users/new', { password: 'of new' }),
  ];

  for (const { status, text } of refused) {
    expect(status).toBe(409);
    expect(text).toContain('Bring users.key back');
  }
  expect(isKeyMade).toBe(false);
  expect(taken.map(({ status }) => status)).toEqual([204, 200, 201]);
  expect((await ask(...whoAmI, 'low:of low, anew')).status).toBe(403);
});

test('an access key that cannot be opened keeps its id', async () => {
  const { start } = await setup();
  const { ask } = await start();

  const twice = await ask('PUT', '/users/new', { accessKeys: [{ id: 'AKIALOW', secret: 'of another' }] });

  expect(twice).toMatchObject({ status: 409, text: expect.stringContaining('AKIALOW') });
});
