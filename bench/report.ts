/** What a benchmark found, and how it is printed. */
import { arch, cpus, release } from 'node:os';
import { spread } from '../src/cli/bench/statistics.ts';

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
export interface Goal {
  readonly what: string;
  readonly is: 'at-least' | 'at-most';
  readonly limit: number;
  /** One a round; the median is held against the limit. */
  readonly values: readonly number[];
  readonly unit?: string;
  /** Why the figures carry no claim, though they are printed. */
  readonly noClaim?: string | undefined;
}
export interface Outcome {
  readonly benchmark: string;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly notes: readonly string[];
  /** Errors, answers that were not 200, messages lost: the figures are void. */
  readonly failures: readonly string[];
}
export type Verdict = 'met' | 'missed' | 'no claim';

export function verdictOf(goal: Goal): Verdict {
  const { median } = spread(goal.values);
  if (goal.noClaim !== undefined || Number.isNaN(median)) return 'no claim';
  return (goal.is === 'at-least' ? median >= goal.limit : median <= goal.limit) ? 'met' : 'missed';
}

export function printOutcome(outcome: Outcome, print: (line: string) => void): void {
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, ${arch()}, kernel ${release()}, Node ${process.version}`;
  print(`\n# bench ${outcome.benchmark} (${machine})`);
  for (const table of outcome.tables) printTable(table, print);
  if (outcome.goals.length > 0) printTable(goalTable(outcome.goals), print);
  for (const note of outcome.notes) print(`note: ${note}`);
  for (const failure of outcome.failures) print(`FAILED: ${failure}`);
}

function goalTable(goals: readonly Goal[]): Table {
  const rows = goals.map((goal) => {
    const { median, min, max } = spread(goal.values);
    const sign = goal.is === 'at-least' ? '>=' : '<=';
    const unit = goal.unit === undefined ? '' : ` ${goal.unit}`;
    const verdict = verdictOf(goal) + (goal.noClaim === undefined ? '' : `: ${goal.noClaim}`);
    return [goal.what, `${sign} ${figure(goal.limit)}${unit}`, figure(median), figure(min), figure(max), verdict];
  });
  return { title: 'goals, round by round', head: ['what', 'goal', 'median', 'min', 'max', 'verdict'], rows };
}

function printTable(table: Table, print: (line: string) => void): void {
  print(`\n${table.title}`);
  const widths = table.head.map((head, column) =>
    Math.max(head.length, ...table.rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) =>
        column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join('  ');
  print(line(table.head).trimEnd());
  print(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of table.rows) print(line(row).trimEnd());
}

/** Three significant digits, thousands as `k`; `n/a` for what could not be measured. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return 'n/a';
  const size = Math.abs(value);
  if (size >= 1_000_000) return `${(value / 1_000_000).toPrecision(3)} M`;
  if (size >= 10_000) return `${(value / 1000).toPrecision(3)} k`;
  if (size >= 100) return value.toFixed(0);
  return size >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** `median (min - max)` */
export function range(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return 'n/a';
  const { median, min, max } = spread(known);
  return `${figure(median)} (${figure(min)} - ${figure(max)})`;
}
