import type { Context } from '../context.ts';
import type { Load } from '../load.ts';
import type { Outcome } from '../report.ts';
import type { Subject } from '../subject.ts';

/** What each case is handed. */
export interface Stage {
  readonly context: Context;
  readonly load: Load;
  readonly subjects: readonly Subject[];
  readonly rounds: number;
  /** Of a load in a closed loop. */
  readonly connections: number;
}
/** What a case adds to the outcome. */
export type Part = Omit<Outcome, 'benchmark'>;

/** The broker takes part twice, and each time on a queue of its own. */
export function nameFor(subject: Subject, queue: string): string {
  return `${subject.protocol ?? 'json'}-${queue}`;
}
