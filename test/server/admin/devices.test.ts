import { expect, test } from 'vitest';
import { fetchJson, startWorld } from '../setup.ts';

const device = (account: string) =>
  `arn:aws:sns:us-east-1:${account}:endpoint/GCM/app/0b8a4889-d6bf-47f1-8c8c-899f964292b7`;

test('a user subscribes no device of another account, an admin does', async () => {
  const world = await startWorld();
  const ask = (name: string, method: string, path: string, body: object) => {
    const Authorization = `Basic ${Buffer.from(`${name}:of ${name}`).toString('base64')}`;
    return fetchJson(world.url(`/_gantry${path}`), { method, headers: { Authorization }, body: JSON.stringify(body) });
  };
  await ask('root', 'PUT', '/users/root', { admin: true, password: 'of root' });
  const policy = [{ Effect: 'Allow', Action: 'sns:*', Resource: '*' }];
  await ask('root', 'PUT', '/users/ada', { password: 'of ada', policy });
  await ask('ada', 'PUT', '/topics/t', {});
  const subscribe = async (name: string, application: string) =>
    (await ask(name, 'POST', '/topics/t/subscriptions', { application })).status;

  expect(await subscribe('ada', device('111111111111'))).toBe(404);
  expect(await subscribe('ada', device('000000000000'))).toBe(201);
  expect(await subscribe('root', device('111111111111'))).toBe(201);
});
