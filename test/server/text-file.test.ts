import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/server/config.ts';
import { readTextFile } from '../../src/server/text-file.ts';
import { temporaryFolder } from '../support/launch.ts';

async function fileOf(text: string): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, text);
  return path;
}

async function pipe(): Promise<string> {
  const path = join(await temporaryFolder(), 'pipe');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  return path;
}

test('as many bytes as may be there are read, and one more is refused', async () => {
  const path = await fileOf('ä'.repeat(50_000));

  expect(await readTextFile(path, { bytesMax: 100_000 })).toBe('ä'.repeat(50_000));
  await expect(readTextFile(path, { bytesMax: 99_999 })).rejects.toThrow('larger than 99999 bytes');
});

test('what has no size of its own is read all the same, and no more of it than may be', async () => {
  expect(await readTextFile('/proc/self/status', { bytesMax: 1e6 })).toContain('VmRSS');
  await expect(readTextFile('/proc/self/status', { bytesMax: 100 })).rejects.toThrow('larger than 100 bytes');
});

test('a device and a folder are refused, and nothing of them is read', async () => {
  await expect(readTextFile('/dev/zero', { bytesMax: 10, mayBePipe: true })).rejects.toThrow('it is a device, no file');
  await expect(readTextFile(await temporaryFolder(), { bytesMax: 10 })).rejects.toThrow('it is a folder, no file');
  expect(await readTextFile('/dev/null', { bytesMax: 10 })).toBe('');
});

test('a pipe is read where it may be, and not waited for where it may not', async () => {
  const path = await pipe();

  await expect(readTextFile(path, { bytesMax: 10 })).rejects.toThrow('it is a pipe');
  const reading = readTextFile(path, { bytesMax: 10, mayBePipe: true });
  await writeFile(path, 'a password');

  expect(await reading).toBe('a password');
});

test('an endless pipe is read as far as may be', async () => {
  const path = await pipe();
  const reading = readTextFile(path, { bytesMax: 10, mayBePipe: true });
  await writeFile(path, 'x'.repeat(50_000)).catch(() => undefined); // Its reader has gone.

  await expect(reading).rejects.toThrow('larger than 10 bytes');
});

test.each([
  ['a configuration file', (path: string) => ({ flags: { config: [path] }, environment: {} }), '--config'],
  [
    'the file of a variable',
    (path: string) => ({ flags: { config: ['/dev/null'] }, environment: { GANTRY_DATA_DIR_FILE: path } }),
    'GANTRY_DATA_DIR_FILE',
  ],
])('%s is no device and no pipe', async (_, sources, name) => {
  await expect(loadConfig(sources('/dev/zero'))).rejects.toThrow(`${name} `);
  await expect(loadConfig(sources('/dev/zero'))).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('it is a device'),
  });
  await expect(loadConfig(sources(await pipe()))).rejects.toMatchObject({
    code: 'invalid-argument',
    message: expect.stringContaining('it is a pipe'),
  });
});

test('a secret of a user lies in a file', async () => {
  const config = await fileOf('users:\n  - { name: ada, password-file: /dev/zero }\n');

  await expect(loadConfig({ flags: { config: [config] }, environment: {} })).rejects.toThrow(
    'password-file: it is a device, no file',
  );
});
