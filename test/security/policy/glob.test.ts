import { expect, test } from 'vitest';
import { matchesArn, matchesGlob } from '../../../src/security/policy/glob.ts';

test.each([
  ['orders', 'orders', true],
  ['orders', 'orders2', false],
  ['*', '', true],
  ['orders-*', 'orders-', true],
  ['orders-*', 'order', false],
  ['*-dlq', 'orders-dlq', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'a-c-b', false],
  ['or?ers', 'orders', true],
  ['or?ers', 'orers', false],
  ['**', 'x', true],
  ['.*', 'x', false],
  ['', '', true],
])('%s matches %s: %s', (pattern, text, is) => {
  expect(matchesGlob(pattern, text)).toBe(is);
});

test('a pattern made to be slow is not', () => {
  const begun = performance.now();

  expect(matchesGlob(`${'a*'.repeat(500)}b`, 'a'.repeat(2_000))).toBe(false);

  expect(performance.now() - begun).toBeLessThan(1_000);
});

test('a star of an ARN stays within its part', () => {
  const arn = 'arn:aws:sns:us-east-1:123456789012:alerts:sub';

  expect(matchesArn('arn:aws:sns:*:123456789012:alerts:*', arn)).toBe(true);
  expect(matchesArn('arn:aws:sns:*:alerts:sub', arn)).toBe(false);
});
