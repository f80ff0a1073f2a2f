/** Thousands of long polls that wait for nothing: what they cost, and how fast one of them is woken among them. */
import { setTimeout as pause } from 'node:timers/promises';
import { LatencyHistogram } from '../src/cli/bench/histogram.ts';
import { residentBytes, sampleProcess, usageBetween } from '../src/cli/bench/measure.ts';
import { createQueue } from '../src/cli/bench/sqs.ts';
import { median } from '../src/cli/bench/statistics.ts';
import type { Subject } from '../src/cli/bench/subject.ts';
import { probeSync } from '../src/cli/sync-probe.ts';
import type { Context } from './context.ts';
import { figure, type Goal, type Outcome, type Table } from './report.ts';

/** After the start, when what a start leaves to do later is done. */
const settleMs = 3000;
/** With the pause before each: about so long is the crowd watched. */
const wakeMsUsual = 10;
const mib = 1024 * 1024;

export interface Crowd {
  readonly polls: number;
  readonly coreShares: readonly number[];
  readonly kibEach: readonly number[];
  readonly failures: readonly string[];
}

export async function benchIdle(context: Context): Promise<Outcome> {
  const { isShort } = context.options;
  const subject = await context.startSubject('array');
  await pause(isShort ? settleMs / 3 : settleMs);
  const idleMib = (residentBytes(subject.pid) ?? Number.NaN) / mib;
  await measureCrowd(context, subject, { polls: 100, windows: 1, windowMs: 500 }); // Code that is compiled once is no poll's.
  const crowds = [];
  const windows = isShort ? 1 : 3;
  for (const polls of isShort ? [500] : [1000, 10_000])
    crowds.push(await measureCrowd(context, subject, { polls, windows, windowMs: isShort ? 2000 : 10_000 }));
  const wake = await measureWakes(
    context,
    subject,
    isShort ? { polls: 500, wakes: 100 } : { polls: 1000, wakes: 1000 },
  );
  const goals: Goal[] = [{ what: 'resident when idle', is: 'at-most', limit: 80, unit: 'MiB', values: [idleMib] }];
  for (const { polls, coreShares, kibEach } of crowds) {
    goals.push({
      what: `${polls} idle polls`,
      is: 'at-most',
      limit: polls > 1000 ? 2 : 0.5,
      unit: '% of a core',
      values: coreShares,
    });
    goals.push({ what: `${polls} idle polls, resident each`, is: 'at-most', limit: 12, unit: 'KiB', values: kibEach });
  }
  const [p50, p99] = [wake.latencies.quantile(0.5) / 1000, wake.latencies.quantile(0.99) / 1000];
  goals.push({
    what: 'wake-up p50 without one sync',
    is: 'at-most',
    limit: 1.5,
    unit: 'ms',
    values: [p50 - wake.syncUs / 1000],
  });
  goals.push({ what: 'wake-up p99', is: 'at-most', limit: 5, unit: 'ms', values: [p99] });
  return {
    benchmark: 'idle',
    tables: [wakeTable(wake)],
    goals,
    notes: [`a sync of this run took ${figure(wake.syncUs)} us`],
    failures: [...crowds.flatMap((crowd) => crowd.failures), ...wake.failures],
  };
}

/** For windows between the polls' ends: they are all open before a window begins, and none may end in it. */
export async function measureCrowd(
  context: Context,
  subject: Subject,
  size: { readonly polls: number; readonly windows: number; readonly windowMs: number },
): Promise<Crowd> {
  const { windowMs } = size;
  const settleMs = context.options.isShort || size.polls < 1000 ? 1000 : 4000;
  const queueUrl = await createQueue(subject, `idle-${size.polls}`);
  const coreShares: number[] = [];
  const kibEach: number[] = [];
  const failures: string[] = [];
  for (let window = 0; window < size.windows; window++) {
    const load = await context.startLoad();
    const residentBefore = residentBytes(subject.pid) ?? Number.NaN;
    await load.open(subject, size.polls, { do: 'poll', queueUrl });
    const polling = load.run(settleMs + windowMs + 500);
    await pause(settleMs);
    const before = sampleProcess(subject.pid);
    await pause(windowMs);
    const usage = usageBetween(before, sampleProcess(subject.pid));
    kibEach.push(((residentBytes(subject.pid) ?? Number.NaN) - residentBefore) / 1024 / size.polls);
    coreShares.push(((usage.cpuUs ?? Number.NaN) / 1000 / usage.wallMs) * 100);
    failures.push(...(await polling).failures);
    await load.stop();
    await pause(settleMs);
  }
  // What the first crowd leaves is kept for the next one: only the first shows what a poll takes.
  return { polls: size.polls, coreShares, kibEach: kibEach.slice(0, 1), failures };
}

interface Wakes {
  readonly polls: number;
  readonly latencies: LatencyHistogram;
  readonly syncUs: number;
  readonly failures: readonly string[];
}

/** The crowd waits on a queue of its own: the woken one is alone on its queue. */
async function measureWakes(
  context: Context,
  subject: Subject,
  size: { readonly polls: number; readonly wakes: number },
): Promise<Wakes> {
  const crowdUrl = await createQueue(subject, 'wake-crowd');
  const queueUrl = await createQueue(subject, 'wake');
  const latencies = new LatencyHistogram();
  const syncs: number[] = [];
  const failures: string[] = [];
  const msAtOnce = context.options.isShort ? 3000 : 15_000; // Before the crowd's polls end.
  for (let left = size.wakes; left > 0 && failures.length === 0; ) {
    const crowd = await context.startLoad();
    const load = await context.startLoad();
    await crowd.open(subject, size.polls, { do: 'poll', queueUrl: crowdUrl });
    const polling = crowd.run(Math.min(msAtOnce + 1000, left * wakeMsUsual));
    await load.open(subject, 2, { do: 'wake', queueUrl });
    syncs.push(probeSync(context.folder, 100).p50Us);
    const reply = await load.run(msAtOnce - 500, left);
    latencies.merge(new LatencyHistogram(reply.latencyCounts));
    failures.push(...reply.failures);
    left -= Math.max(1, reply.received);
    failures.push(...(await polling).failures);
    await crowd.stop();
    await load.stop();
  }
  return { polls: size.polls, latencies, syncUs: median(syncs), failures };
}

function wakeTable(wake: Wakes): Table {
  const shares = [0.5, 0.9, 0.99, 1];
  const row = shares.map((share) => figure(wake.latencies.quantile(share) / 1000));
  return {
    title: `from a send to the waiting receiver, ${wake.polls} other polls waiting, ${wake.latencies.total} times, ms`,
    head: ['', 'p50', 'p90', 'p99', 'max'],
    rows: [['wake-up', ...row]],
  };
}
