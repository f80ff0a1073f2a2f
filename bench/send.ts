/** SendMessage and SendMessageBatch against the fair baseline: what durability and everything around it cost a producer. */

import type { Plan } from '../src/cli/bench/load/plan.ts';
import type { Load } from '../src/cli/bench/load.ts';
import { median, quantile } from '../src/cli/bench/statistics.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import { measureTurn } from '../src/cli/bench/turn.ts';
import type { Context } from './context.ts';
import type { Goal, Outcome, Table } from './report.ts';
import { interleave } from './rounds.ts';
import { controlNote, cpuGoal, failuresOf, rateGoal, syncNote, type TurnsByName, turnTable } from './turn-table.ts';

const cases = [
  { name: 'one', title: 'SendMessage, 64 connections', entries: 1, connections: 64 },
  { name: 'batch', title: 'SendMessageBatch of 10, 64 connections', entries: 10, connections: 64 },
  { name: 'lone', title: 'SendMessage, one connection', entries: 1, connections: 1 },
] as const;
type Case = (typeof cases)[number];

export async function benchSend(context: Context): Promise<Outcome> {
  const load = await context.startLoad();
  const subjects = [
    await context.startBaseline('none'),
    await context.startSubject('none'),
    await context.startBaseline('none', 'control'),
  ];
  const tables: Table[] = [];
  const goals: Goal[] = [];
  const notes: string[] = [];
  const failures: string[] = [];
  for (const which of cases) {
    const turnsByName = await runCase(context, load, subjects, which);
    tables.push(turnTable(which.title, turnsByName));
    goals.push(...goalsOf(which, turnsByName));
    notes.push(controlNote({ turnsByName, of: 'control', to: 'baseline', what: which.title }), syncNote(turnsByName));
    failures.push(...failuresOf(turnsByName));
  }
  return { benchmark: 'send', tables, goals, notes, failures };
}

async function runCase(context: Context, load: Load, subjects: readonly Subject[], which: Case): Promise<TurnsByName> {
  const { options, folder } = context;
  const variants = [];
  for (const subject of subjects) {
    const place = await context.newPlace(subject, `send-${which.name}`);
    const plan: Plan = { do: 'send', queueUrl: place.queueUrl, entries: which.entries };
    const settings = {
      load,
      plan,
      folder,
      connections: which.connections,
      warmMs: options.warmMs,
      runMs: options.runMs,
    };
    variants.push({ name: subject.name, turn: () => measureTurn(place, settings) });
  }
  return await interleave(variants, options.rounds);
}

function goalsOf(which: Case, turnsByName: TurnsByName): readonly Goal[] {
  const comparison = { turnsByName, of: 'gantry', to: 'baseline', what: which.title };
  if (which.name === 'one') return [rateGoal(comparison, 0.8), cpuGoal(comparison, 1.35)];
  if (which.name === 'batch') return [rateGoal(comparison, 0.75)];
  return [loneGoal(turnsByName)];
}

/** One producer pays for its own sync: the baseline's latency, one sync, and half a sync for the way there and back. */
function loneGoal(turnsByName: TurnsByName): Goal {
  const ours = turnsByName.get('gantry') ?? [];
  const theirs = turnsByName.get('baseline') ?? [];
  const sync = median([...turnsByName.values()].flatMap((turns) => turns.map((turn) => turn.syncUs)));
  const values = ours.map(
    (turn, round) => (turn.latencies.quantile(0.5) - (theirs[round]?.latencies.quantile(0.5) ?? Number.NaN)) / sync,
  );
  const spreadOfSync = quantile(values, 1) - quantile(values, 0);
  return {
    what: 'one connection: p50 above the baseline',
    is: 'at-most',
    limit: 1.5,
    unit: 'syncs',
    values,
    noClaim: Number.isNaN(spreadOfSync) ? 'a round is missing' : undefined,
  };
}
