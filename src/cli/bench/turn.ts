/** One variant's turn in one round: load on, figures off, and the proof that what was acknowledged is stored. */
import { probeSync } from '../sync-probe.ts';
import { deviceFlushes } from './disk.ts';
import { LatencyHistogram } from './histogram.ts';
import type { LoadReply, Plan } from './load/plan.ts';
import type { Load } from './load.ts';
import { type ProcessSample, sampleProcess, usageBetween } from './measure.ts';
import { readCommits } from './metrics.ts';
import { readTally, totalOf } from './sqs.ts';
import type { Subject } from './subject.ts';

export interface Turn {
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  /** The server's, microseconds a message, with what it still does after the last answer. */
  readonly cpuUs: number | undefined;
  readonly threads: readonly { readonly name: string; readonly cpuUs: number }[];
  readonly writtenKib: number | undefined;
  readonly clientCpuUs: number;
  /** Of one core. */
  readonly clientShare: number;
  readonly latencies: LatencyHistogram;
  readonly emptyReceives: number;
  readonly syncUs: number;
  readonly flushes: number | undefined;
  readonly commits: number | undefined;
  readonly failures: readonly string[];
}

/** One queue of one subject, and how many messages must be in it. */
export interface Place {
  readonly subject: Subject;
  readonly queueUrl: string;
  stored: number;
  /** Whether it has had its first load, which is not measured: the compiler's first second would be. */
  isWarm: boolean;
}

export interface TurnSettings {
  readonly load: Load;
  readonly plan: Plan;
  readonly connections: number;
  readonly warmMs: number;
  readonly runMs: number;
  readonly messagesMax?: number;
  /** Where the disk is probed. */
  readonly folder: string;
}
const syncsATurn = 40;
const coldFactor = 6;

export async function measureTurn(place: Place, settings: TurnSettings): Promise<Turn> {
  const { load, plan } = settings;
  const { pid } = place.subject;
  const { p50Us: syncUs } = probeSync(settings.folder, syncsATurn);
  await load.open(place.subject, settings.connections, plan);
  const warmMs = place.isWarm ? settings.warmMs : settings.warmMs * coldFactor;
  const warm = warmMs > 0 ? await load.run(warmMs) : undefined;
  place.isWarm = true;
  await untilQuiet(pid);
  const [flushesBefore, commitsBefore, before] = [
    deviceFlushes(settings.folder),
    await readCommits(place.subject),
    sampleProcess(pid),
  ];
  const reply = await load.run(settings.runMs, settings.messagesMax);
  const flushesAfter = deviceFlushes(settings.folder);
  await untilQuiet(pid);
  const [after, commitsAfter] = [sampleProcess(pid), await readCommits(place.subject)];
  await load.close();
  const failures = [
    ...(warm?.failures ?? []),
    ...reply.failures,
    ...(await checkStored(place, warm === undefined ? [reply] : [warm, reply])),
  ];
  return {
    ...figuresOf(reply, before, after, plan),
    syncUs,
    flushes: minus(flushesAfter, flushesBefore),
    commits: minus(commitsAfter, commitsBefore),
    failures,
  };
}

function figuresOf(reply: LoadReply, before: ProcessSample, after: ProcessSample, plan: Plan) {
  const usage = usageBetween(before, after);
  const messages = countOf(reply, plan);
  return {
    messages,
    rate: (messages / reply.ms) * 1000,
    cpuUs: usage.cpuUs === undefined ? undefined : usage.cpuUs / messages,
    threads: usage.threads.map((thread) => ({ name: thread.name, cpuUs: thread.cpuUs / messages })),
    writtenKib: usage.writtenBytes === undefined ? undefined : usage.writtenBytes / 1024 / messages,
    clientCpuUs: reply.cpuUs / messages,
    clientShare: reply.cpuUs / 1000 / reply.ms,
    latencies: new LatencyHistogram(reply.latencyCounts),
    emptyReceives: reply.emptyReceives,
  };
}

/** What a figure is for: a message, or a request where none is moved. */
function countOf(reply: LoadReply, plan: Plan): number {
  switch (plan.do) {
    case 'send':
    case 'publish':
      return reply.sent;
    case 'hold':
      return reply.received;
    case 'ask':
      return reply.requests;
    default:
      return reply.deleted;
  }
}

/** Stored must equal acknowledged. */
async function checkStored(place: Place, replies: readonly LoadReply[]): Promise<readonly string[]> {
  for (const reply of replies) place.stored += reply.sent - reply.deleted;
  const found = totalOf(await readTally(place.subject, place.queueUrl));
  if (found === place.stored) return [];
  const failure = `${place.subject.name}: ${place.stored} messages must be in ${place.queueUrl}, ${found} are`;
  place.stored = found; // Each loss is told once.
  return [failure];
}

const quietStepMs = 50;
const quietCpuUs = 2500; // Of the step: a twentieth of a core.
const quietMsMax = 3000;

/** Work put off until later belongs to the messages that caused it, and not to the next variant's turn. */
export async function untilQuiet(pid: number, msMax = quietMsMax): Promise<void> {
  let before = sampleProcess(pid);
  for (let waited = 0; waited < msMax; waited += quietStepMs) {
    await new Promise((resolve) => setTimeout(resolve, quietStepMs));
    const after = sampleProcess(pid);
    if ((usageBetween(before, after).cpuUs ?? 0) < quietCpuUs) return;
    before = after;
  }
}

function minus(after: number | undefined, before: number | undefined): number | undefined {
  return after === undefined || before === undefined ? undefined : after - before;
}
