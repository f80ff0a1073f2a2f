import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { launch, startProcess, temporaryFolder } from '../../support/launch.ts';

interface Line {
  readonly check: string;
  readonly status: string;
  readonly text: string;
}

async function doctor(...args: string[]) {
  const { exited, output } = startProcess(['doctor', '-o', 'json', '--host', '127.0.0.1', ...args]);
  const { code } = await exited;
  const lines: readonly Line[] = JSON.parse(output().stdout);
  return { code, lines, find: (check: string) => lines.find((line) => line.check === check) };
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('where all is well it says so, and leaves nothing behind', async () => {
  const folder = await temporaryFolder();

  const { code, lines, find } = await doctor('--http-port', '0', '--data-dir', join(folder, 'data'));

  expect({ code, fails: lines.filter(({ status }) => status === 'fail') }).toEqual({ code: 0, fails: [] });
  expect(find('sync')?.text).toContain('p99');
  expect(find('data folder')?.text).toContain('not there yet');
  expect(readdirSync(folder)).toEqual([]);
});

test('a running broker is known by its port, its folder and its health', async () => {
  const broker = await launch();
  onTestFinished(async () => void (await broker.stop()));
  const { port } = new URL(broker.endpoint);

  const { code, find } = await doctor('--http-port', port, '--data-dir', broker.dataDir);

  expect(code).toBe(0);
  expect(find(`port ${port}`)).toMatchObject({ status: 'ok', text: expect.stringContaining('runs already') });
  expect(find('data folder')?.text).toContain(`process ${broker.pid}`);
  expect(find('broker')?.text).toContain('serves');
});

test('a port that something else has, and a file in the place of the folder, fail with 1', async () => {
  const port = await listen();
  const file = join(await temporaryFolder(), 'file');
  writeFileSync(file, '');

  const { code, find } = await doctor('--http-port', String(port), '--data-dir', file);

  expect(code).toBe(1);
  expect(find(`port ${port}`)).toMatchObject({ status: 'fail', text: expect.stringContaining('no Gantry') });
  expect(find('data folder')).toMatchObject({ status: 'fail' });
  expect(find('broker')?.text).toContain('none answers');
});

test('a folder that others may read is warned of', async () => {
  const folder = join(await temporaryFolder(), 'data');
  mkdirSync(folder, { mode: 0o755 });

  const { code, find } = await doctor('--http-port', '0', '--data-dir', folder);

  expect(code).toBe(0);
  expect(find('data folder')).toMatchObject({ status: 'warn', text: expect.stringContaining('755') });
  expect(existsSync(join(folder, 'gantry.lock'))).toBe(false);
});

test('a mistake in the options, and an address that everybody reaches, fail in words', async () => {
  const mistaken = await doctor('--http-port', 'x');
  const open = await doctor('--http-port', '0', '--host', '0.0.0.0', '--data-dir', ':memory:');

  expect(mistaken).toMatchObject({ code: 1 });
  expect(mistaken.find('options')).toMatchObject({ status: 'fail', text: expect.stringContaining('--http-port') });
  expect(open).toMatchObject({ code: 1 });
  expect(open.find('ports')?.text).toContain('GANTRY_ALLOW_ANONYMOUS');
});

test('for people it is lines, with the way out below', async () => {
  const file = join(await temporaryFolder(), 'file');
  writeFileSync(file, '');
  const { exited, output } = startProcess(['doctor', '--http-port', '0', '--data-dir', file]);

  expect((await exited).code).toBe(1);

  expect(output().stdout).toMatch(/^ok {4}node /m);
  expect(output().stdout).toMatch(/^fail {2}data folder .*\n +-> choose another with --data-dir$/m);
});
