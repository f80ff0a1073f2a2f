import { expect, test } from 'vitest';
import { growthOf, type Sample } from './support/flatness.ts';

/** A collector's teeth: up by `toothMib` in ten seconds and down again, on top of a leak. */
function resident(seconds: number, toothMib: number, leakMibASecond: number): readonly Sample[] {
  return Array.from({ length: seconds * 2 }, (_, at) => ({
    atMs: at * 500,
    value: 150 + ((at % 20) / 20) * toothMib + (at / 2) * leakMibASecond,
  }));
}

test('teeth are no growth', () => {
  expect(Math.abs(growthOf(resident(40, 60, 0)))).toBeLessThan(8);
  expect(Math.abs(growthOf(resident(3600, 60, 0)))).toBeLessThan(1);
});

test('a leak beneath the teeth is found', () => {
  expect(growthOf(resident(40, 60, 1))).toBeGreaterThan(24);
  expect(growthOf(resident(3600, 60, 0.02))).toBeGreaterThan(40);
});

test('a peak is no growth, a new level that stays is', () => {
  const flat = Array.from({ length: 80 }, (_, at) => ({ atMs: at * 500, value: 150 }));

  expect(growthOf(flat.map((sample, at) => (at > 70 && at < 75 ? { ...sample, value: 400 } : sample)))).toBe(0);
  expect(growthOf(flat.map((sample, at) => (at > 40 ? { ...sample, value: 190 } : sample)))).toBe(40);
});

test('without samples nothing is claimed', () => {
  expect(growthOf([])).toBeNaN();
});
