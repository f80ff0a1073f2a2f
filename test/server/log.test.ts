import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { readable } from '../../src/server/log.ts';

const line = { level: 'warn', time: '2026-11-24T20:45:45.020Z', event: 'store-full' };

test('on a terminal a line is time, level, event and fields', () => {
  const text = readable(JSON.stringify({ ...line, why: 'no space left', dataDir: './data', bytes: 5 }));

  expect(text).toBe('20:45:45.020 warn  store-full why="no space left" dataDir=./data bytes=5\n');
});

test('an error brings its stack on lines of its own', () => {
  const text = readable(JSON.stringify({ ...line, error: { message: 'bad', stack: 'Error: bad\n    at x' } }));

  expect(text).toBe('20:45:45.020 warn  store-full\nError: bad\n    at x\n');
});

test('a field cannot pretend to be another line', () => {
  const text = readable(JSON.stringify({ ...line, queue: 'a\n20:45:45.020 fatal gone\u001b[2J' }));

  expect(text.trimEnd().split('\n')).toHaveLength(1);
  expect(text).not.toContain('\u001b');
});

test('a log that was off loads its logger when a reload lets it speak', async () => {
  const program = `
    const { createLog } = await import(${JSON.stringify(new URL('../../src/server/log.js', import.meta.url).href)});
    const log = await createLog('off', false);
    log.fatal('before');
    log.setLevel('warn');
    setInterval(() => { log.info('too-quiet'); log.warn('spoken'); }, 5);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill());

  const [first] = await once(child.stderr, 'data');

  expect(JSON.parse(String(first).split('\n')[0] ?? '')).toMatchObject({ level: 'warn', event: 'spoken' });
});
