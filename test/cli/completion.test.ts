import { expect, test } from 'vitest';
import { answering } from './other-broker.ts';
import { openShell } from './setup.ts';

const queueView = {
  ...{ kind: 'standard', arn: 'arn', waiting: 0, inFlight: 0, delayed: 0, bytes: 0, oldestAgeMs: null },
  ...{ totals: {}, createdAt: '', settings: {} },
};

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
  [['topic', 'publ'], 'publish'],
  [['topic', 'su'], 'sub'],
  [['topic', 'sub', 'ad'], 'add'],
  [['topic', 'sub', 'add', '--dead'], '--dead-letter'],
  [['topic', 'sub', 'ls', 'al'], 'alerts'],
  [['topic', 'info', ''], 'alerts news'],
  [['wait', '--topic', 'n'], 'news'],
  [['serve', '--http-p'], '--http-port'],
])('bash completes %j to %s', async (words, expected) => {
  const { run } = await openShell();
  await run('gantry queue create orders orders-dlq returns && gantry topic create alerts news');

  expect((await run(offers(...words))).stdout.trim()).toBe(expected);
});

test('a shell runs nothing that a broker calls its queues', async () => {
  const names = [
    '`touch made`',
    '$(touch made)',
    "x';touch made;'",
    'x\ntouch made',
    '\u001b[2J',
    '--force',
    'a b',
    'plain.fifo',
  ];
  const { endpoint } = await answering({ queues: names.map((name) => ({ ...queueView, name })) });
  const { run } = await openShell({ GANTRY_ENDPOINT: endpoint });

  expect((await run('gantry completion queues')).stdout).toBe('plain.fifo\n');
  expect((await run(`${offers('queue', 'info', '')}; ls made`)).stdout.trim()).toBe('plain.fifo');
});

test('a word that a shell would run is compared, and not run', async () => {
  const { run } = await openShell();
  // A `gantry` of another time, which prints whatever there is.
  const former = `gantry() { if [ "$2" = queues ]; then printf '%s\\n' '$(touch made)' '\`touch made\`' plain; else command gantry "$@"; fi; }`;
  const { stdout } = await run(`${former}; ${offers('queue', 'info', '')}; ls made`);

  expect(stdout).toContain('plain');
  expect(stdout).not.toMatch(/^made$/m);
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
