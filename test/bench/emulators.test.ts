import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { install, LeftOut, run } from '../../bench/emulators/install.ts';
import { freePort, launchEmulator } from '../../bench/emulators/launch.ts';
import { goalsOf } from '../../bench/emulators/wanted.ts';

async function temporaryCache(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-emulators-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

test('a release is installed once', async () => {
  const cache = await temporaryCache();
  let fills = 0;
  const fill = async (folder: string) => {
    fills += 1;
    await writeFile(join(folder, 'file'), '');
  };

  const first = await install('one-1.0', fill, cache);
  const second = await install('one-1.0', fill, cache);

  expect([first, second, fills]).toEqual([join(cache, 'one-1.0'), first, 1]);
  expect(existsSync(join(first, 'file'))).toBe(true);
});

test('an installation that fails leaves nothing that could be taken for one', async () => {
  const cache = await temporaryCache();

  const failing = install('one-1.0', () => Promise.reject(new LeftOut('no')), cache);

  await expect(failing).rejects.toThrow('no');
  expect(await readdir(cache)).toEqual([]);
});

test('a toolchain that is missing leaves an emulator out', async () => {
  const missing = run('gantry-no-such-program', []);

  await expect(missing).rejects.toThrow(LeftOut);
  await expect(missing).rejects.toThrow('gantry-no-such-program was not found on the PATH');
});

test('an installer that fails is quoted', async () => {
  await expect(run('node', ['-e', 'console.error("nobody answers"); process.exit(1)'])).rejects.toThrow(
    /node did not install it: nobody answers/,
  );
});

const fake = `require('node:http').createServer((request, response) => {
  const body = '<QueueUrl>http://fake/ready</QueueUrl>';
  request.resume().on('end', () => response.writeHead(200, { 'Content-Length': body.length }).end(body));
}).listen(Number(process.argv[1]), '127.0.0.1')`;

test('an emulator is ready when it makes a queue, and is gone when it is stopped', async () => {
  const port = await freePort();
  const started = { name: 'fake', port, protocol: 'query' as const, command: process.execPath };

  const subject = await launchEmulator({ ...started, args: ['-e', fake, String(port)] });
  const { pid } = subject;
  await subject.stop();
  await subject.stop();

  expect(pid).toBeGreaterThan(0);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('an emulator that ends at once is an error with its last words', async () => {
  const port = await freePort();
  const args = ['-e', 'console.error("no such option"); process.exitCode = 1'];

  const starting = launchEmulator({ name: 'fake', port, protocol: 'json', command: process.execPath, args });

  await expect(starting).rejects.toThrow(/fake did not start: no such option/);
});

test('we are held against GoAWS in both protocols, and against nobody who takes no part', () => {
  const turns = new Map(['gantry', 'gantry Query', 'GoAWS'].map((name) => [name, []]));

  expect(goalsOf('one', turns).map((goal) => `${goal.what} ${goal.is} ${goal.limit}`)).toEqual([
    'one: gantry over GoAWS: rate at-least 1',
    'one: gantry over GoAWS: CPU a message at-most 0.75',
    'one: gantry over GoAWS: p99 at-most 0.5',
    'one: gantry Query over GoAWS: rate at-least 1',
    'one: gantry Query over GoAWS: CPU a message at-most 0.75',
    'one: gantry Query over GoAWS: p99 at-most 0.5',
  ]);
});
