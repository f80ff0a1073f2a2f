import { expect, test } from 'vitest';
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
