import { expect, test } from 'vitest';
import { fetchJson, startWorld, type World } from '../setup.ts';

const root = 'root:of the root';

function call(world: World, method: string, path: string, body?: unknown, credentials: string | undefined = root) {
  const headers = { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return fetch(world.url(`/_gantry${path}`), {
    ...{ method, headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function json(world: World, method: string, path: string, body?: unknown, credentials?: string) {
  const response = await call(world, method, path, body, credentials);
  const text = await response.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: response.status, body: parsed };
}

async function guarded(): Promise<World> {
  const world = await startWorld();
  expect(await json(world, 'PUT', '/users/root', { admin: true, password: 'of the root' })).toMatchObject({
    status: 201,
  });
  return world;
}

test('the first user turns access control on, without a restart', async () => {
  const world = await startWorld();
  expect((await fetch(world.url('/metrics'))).status).toBe(200);
  expect((await fetch(world.url('/_gantry/queues'))).status).toBe(200);

  expect(await json(world, 'PUT', '/users/root', { admin: true, password: 'of the root' })).toMatchObject({
    status: 201,
    body: { name: 'root', admin: true, hasPassword: true, accessKeys: [], origin: 'store' },
  });

  expect((await fetch(world.url('/metrics'))).status).toBe(401);
  expect((await fetch(world.url('/_gantry/queues'))).status).toBe(401);
  expect((await fetch(world.url('/health'))).status).toBe(200);
  expect((await call(world, 'GET', '/queues')).status).toBe(200);
  expect((await call(world, 'GET', '/queues', undefined, 'root:of the roof')).status).toBe(401);
  expect((await call(world, 'GET', '/queues', undefined, 'nobody:of the root')).status).toBe(401);
});

test('the last user turns it off again on loopback', async () => {
  const world = await guarded();

  expect((await call(world, 'DELETE', '/users/root')).status).toBe(204);

  expect(await fetchJson(world.url('/_gantry/users'))).toEqual({ status: 200, body: { users: [] } });
});

test.each([
  ['without a right to manage', {}],
  ['who cannot sign in', { admin: true }],
])('the first user %s is refused', async (_, body) => {
  const world = await startWorld();

  expect(await json(world, 'PUT', '/users/ada', body)).toMatchObject({
    status: 409,
    body: { error: { code: 'conflict', message: 'the first user must be an admin with a password or an access key' } },
  });
  expect((await fetch(world.url('/_gantry/queues'))).status).toBe(200);
});

test('the last admin who can sign in stays one', async () => {
  const world = await guarded();
  await call(world, 'PUT', '/users/ada', {});

  for (const refused of [
    json(world, 'DELETE', '/users/root'),
    json(world, 'PATCH', '/users/root', { admin: false }),
    json(world, 'PATCH', '/users/root', { password: null }),
  ])
    expect(await refused).toMatchObject({
      status: 409,
      body: { error: { message: 'no admin would be left who can sign in' } },
    });
});

test('a user is shown, changed and dropped, and never its secrets', async () => {
  const world = await guarded();
  const policy = [{ Sid: 'Sends', Effect: 'Allow', Action: 'send', Resource: 'orders' }];
  const made = await json(world, 'PUT', '/users/shop', { account: '111122223333', password: 'of the shop', policy });

  expect(made).toMatchObject({ status: 201, body: { name: 'shop', account: '111122223333', admin: false, policy } });
  expect(await json(world, 'PUT', '/users/shop', {})).toMatchObject({
    status: 409,
    body: { error: { code: 'already-exists' } },
  });
  expect(await json(world, 'PATCH', '/users/shop', { policy: null })).toMatchObject({
    status: 200,
    body: { policy: [] },
  });
  const key = await json(world, 'POST', '/users/shop/keys');
  expect(key).toMatchObject({
    status: 201,
    body: {
      user: 'shop',
      id: expect.stringMatching(/^AKIA[A-Z2-7]{16}$/),
      secret: expect.stringMatching(/^\S{40}$/),
      account: '111122223333',
    },
  });

  const shown = await (await call(world, 'GET', '/users')).text();
  expect(shown).toContain('"name":"shop"');
  expect(shown).not.toContain('of the shop');
  expect(shown).not.toMatch(/secret|scrypt|digest/);

  expect((await call(world, 'DELETE', '/users/shop')).status).toBe(204);
  expect(await json(world, 'GET', '/users/shop')).toMatchObject({ status: 404 });
  expect(await json(world, 'GET', '/users/roto')).toMatchObject({
    body: { error: { message: 'user "roto" does not exist; did you mean "root"?' } },
  });
});

test('an access key is as good as a password, until it is dropped', async () => {
  const world = await guarded();
  await call(world, 'PUT', '/users/ops', { admin: true });
  const { body } = await json(world, 'POST', '/users/ops/keys');
  const { id, secret } = Object(body);

  expect((await call(world, 'GET', '/users', undefined, `${id}:${secret}`)).status).toBe(200);
  expect((await call(world, 'GET', '/users', undefined, `${id}:${secret}x`)).status).toBe(401);
  expect((await call(world, 'DELETE', `/users/ops/keys/${id}`)).status).toBe(204);
  expect((await call(world, 'GET', '/users', undefined, `${id}:${secret}`)).status).toBe(401);
});

test('a password that was changed is worth nothing from the answer on', async () => {
  const world = await guarded();
  expect((await call(world, 'GET', '/users')).status).toBe(200);

  expect((await call(world, 'PATCH', '/users/root', { password: 'another' })).status).toBe(200);

  expect((await call(world, 'GET', '/users')).status).toBe(401);
  expect((await call(world, 'GET', '/users', undefined, 'root:another')).status).toBe(200);
});

test('who is no admin may not look at users', async () => {
  const world = await guarded();
  await call(world, 'PUT', '/users/shop', { password: 'of the shop' });

  for (const [method, path] of [
    ['GET', '/users'],
    ['GET', '/users/root'],
    ['DELETE', '/users/root'],
    ['POST', '/users/shop/keys'],
  ] as const)
    expect((await call(world, method, path, undefined, 'shop:of the shop')).status).toBe(403);
});

test.each([
  ['a password with a control character', { password: 'a\nb' }, 'password: expected a password of 1 to 256 characters'],
  ['an account', { account: '12' }, 'account: expected an account of 12 digits'],
  [
    'an action',
    { policy: [{ Effect: 'Allow', Action: 'sqs:SendMesage', Resource: '*' }] },
    'did you mean "sqs:SendMessage"?',
  ],
  ['a key', { passwort: 'hidden' }, 'unknown key "passwort"; did you mean "password"?'],
  ['a secret', { accessKeys: [{ id: 'AKIA', secret: '' }] }, 'the secret is empty'],
])('%s is refused in words', async (_, body, message) => {
  const world = await guarded();

  const answer = await json(world, 'PUT', '/users/ada', body);

  expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(message) } } });
  expect(JSON.stringify(answer)).not.toContain('hidden');
});

test('names that are none are refused', async () => {
  const world = await guarded();

  expect((await call(world, 'PUT', `/users/${encodeURIComponent('a b')}`)).status).toBe(400);
  expect((await call(world, 'PUT', `/users/${'x'.repeat(65)}`)).status).toBe(400);
  expect((await call(world, 'PUT', `/users/${'x'.repeat(64)}`)).status).toBe(201);
});

test('an access key belongs to one user', async () => {
  const world = await guarded();
  const accessKeys = [{ id: 'AKIASHOP', secret: 'of the shop' }];
  await call(world, 'PUT', '/users/shop', { accessKeys });

  expect(await json(world, 'PUT', '/users/other', { accessKeys })).toMatchObject({
    status: 409,
    body: { error: { message: 'the access key "AKIASHOP" is there already' } },
  });
});
