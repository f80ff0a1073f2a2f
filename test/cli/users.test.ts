import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type LaunchedBroker, launch, temporaryFolder } from '../support/launch.ts';

const program = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** Runs `gantry` with a text on its standard input. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '', cwd?: string) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(GANTRY|npm)_/.test(name));
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined).end(stdin);
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

async function start(options: Parameters<typeof launch>[0] = {}): Promise<LaunchedBroker> {
  const broker = await launch(options);
  onTestFinished(async () => void (await broker.stop()));
  return broker;
}

const asRoot = (broker: LaunchedBroker) => ({
  GANTRY_ENDPOINT: broker.endpoint,
  GANTRY_USER: 'root',
  GANTRY_PASSWORD: 'of the root',
});

test('users, keys and policies from the first user to the last', async () => {
  const broker = await start();
  const env = asRoot(broker);
  const policy = join(await temporaryFolder(), 'policy.yaml');
  await writeFile(policy, '- Sid: Sends\n  Effect: Allow\n  Action: send\n  Resource: orders\n');

  expect(
    await run(['user', 'add', 'root', '--admin', '--password'], { GANTRY_ENDPOINT: broker.endpoint }, 'of the root\n'),
  ).toEqual({
    code: 0,
    stdout: '',
    stderr: `made root, an admin, at ${broker.endpoint}\n`,
  });
  expect(await run(['queue', 'ls'], { GANTRY_ENDPOINT: broker.endpoint })).toMatchObject({ code: 5 });
  expect(await run(['user', 'add', 'shop', '--policy', policy, '--account', '111122223333'], env)).toMatchObject({
    code: 0,
  });
  expect((await run(['user', 'ls', '-o', 'name'], env)).stdout).toBe('root\nshop\n');
  expect((await run(['user', 'ls'], env)).stdout).toMatch(/^shop +111122223333 +- +- +0 +1 +store$/m);
  expect((await run(['user', 'info', 'shop'], env)).stdout).toContain('"Sid":"Sends"');

  const key: unknown = JSON.parse((await run(['key', 'create', 'root', '-o', 'json'], env)).stdout);
  const { id, secret } = Object(key);
  expect((await run(['key', 'ls', '-o', 'name'], env)).stdout).toBe(`${id}\n`);
  const byKey = { GANTRY_ENDPOINT: broker.endpoint, GANTRY_USER: String(id), GANTRY_PASSWORD: String(secret) };
  expect(await run(['queue', 'ls'], byKey)).toMatchObject({ code: 0 });

  expect(
    await run(['policy', 'check', 'shop', 'send', 'arn:aws:sqs:us-east-1:111122223333:orders'], env),
  ).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('allowed by statement 0 ("Sends") of the policy of user "shop"'),
  });
  expect(await run(['policy', 'check', 'shop', 'receive', 'orders'], env)).toMatchObject({ code: 5 });

  expect(await run(['user', 'set', 'shop', '--remove-policy'], env)).toMatchObject({ code: 0 });
  expect(await run(['user', 'set', 'shop'], env)).toMatchObject({ code: 2 });
  expect(await run(['key', 'rm', 'root', String(id), '--force'], env)).toMatchObject({ code: 0 });
  expect(await run(['queue', 'ls'], byKey)).toMatchObject({ code: 5 });
  expect(await run(['user', 'rm', 'root', '--force'], env)).toMatchObject({ code: 1 });
  expect(await run(['user', 'rm', 'shop', '--force'], env)).toMatchObject({ code: 0 });
  expect(await run(['user', 'rm', 'shop', '--force'], env)).toMatchObject({ code: 4 });
});

test('an admin made before the first start is there at the start', async () => {
  const cwd = await temporaryFolder();
  const dataDir = join(cwd, 'data');
  // The default port of somebody else's broker must not be asked.
  await writeFile(join(cwd, 'gantry.yaml'), 'http-port: 1\n');
  const password = `of the root: "$\{HOME}" 'é' #`;
  await writeFile(join(cwd, 'password'), `${password}\n`);

  const made = await run(['user', 'add', 'root', '--admin', '--password-file', 'password'], {}, '', cwd);
  const again = await run(['user', 'add', 'root', '--admin'], {}, '', cwd);
  const second = await run(['user', 'add', 'ops', '--admin', '--password'], {}, 'of ops', cwd);
  const wrong = await run(['user', 'add', 'a b', '--admin'], {}, '', cwd);

  expect(made).toEqual({
    code: 0,
    stdout: '',
    stderr: 'root is in data/users.yaml: no broker runs; the next start reads it\n',
  });
  expect(again).toMatchObject({ code: 1, stderr: 'gantry: user "root" is in data/users.yaml already\n' });
  expect(second).toMatchObject({ code: 0 });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('expected a name of 1 to 64 letters') });
  expect((await stat(join(dataDir, 'users.yaml'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(dataDir, 'users.yaml'), 'utf8')).toMatch(/^# Users that the broker reads at its start/);

  const broker = await start({ dataDir });
  for (const credentials of [`root:${password}`, 'ops:of ops']) {
    const headers = { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    expect((await fetch(`${broker.endpoint}/_gantry/users`, { headers })).status).toBe(200);
  }
  expect((await fetch(`${broker.endpoint}/metrics`)).status).toBe(401);
  const late = await run(['user', 'add', 'late', '--admin', '--password', '--data-dir', dataDir], {}, 'late', cwd);
  expect(late).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by another Gantry') });
});

test('a broker that was named and does not answer gets no file', async () => {
  const cwd = await temporaryFolder();

  const made = await run(['user', 'add', 'root', '--admin', '--endpoint', 'http://127.0.0.1:1'], {}, '', cwd);

  expect(made.code).toBe(3);
  await expect(stat(join(cwd, 'data'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a password comes out of a file, a pipe of the shell or standard input, and not out of a device', async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'gantry.yaml'), 'http-port: 1\n');
  const add = (name: string, ...more: string[]) => ['user', 'add', name, '--admin', '--password-file', ...more];
  const piped = spawn(
    'bash',
    ['-c', `"$0" "$@" --password-file <(echo of shop)`, process.execPath, program, 'user', 'add', 'shop'],
    { cwd },
  );
  const [code] = await once(piped, 'close');

  const typed = await run(add('ops', '/dev/stdin'), {}, 'of ops\n', cwd);
  const device = await run(add('root', '/dev/zero'), {}, '', cwd);
  const policy = await run(['user', 'add', 'root', '--policy', '/dev/zero'], {}, '', cwd);

  expect({ code, typed: typed.code }).toEqual({ code: 0, typed: 0 });
  expect(device).toMatchObject({ stderr: 'gantry: --password-file: it is a device, no file\n' });
  expect(policy).toMatchObject({ stderr: 'gantry: --policy /dev/zero: it is a device, no file\n' });
  const written = await readFile(join(cwd, 'data', 'users.yaml'), 'utf8');
  for (const password of ['of shop', 'of ops']) expect(written).toContain(`password: ${password}`);
});

test('a user for a folder that is named is written there, whatever broker answers', async () => {
  const broker = await start();
  const cwd = await temporaryFolder();
  const env = { GANTRY_ENDPOINT: broker.endpoint };

  const made = await run(['user', 'add', 'root', '--admin', '--password', '--data-dir', 'mine'], env, 'secret', cwd);
  const both = await run(['user', 'add', 'ops', '--data-dir', 'mine', '--endpoint', broker.endpoint], {}, '', cwd);

  expect(made).toMatchObject({ code: 0, stderr: 'root is in mine/users.yaml: a start on that folder reads it\n' });
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('say one of them') });
  expect((await fetch(`${broker.endpoint}/_gantry/users`)).status).toBe(200);
});

test('who is not let in learns what was missing or wrong', async () => {
  const broker = await start();
  const env = { GANTRY_ENDPOINT: broker.endpoint };
  await run(['user', 'add', 'root', '--admin', '--password'], env, 'of the root');

  const nobody = await run(['queue', 'ls'], env);
  const silent = await run(['queue', 'ls', '--user', 'root'], env);
  const wrong = await run(['queue', 'ls', '--user', 'root'], { ...env, GANTRY_PASSWORD: 'of the rot' });
  const inUrl = await run(['queue', 'ls', '--endpoint', broker.endpoint.replace('//', '//root:of%20the%20root@')]);

  expect(nobody).toMatchObject({ code: 5, stderr: expect.stringContaining('say --user and GANTRY_PASSWORD') });
  expect(silent).toMatchObject({ code: 5, stderr: expect.stringContaining('set GANTRY_PASSWORD') });
  expect(wrong).toMatchObject({ code: 5, stderr: expect.stringContaining('the password of root is wrong, or') });
  expect(inUrl).toMatchObject({ code: 2, stderr: expect.stringContaining('--user NAME') });
  expect(inUrl.stderr).not.toContain('of%20the');
});
