/** The turns of several variants as one table, and the goals that hold one variant against another. */
import { LatencyHistogram } from '../src/cli/bench/histogram.ts';
import { median, ratios } from '../src/cli/bench/statistics.ts';
import type { Turn } from '../src/cli/bench/turn.ts';
import { figure, type Goal, range, type Table } from './report.ts';

export type TurnsByName = ReadonlyMap<string, readonly Turn[]>;
/** The generator is then what was measured. */
const clientShareMax = 0.85;

export function turnTable(title: string, turnsByName: TurnsByName): Table {
  const rows = [...turnsByName].map(([name, turns]) => {
    const latencies = latenciesOf(turns);
    return [
      name,
      range(turns.map((turn) => turn.rate)),
      range(turns.map((turn) => turn.cpuUs)),
      threadShares(turns),
      figure(medianKnown(turns.map((turn) => turn.writtenKib))),
      figure(latencies.quantile(0.5) / 1000),
      figure(latencies.quantile(0.99) / 1000),
      figure(median(turns.map((turn) => turn.clientCpuUs))),
      clientShare(turns),
      perFlush(turns, (turn) => turn.commits),
      perFlush(turns, (turn) => turn.messages),
    ];
  });
  const head = [
    'variant',
    'messages/s',
    'CPU us',
    'by thread',
    'KiB written',
    'p50 ms',
    'p99 ms',
    'client CPU us',
    'client share',
    'commits/flush',
    'messages/flush',
  ];
  return { title: `${title} (CPU and KiB a message; median (min - max) over the rounds)`, head, rows };
}

function latenciesOf(turns: readonly Turn[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const turn of turns) all.merge(turn.latencies);
  return all;
}

export function failuresOf(turnsByName: TurnsByName): readonly string[] {
  return [...turnsByName].flatMap(([name, turns]) =>
    turns.flatMap((turn) => turn.failures.map((failure) => `${name}: ${failure}`)),
  );
}

/** Which threads the time went to, in the middle round. */
function threadShares(turns: readonly Turn[]): string {
  const threads = turns[turns.length >> 1]?.threads ?? [];
  const shown = threads.slice(0, 2).map((thread) => `${thread.name} ${figure(thread.cpuUs)}`);
  const rest = threads.slice(2).reduce((sum, thread) => sum + thread.cpuUs, 0);
  return threads.length === 0 ? 'n/a' : [...shown, `rest ${figure(rest)}`].join(', ');
}

function clientShare(turns: readonly Turn[]): string {
  const share = median(turns.map((turn) => turn.clientShare));
  return `${figure(share)}${share > clientShareMax ? ' client-bound' : ''}`;
}

/** The device's flushes are everybody's: a neighbour on the machine shows here. */
function perFlush(turns: readonly Turn[], count: (turn: Turn) => number | undefined): string {
  const values = turns.map((turn) => {
    const counted = count(turn);
    return counted === undefined || turn.flushes === undefined || turn.flushes === 0
      ? undefined
      : counted / turn.flushes;
  });
  return figure(medianKnown(values));
}

function medianKnown(values: readonly (number | undefined)[]): number {
  return median(values.filter((value) => value !== undefined));
}

interface Comparison {
  readonly turnsByName: TurnsByName;
  readonly of: string;
  readonly to: string;
  readonly what: string;
}

export function rateGoal(comparison: Comparison, limit: number): Goal {
  const [turns, others] = sides(comparison);
  const rates = ratios(
    turns.map((turn) => turn.rate),
    others.map((turn) => turn.rate),
  );
  return { what: `${comparison.what}: rate`, is: 'at-least', limit, values: rates, noClaim: clientBound(turns) };
}

/** Where rate and CPU disagree the CPU decides: rates on a shared machine move by a quarter for nothing. */
export function cpuGoal(comparison: Comparison, limit: number): Goal {
  const [turns, others] = sides(comparison);
  const cpus = ratios(
    turns.map((turn) => turn.cpuUs ?? Number.NaN),
    others.map((turn) => turn.cpuUs ?? Number.NaN),
  );
  return { what: `${comparison.what}: CPU a message`, is: 'at-most', limit, values: cpus };
}

/** What the slowest hundredth of the requests waits, round by round. */
export function p99Goal(comparison: Comparison, limit: number): Goal {
  const [turns, others] = sides(comparison);
  const values = ratios(
    turns.map((turn) => turn.latencies.quantile(0.99)),
    others.map((turn) => turn.latencies.quantile(0.99)),
  );
  return { what: `${comparison.what}: p99`, is: 'at-most', limit, values, noClaim: clientBound(turns) };
}

/** How far the same code is from itself: a ratio nearer to 1 than this says nothing. */
export function controlNote(comparison: Comparison): string {
  const [turns, others] = sides(comparison);
  const rates = range(
    ratios(
      turns.map((turn) => turn.rate),
      others.map((turn) => turn.rate),
    ),
  );
  const cpus = range(
    ratios(
      turns.map((turn) => turn.cpuUs ?? Number.NaN),
      others.map((turn) => turn.cpuUs ?? Number.NaN),
    ),
  );
  return `${comparison.what}: the control's rate is ${rates} of ${comparison.to}'s, its CPU a message ${cpus}: the same code twice`;
}

function sides({ turnsByName, of, to }: Comparison): readonly [readonly Turn[], readonly Turn[]] {
  return [turnsByName.get(of) ?? [], turnsByName.get(to) ?? []];
}

function clientBound(turns: readonly Turn[]): string | undefined {
  return median(turns.map((turn) => turn.clientShare)) > clientShareMax ? 'client-bound' : undefined;
}

export function syncNote(turnsByName: TurnsByName): string {
  const syncs = [...turnsByName.values()].flatMap((turns) => turns.map((turn) => turn.syncUs));
  const middle = median(syncs);
  const doubt =
    middle < 20
      ? ': this file system does not sync, so nothing here is durable; choose another with --work-folder'
      : '';
  return `a sync of this run took ${range(syncs)} us, ${figure(1e6 / middle)} a second${doubt}`;
}
