import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openShell, program } from './setup.ts';

/** Runs the program on a terminal of its own, which `script` makes, and types a key when it has asked. */
const onTerminal = (args: string, key: string, question: string) =>
  [
    'mkfifo typed',
    `script -qefc "${process.execPath} ${program} ${args}" /dev/null < typed > shown &`,
    'exec 3> typed',
    `until grep -qF '${question}' shown || ! kill -0 $!; do sleep 0.05; done`,
    `printf '${key}' >&3; wait $!; code=$?; cat shown; exit $code`,
  ].join('\n');

// Needs script of util-linux.
const hasTerminals = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

test.skipIf(!hasTerminals).each([
  ['Ctrl-C at a question', 'queue purge orders', '\\003', '[y/N]'],
  ['Ctrl-D at a question', 'queue purge orders', '\\004', '[y/N]'],
  ['Ctrl-C at a password', 'user add root --admin --password', '\\003', 'password:'],
  ['Ctrl-D at a password', 'user add root --admin --password', '\\004', 'password:'],
])('%s ends it, and nothing is done', async (_, args, key, question) => {
  const { run } = await openShell();
  await run('gantry queue create orders');

  const { code, stdout } = await run(onTerminal(args, key, question));

  expect(stdout).toContain(question);
  expect(stdout.replaceAll('\r', '').trimEnd()).toMatch(/\ngantry: nothing done$/);
  expect(code).toBe(130);
});
