import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/launch.ts';
import { codeBlocks, readPage, root } from './pages.ts';

/** Each block of the page is a file of one project, named in its first line, and is run as it stands. */
const files = new Map(
  codeBlocks(await readPage('docs/library.md')).map(({ code }) => [/^\/\/ (\S+)\n/.exec(code)?.[1] ?? code, code]),
);
const run = promisify(execFile);
let project = '';

beforeAll(async () => {
  project = await temporaryFolder();
  await mkdir(join(project, 'node_modules'));
  await symlink(root, join(project, 'node_modules', 'gantry'));
  for (const name of ['@aws-sdk', 'vitest']) {
    await symlink(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  for (const [name, code] of files) await writeFile(join(project, name), code);
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** It has to end well, and by itself. @throws with what it said */
async function node(...args: readonly string[]): Promise<string> {
  const { VITEST: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, args, { cwd: project, env, timeout: 60_000 });
  return stdout;
}

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', '.'];

test('every block is a file that is run here', () => {
  const tests = ['vitest.test.mjs', 'node.test.mjs'];
  const jest = ['jest.config.mjs', 'jest-setup.mjs', 'jest-teardown.mjs', 'jest.test.cjs'];

  expect([...files.keys()]).toEqual(['first.mjs', ...tests, ...jest, 'faults.mjs', 'child.mjs']);
});

test.each(['first.mjs', 'faults.mjs'])('%s runs and ends', async (name) => {
  expect(await node(name)).toBe('');
});

test('child.mjs hands its broker on', async () => {
  expect(await node('child.mjs')).toBe('true\n');
});

test('the tests for vitest pass', { timeout: 60_000 }, async () => {
  expect(await node(...vitest, 'vitest.test.mjs')).toMatch(/2 passed/);
});

test('the tests for node:test pass', { timeout: 60_000 }, async () => {
  expect(await node('--test', 'node.test.mjs')).toMatch(/^# pass 1$/m);
});

// Jest is no dependency (its resolver has an install script). Its hooks are called as it calls them, its test has vitest's globals of the same names.
test('the tests for jest pass', { timeout: 60_000 }, async () => {
  await writeFile(
    join(project, 'as-jest.mjs'),
    `import config from './jest.config.mjs';
    export const setup = async () => (await import(config.globalSetup)).default();
    export const teardown = async () => (await import(config.globalTeardown)).default();`,
  );
  const config = { test: { globals: true, globalSetup: './as-jest.mjs', include: ['**/jest.test.cjs'] } };
  await writeFile(join(project, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);

  expect(await node(...vitest)).toMatch(/1 passed/);
});
