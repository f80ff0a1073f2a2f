import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../docs/pages.ts';
import { temporaryFolder } from '../support/launch.ts';

const run = promisify(execFile);

test('a link to bin/gantry is the program, from whatever folder', async () => {
  const folder = await temporaryFolder();
  await symlink(join(root, 'bin', 'gantry'), join(folder, 'gantry'));

  const { stdout } = await run('gantry', ['version'], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });

  expect(stdout).toMatch(/^gantry \d+\.\d+\.\d+ /);
});

test('the first call in a fresh clone builds, later ones do not', async () => {
  const clone = await temporaryFolder();
  for (const folder of ['bin', 'scripts', 'dist/src/cli']) await mkdir(join(clone, folder), { recursive: true });
  await copyFile(join(root, 'bin', 'gantry'), join(clone, 'bin', 'gantry'));
  await chmod(join(clone, 'bin', 'gantry'), 0o755);
  await writeFile(
    join(clone, 'scripts', 'setup.mjs'),
    `import { writeFileSync } from 'node:fs';
    console.error('building');
    writeFileSync(${JSON.stringify(join(clone, 'dist', 'src', 'cli', 'main.js'))}, 'console.log(process.argv[2])');
    writeFileSync(${JSON.stringify(join(clone, 'dist', '.gantry-build'))}, 'stamp');`,
  );

  const first = await run(join(clone, 'bin', 'gantry'), ['one']);
  const second = await run(join(clone, 'bin', 'gantry'), ['two']);

  expect(first).toEqual({ stdout: 'one\n', stderr: 'building\n' });
  expect(second).toEqual({ stdout: 'two\n', stderr: '' });
});
