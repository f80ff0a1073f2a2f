/** How soon a test has a broker of its own: the first one of a process, and those after it. */
import { openChannel } from '../../src/cli/bench/channel.ts';
import type { Context } from '../context.ts';
import { type Goal, type Outcome, range } from '../report.ts';
import { interleave } from '../rounds.ts';
import type { EmbedReply, EmbedRequest } from './embed-process.ts';

const laterCount = 5;

export async function benchLibrary(context: Context): Promise<Omit<Outcome, 'benchmark'>> {
  const variants = [
    { name: 'in memory', turn: () => startSome(':memory:') },
    { name: 'on a folder', turn: () => startSome(context.newFolder()) },
    { name: 'in memory again', turn: () => startSome(':memory:') },
  ];
  const turns = await interleave(variants, context.options.rounds);
  const of = (name: string): readonly EmbedReply[] => turns.get(name) ?? [];
  const goals = variants.slice(0, 2).flatMap(({ name }): Goal[] => [
    goal(
      `first startGantry ${name}, its import included`,
      of(name).map((turn) => turn.importMs + turn.firstMs),
    ),
    goal(
      `later startGantry ${name}`,
      of(name).flatMap((turn) => turn.laterMs),
    ),
  ]);
  return {
    tables: [
      {
        title: 'startGantry until it resolves, each round a new process, ms (median (min - max))',
        head: ['variant', 'import', 'first', 'later'],
        rows: variants.map(({ name }) => [
          name,
          range(of(name).map((turn) => turn.importMs)),
          range(of(name).map((turn) => turn.firstMs)),
          range(of(name).flatMap((turn) => turn.laterMs)),
        ]),
      },
    ],
    goals,
    notes: [],
    failures: [],
  };
}

function goal(what: string, values: readonly number[]): Goal {
  return { what, is: 'at-most', limit: 300, unit: 'ms', values };
}

async function startSome(dataDir: string): Promise<EmbedReply> {
  const channel = await openChannel<EmbedRequest, EmbedReply>(new URL('./embed-process.js', import.meta.url));
  try {
    return await channel.ask({ dataDir, laterCount });
  } finally {
    await channel.stop();
  }
}
