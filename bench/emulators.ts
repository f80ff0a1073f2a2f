/** The broker, on disk, beside the emulators that people use for SQS today, in one run. */
import type { Context } from './context.ts';
import { startContestants } from './emulators/contestants.ts';
import { drainCase } from './emulators/drains.ts';
import { idleCase } from './emulators/idles.ts';
import { loopCase, loopCases } from './emulators/loops.ts';
import type { Part, Stage } from './emulators/stage.ts';
import type { Outcome } from './report.ts';

const cases: Readonly<Record<string, (stage: Stage) => Promise<Part>>> = {
  idle: idleCase, // While nobody has anything to clear away.
  ...Object.fromEntries(
    Object.entries(loopCases).map(([name, which]) => [name, (stage: Stage) => loopCase(stage, name, which)]),
  ),
  drain: drainCase,
};

export async function benchEmulators(context: Context): Promise<Outcome> {
  const { options } = context;
  const unknown = options.cases.find((name) => cases[name] === undefined);
  if (unknown !== undefined) throw new Error(`--case ${unknown}: choose from ${Object.keys(cases).join(', ')}`);
  const { subjects, leftOut } = await startContestants(context);
  const { isShort } = options;
  const stage: Stage = {
    context,
    load: await context.startLoad(),
    subjects,
    rounds: isShort ? 1 : options.rounds,
    connections: isShort ? 8 : 64,
  };
  const chosen = Object.entries(cases).filter(([name]) => options.cases.length === 0 || options.cases.includes(name));
  const parts: Part[] = [];
  for (const [name, runCase] of chosen) {
    console.error(`emulators: ${name}`); // Half an hour is long without a word.
    parts.push(await runCase(stage));
  }
  return {
    benchmark: 'emulators',
    tables: parts.flatMap((part) => part.tables),
    goals: parts.flatMap((part) => part.goals),
    notes: [...leftOut, ...parts.flatMap((part) => part.notes)],
    failures: parts.flatMap((part) => part.failures),
  };
}
