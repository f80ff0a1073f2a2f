import { expect, test } from 'vitest';
import { Budget, stepsMax } from '../../../src/security/policy/budget.ts';
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
  expect(matchesGlob(pattern, text, new Budget(stepsMax))).toBe(is);
});

test('a pattern made to be slow ends with the steps that there are, and then nothing can be told', () => {
  const budget = new Counted(10_000);

  expect(matchesGlob(`*${'a'.repeat(200)}b`, 'a'.repeat(2_000), budget)).toBeUndefined();

  expect(budget.asked).toBe(10_000);
  expect(matchesGlob('a', 'a', budget)).toBeUndefined();
});

class Counted extends Budget {
  asked = 0;

  override spend(steps: number): boolean {
    this.asked += steps;
    return super.spend(steps);
  }
}

test('a star of an ARN stays within its part', () => {
  const arn = 'arn:aws:sns:us-east-1:123456789012:alerts:sub';

  expect(matchesArn('arn:aws:sns:*:123456789012:alerts:*', arn, new Budget(stepsMax))).toBe(true);
  expect(matchesArn('arn:aws:sns:*:alerts:sub', arn, new Budget(stepsMax))).toBe(false);
});
