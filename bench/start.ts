/** From the start of the process to the line `Gantry ready`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { startBroker } from './broker.ts';
import type { Context } from './context.ts';
import type { Outcome } from './report.ts';
import { range } from './report.ts';
import { interleave } from './rounds.ts';

export async function benchStart(context: Context): Promise<Outcome> {
  const empty = context.newFolder();
  const variants = [
    { name: 'node alone', turn: startNode },
    { name: 'empty', turn: () => startOnce(empty) },
    { name: 'empty again', turn: () => startOnce(empty) },
  ];
  const readyMs = await interleave(variants, context.options.rounds);
  const seconds = (name: string): readonly number[] => (readyMs.get(name) ?? []).map((ms) => ms / 1000);
  return {
    benchmark: 'start',
    tables: [
      {
        title: 'ready after, seconds (median (min - max))',
        head: ['variant', 'seconds'],
        rows: variants.map(({ name }) => [name, range(seconds(name))]),
      },
    ],
    goals: [{ what: 'ready, empty', is: 'at-most', limit: 0.35, unit: 's', values: seconds('empty') }],
    notes: [],
    failures: [],
  };
}

async function startOnce(dataFolder: string): Promise<number> {
  const broker = await startBroker({ dataFolder });
  await broker.stop();
  return broker.readyMs;
}

/** What the program cannot change. */
async function startNode(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - startedAt;
}
