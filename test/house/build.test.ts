import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root as project, scriptUrl, temporaryFolder } from './scripts.ts';

const { isBuilt }: { isBuilt(root: string): boolean } = await import(scriptUrl('setup/build-stamp.mjs'));
const { build }: { build(root: string): Promise<void> } = await import(scriptUrl('setup/build.mjs'));

/** A small tree with this project's compiler. */
function setup() {
  const root = temporaryFolder();
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'));
  write('package.json', '{ "type": "module" }');
  write('package-lock.json', '{}');
  write('tsconfig.json', readFileSync(join(project, 'tsconfig.json'), 'utf8'));
  write('src/one.ts', 'export const one = 1;\n');
  write('storage/sqlite/migrations/0001-first.sql', 'create table t (a);\n');
  return { root, write, isThere: (path: string) => existsSync(join(root, 'dist', path)) };
}

test('a build compiles, carries the SQL, and is not wanted again', async () => {
  const { root, isThere } = setup();

  expect(isBuilt(root)).toBe(false);
  await build(root);

  expect(isBuilt(root)).toBe(true);
  expect(isThere('src/one.js')).toBe(true);
  expect(isThere('storage/sqlite/migrations/0001-first.sql')).toBe(true);
});

test('a renamed source leaves nothing of its old name', async () => {
  const { root, write, isThere } = setup();
  write('src/old/two.ts', 'export const two = 2;\n');
  await build(root);

  renameSync(join(root, 'src', 'old'), join(root, 'src', 'new'));
  expect(isBuilt(root)).toBe(false);
  await build(root);

  expect(isThere('src/old')).toBe(false);
  expect(isThere('src/new/two.js')).toBe(true);
});

test('an output deleted by hand comes back with the next build', async () => {
  const { root, write, isThere } = setup();
  await build(root);

  rmSync(join(root, 'dist', 'src', 'one.js'));
  write('src/three.ts', 'export const three = 3;\n');
  await build(root);

  expect(isThere('src/one.js')).toBe(true);
});

test('a type error refuses the build, each time', async () => {
  const { root, write } = setup();
  write('src/wrong.ts', 'export const wrong: string = 1;\n');

  await expect(build(root)).rejects.toThrow('types do not check');
  await expect(build(root)).rejects.toThrow('types do not check');
  expect(isBuilt(root)).toBe(false);
});
