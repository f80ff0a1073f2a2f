import { expect, test } from 'vitest';
import { answering, otherBroker } from './other-broker.ts';

/** One line, and no trace of the program's own. */
const oneLine = /^gantry: [^\n]*\n$/;

const queue = {
  ...{ name: 'a', kind: 'standard', arn: 'arn', waiting: 0, inFlight: 0, delayed: 0, bytes: 0, oldestAgeMs: null },
  ...{ totals: {}, createdAt: '', settings: {} },
};

test.each([
  'queue ls',
  'queue info a',
  'queue set a --delay 1s',
  'queue create a',
  'queue peek a',
  'queue redrive a --dry-run',
  'queue redrive a',
  'queue moves a',
  'queue top --rounds 1 --interval 100ms',
  'topic ls',
  'topic info a',
  'topic create a',
  'topic set a --archive none',
  'topic publish a b',
  'topic outbox',
  'topic sub ls a',
  'topic sub add a b',
  'topic sub rm a b --force',
  'user ls',
  'user info a',
  'key ls a',
  'key create a',
  'policy check a b c',
  'send a b',
  'receive a',
  'export',
])('%s: an answer that is none of a Gantry is a line, code 3', async (line) => {
  for (const answer of [null, [], { queues: [{}], users: [null], messages: 5, results: [{ error: null }] }]) {
    const { run } = await answering(answer);
    const { code, stderr } = await run(...line.split(' '));

    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(oneLine) });
  }
});

test.each(['constructor', '__proto__', 'toString', 'another'])('an error code %s is an error', async (code) => {
  const { run } = await answering({ error: { code, message: 'no' } }, 400);

  expect(await run('queue', 'ls')).toEqual({ code: 1, stdout: '', stderr: 'gantry: no\n' });
});

test('an error whose message is no text is shown as it came', async () => {
  const { run } = await answering({ error: { code: 'not-found', message: {} } }, 404);
  const { code, stderr } = await run('queue', 'info', 'a');

  expect(code).toBe(3);
  expect(stderr).toContain('answers 404: {"error":{"code":"not-found","message":{}}}');
});

test.each([
  ['queue', 'ls'],
  ['user', 'ls'],
  ['queue', 'peek', 'a', '--max', '1000000'],
])('%s %s: pages that go round in a circle end', async (...args) => {
  const { run, asked } = await answering({ queues: [], users: [], messages: [], looked: 1, next: 'same' });
  const { code, stderr } = await run(...args);

  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('"same"') });
  expect(asked).toHaveLength(2);
});

test.each(['', '.', '..'])('the name "%s" is refused, and nothing is asked', async (name) => {
  const { run, asked } = await answering({});

  for (const args of [
    ['queue', 'rm', 'orders', name, '--force'],
    ['queue', 'purge', name, '--force'],
    ['queue', 'info', name],
    ['queue', 'create', name],
    ['queue', 'move', 'orders', name],
    ['user', 'rm', name, '--force'],
    ['user', 'add', name],
    ['key', 'rm', '--force', 'low', name],
    ['key', 'ls', name],
    ['wait', '--queue', name],
  ])
    expect(await run(...args)).toMatchObject({ code: 2, stderr: `gantry: "${name}": expected a name\n` });
  expect(asked).toEqual([]);
});

test('a name goes into the path as it is', async () => {
  const { run, asked } = await answering(queue);

  expect((await run('queue', 'info', '../a?b#c')).code).toBe(0);
  expect(asked).toEqual(['GET /_gantry/queues/..%2Fa%3Fb%23c']);
});

test('what a broker says does not steer the terminal', async () => {
  const evil = '\u001b]0;pwned\u0007\u009b';
  const error = await answering({ error: { code: 'conflict', message: evil, hint: evil } }, 409);
  const named = await answering({ queues: [{ ...queue, name: evil }] });
  const page = await answering(evil);

  const outputs = [
    await error.run('queue', 'ls'),
    ...(await Promise.all(['name', 'json', 'table'].map((format) => named.run('queue', 'ls', '-o', format)))),
    await page.run('health'),
    await page.run('queue', evil),
  ];
  for (const { stdout, stderr } of outputs) expect(`${stdout}${stderr}`).not.toMatch(/[^\P{Cc}\n]/u);
  expect(outputs[1]?.stdout).toBe('\\x1b]0;pwned\\x07\\x9b\n');
  expect(JSON.parse(outputs[2]?.stdout ?? '')).toMatchObject([{ name: evil }]);
});

test('a wait ends when a broker that is ready never answers the rest', async () => {
  const { run } = await otherBroker((request, response) => {
    if (request.url === '/health/ready') response.end('{"isReady":true}');
  });
  const { code, stderr } = await run('wait', '--queue', 'a', '--timeout', '1s');

  expect(code).toBe(3);
  expect(stderr).toContain('not within 1 s');
});

test('a wait is not content with whatever says 200', async () => {
  const { run } = await answering({ status: 'ok' });
  const { code, stderr } = await run('wait', '--timeout', '100ms');

  expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('is no Gantry') });
});

test.each(['no JSON\n', 'null\n', '{}\n'])('a tail of %j ends with a line', async (text) => {
  const { run } = await otherBroker((_request, response) => void response.write(text));
  const { code, stderr } = await run('tail');

  expect(code).toBe(3);
  expect(stderr).toContain('is no Gantry');
});

test('a tail does not hold a line that has no end', async () => {
  const piece = 'x'.repeat(1 << 20);
  const { run } = await otherBroker((_request, response) => {
    const more = (): void => {
      while (response.write(piece));
    };
    response.on('drain', more).on('close', () => response.off('drain', more));
    more();
  });
  const { code, stderr } = await run('tail');

  expect(code).toBe(3);
  expect(stderr).toContain('a line has no end');
});
