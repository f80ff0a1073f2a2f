/** What the front costs where the store has little to do, and what it costs to be asked in another way. */

import type { Credentials } from '../src/cli/bench/load/endpoint.ts';
import type { Plan } from '../src/cli/bench/load/plan.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import { measureTurn } from '../src/cli/bench/turn.ts';
import { byQuery } from './by-query.ts';
import type { Context } from './context.ts';
import type { Goal, Outcome } from './report.ts';
import { interleave } from './rounds.ts';
import { controlNote, cpuGoal, failuresOf, rateGoal, syncNote, type TurnsByName, turnTable } from './turn-table.ts';

const connections = 64;
const counts = ['', 'NotVisible', 'Delayed'].map((state) => `ApproximateNumberOfMessages${state}`);

interface FrontCase {
  readonly title: string;
  readonly of: string;
  readonly to: string;
  /** The rate over the other's; processor time at most its inverse. */
  readonly atLeast: number;
  /** Both sides get signed requests; the broker looks at the signatures. */
  readonly credentials?: Credentials;
  plan(queueUrl: string): Plan;
}
const cases: Readonly<Record<string, FrontCase>> = {
  query: {
    title: 'SendMessage by the Query protocol',
    of: 'gantry Query',
    to: 'gantry',
    atLeast: 0.75,
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 1 }),
  },
  signed: {
    title: 'SendMessage with its signature verified',
    of: 'gantry',
    to: 'baseline',
    atLeast: 0.4,
    credentials: { id: 'AKIABENCH', secret: 'a secret of no worth' },
    plan: (queueUrl) => ({ do: 'send', queueUrl, entries: 1 }),
  },
  attributes: {
    title: 'GetQueueAttributes, the three counts',
    of: 'gantry',
    to: 'baseline',
    atLeast: 0.9,
    plan: (queueUrl) => ({ do: 'ask', queueUrl, operation: 'GetQueueAttributes', input: { AttributeNames: counts } }),
  },
  'all-attributes': {
    title: 'GetQueueAttributes, All',
    of: 'gantry',
    to: 'baseline',
    atLeast: 0.9,
    plan: (queueUrl) => ({ do: 'ask', queueUrl, operation: 'GetQueueAttributes', input: { AttributeNames: ['All'] } }),
  },
  poll: {
    title: 'ReceiveMessage without a wait, of an empty queue',
    of: 'gantry',
    to: 'baseline',
    atLeast: 0.9,
    plan: (queueUrl) => ({
      do: 'ask',
      queueUrl,
      operation: 'ReceiveMessage',
      input: { MaxNumberOfMessages: 10, WaitTimeSeconds: 0 },
    }),
  },
};

export async function benchFront(context: Context): Promise<Outcome> {
  const { cases: wanted } = context.options;
  const unknown = wanted.find((name) => cases[name] === undefined);
  if (unknown !== undefined) throw new Error(`--case ${unknown}: choose from ${Object.keys(cases).join(', ')}`);
  const outcomes: Omit<Outcome, 'benchmark'>[] = [];
  for (const [name, which] of Object.entries(cases))
    if (wanted.length === 0 || wanted.includes(name))
      outcomes.push(await context.nested((inner) => runCase(inner, which)));
  return {
    benchmark: 'front',
    tables: outcomes.flatMap((outcome) => outcome.tables),
    goals: outcomes.flatMap((outcome) => outcome.goals),
    notes: outcomes.flatMap((outcome) => outcome.notes),
    failures: outcomes.flatMap((outcome) => outcome.failures),
  };
}

async function runCase(context: Context, which: FrontCase): Promise<Omit<Outcome, 'benchmark'>> {
  const { options, folder } = context;
  const load = await context.startLoad();
  const variants = [];
  for (const subject of await startSubjects(context, which)) {
    const place = await context.newPlace(subject, `front-${subject.protocol ?? 'json'}`);
    const plan = which.plan(place.queueUrl);
    const settings = { load, plan, folder, connections, warmMs: options.warmMs, runMs: options.runMs };
    variants.push({ name: subject.name, turn: () => measureTurn(place, settings) });
  }
  const turnsByName = await interleave(variants, options.rounds);
  return {
    tables: [turnTable(`${which.title}, ${connections} connections`, turnsByName)],
    goals: goalsOf(which, turnsByName),
    notes: [controlNote({ turnsByName, of: 'control', to: which.to, what: which.title }), syncNote(turnsByName)],
    failures: failuresOf(turnsByName),
  };
}

async function startSubjects(context: Context, which: FrontCase): Promise<readonly Subject[]> {
  const { credentials } = which;
  const isSigned = credentials !== undefined && !context.options.isAgainstItself;
  const gantry = isSigned ? await context.startBrokerWithUser(credentials) : await context.startSubject('array');
  if (which.to === 'gantry') return [gantry, byQuery(gantry), await context.startSubject('array', 'control')];
  const baselines = [await context.startBaseline('array'), await context.startBaseline('array', 'control')];
  const subjects = [...baselines.slice(0, 1), gantry, ...baselines.slice(1)];
  return credentials === undefined ? subjects : subjects.map((subject) => ({ ...subject, credentials }));
}

function goalsOf(which: FrontCase, turnsByName: TurnsByName): readonly Goal[] {
  const comparison = { turnsByName, of: which.of, to: which.to, what: `${which.title}, over ${which.to}` };
  return [rateGoal(comparison, which.atLeast), cpuGoal(comparison, 1 / which.atLeast)];
}
