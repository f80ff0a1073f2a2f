/** The program's own time: its help, and how long until it serves. */
import { fileURLToPath } from 'node:url';
import { startBroker } from '../../src/cli/bench/broker.ts';
import type { Context } from '../context.ts';
import { type Outcome, range } from '../report.ts';
import { interleave } from '../rounds.ts';
import { runGantry, runNode } from './run-command.ts';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));

export async function benchCommands(context: Context): Promise<Omit<Outcome, 'benchmark'>> {
  const { folder } = context;
  const serve = context.newFolder();
  const npmStart = { file: 'npm', args: ['start', '--'], folder: checkout };
  const variants = [
    { name: 'node alone', turn: async () => (await runNode(['-e', '0'], folder)).ms },
    { name: '--help', turn: async () => (await runGantry(['--help'], folder)).ms },
    { name: '--help again', turn: async () => (await runGantry(['--help'], folder)).ms },
    { name: 'serve', turn: () => startOnce({ dataFolder: serve }) },
    { name: 'npm start', turn: () => startOnce({ dataFolder: serve, command: npmStart }) },
  ];
  // The first may install and build; of the others it makes the folder and warms what the disk keeps in memory.
  for (const { turn } of variants) await turn();
  const turns = await interleave(variants, context.options.rounds);
  const ms = (name: string): readonly number[] => turns.get(name) ?? [];
  const overNode = (name: string): readonly number[] =>
    ms(name).map((each, round) => each - (ms('node alone')[round] ?? Number.NaN));
  return {
    tables: [
      {
        title: "the program's own time: --help to its end, the others until ready, ms (median (min - max))",
        head: ['variant', 'ms', 'over node alone'],
        rows: variants.map(({ name }) => [name, range(ms(name)), range(overNode(name))]),
      },
    ],
    goals: [
      { what: '--help over node alone', is: 'at-most', limit: 150, unit: 'ms', values: overNode('--help') },
      { what: 'serve to ready', is: 'at-most', limit: 500, unit: 'ms', values: ms('serve') },
      { what: 'npm start to ready, warm', is: 'at-most', limit: 1500, unit: 'ms', values: ms('npm start') },
    ],
    notes: [],
    failures: [],
  };
}

async function startOnce(options: Parameters<typeof startBroker>[0]): Promise<number> {
  const broker = await startBroker(options);
  await broker.stop();
  return broker.readyMs;
}
