import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openTls } from '../server/tls/setup.ts';
import { type LaunchOptions, launch, startProcess, temporaryFolder } from '../support/launch.ts';

async function run(args: readonly string[], options: LaunchOptions = {}) {
  const { exited, output } = startProcess(args, options);
  const { code } = await exited;
  return { code, ...output() };
}

/** A broker with its own certificate, and what its clients say. */
async function launchTls(...more: readonly string[]) {
  const broker = await launch({ args: ['--https-port', '0', '--tls-cert', 'generated', ...more] });
  onTestFinished(async () => void (await broker.stop()));
  const endpoint = /https:\/\/\S+/.exec(broker.readyLine)?.[0] ?? '';
  const ca = join(broker.dataDir, 'tls', 'ca.pem');
  const trusting = { NODE_EXTRA_CA_CERTS: ca };
  return { broker, endpoint, ca, trusting };
}

describe('gantry cert', () => {
  test('makes authority, certificate and key, and says who has to trust what', async () => {
    const folder = await temporaryFolder();

    const { code, stdout } = await run(['cert', '--data-dir', join(folder, 'data'), '--name', 'broker.example']);

    const ca = join(folder, 'data', 'tls', 'ca.pem');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^names +localhost, 127\.0\.0\.1, ::1, broker\.example$/m);
    expect(stdout).toContain('gantry serve --https-port 4567 --tls-cert generated\n');
    for (const line of [`NODE_EXTRA_CA_CERTS=${ca}`, `AWS_CA_BUNDLE=${ca}`, `-file ${ca}`])
      expect(stdout).toContain(line);
    expect((await stat(join(folder, 'data', 'tls', 'server.key'))).mode & 0o777).toBe(0o600);
  });

  test('leaves everything as it is the second time, and says so', async () => {
    const out = join(await temporaryFolder(), 'the certs');
    await run(['cert', '--out', out]);
    const before = await readFile(join(out, 'server.pem'), 'utf8');

    const again = await run(['cert', '--out', out]);

    expect(again.stdout.match(/as it was/g)).toHaveLength(2);
    expect(again.stdout).toContain(`--tls-cert '${out}/server.pem' --tls-key '${out}/server.key'`);
    expect(await readFile(join(out, 'server.pem'), 'utf8')).toBe(before);
  });

  test('has a form for programs, and the one path for shells', async () => {
    const out = await temporaryFolder();

    const json = await run(['cert', '--out', out, '-o', 'json', '--host', '10.1.2.3,0.0.0.0']);
    const name = await run(['cert', '--out', out, '-o', 'name']);

    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ authority: join(out, 'ca.pem'), tlsCert: join(out, 'server.pem'), tlsKey: join(out, 'server.key') },
      ...{ names: ['localhost', '127.0.0.1', '::1', '10.1.2.3'], isNew: true, isAuthorityNew: true },
    });
    expect(name.stdout).toBe(`${join(out, 'ca.pem')}\n`);
  });

  test.each([
    [['--name', 'a b'], '--name "a b": expected a host name or an address'],
    [['--name', 'a,DNS:b'], '--name "a,DNS:b": expected a host name or an address'],
    [['--data-dir', ':memory:'], '--data-dir :memory: is no folder: say where with --out'],
  ])('with %j is refused', async (args, message) => {
    const cwd = await temporaryFolder();

    expect(await run(['cert', ...args], { cwd })).toEqual({ code: 2, stdout: '', stderr: `gantry: ${message}\n` });
    expect(existsSync(join(cwd, 'data'))).toBe(false);
  });

  const hasKeytool = spawnSync('keytool', ['-help']).status === 0;

  test.skipIf(!hasKeytool)('prints a line that Java takes', async () => {
    const out = await temporaryFolder();
    const { stdout } = await run(['cert', '--out', out]);
    const line = /keytool .*/.exec(stdout)?.[0] ?? 'false';

    expect(spawnSync('sh', ['-c', line], { cwd: out }).status).toBe(0);
    expect(existsSync(join(out, 'gantry.p12'))).toBe(true);
  });
});

describe('a broker with its own certificate', () => {
  test('is there in one step, and commands reach it over TLS', async () => {
    const { endpoint, trusting } = await launchTls();
    const env = { ...trusting, GANTRY_ENDPOINT: endpoint };

    const created = await run(['queue', 'create', 'orders'], { env });
    const health = await run(['health'], { env });
    const aws = await run(['env'], { env });

    expect(created).toMatchObject({ code: 0, stderr: expect.stringContaining('orders is there') });
    expect(JSON.parse(health.stdout)).toMatchObject({ status: 'ok', listeners: { https: endpoint } });
    expect(aws.stdout).toContain(`AWS_ENDPOINT_URL='${endpoint}'`);
  });

  test('is trusted by nobody who was not told', async () => {
    const { endpoint } = await launchTls();

    for (const command of [['queue', 'ls'], ['health']]) {
      const { code, stderr } = await run([...command, '--endpoint', endpoint]);
      expect({ code, stderr }, command[0]).toMatchObject({
        code: 3,
        stderr: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
      });
    }
  });

  test('takes another name in at SIGHUP, and keeps its authority', async () => {
    const { broker, endpoint, ca: path } = await launchTls();
    const ca = await readFile(path, 'utf8');
    const greet = () => openTls({ port: Number(new URL(endpoint).port), ca }, { servername: 'broker.example' }).ready;

    await expect(greet()).rejects.toThrow('broker.example');
    await run(['cert', '--data-dir', broker.dataDir, '--name', 'broker.example']);
    broker.signal('SIGHUP');
    await expect.poll(() => broker.output().stderr).toContain('"event":"reloaded"');

    await greet();
    expect(await readFile(path, 'utf8')).toBe(ca);
    expect(broker.output().stderr).toContain('"event":"tls-certificate-changed"');
  });
});

describe('a mistake with the certificate', () => {
  test('ends a start with one line and code 2, and is found without one', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'cert.pem');
    await writeFile(file, 'nonsense');
    const flags = ['--https-port', '0', '--tls-cert', file, '--tls-key', file, '--data-dir', join(folder, 'data')];

    const started = await run(['serve', '--http-port', '0', ...flags]);
    const checked = await run(['check-config', ...flags]);
    const examined = await run(['doctor', '--http-port', '0', ...flags]);

    const line = `--tls-cert ${file}: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`;
    expect(started).toEqual({ code: 2, stdout: '', stderr: `gantry: ${line}\n` });
    expect(checked).toMatchObject({ code: 2, stderr: `gantry: ${line}\n` });
    expect(examined.stdout).toContain(line);
    expect(examined.code).toBe(1);
  });

  test('is none when all is well: doctor says until when', async () => {
    const out = await temporaryFolder();
    await run(['cert', '--out', out]);
    const flags = ['--tls-cert', join(out, 'server.pem'), '--tls-key', join(out, 'server.key'), '--data-dir', out];

    const { stdout } = await run(['doctor', '--http-port', '0', '--https-port', '0', ...flags]);

    expect(stdout).toMatch(/^ok +certificate +until 20\d\d-\d\d-\d\d, 39\d days more$/m);
  });
});
