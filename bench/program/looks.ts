/**
 * Looks at a deep queue while others send: `queue peek`, `queue top` and an online backup may cost a sender no pause.
 * Senders keep a fixed rate on that queue and on another one, in every turn alike.
 */
import { type Channel, openChannel } from '../../src/cli/bench/channel.ts';
import { LatencyHistogram } from '../../src/cli/bench/histogram.ts';
import { createQueue, readTally, totalOf } from '../../src/cli/bench/sqs.ts';
import { ratios, spread } from '../../src/cli/bench/statistics.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';
import type { Context } from '../context.ts';
import { fillQueue } from '../fill.ts';
import { figure, type Goal, type Outcome, range, type Table } from '../report.ts';
import { interleave } from '../rounds.ts';
import { type Look, looksAt, lookUntil } from './look.ts';
import type { SteadyReply, SteadyRequest } from './steady-sender.ts';

const perSecond = 500;
const connections = 16;
const places = ['the same queue', 'another queue'] as const;

type Steady = Channel<SteadyRequest, SteadyReply | undefined>;
interface Turn {
  /** By place, in microseconds. */
  readonly p50: readonly number[];
  readonly p99: readonly number[];
  readonly sent: readonly number[];
  readonly lookMs: readonly number[];
  readonly failures: readonly string[];
}
type TurnsByName = ReadonlyMap<string, readonly Turn[]>;

export async function benchLooks(context: Context): Promise<Omit<Outcome, 'benchmark'>> {
  const { isShort, rounds, depths } = context.options;
  const depth = depths[0] ?? (isShort ? 200_000 : 5_000_000);
  const dataFolder = context.newFolder();
  await fillQueue({ dataFolder, queue: 'deep', messages: depth, groups: 0 });
  const broker = await context.startBroker(dataFolder);
  const { host, port } = broker;
  const queueUrls = [`http://${host}:${port}/000000000000/deep`, await createQueue(broker, 'other')];
  const steady: Steady = context.keep(await openChannel(new URL('./steady-process.js', import.meta.url)));
  await steady.ask({ ask: 'open', endpoint: { host, port }, queueUrls, connections, perSecond });

  const looks = looksAt('deep');
  const turn = (look?: Look) => () => takeTurn(context, { broker, steady, look });
  const variants = [
    { name: 'nobody looks', turn: turn() },
    ...looks.map((look) => ({ name: look.name, turn: turn(look) })),
    { name: 'control', turn: turn() },
  ];
  const warm = [await turn()(), await turn()()];
  const turnsByName = await interleave(variants, rounds);
  const turns = [...warm, ...[...turnsByName.values()].flat()];
  return {
    tables: [tableOf(turnsByName, depth)],
    goals: looks.flatMap((look) => places.map((place, at) => goalOf(turnsByName, look, place, at))),
    notes: [controlNote(turnsByName)],
    failures: [...new Set(turns.flatMap((each) => each.failures)), ...(await lost(broker, queueUrls, turns, depth))],
  };
}

interface TurnParts {
  readonly broker: Subject;
  readonly steady: Steady;
  readonly look: Look | undefined;
}

async function takeTurn(context: Context, { broker, steady, look }: TurnParts): Promise<Turn> {
  const ending = new AbortController();
  let isLooking = look?.isOnce === true;
  const looking = Promise.allSettled([look === undefined ? [] : lookUntil(broker, look, ending.signal)]).finally(
    () => (isLooking = false),
  );
  const replies: SteadyReply[] = [];
  do {
    const reply = await steady.ask({ ask: 'run', ms: context.options.runMs });
    if (reply === undefined) throw new Error('the sender answered a run without figures');
    replies.push(reply);
  } while (isLooking && replies.every((reply) => reply.failures.length === 0));
  ending.abort();
  const [looked] = await looking;
  const lanes = places.map((_, at) => replies.flatMap((reply) => reply.lanes[at] ?? []));
  const latencies = lanes.map((runs) => {
    const all = new LatencyHistogram();
    for (const run of runs) all.merge(new LatencyHistogram(run.latencyCounts));
    return all;
  });
  return {
    p50: latencies.map((all) => all.quantile(0.5)),
    p99: latencies.map((all) => all.quantile(0.99)),
    sent: lanes.map((runs) => runs.reduce((sum, run) => sum + run.sent, 0)),
    lookMs: looked.status === 'fulfilled' ? looked.value : [],
    failures: [
      ...replies.flatMap((reply) => reply.failures),
      ...(looked.status === 'rejected' ? [String(looked.reason)] : []),
    ],
  };
}

function tableOf(turnsByName: TurnsByName, depth: number): Table {
  const rows = [...turnsByName].map(([name, turns]) => [
    name,
    ...places.flatMap((_, at) => [
      range(turns.map((turn) => (turn.p50[at] ?? Number.NaN) / 1000)),
      range(turns.map((turn) => (turn.p99[at] ?? Number.NaN) / 1000)),
    ]),
    figure(turns.reduce((sum, turn) => sum + turn.lookMs.length, 0)),
    range(turns.flatMap((turn) => turn.lookMs)),
  ]);
  return {
    title: `SendMessage at ${perSecond} a second to each queue, ${figure(depth)} waiting in the one looked at, ms (median (min - max))`,
    head: ['variant', ...places.flatMap((place) => [`p50, ${place}`, `p99, ${place}`]), 'looks', 'ms of a look'],
    rows,
  };
}

function goalOf(turnsByName: TurnsByName, look: Look, place: string, at: number): Goal {
  return {
    what: `p99 of SendMessage to ${place}, ${look.name}, over nobody`,
    is: 'at-most',
    limit: 2,
    values: p99Ratios(turnsByName, look.name, at),
  };
}

function p99Ratios(turnsByName: TurnsByName, name: string, at: number): number[] {
  const p99 = (of: string): number[] => (turnsByName.get(of) ?? []).map((turn) => turn.p99[at] ?? Number.NaN);
  return ratios(p99(name), p99('nobody looks'));
}

function controlNote(turnsByName: TurnsByName): string {
  const texts = places.map((place, at) => {
    const { median, min, max } = spread(p99Ratios(turnsByName, 'control', at));
    return `${figure(median)} (${figure(min)} - ${figure(max)}) to ${place}`;
  });
  return `control, nobody looks a second time: p99 over nobody ${texts.join(', ')}`;
}

/** Stored must equal acknowledged. */
async function lost(
  broker: Subject,
  queueUrls: readonly string[],
  turns: readonly Turn[],
  depth: number,
): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [at, queueUrl] of queueUrls.entries()) {
    const sent = turns.reduce((sum, turn) => sum + (turn.sent[at] ?? 0), at === 0 ? depth : 0);
    const found = totalOf(await readTally(broker, queueUrl));
    if (found !== sent) failures.push(`${sent} messages must be in ${queueUrl}, ${found} are`);
  }
  return failures;
}
