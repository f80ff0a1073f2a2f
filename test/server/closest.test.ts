import { expect, test } from 'vitest';
import { didYouMean } from '../../src/server/closest.ts';

const names = ['http-port', 'https-port', 'host', 'data-dir', 'log-level'];

test.each([
  ['htp-port', 'http-port'],
  ['http_port', 'http-port'],
  ['dataDir', 'data-dir'],
  ['hsot', 'host'],
  ['port', 'http-port'],
  ['dir', 'data-dir'],
  ['LEVEL', 'log-level'],
  ['log-levle', 'log-level'],
])('%s is near to %s', (word, expected) => {
  expect(didYouMean(word, names)).toBe(`; did you mean "${expected}"?`);
});

test.each(['wombat', 'x', '', 'h'.repeat(100_000)])('nothing is near to %.20s', (word) => {
  expect(didYouMean(word, names)).toBe('');
});
