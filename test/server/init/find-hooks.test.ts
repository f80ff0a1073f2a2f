import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { findHooks } from '../../../src/server/init/find-hooks.ts';
import { temporaryFolder } from '../../support/launch.ts';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function namesIn(...folders: readonly string[]): Promise<readonly string[]> {
  return (await findHooks(folders)).map(({ name }) => name);
}

test('the scripts of all folders come in the order of their names', async () => {
  const one = await folderWith({ '10-a.sh': '', '30-c.py': '' });
  const other = await folderWith({ '20-b.mjs': '', '30-c.sh': '' });

  expect(await namesIn(one, other)).toEqual(['10-a.sh', '20-b.mjs', '30-c.py', '30-c.sh']);
});

test('those of a subfolder come after those beside it', async () => {
  const folder = await folderWith({ 'b/2.sh': '', 'b/1.sh': '', 'z.sh': '', 'a/c/3.sh': '', 'a/4.sh': '' });

  expect(await namesIn(folder)).toEqual(['z.sh', 'a/4.sh', 'a/c/3.sh', 'b/1.sh', 'b/2.sh']);
});

test('what is no script is left alone, and so is what is hidden', async () => {
  const folder = await folderWith({
    'queues.json': '{}',
    'README.md': '',
    '.10-a.sh': '',
    '..data/a.sh': '',
    'a.sh': '',
  });

  expect(await namesIn(folder)).toEqual(['a.sh']);
});

test('a folder that is not there has none', async () => {
  expect(await namesIn('/nowhere/ready.d')).toEqual([]);
});

test('each is run by what its name or its first line says, whatever its mode', async () => {
  const folder = await folderWith({
    'a.sh': '#!/usr/bin/env bash -e\r\necho\r\n',
    'b.sh': 'echo',
    'c.js': '',
    'd.py': '',
    e: '',
  });
  await chmod(join(folder, 'e'), 0o755);
  await symlink(join(folder, 'b.sh'), join(folder, 'f.sh'));

  expect((await findHooks([folder])).map(({ name, runner }) => [name, ...runner])).toEqual([
    ['a.sh', '/usr/bin/env', 'bash -e'],
    ['b.sh', 'sh'],
    ['c.js', process.execPath],
    ['d.py', 'python3'],
    ['e'],
    ['f.sh', 'sh'],
  ]);
});
