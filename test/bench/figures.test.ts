import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { parseOptions } from '../../bench/options.ts';
import { figure, type Goal, verdictOf } from '../../bench/report.ts';
import { interleave } from '../../bench/rounds.ts';
import { deviceFlushes } from '../../src/cli/bench/disk.ts';
import { LatencyHistogram } from '../../src/cli/bench/histogram.ts';
import { residentBytes, sampleProcess, usageBetween } from '../../src/cli/bench/measure.ts';
import { quantile, ratios, spread } from '../../src/cli/bench/statistics.ts';
import { probeSync } from '../../src/cli/sync-probe.ts';

const hasProc = existsSync('/proc/self/stat');

test('a histogram gives quantiles to one part in a hundred', () => {
  const histogram = new LatencyHistogram();
  for (let us = 1; us <= 100_000; us++) histogram.add(us);

  expect(histogram.total).toBe(100_000);
  for (const share of [0.001, 0.5, 0.99, 1]) expect(histogram.quantile(share) / (share * 100_000)).toBeCloseTo(1, 2);
});

test('a histogram takes values that no clock should give', () => {
  const histogram = new LatencyHistogram();
  for (const us of [-1, 0, 2 ** 31 - 1, 2 ** 40]) histogram.add(us);

  expect(histogram.total).toBe(4);
  expect(histogram.quantile(0.25)).toBe(0);
});

test('histograms add up', () => {
  const [one, other] = [new LatencyHistogram(), new LatencyHistogram()];
  one.add(10);
  other.add(30);

  one.merge(other);

  expect([one.quantile(0.5), one.quantile(1)]).toEqual([10, 30]);
});

test('the median of an even count lies between the two in the middle', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(spread([]).median).toBeNaN();
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
});

test('ratios are taken round by round', () => {
  expect(ratios([1, 6, 5], [2, 3])).toEqual([0.5, 2]);
});

test('every round begins with another variant and gives each its turn', async () => {
  const order: string[] = [];
  const variant = (name: string) => ({ name, turn: async () => order.push(name) });

  const turns = await interleave([variant('a'), variant('b'), variant('c')], 3);

  expect(order.join('')).toBe('abcbcacab');
  expect(turns.get('a')).toEqual([1, 6, 8]);
});

test.each<[Goal['is'], number, string | undefined, string]>([
  ['at-least', 1, undefined, 'met'],
  ['at-least', 0.99, undefined, 'missed'],
  ['at-most', 1, undefined, 'met'],
  ['at-most', 1.01, undefined, 'missed'],
  ['at-most', Number.NaN, undefined, 'no claim'],
  ['at-least', 2, 'client-bound', 'no claim'],
])('a goal of %s 1 with a median of %d (%s) is %s', (is, value, noClaim, verdict) => {
  expect(verdictOf({ what: '', is, limit: 1, values: [value], noClaim })).toBe(verdict);
});

test('figures are short and say when there is none', () => {
  expect([1_234_567, 12_345, 123.4, 12.34, 1.234, 0, Number.NaN, undefined].map(figure)).toEqual([
    '1.23 M',
    '12.3 k',
    '123',
    '12.3',
    '1.23',
    '0.00',
    'n/a',
    'n/a',
  ]);
});

test.runIf(hasProc)('the processor time of a busy process is told thread by thread', async () => {
  const busy = spawn(process.execPath, [
    '-e',
    'const end = Date.now() + 300; while (Date.now() < end); console.log(1); setInterval(() => {}, 1e6)',
  ]);
  const { pid } = busy;
  if (pid === undefined) throw new Error('not started');
  const before = sampleProcess(pid);
  await new Promise((resolve) => busy.stdout.once('data', resolve));

  const usage = usageBetween(before, sampleProcess(pid));

  const resident = residentBytes(pid);
  busy.kill();
  expect(usage.cpuUs).toBeGreaterThan(50_000);
  expect(usage.threads[0]).toMatchObject({ name: 'main' });
  expect(usage.threads[0]?.cpuUs).toBeGreaterThan(50_000);
  expect(resident).toBeGreaterThan(10 * 1024 * 1024);
});

test('a process that is gone has no figures', () => {
  const gone = sampleProcess(2 ** 30);

  expect(usageBetween(gone, gone).cpuUs).toBeUndefined();
  expect(residentBytes(2 ** 30)).toBeUndefined();
});

test('the disk is probed and the probe removed', () => {
  expect(probeSync(tmpdir(), 3).p50Us).toBeGreaterThan(0);
  expect(existsSync(`${tmpdir()}/sync-probe`)).toBe(false);
  expect(deviceFlushes(tmpdir()) ?? 0).toBeGreaterThanOrEqual(0);
});

test.each([
  [['--rounds', 'x'], /--rounds: "x" is not a number above 0/],
  [['--seconds', '0'], /--seconds: "0"/],
  [['--fast'], /--fast/],
])('options %j are refused by name', (words, says) => {
  expect(() => parseOptions(words)).toThrow(says);
});

test('nine rounds unless told otherwise', () => {
  expect(parseOptions(['send']).options.rounds).toBe(9);
  expect(parseOptions(['send', '--short']).options.rounds).toBe(3);
});
