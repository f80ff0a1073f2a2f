/** What the broker, which keeps everything on disk, shall be of each emulator, most of which keep nothing. */
import type { Goal } from '../report.ts';
import { cpuGoal, p99Goal, rateGoal, type TurnsByName } from '../turn-table.ts';

interface Wanted {
  readonly in: string;
  readonly over: string;
  readonly rate: number;
  readonly cpu?: number;
  readonly p99?: number;
}
const wanted: readonly Wanted[] = [
  { in: 'one', over: 'ElasticMQ', rate: 2, cpu: 0.3 },
  { in: 'one', over: 'GoAWS', rate: 1, cpu: 0.75, p99: 0.5 },
  { in: 'one', over: 'fauxqs SQLite', rate: 6 },
  { in: 'batch', over: 'ElasticMQ', rate: 3 },
  { in: 'batch', over: 'GoAWS', rate: 1.5 },
  { in: 'batch', over: 'fauxqs SQLite', rate: 15 },
  { in: 'cycle', over: 'ElasticMQ', rate: 2 },
  { in: 'cycle', over: 'GoAWS', rate: 1 },
  { in: 'fifo', over: 'GoAWS', rate: 0.8 },
  { in: 'fifo', over: 'ElasticMQ', rate: 50 },
  { in: 'drain', over: 'GoAWS', rate: 10 },
  { in: 'drain', over: 'fauxqs', rate: 3 },
  { in: 'drain', over: 'ElasticMQ', rate: 1.5 },
];

/** GoAWS speaks Query alone, so we are held against it in both protocols. */
const ours: Readonly<Record<string, readonly string[]>> = { GoAWS: ['gantry', 'gantry Query'] };

/** @returns a goal for each wanted ratio of the case whose two sides took part */
export function goalsOf(name: string, turnsByName: TurnsByName): readonly Goal[] {
  return wanted
    .filter((each) => each.in === name)
    .flatMap(({ over, rate, cpu, p99 }) =>
      (ours[over] ?? ['gantry']).flatMap((of) => {
        if (!turnsByName.has(of) || !turnsByName.has(over)) return [];
        const comparison = { turnsByName, of, to: over, what: `${name}: ${of} over ${over}` };
        return [
          rateGoal(comparison, rate),
          ...(cpu === undefined ? [] : [cpuGoal(comparison, cpu)]),
          ...(p99 === undefined ? [] : [p99Goal(comparison, p99)]),
        ];
      }),
    );
}
