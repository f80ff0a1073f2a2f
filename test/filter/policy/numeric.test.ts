import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approximate, compareNumeric, type Numeric, parseNumeric } from '../../../src/filter/policy/numeric.ts';

function read(text: string): Numeric {
  const value = parseNumeric(text);
  if (value === undefined) throw new Error(`${text} is no number`);
  return value;
}

/** A decimal as whole digits and the place of its point, so that bigint can judge. */
const decimal = fc.record({
  digits: fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
  shift: fc.integer({ min: -20, max: 20 }),
});
const scaled = ({ digits, shift }: { digits: bigint; shift: number }) => digits * 10n ** BigInt(shift + 20);

test('numbers compare as whole numbers would, however many digits they have', () => {
  fc.assert(
    fc.property(decimal, decimal, fc.boolean(), (a, b, isNear) => {
      const other = isNear ? { ...a, digits: a.digits + 1n } : b;
      const [left, right] = [read(`${a.digits}e${a.shift}`), read(`${other.digits}e${other.shift}`)];

      const sign = Math.sign(compareNumeric(left, right));

      expect(sign).toBe(scaled(a) < scaled(other) ? -1 : scaled(a) > scaled(other) ? 1 : 0);
      expect(Math.sign(compareNumeric(right, left)) + sign).toBe(0);
      // Rounding keeps the order.
      expect(sign * Math.sign(approximate(left) - approximate(right))).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 3_000 },
  );
});

test('one number has one form, however it is written', () => {
  for (const spellings of [
    ['1', '1.0', '+1', '01', '1e0', '10E-1', '0.001e3'],
    ['0', '-0', '0.000', '0e999', '.0'],
    ['12345678901234567890', '12345678901234567890.0', '1.234567890123456789e19'],
    ['1e400', '10e399', '0.1e401'],
  ]) {
    for (const spelling of spellings) expect(read(spelling)).toEqual(read(spellings[0] ?? ''));
  }
});

test.each(['', '.', '-', 'e1', '1e', '1e+', '0x10', 'Infinity', 'NaN', ' 1', '1 ', '1,5', '1.2.3', '1'.repeat(1_001)])(
  '%j is no number',
  (text) => {
    expect(parseNumeric(text)).toBeUndefined();
  },
);
