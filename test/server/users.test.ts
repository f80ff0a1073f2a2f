import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { readPage } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';
import { startWorld, type World } from './setup.ts';

const users = `
users:
  - { name: operator, admin: true, password: "of the operator" }
  - { name: shop, password: "of the shop" }
  - name: prometheus
    password: "of the scrape"
    policy: [{ Effect: Allow, Action: browse, Resource: "arn:aws:gantry:::broker" }]
`;

async function start(text = users, flags: Readonly<Record<string, readonly string[]>> = {}): Promise<World> {
  const config = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(config, text);
  return startWorld({ config: [config], ...flags });
}

function scrape(world: World, credentials?: string) {
  const headers = { Authorization: `Basic ${Buffer.from(credentials ?? '').toString('base64')}` };
  return fetch(world.url('/metrics'), credentials === undefined ? {} : { headers });
}

test('with users the broker listens beyond loopback', async () => {
  const world = await start(users, { host: ['0.0.0.0'] });

  expect(world.url()).toMatch(/^http:\/\/0\.0\.0\.0:/);
});

test('/metrics is for who may browse the broker, by name and password', async () => {
  const world = await start();

  const nobody = await scrape(world);
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get('www-authenticate')).toMatch(/^Basic /);
  expect((await scrape(world, 'operator:of the operator')).status).toBe(200);
  expect((await scrape(world, 'operator:of the shop')).status).toBe(401);
  expect((await scrape(world, 'operator')).status).toBe(401);
  expect((await scrape(world, 'shop:of the shop')).status).toBe(403);
  expect((await scrape(world, 'prometheus:of the scrape')).status).toBe(200);
  const users = await fetch(world.url('/_gantry/users'), {
    headers: { Authorization: `Basic ${btoa('prometheus:of the scrape')}` },
  });
  expect(users.status).toBe(403);

  const text = await (await scrape(world, 'operator:of the operator')).text();
  for (const [reason, count] of [
    ['unsigned', 1],
    ['wrong-password', 2],
    ['no-rights', 2],
  ])
    expect(text).toContain(`gantry_requests_refused_total{reason="${reason}"} ${count}\n`);
});

test('a reload takes users of the file over, and refuses one that would let everybody in or leave no admin', async () => {
  const world = await start(users, { host: ['0.0.0.0'] });
  const reload = async (text: string) => {
    const config = join(await temporaryFolder(), 'gantry.yaml');
    await writeFile(config, text);
    const flags = { config: [config], host: ['0.0.0.0'], httpPort: ['0'], dataDir: [':memory:'], logLevel: ['off'] };
    const loaded = await loadConfig({ flags, environment: {} });
    return await world.server.applyReload(loaded.config);
  };

  expect(await reload(users)).toMatchObject({ changed: {} });
  expect((await scrape(world, 'shop:of the shop')).status).toBe(403);
  expect(await reload(users.replace('shop', 'bakery'))).toMatchObject({
    changed: { users: ['operator', 'bakery', 'prometheus'] },
  });
  expect((await scrape(world, 'shop:of the shop')).status).toBe(401);
  expect((await scrape(world, 'bakery:of the shop')).status).toBe(403);
  await expect(reload('')).rejects.toMatchObject({ code: 'conflict' });
  await expect(reload('users: [{ name: shop, password: "of the shop" }]')).rejects.toMatchObject({
    ...{ code: 'conflict', message: 'no admin would be left who can sign in' },
  });
  expect((await scrape(world)).status).toBe(401);
  expect((await scrape(world, 'operator:of the operator')).status).toBe(200);
});

test('health is open all the same', async () => {
  const world = await start();

  for (const path of ['/health', '/health/live', '/health/ready', '/_localstack/health'])
    expect((await fetch(world.url(path))).status).toBe(200);
});

test("the README's users are users", async () => {
  const section = /## Users and access keys\n(.*?)\n## /s.exec(await readPage('README.md'))?.[1] ?? '';
  const folder = await temporaryFolder();
  const lines = section.split('\n').filter((line) => line.startsWith('    '));
  for (const name of ['shop', 'operator', 'operator-key']) await writeFile(join(folder, name), 'secret');
  const shown = lines
    .map((line) => line.slice(4))
    .join('\n')
    .replace(/\$\{SHOP_SECRET\}/, 'secret');

  const world = await start(shown.replaceAll('/run/secrets', folder));

  expect((await scrape(world, 'operator:secret')).status).toBe(200);
});
