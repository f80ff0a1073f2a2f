/** From the start of the process to the line `Gantry ready`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { startBroker } from '../src/cli/bench/broker.ts';
import type { Context } from './context.ts';
import { fillQueue } from './fill.ts';
import { figure, type Outcome, range } from './report.ts';
import { interleave } from './rounds.ts';

export async function benchStart(context: Context): Promise<Outcome> {
  const { isShort, rounds, depths } = context.options;
  const waiting = depths[0] ?? (isShort ? 20_000 : 1_000_000);
  const [empty, full] = [context.newFolder(), context.newFolder()];
  await fillQueue({ dataFolder: full, queue: 'full', messages: waiting, groups: 0 });
  const variants = [
    { name: 'node alone', turn: startNode },
    { name: 'empty', turn: () => startOnce(empty) },
    { name: 'full', turn: () => startOnce(full) },
    { name: 'control', turn: () => startOnce(empty) },
  ];
  const readyMs = await interleave(variants, rounds);
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
    goals: [
      { what: 'ready, empty', is: 'at-most', limit: 0.35, unit: 's', values: seconds('empty') },
      { what: `ready, ${figure(waiting)} waiting`, is: 'at-most', limit: 0.5, unit: 's', values: seconds('full') },
    ],
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
