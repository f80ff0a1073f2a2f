import { cpus, tmpdir } from 'node:os';
import { GantryError } from '../model/errors.ts';
import { type Case, cases } from './bench/cases.ts';
import { Load } from './bench/load.ts';
import { ownStage, runningStage, type Stage } from './bench/stage.ts';
import { measureTurn, type Turn } from './bench/turn.ts';
import { type CommandInput, flag } from './command.ts';
import { findEndpoint } from './endpoint.ts';
import { exitCodes } from './exit-codes.ts';
import { type Format, formatOf, type Listing, printJson, printRows, say } from './output.ts';
import { createProgress } from './progress.ts';
import { lyingSyncUs, probeSync } from './sync-probe.ts';

interface Figures {
  readonly name: string;
  readonly title: string;
  readonly messagesPerSecond: number;
  /** Of one request, whatever it holds. */
  readonly p50Us: number;
  readonly p99Us: number;
  /** Of the broker's process, a message; null where nobody can tell. */
  readonly cpuUs: number | null;
}

const secondsDefault = 5;
const secondsMax = 600;
/** The first time six times as much: the compiler's first seconds are nobody's rate. */
const warmMs = 300;
const warmedMs = 6 * warmMs;
const syncs = 100;
const tickMs = 250;

/** Measures sends, batches and whole cycles, on a broker of its own or on one that runs. */
export async function runBench(input: CommandInput): Promise<number> {
  const format = formatOf(input);
  const runMs = secondsOf(flag(input, 'seconds')) * 1000;
  const given = flag(input, 'endpoint');
  const endpoint = given === undefined ? undefined : await findEndpoint(given, {});
  const folder = flag(input, 'folder') ?? tmpdir();
  return await explaining(async () => {
    // A disk is measured only where the broker is ours and on it.
    const sync = endpoint === undefined ? probeSync(folder, syncs) : undefined;
    const figures = await onStage(endpoint, folder, (stage) => measureAll(stage, folder, runMs));
    print(format, figures, sync);
    return exitCodes.ok;
  });
}

function secondsOf(text: string | undefined): number {
  const seconds = text === undefined ? secondsDefault : Number(text);
  if (seconds > 0 && seconds <= secondsMax) return seconds;
  throw new GantryError('invalid-argument', `--seconds "${text}": expected a number above 0, at most ${secondsMax}`);
}

/** Whatever becomes of `work`, and also at a signal, the stage is taken away. */
async function onStage<T>(
  endpoint: string | undefined,
  folder: string,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = endpoint === undefined ? await ownStage(folder) : await runningStage(endpoint);
  const end = (signal: NodeJS.Signals): void => {
    void stage.end().finally(() => process.exit(128 + (signal === 'SIGINT' ? 2 : 15)));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  try {
    return await work(stage);
  } finally {
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
    await stage.end();
  }
}

async function measureAll(stage: Stage, folder: string, runMs: number): Promise<readonly Figures[]> {
  const load = await Load.start();
  const progress = createProgress();
  const figures: Figures[] = [];
  const totalMs = cases.length * (runMs + warmedMs);
  let at = '';
  const beganAt = performance.now();
  const timer = setInterval(() => progress.show(at, performance.now() - beganAt, totalMs), tickMs);
  try {
    for (const one of cases) {
      at = one.title;
      figures.push(await measure(one, stage, load, { folder, runMs }));
    }
    return figures;
  } finally {
    clearInterval(timer);
    progress.end();
    await load.stop();
  }
}

async function measure(
  { name, title, connections, plan }: Case,
  { subject, newQueue }: Stage,
  load: Load,
  how: { readonly folder: string; readonly runMs: number },
): Promise<Figures> {
  const queueUrl = await newQueue();
  const place = { subject, queueUrl, stored: 0, isWarm: false };
  const turn = await measureTurn(place, { load, plan: plan(queueUrl), connections, warmMs, ...how });
  const [failure] = turn.failures;
  if (failure !== undefined) throw new GantryError('internal', `${title}: ${failure}`);
  return { name, title, ...figuresOf(turn) };
}

function figuresOf({ rate, latencies, cpuUs }: Turn): Omit<Figures, 'name' | 'title'> {
  return {
    messagesPerSecond: Math.round(rate),
    p50Us: Math.round(latencies.quantile(0.5)),
    p99Us: Math.round(latencies.quantile(0.99)),
    cpuUs: cpuUs === undefined ? null : Math.round(cpuUs),
  };
}

const listing: Listing<Figures> = {
  name: ({ name, messagesPerSecond }) => `${name} ${messagesPerSecond}`,
  columns: [
    { title: 'what', of: ({ title }) => title },
    { title: 'messages/s', of: ({ messagesPerSecond }) => messagesPerSecond },
    { title: 'p50 ms', of: ({ p50Us }) => millisecondsText(p50Us) },
    { title: 'p99 ms', of: ({ p99Us }) => millisecondsText(p99Us) },
    { title: 'CPU us/message', of: ({ cpuUs }) => cpuUs ?? 'n/a' },
  ],
};

function print(format: Format, figures: readonly Figures[], sync: ReturnType<typeof probeSync> | undefined): void {
  const node = process.versions.node;
  if (format === 'json') return printJson({ node, cpus: cpus().length, sync: sync ?? null, cases: figures });
  printRows(format, figures, listing);
  if (sync === undefined || format === 'name') return;
  say(`a sync of this disk: ${millisecondsText(sync.p50Us)} ms (p50), ${millisecondsText(sync.p99Us)} ms (p99)`);
  if (sync.p50Us < lyingSyncUs)
    say('that is too quick to reach a disk: these figures are of memory; choose another with --folder');
}

function millisecondsText(us: number): string {
  return (us / 1000).toFixed(us < 10_000 ? 2 : 1);
}

/** What the load generator and the starter throw are lines for people too. */
async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GantryError) throw error;
    throw new GantryError('unavailable', `the benchmark failed: ${String(error).slice(0, 1_000)}`, { cause: error });
  }
}
