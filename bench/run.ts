import { writeFile } from 'node:fs/promises';
import type { BaselineOptions } from './baseline/options.ts';
import { Context } from './context.ts';
import { benchCycle } from './cycle.ts';
import { benchDepth } from './depth.ts';
import { benchEmulators } from './emulators.ts';
import { benchEngine } from './engine.ts';
import { benchFront } from './front.ts';
import { benchIdle } from './idle.ts';
import type { BenchOptions } from './options.ts';
import { benchProgram } from './program.ts';
import { benchPublish } from './publish.ts';
import { type Outcome, printOutcome, verdictOf } from './report.ts';
import { benchSend } from './send.ts';
import { benchStart } from './start.ts';

export const benchmarks: Readonly<Record<string, (context: Context) => Promise<Outcome>>> = {
  send: benchSend,
  cycle: benchCycle,
  engine: benchEngine,
  depth: benchDepth,
  idle: benchIdle,
  start: benchStart,
  front: benchFront,
  publish: benchPublish,
  program: benchProgram,
  emulators: benchEmulators,
};

/**
 * Runs one benchmark and prints what it found.
 * @param planted a fault in the baseline that stands in for the broker, to prove that it is seen
 * @returns the process's exit code: 0 also for a missed goal, 1 when the figures are void
 */
export async function runBenchmark(
  name: string,
  options: BenchOptions,
  print: (line: string) => void,
  planted?: BaselineOptions['planted'],
): Promise<number> {
  const benchmark = benchmarks[name];
  if (benchmark === undefined) {
    print(`there is no benchmark "${name}": ${Object.keys(benchmarks).join(', ')}`);
    return 2;
  }
  const outcome = await Context.use(options, benchmark, planted);
  printOutcome(outcome, print);
  if (options.jsonFile !== undefined) await writeJson(options.jsonFile, options, outcome);
  return outcome.failures.length === 0 ? 0 : 1;
}

async function writeJson(path: string, options: BenchOptions, outcome: Outcome): Promise<void> {
  const goals = outcome.goals.map((goal) => ({ ...goal, verdict: verdictOf(goal) }));
  await writeFile(
    path,
    `${JSON.stringify({ ...outcome, goals, options, node: process.version, at: new Date().toISOString() }, undefined, 2)}\n`,
  );
}
