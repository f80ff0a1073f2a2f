import { setTimeout as pause } from 'node:timers/promises';
import type { Load } from '../../src/cli/bench/load.ts';
import { readReclaimPending } from '../../src/cli/bench/metrics.ts';
import { callSqs } from '../../src/cli/bench/sqs.ts';
import type { Subject } from '../../src/cli/bench/subject.ts';
import { type Place, untilQuiet } from '../../src/cli/bench/turn.ts';
import type { Context } from '../context.ts';
import type { Outcome } from '../report.ts';

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

const clearMsMax = 120_000;
const lookMs = 200;

/** Takes the queues of a case away and waits until that is done: it is no part of the case that comes next. */
export async function clear(places: readonly Place[]): Promise<void> {
  for (const { subject, queueUrl } of places) await callSqs(subject, 'DeleteQueue', { QueueUrl: queueUrl });
  for (const { subject } of places) {
    const endAt = performance.now() + clearMsMax;
    while (((await readReclaimPending(subject)) ?? 0) > 0 && performance.now() < endAt) await pause(lookMs);
    await untilQuiet(subject.pid);
  }
}
