/** The store's engine alone: processor time and bytes written for the whole life of a message, at 10,000 waiting and at five million. */
import { openChannel } from '../src/cli/bench/channel.ts';
import { ratios } from '../src/cli/bench/statistics.ts';
import { probeSync } from '../src/cli/sync-probe.ts';
import type { Context } from './context.ts';
import type { EngineReply, EngineRequest } from './engine/plan.ts';
import { figure, type Goal, type Outcome, range } from './report.ts';
import { interleave } from './rounds.ts';

const messagesACommit = 64;
/** Not measured: the compiler's first second. */
const commitsCold = 50;

export async function benchEngine(context: Context): Promise<Outcome> {
  const { isShort, depths, rounds } = context.options;
  const shallow = isShort ? 1000 : 10_000;
  const deep = depths[0] ?? (isShort ? 20_000 : 5_000_000);
  const sizes = [
    ['shallow', shallow],
    ['deep', deep],
    ['control', shallow],
  ] as const;
  const syncs: number[] = [];
  const variants = [];
  for (const [name, waiting] of sizes) {
    const channel = context.keep(
      await openChannel<EngineRequest, EngineReply | undefined>(new URL('./engine/process.js', import.meta.url)),
    );
    await channel.ask({ ask: 'open', dataFolder: context.newFolder(), waiting });
    await channel.ask({ ask: 'run', rounds: commitsCold, messages: messagesACommit });
    const turn = async (): Promise<EngineReply> => {
      syncs.push(probeSync(context.folder, 40).p50Us);
      const reply = await channel.ask({ ask: 'run', rounds: isShort ? 50 : 300, messages: messagesACommit });
      if (reply === undefined) throw new Error('a run without figures');
      return reply;
    };
    variants.push({ name: `${name}, ${waiting} waiting`, turn });
  }
  const turns = [...(await interleave(variants, rounds))];
  return {
    benchmark: 'engine',
    tables: [
      {
        title: `append, receive, ack in commits of ${messagesACommit} (a message)`,
        head: tableHead,
        rows: turns.map(([name, replies]) => tableRow(name, replies)),
      },
    ],
    goals: goalsOf(turns.map(([, replies]) => replies)),
    notes: [`a sync of this run took ${range(syncs)} us`],
    failures: turns.flatMap(([name, replies]) =>
      replies.flatMap((reply) => reply.failures.map((failure) => `${name}: ${failure}`)),
    ),
  };
}

const tableHead = ['variant', 'messages/s', 'CPU us', 'by thread', 'KiB written', 'messages/commit', 'RSS MiB'];

function tableRow(name: string, replies: readonly EngineReply[]): readonly string[] {
  const last = replies.at(-1);
  const threads = (last?.threads ?? [])
    .slice(0, 3)
    .map((thread) => `${thread.name} ${figure(thread.cpuUs / (last?.messages ?? Number.NaN))}`);
  return [
    name,
    range(replies.map((reply) => (reply.messages / reply.ms) * 1000)),
    range(replies.map(cpuUs)),
    threads.join(', '),
    range(replies.map(writtenKib)),
    range(replies.map((reply) => reply.messages / reply.commits)),
    figure((last?.residentBytes ?? Number.NaN) / 1024 / 1024),
  ];
}

function goalsOf([shallow = [], deep = [], control = []]: readonly (readonly EngineReply[])[]): readonly Goal[] {
  return [
    { what: 'CPU a message', is: 'at-most', limit: 50, unit: 'us', values: shallow.map(cpuUs) },
    { what: 'written a message', is: 'at-most', limit: 9, unit: 'KiB', values: shallow.map(writtenKib) },
    { what: 'CPU, deep over shallow', is: 'at-most', limit: 1.1, values: ratios(deep.map(cpuUs), shallow.map(cpuUs)) },
    {
      what: 'written, deep over shallow',
      is: 'at-most',
      limit: 1.1,
      values: ratios(deep.map(writtenKib), shallow.map(writtenKib)),
    },
    {
      what: 'the same code twice: CPU, control over shallow',
      is: 'at-most',
      limit: 1.1,
      values: ratios(control.map(cpuUs), shallow.map(cpuUs)),
      noClaim: 'control',
    },
  ];
}

function cpuUs(reply: EngineReply): number {
  return reply.cpuUs / reply.messages;
}

function writtenKib(reply: EngineReply): number {
  return (reply.writtenBytes ?? Number.NaN) / 1024 / reply.messages;
}
