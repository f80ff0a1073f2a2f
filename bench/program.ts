/** The figures of the program as people meet it: its own time, looks at a deep queue, definitions, the library. */
import type { Context } from './context.ts';
import { benchCommands } from './program/commands.ts';
import { benchDefinitions } from './program/definitions.ts';
import { benchLibrary } from './program/library.ts';
import { benchLooks } from './program/looks.ts';
import type { Outcome } from './report.ts';

type CaseOutcome = Omit<Outcome, 'benchmark'>;

const cases: Readonly<Record<string, (context: Context) => Promise<CaseOutcome>>> = {
  commands: benchCommands,
  library: benchLibrary,
  definitions: benchDefinitions,
  looks: benchLooks,
};

export async function benchProgram(context: Context): Promise<Outcome> {
  const { cases: wanted } = context.options;
  const unknown = wanted.find((name) => cases[name] === undefined);
  if (unknown !== undefined) throw new Error(`--case ${unknown}: choose from ${Object.keys(cases).join(', ')}`);
  const outcomes: CaseOutcome[] = [];
  for (const [name, run] of Object.entries(cases))
    if (wanted.length === 0 || wanted.includes(name)) outcomes.push(await context.nested(run));
  return {
    benchmark: 'program',
    tables: outcomes.flatMap((outcome) => outcome.tables),
    goals: outcomes.flatMap((outcome) => outcome.goals),
    notes: outcomes.flatMap((outcome) => outcome.notes),
    failures: outcomes.flatMap((outcome) => outcome.failures),
  };
}
