/** Very many queues by `gantry import` and `gantry export`, as a user types them: reading and writing YAML included. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { type Outcome, range } from '../report.ts';
import { runGantry } from './run-command.ts';

interface Turn {
  readonly importMs: number;
  readonly exportMs: number;
  readonly againMs: number;
  readonly failures: readonly string[];
}

export async function benchDefinitions(context: Context): Promise<Omit<Outcome, 'benchmark'>> {
  const { isShort, rounds } = context.options;
  const queues = isShort ? 1000 : 10_000;
  const file = join(context.folder, 'given.yaml');
  await writeFile(file, definitionsOf(queues));
  const turns: Turn[] = [];
  for (let round = 0; round < (isShort ? 1 : rounds); round++)
    turns.push(await context.nested((inner) => takeTurn(inner, file, queues)));
  const [imports, exports, again] = [
    turns.map((turn) => turn.importMs / 1000),
    turns.map((turn) => turn.exportMs / 1000),
    turns.map((turn) => turn.againMs / 1000),
  ];
  return {
    tables: [
      {
        title: `${queues} queues, each round on a new broker, seconds (median (min - max))`,
        head: ['command', 'seconds'],
        rows: [
          ['gantry import', range(imports)],
          ['gantry export', range(exports)],
          ['gantry import of that, no changes', range(again)],
        ],
      },
    ],
    goals: [
      { what: `gantry import of ${queues} queues`, is: 'at-most', limit: 10, unit: 's', values: imports },
      { what: `gantry export of ${queues} queues`, is: 'at-most', limit: 10, unit: 's', values: exports },
      { what: 'gantry import of that, no changes', is: 'at-most', limit: 10, unit: 's', values: again },
    ],
    notes: [],
    failures: turns.flatMap((turn) => turn.failures),
  };
}

/** One queue in ten is FIFO, and each has settings of its own. */
function definitionsOf(queues: number): string {
  const one = (number: number): string => {
    const name = `bench-${String(number).padStart(5, '0')}${number % 10 === 0 ? '.fifo' : ''}`;
    return `  - name: ${name}\n    visibilityTimeout: ${45 + (number % 100)}s\n    tags: {team: team-${number % 7}}\n`;
  };
  return `queues:\n${Array.from({ length: queues }, (_, number) => one(number)).join('')}`;
}

async function takeTurn(context: Context, file: string, queues: number): Promise<Turn> {
  const { host, port } = await context.startBroker(context.newFolder());
  const endpoint = ['--endpoint', `http://${host}:${port}`];
  const exported = join(context.folder, 'exported.yaml');
  const imported = await runGantry(['import', file, ...endpoint], context.folder);
  const exporting = await runGantry(['export', exported, ...endpoint], context.folder);
  const again = await runGantry(['import', exported, ...endpoint], context.folder);
  const made = imported.printed.split('\n').filter((line) => line.startsWith('+ queue ')).length;
  return {
    ...{ importMs: imported.ms, exportMs: exporting.ms, againMs: again.ms },
    failures: [
      ...(made === queues ? [] : [`import: ${queues} queues must be made, it says ${made}`]),
      ...(again.printed === 'no changes\n' ? [] : [`import of the export: ${again.printed.slice(0, 500)}`]),
    ],
  };
}
