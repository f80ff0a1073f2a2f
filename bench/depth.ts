/** Does a deep queue cost more than a shallow one? Cycles and drains with up to five million waiting, and memory. */

import type { Plan } from '../src/cli/bench/load/plan.ts';
import type { Load } from '../src/cli/bench/load.ts';
import { residentBytes } from '../src/cli/bench/measure.ts';
import { callSqs } from '../src/cli/bench/sqs.ts';
import { measureTurn, type Place, type Turn, untilQuiet } from '../src/cli/bench/turn.ts';
import type { Context } from './context.ts';
import { drainTurn } from './drain.ts';
import { fillQueue } from './fill.ts';
import type { Goal, Outcome, Table } from './report.ts';
import { figure, range } from './report.ts';
import { interleave } from './rounds.ts';
import { controlNote, cpuGoal, failuresOf, rateGoal, syncNote, type TurnsByName, turnTable } from './turn-table.ts';

interface DepthCase {
  readonly name: string;
  readonly queue: string;
  readonly groups: number;
  readonly connections: number;
  /** In flight beside what waits, in every contestant but the shallow one it is held against. */
  readonly inFlight: number;
  /** What the rate up to 200,000, at a million and beyond must be of the rate at 10,000. */
  readonly nearby: number;
  readonly atMillion: number;
  readonly beyond: number;
}
const cases: readonly DepthCase[] = [
  {
    name: 'standard',
    queue: 'deep',
    groups: 0,
    connections: 64,
    inFlight: 0,
    nearby: 0.9,
    atMillion: 0.85,
    beyond: 0.8,
  },
  // One group goes to one consumer at a time: more connections would only wait.
  {
    name: 'fifo-1',
    queue: 'deep.fifo',
    groups: 1,
    connections: 4,
    inFlight: 0,
    nearby: 0.9,
    atMillion: 0.85,
    beyond: 0.8,
  },
  {
    name: 'fifo-1000',
    queue: 'deep.fifo',
    groups: 1000,
    connections: 64,
    inFlight: 0,
    nearby: 0.9,
    atMillion: 0.85,
    beyond: 0.8,
  },
  {
    name: 'fifo-100000',
    queue: 'deep.fifo',
    groups: 100_000,
    connections: 64,
    inFlight: 0,
    nearby: 0.5,
    atMillion: 0.5,
    beyond: 0.5,
  },
  {
    name: 'in-flight',
    queue: 'deep',
    groups: 0,
    connections: 64,
    inFlight: 120_000,
    nearby: 0.9,
    atMillion: 0.85,
    beyond: 0.8,
  },
];

interface DepthTurn {
  readonly cycle: Turn;
  readonly drain: Turn | undefined;
  readonly residentMib: number;
}
interface Sizes {
  readonly shallow: number;
  readonly deep: readonly number[];
  readonly drained: number;
  readonly inFlightShare: number;
}
const fillMsMax = 120_000;
const mib = 1024 * 1024;

export async function benchDepth(context: Context): Promise<Outcome> {
  const { isShort, cases: wanted, depths } = context.options;
  const chosen = cases.filter(({ name }) =>
    wanted.length === 0 ? !isShort || name === 'standard' : wanted.includes(name),
  );
  if (chosen.length === 0) throw new Error(`--case: choose from ${cases.map(({ name }) => name).join(', ')}`);
  const sizes: Sizes = isShort
    ? { shallow: 2000, deep: depths.length > 0 ? depths : [20_000], drained: 1600, inFlightShare: 0.01 }
    : { shallow: 10_000, deep: depths.length > 0 ? depths : [1_000_000, 5_000_000], drained: 8000, inFlightShare: 1 };
  const outcomes: Outcome[] = [];
  for (const which of chosen) outcomes.push(await context.nested((inner) => benchCase(inner, which, sizes)));
  return {
    benchmark: 'depth',
    tables: outcomes.flatMap((outcome) => outcome.tables),
    goals: outcomes.flatMap((outcome) => outcome.goals),
    notes: outcomes.flatMap((outcome) => outcome.notes),
    failures: outcomes.flatMap((outcome) => outcome.failures),
  };
}

/** All depths are there at once, each in a broker of its own, so that rounds can be interleaved. */
async function benchCase(context: Context, which: DepthCase, sizes: Sizes): Promise<Outcome> {
  const load = await context.startLoad();
  const contestants = [
    { name: 'empty', waiting: 0, inFlight: 0 },
    { name: 'shallow', waiting: sizes.shallow, inFlight: 0 },
    ...sizes.deep.map((waiting) => ({
      name: `deep ${waiting}`,
      waiting,
      inFlight: which.inFlight * sizes.inFlightShare,
    })),
    { name: 'control', waiting: sizes.shallow, inFlight: 0 },
  ];
  const variants = [];
  const fills: string[] = [];
  for (const { name, waiting, inFlight } of contestants) {
    const dataFolder = context.newFolder();
    const rate = await fillQueue({
      dataFolder,
      queue: which.queue,
      messages: waiting + inFlight,
      groups: which.groups,
    });
    if (waiting > sizes.shallow) fills.push(`${name} was filled at ${figure(rate)} messages a second`);
    const broker = await context.startBroker(dataFolder, name);
    const queueUrl = `http://${broker.host}:${broker.port}/000000000000/${which.queue}`;
    const place: Place = { subject: broker, queueUrl, stored: waiting + inFlight, isWarm: false };
    await callSqs(broker, 'GetQueueUrl', { QueueName: which.queue });
    if (inFlight > 0) await hold(load, place, inFlight);
    await untilQuiet(broker.pid, fillMsMax);
    variants.push({
      name,
      turn: () => depthTurn(context, { load, place, which, drained: waiting === 0 ? 0 : sizes.drained }),
    });
  }
  return outcomeOf(which, sizes, await interleave(variants, context.options.rounds), fills);
}

async function hold(load: Load, place: Place, messages: number): Promise<void> {
  await load.open(place.subject, 64, { do: 'hold', queueUrl: place.queueUrl });
  const reply = await load.run(fillMsMax, messages);
  await load.close();
  if (reply.failures.length > 0 || reply.received < messages)
    throw new Error(`${messages} must be in flight, ${reply.received} are: ${reply.failures.join()}`);
}

interface DepthTurnSettings {
  readonly load: Load;
  readonly place: Place;
  readonly which: DepthCase;
  readonly drained: number;
}

async function depthTurn(context: Context, { load, place, which, drained }: DepthTurnSettings): Promise<DepthTurn> {
  const { options, folder } = context;
  const { queueUrl } = place;
  const { connections } = which;
  const groups = which.groups === 0 ? {} : { groups: which.groups };
  const common = { load, folder, connections, warmMs: options.warmMs };
  const cyclePlan: Plan = { do: 'cycle', queueUrl, ...groups };
  const cycle = await measureTurn(place, { ...common, plan: cyclePlan, runMs: options.runMs });
  const residentMib = (residentBytes(place.subject.pid) ?? Number.NaN) / mib;
  if (drained === 0) return { cycle, drain: undefined, residentMib };
  const drain = await drainTurn(place, {
    load,
    folder,
    connections,
    messages: drained,
    msMax: fillMsMax,
    ...groups,
  });
  return { cycle, drain, residentMib };
}

function outcomeOf(
  which: DepthCase,
  sizes: Sizes,
  turns: ReadonlyMap<string, readonly DepthTurn[]>,
  fills: readonly string[],
): Outcome {
  const cycles: TurnsByName = new Map([...turns].map(([name, list]) => [name, list.map((turn) => turn.cycle)]));
  const drains: TurnsByName = new Map(
    [...turns]
      .filter(([name]) => name !== 'empty')
      .map(([name, list]) => [name, list.flatMap((turn) => turn.drain ?? [])]),
  );
  const goals = sizes.deep.flatMap((depth) => [
    ...goalsAt(which, depth, cycles, `${which.name}: cycle`),
    ...goalsAt(which, depth, drains, `${which.name}: drain`),
    ...memoryGoals(which, depth, turns),
  ]);
  const notes = [
    ...fills,
    controlNote({ turnsByName: cycles, of: 'control', to: 'shallow', what: `${which.name}: cycle` }),
    controlNote({ turnsByName: drains, of: 'control', to: 'shallow', what: `${which.name}: drain` }),
    syncNote(cycles),
  ];
  const tables = [
    turnTable(`${which.name}: cycle`, cycles),
    turnTable(`${which.name}: drain`, drains),
    memoryTable(which, turns),
  ];
  return { benchmark: 'depth', tables, goals, notes, failures: [...failuresOf(cycles), ...failuresOf(drains)] };
}

function goalsAt(which: DepthCase, depth: number, turnsByName: TurnsByName, what: string): readonly Goal[] {
  const limit = depth > 1_000_000 ? which.beyond : depth > 200_000 ? which.atMillion : which.nearby;
  const comparison = {
    turnsByName,
    of: `deep ${depth}`,
    to: 'shallow',
    what: `${what}, ${figure(depth)} over shallow`,
  };
  return [rateGoal(comparison, limit), cpuGoal(comparison, 1 / limit)];
}

function memoryGoals(
  which: DepthCase,
  depth: number,
  turns: ReadonlyMap<string, readonly DepthTurn[]>,
): readonly Goal[] {
  const deep = (turns.get(`deep ${depth}`) ?? []).map((turn) => turn.residentMib);
  if (depth > 1_000_000)
    return [
      { what: `${which.name}: resident at ${figure(depth)}`, is: 'at-most', limit: 512, unit: 'MiB', values: deep },
    ];
  const empty = turns.get('empty') ?? [];
  const growth = deep.map((resident, round) => resident - (empty[round]?.residentMib ?? Number.NaN));
  return [
    {
      what: `${which.name}: resident growth from empty to ${figure(depth)}`,
      is: 'at-most',
      limit: 60,
      unit: 'MiB',
      values: growth,
    },
  ];
}

function memoryTable(which: DepthCase, turns: ReadonlyMap<string, readonly DepthTurn[]>): Table {
  const rows = [...turns].map(([name, list]) => [name, range(list.map((turn) => turn.residentMib))]);
  return { title: `${which.name}: resident after a cycle, MiB`, head: ['variant', 'MiB'], rows };
}
