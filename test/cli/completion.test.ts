import { expect, test } from 'vitest';
import { openShell } from './setup.ts';

/** What bash offers where the cursor stands behind these words. */
function offers(...words: readonly string[]): string {
  const list = words.map((word) => `'${word}'`).join(' ');
  return `eval "$(gantry completion bash)"; COMP_WORDS=(gantry ${list}); COMP_CWORD=${words.length}; _gantry; echo "\${COMPREPLY[@]}"`;
}

test.each([
  [['que'], 'queue'],
  [['queue', 'pe'], 'peek'],
  [['queue', 'peek', '--st'], '--state'],
  [['queue', 'peek', 'ord'], 'orders orders-dlq'],
  [['send', 'orders-'], 'orders-dlq'],
  [['wait', '--queue', 'ret'], 'returns'],
  [['serve', '--http-p'], '--http-port'],
])('bash completes %j to %s', async (words, expected) => {
  const { run } = await openShell();
  await run('gantry queue create orders orders-dlq returns');

  expect((await run(offers(...words))).stdout.trim()).toBe(expected);
});

test('without a broker there are no queue names, and no word is said', async () => {
  const { run } = await openShell({ GANTRY_ENDPOINT: 'http://127.0.0.1:1' });

  expect(await run('gantry completion queues')).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('another shell is a mistake', async () => {
  const { run } = await openShell();

  expect(await run('gantry completion ksh')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
});
