import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BenchOptions } from '../../bench/options.ts';
import { parseOptions } from '../../bench/options.ts';
import { runBenchmark } from '../../bench/run.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-bench-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A second baseline in the broker's place: the tools are tested, not a speed. */
function tiny(): BenchOptions {
  const { options } = parseOptions([
    '--short',
    '--against-itself',
    '--rounds',
    '1',
    '--seconds',
    '0.05',
    '--work-folder',
    folder,
  ]);
  return { ...options, warmMs: 20 };
}

test('a run whose every message was acknowledged and stored exits with 0 and says which goals were met', async () => {
  const lines: string[] = [];
  const jsonFile = join(folder, 'send.json');

  const code = await runBenchmark('send', { ...tiny(), jsonFile }, (line) => lines.push(line));

  const printed = lines.join('\n');
  const written: unknown = JSON.parse(await readFile(jsonFile, 'utf8'));
  expect(printed).toMatch(/SendMessage, 64 connections: rate +>= 0\.80 .* (met|missed|no claim: client-bound)\n/);
  expect(printed).toMatch(/the control's rate is/);
  expect(printed).toMatch(/a sync of this run took \d/);
  expect(written).toMatchObject({ benchmark: 'send', failures: [] });
  expect(code).toBe(0);
});

test('nothing is left in the work folder', async () => {
  await runBenchmark('cycle', tiny(), () => {});

  expect(await readdir(folder)).toEqual([]);
});

test.each([
  { fault: 'refused', says: /FAILED: gantry: status 400: .*InvalidParameterValue/ },
  { fault: 'lost', says: /FAILED: gantry: gantry: \d+ messages must be in .*, \d+ are/ },
  { fault: 'wrong-md5', says: /FAILED: gantry: the digests are not those of the bodies sent/ },
] as const)(
  'a server that spoils sends ($fault) makes the figures void and the exit code 1',
  async ({ fault, says }) => {
    const lines: string[] = [];

    const code = await runBenchmark('send', tiny(), (line) => lines.push(line), { fault, every: 1 });

    expect(lines.join('\n')).toMatch(says);
    expect(code).toBe(1);
  },
);

test('a benchmark that does not exist is an error that names those that do', async () => {
  const lines: string[] = [];

  const code = await runBenchmark('sned', tiny(), (line) => lines.push(line));

  expect(lines).toEqual([expect.stringMatching(/no benchmark "sned": send, cycle/)]);
  expect(code).toBe(2);
});
