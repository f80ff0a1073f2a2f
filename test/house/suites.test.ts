import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptUrl, temporaryFolder } from './scripts.ts';

type Suite = { folder: string; path: string; name: string };
type Totals = { passed: number; failed: number; skipped: number };
const suites: {
  findSuites(root: string): Suite[];
  matchesFilter(suite: Suite, filters: string[]): boolean;
  runSuites(root: string, suites: Suite[], env: Record<string, string>): Promise<Totals[]>;
} = await import(scriptUrl('test/suites.mjs'));

/** A tree with one suite for the toolchain `go`, which is found there or not. */
function setup({ script, hasToolchain = true }: { script: string; hasToolchain?: boolean }) {
  const root = temporaryFolder();
  const folder = join(root, 'test', 'clients', 'sqs', 'some-client');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'sqs/some-client', toolchain: 'go', run: ['/bin/sh', '-c', script] };
  writeFileSync(join(folder, 'suite.json'), JSON.stringify(manifest));
  if (hasToolchain) writeFileSync(join(root, 'go'), '');
  const run = (env: Record<string, string> = {}) =>
    suites.runSuites(root, suites.findSuites(root), { PATH: root, ...env });
  return { root, run };
}

test('a suite counts with the totals of its last line', async () => {
  const { run } = setup({ script: 'echo hello; echo "4 passed, 0 failed, 2 skipped"' });

  expect(await run()).toEqual([{ passed: 4, failed: 0, skipped: 2 }]);
});

test('a suite finds the built broker and runs in its own folder', async () => {
  const script =
    'test "$GANTRY_MAIN" = "$GANTRY_ROOT/dist/src/cli/main.js" && test -f suite.json && echo "1 passed, 0 failed, 0 skipped"';
  const { run } = setup({ script });

  expect(await run()).toEqual([{ passed: 1, failed: 0, skipped: 0 }]);
});

test('a suite that says nothing, or ends badly, has failed', async () => {
  expect(await setup({ script: 'echo done' }).run()).toEqual([{ passed: 0, failed: 1, skipped: 0 }]);
  const crashed = setup({ script: 'echo "4 passed, 0 failed, 0 skipped"; exit 3' });
  expect(await crashed.run()).toEqual([{ passed: 4, failed: 1, skipped: 0 }]);
});

test('a missing toolchain skips the suite, and in CI fails it', async () => {
  const { run } = setup({ script: 'echo "1 passed, 0 failed, 0 skipped"', hasToolchain: false });

  expect(await run()).toEqual([{ passed: 0, failed: 0, skipped: 1 }]);
  expect(await run({ CI: 'true' })).toEqual([{ passed: 0, failed: 1, skipped: 0 }]);
});

test('a filter chooses suites by path or name', () => {
  const [suite] = suites.findSuites(setup({ script: 'true' }).root);
  if (suite === undefined) throw new Error('the suite was not found');

  expect(suites.matchesFilter(suite, [])).toBe(true);
  expect(suites.matchesFilter(suite, ['clients/sqs'])).toBe(true);
  expect(suites.matchesFilter(suite, ['mqtt'])).toBe(false);
});
