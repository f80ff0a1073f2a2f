import { expect, test } from 'vitest';
import { openSocket, startWorld, type World } from '../setup.ts';

const key = { id: 'ADMINKEY', secret: 'of the admin' };
const admin = { admin: true, accessKeys: [key] };

function authorization({ id, secret }: typeof key): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

async function ask(world: World, method: string, path: string, body?: unknown, by?: typeof key) {
  const response = await fetch(world.url(`/_gantry${path}`), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(by === undefined ? {} : { headers: { Authorization: authorization(by) } }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Asks with a body whose last byte comes when `finish` is called; the broker has judged who asks when this settles. */
async function holdBack(world: World, method: string, path: string, body: string, by?: typeof key) {
  expect(await ask(world, 'GET', '/openapi.json', undefined, by)).toBe(200); // The API is loaded: nothing waits for a disk.
  const { socket, received, closed } = openSocket(world.url());
  const who = by === undefined ? '' : `Authorization: ${authorization(by)}\r\n`;
  socket.write(
    `${method} /_gantry${path} HTTP/1.1\r\nHost: ${new URL(world.url()).host}\r\n${who}Connection: close\r\n` +
      `Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`,
  );
  while (!received().includes('100 Continue')) await new Promise((resolve) => socket.once('data', resolve));
  return async () => {
    socket.write(body.slice(-1));
    await closed;
    return Number(/100 Continue\r\n\r\nHTTP\/1.1 (\d+)/.exec(received())?.[1]);
  };
}

test.each([
  ['PUT', '/users/evil', JSON.stringify({ admin: true, password: 'evil' })],
  ['GET', '/users', '{}'],
  ['POST', '/backup', '{}'],
  ['POST', '/queues/orders/purge', '{}'],
])('%s %s that began while everybody was let in ends after it as nobody', async (method, path, body) => {
  const world = await startWorld();
  await ask(world, 'PUT', '/queues/orders');
  const finish = await holdBack(world, method, path, body);

  expect(await ask(world, 'PUT', '/users/root', admin)).toBe(201);

  expect(await finish()).toBe(401);
  expect(await ask(world, 'GET', '/users/evil', undefined, key)).toBe(404);
});

test.each([
  ['who is no admin any more', 'PATCH', { admin: false }, 403],
  ['who is no more', 'DELETE', undefined, 401],
])('an admin %s when its body ends changes nothing', async (_, method, change, status) => {
  const world = await startWorld();
  await ask(world, 'PUT', '/users/root', admin);
  const other = { id: 'OTHERKEY', secret: 'of the other' };
  await ask(world, 'PUT', '/users/ada', { admin: true, accessKeys: [other] }, key);
  const finish = await holdBack(world, 'PUT', '/users/evil', '{"admin":true,"password":"evil"}', other);

  expect(await ask(world, method, '/users/ada', change, key)).toBeLessThan(300);

  expect(await finish()).toBe(status);
  expect(await ask(world, 'GET', '/users/evil', undefined, key)).toBe(404);
});

test('an admin who is made less while its password is digested changes nothing', async () => {
  const world = await startWorld();
  await ask(world, 'PUT', '/users/root', admin);
  const other = { id: 'OTHERKEY', secret: 'of the other' };
  await ask(world, 'PUT', '/users/ada', { admin: true, accessKeys: [other] }, key);

  // Both begin at once; the one without a password is there first.
  const [made, demoted] = await Promise.all([
    ask(world, 'PUT', '/users/evil', { admin: true, password: 'evil' }, other),
    ask(world, 'PATCH', '/users/ada', { admin: false }, key),
  ]);

  expect([made, demoted]).toEqual([403, 200]);
  expect(await ask(world, 'GET', '/users/evil', undefined, key)).toBe(404);
});

test('an import goes on when its own first user shuts out who asked, or makes the asker less', async () => {
  const world = await startWorld();
  const keys = [{ id: key.id, secret: key.secret }];
  const users = [{ name: 'root', admin: true, 'access-keys': keys }, { name: 'ada' }, { name: 'bob', admin: true }];

  expect(await ask(world, 'POST', '/definitions', { users })).toBe(200);
  expect(await ask(world, 'GET', '/users/ada', undefined, key)).toBe(200);

  const others = [{ id: 'OTHERKEY', secret: 'of the other' }];
  const less = [{ name: 'root' }, { name: 'eve', admin: true, 'access-keys': others }, { name: 'bob' }];
  expect(await ask(world, 'POST', '/definitions', { users: less }, key)).toBe(200);
  const [other = key] = others;
  expect(await ask(world, 'GET', '/users/bob', undefined, other)).toBe(200);
});
