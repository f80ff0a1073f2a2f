import { expect, test } from 'vitest';
import { scriptUrl } from './scripts.ts';

type Totals = { passed: number; failed: number; skipped: number };
type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: object[] }[];
};
const totals: {
  parseTotals(output: string): Totals | undefined;
  formatTotals(totals: Totals): string;
  addTotals(all: Totals[]): Totals;
  withExitCode(totals: Totals, code: number): Totals;
  exitCodeFor(totals: Totals): number;
} = await import(scriptUrl('test/totals.mjs'));
const vitest: { countReport(report: VitestReport): Totals } = await import(scriptUrl('test/vitest.mjs'));
const runTests: { parseArguments(args: string[]): object } = await import(scriptUrl('test/run-tests.mjs'));

const of = (passed: number, failed: number, skipped: number): Totals => ({ passed, failed, skipped });

test('totals are read from the last line alone', () => {
  expect(totals.parseTotals('9 passed, 9 failed, 9 skipped\n3 passed, 0 failed, 1 skipped\n')).toEqual(of(3, 0, 1));
  expect(totals.parseTotals('3 passed, 0 failed, 1 skipped\r\n')).toEqual(of(3, 0, 1));
  expect(totals.parseTotals('3 passed, 0 failed, 1 skipped\nTraceback')).toBeUndefined();
  expect(totals.parseTotals('about 3 passed, 0 failed, 1 skipped')).toBeUndefined();
  expect(totals.parseTotals('')).toBeUndefined();
});

test('totals are printed as they are read', () => {
  const sum = totals.addTotals([of(1, 2, 3), of(10, 20, 30)]);

  expect(totals.formatTotals(sum)).toBe('11 passed, 22 failed, 33 skipped');
  expect(totals.parseTotals(totals.formatTotals(sum))).toEqual(sum);
});

test('a run that ended badly counts as failed although no test did', () => {
  expect(totals.withExitCode(of(5, 0, 0), 1)).toEqual(of(5, 1, 0));
  expect(totals.withExitCode(of(5, 2, 0), 1)).toEqual(of(5, 2, 0));
  expect(totals.withExitCode(of(5, 0, 0), 0)).toEqual(of(5, 0, 0));
});

test('a run without a test, or with skipped ones only, is no success', () => {
  expect(totals.exitCodeFor(of(0, 0, 0))).toBe(1);
  expect(totals.exitCodeFor(of(0, 0, 4))).toBe(1);
  expect(totals.exitCodeFor(of(4, 1, 0))).toBe(1);
  expect(totals.exitCodeFor(of(4, 0, 1))).toBe(0);
});

test('a test file that cannot be loaded is a failure', () => {
  const report = { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'passed', assertionResults: [{}, {}] },
  ];

  expect(vitest.countReport({ ...report, testResults })).toEqual(of(2, 1, 2));
});

test('filters end at the first option, which is vitest’s', () => {
  expect(runTests.parseArguments(['test/core', '-t', 'delay'])).toEqual({
    isUnit: false,
    filters: ['test/core'],
    options: ['-t', 'delay'],
  });
  expect(runTests.parseArguments(['--unit', 'core'])).toEqual({ isUnit: true, filters: ['core'], options: [] });
});
