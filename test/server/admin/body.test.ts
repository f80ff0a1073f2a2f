import { expect, test } from 'vitest';
import { fetchJson, openSocket, startWorld, type World } from '../setup.ts';

const root = { id: 'ROOTKEY', secret: 'of the root' };
const low = { id: 'LOWKEY', secret: 'of nobody' };

async function ask(world: World, method: string, path: string, body: string | Uint8Array, by = root) {
  const authorization = `Basic ${Buffer.from(`${by.id}:${by.secret}`).toString('base64')}`;
  return await fetchJson(world.url(`/_gantry${path}`), { method, body, headers: { authorization } });
}

async function guarded(flags = {}): Promise<World> {
  const world = await startWorld(flags);
  await ask(world, 'PUT', '/users/root', JSON.stringify({ admin: true, accessKeys: [root] }));
  await ask(world, 'PUT', '/users/low', JSON.stringify({ accessKeys: [low] }));
  return world;
}

function queues(count: number): string {
  return JSON.stringify({ queues: Array.from({ length: count }, (_, at) => ({ name: `queue-${at}` })) });
}

test('definitions that are longer than a request are read of admins alone', async () => {
  const world = await guarded({ requestBytesMax: ['128KiB'] });
  const long = queues(10_000);

  expect(await ask(world, 'POST', '/definitions', long, low)).toMatchObject({ status: 413 });
  expect(await ask(world, 'POST', '/definitions', queues(4_000), low)).toMatchObject({ status: 403 });
  // One after the other, each with its own answer.
  const imports = Array.from({ length: 4 }, () => ask(world, 'POST', '/definitions?dryRun=true', long));
  for (const { status, body } of await Promise.all(imports)) {
    expect(status).toBe(200);
    expect(body).toMatchObject({ plan: { length: 10_000 } });
  }
});

test.each(['/definitions', '/queues/orders/messages'])('POST %s refuses millions of values', async (path) => {
  const world = await guarded();
  const body = `{"queues":[${'{},'.repeat(1_300_000)}{}]}`;
  expect(await ask(world, 'POST', path, body, low)).toMatchObject({
    status: 413,
    body: { error: { code: 'too-large' } },
  });
});

const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;

test.each([
  ['PUT', '/queues/orders', `{"policy":${deep}}`],
  ['POST', '/definitions', `{"queues":[{"name":"a","policy":${deep}}]}`],
  ['POST', '/definitions', `{"users":[{"name":"a","policy":[${deep}]}]}`],
  ['PUT', '/users/ada', `{"policy":[${deep}]}`],
])('%s %s refuses what has very many levels', async (method, path, body) => {
  const world = await guarded();
  expect(await ask(world, method, path, body)).toMatchObject({
    status: 400,
    body: { error: { message: 'the body has more than 32 levels' } },
  });
});

test('bytes that are no UTF-8 are refused, and not stored as something else', async () => {
  const world = await guarded();
  await ask(world, 'PUT', '/queues/orders', '{}');
  const body = Buffer.from('{"messages":[{"body":"caf\xe9"}]}', 'latin1');

  expect(await ask(world, 'POST', '/queues/orders/messages', body)).toMatchObject({
    status: 400,
    body: { error: { message: 'the body is no UTF-8 text' } },
  });
});

test('a client that leaves in the middle of its body is no defect', async () => {
  const world = await startWorld();
  expect((await fetch(world.url('/_gantry/openapi.json'))).status).toBe(200);
  const { socket, received, closed } = openSocket(world.url());
  socket.write('POST /_gantry/definitions HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100\r\n\r\n{');
  while (!received().includes('100 Continue')) await new Promise((resolve) => socket.once('data', resolve));

  socket.destroy();
  await closed;

  expect((await fetch(world.url('/_gantry/openapi.json'))).status).toBe(200);
  expect(await (await fetch(world.url('/metrics'))).text()).toMatch(/^gantry_invariant_failures_total 0$/m);
});

test.each([
  ['too long', 'PUT /_gantry/queues/orders', 413],
  ['for nobody', 'PUT /_gantry/nothing', 404],
  ['for another method', 'POST /_gantry/queues/orders', 405],
])('a client that sends a long body which is %s reads why', async (_, line, status) => {
  const world = await startWorld();
  const { socket, received, closed } = openSocket(world.url());
  const errors: unknown[] = [];
  socket.on('error', (error) => errors.push(error));
  const body = Buffer.alloc(9 * 1024 * 1024, ' ');
  socket.write(`${line} HTTP/1.1\r\nHost: ${new URL(world.url()).host}\r\nContent-Length: ${body.length}\r\n\r\n`);
  for (let at = 0; at < body.length; at += 1024 * 1024)
    await new Promise((resolve) => socket.write(body.subarray(at, at + 1024 * 1024), resolve));

  await closed;

  expect(errors).toEqual([]);
  expect(received()).toMatch(new RegExp(`^HTTP/1.1 ${status} .*"error":`, 's'));
});
