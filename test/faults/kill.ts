/**
 * Kills a broker under load, again and again, and accounts for every message in the end. One queue of each kind; several
 * hundred connections, each with one request under way, so that every kill leaves hundreds without an answer.
 */

import { setImmediate, setTimeout } from 'node:timers/promises';
import { createFixedRandom, type FixedRandom } from '../support/fixed-random.ts';
import { type LaunchedBroker, launch, startProcess, temporaryFolder } from '../support/launch.ts';
import type { Finding } from './ledger.ts';
import { textOf } from './support/fields.ts';
import { Consumer, Producer, type Site } from './support/load.ts';
import { answersOf, createSite, emptyOut, type WatchedSite } from './support/site.ts';
import { Wire } from './support/wire.ts';

export interface KillPlan {
  readonly kills: number;
  readonly seed: number;
}
export interface KillReport {
  /** At each kill: requests that change the store, and had no answer and never got one. */
  readonly unanswered: readonly number[];
  readonly messages: number;
  readonly drained: number;
  readonly findings: readonly Finding[];
  readonly refusals: readonly string[];
  readonly dataDir: string;
}

/** A kill is one only with so many requests without an answer. */
export const unansweredMin = 200;
const producersPerQueue = 200;
const consumersPerQueue = 90;
const groupsPerProducer = 2;
/** A kill comes after so many answers at most, and some milliseconds more: at any step of a commit. */
const answersBeforeKillMax = 1_200;
const extraMsMax = 25;
/** Turns of the event loop after which all is read that a stopped process has sent. */
const turnsToReadAll = 4;
/** One start in so many is killed itself. */
const killedStartsEvery = 5;
const killedStartMsMax = 300;

interface Post {
  readonly worker: { work(wire: Wire): void };
  readonly wire: Wire;
}

export async function runKills({ kills, seed }: KillPlan): Promise<KillReport> {
  const random = createFixedRandom(seed);
  const dataDir = await temporaryFolder();
  const sites = await makeSites(dataDir, random);
  const workers = sites.flatMap((site) => workersOf(site));
  const unanswered: number[] = [];
  for (let kill = 0; kill < kills; kill++) {
    if (kill % killedStartsEvery === 0) await killStart(dataDir, random.below(killedStartMsMax));
    const broker = await launch({ dataDir });
    const wires = await Wire.openMany(broker.endpoint, workers.length);
    const crew = workers.flatMap((worker, at) => {
      const wire = wires[at];
      return wire === undefined ? [] : [{ worker, wire }];
    });
    await freezeUnderLoad(broker, sites, crew, random);
    await broker.kill9();
    unanswered.push(await countUnanswered(wires));
    for (const site of sites) site.ledger.restarted();
  }
  const broker = await launch({ dataDir });
  let drained = 0;
  for (const site of sites) drained += await emptyOut(broker.endpoint, site);
  await broker.stop();
  return {
    unanswered,
    messages: sites.reduce((sum, { ledger }) => sum + ledger.size, 0),
    drained,
    findings: sites.flatMap(({ ledger }) => ledger.findings),
    refusals: sites.flatMap(({ refusals }) => refusals),
    dataDir,
  };
}

async function makeSites(dataDir: string, random: FixedRandom): Promise<readonly WatchedSite[]> {
  const broker = await launch({ dataDir });
  const wire = await Wire.open(broker.endpoint);
  const make = async (kind: Site['kind']): Promise<WatchedSite> => {
    const input = kind === 'fifo' ? { QueueName: 'q.fifo', Attributes: { FifoQueue: 'true' } } : { QueueName: 'q' };
    const { value } = await wire.call('CreateQueue', input);
    // The path is what names a queue: the next broker has another port.
    return createSite(textOf(value, 'QueueUrl'), kind, random);
  };
  const sites = [await make('standard'), await make('fifo')];
  wire.close();
  await broker.kill9(); // What was answered is there, also of settings.
  return sites;
}

function workersOf(site: Site): readonly Post['worker'][] {
  const producers = Array.from(
    { length: producersPerQueue },
    (_, at) => new Producer(site, `${site.kind}${at}`, groupsPerProducer),
  );
  const consumers = Array.from({ length: consumersPerQueue }, () => new Consumer(site));
  return [...producers, ...consumers];
}

/**
 * Stops the broker's threads at a random moment, wherever they are. What it has sent by then is read, which is the only
 * way to know what had no answer; when that is too little, it goes on, and so do the others.
 */
async function freezeUnderLoad(
  broker: LaunchedBroker,
  sites: readonly Site[],
  crew: readonly Post[],
  random: FixedRandom,
): Promise<void> {
  for (;;) {
    const moment = momentOf(sites, random);
    for (const site of sites) site.isOpen = true;
    for (const { worker, wire } of crew) if (!wire.isBusy) worker.work(wire);
    await moment;
    for (const site of sites) site.isOpen = false;
    broker.signal('SIGSTOP');
    for (let turns = 0; turns < turnsToReadAll; turns++) await setImmediate();
    if (crew.filter(({ wire }) => wire.isChanging).length >= unansweredMin) return;
    broker.signal('SIGCONT');
  }
}

/** Counted in answers, so that a slow machine gets as far as a quick one. */
function momentOf(sites: readonly Site[], random: FixedRandom): Promise<void> {
  const answers = answersOf(sites, random.below(answersBeforeKillMax));
  const extraMs = random.below(extraMsMax);
  return answers.then(() => setTimeout(extraMs));
}

/** What has no answer when its connection has ended will never have one. */
async function countUnanswered(wires: readonly Wire[]): Promise<number> {
  const ends = await Promise.all(wires.map((wire) => wire.ended));
  return ends.filter((isLost) => isLost).length;
}

async function killStart(dataDir: string, afterMs: number): Promise<void> {
  const started = startProcess(['serve', '--host', '127.0.0.1', '--http-port', '0', '--data-dir', dataDir]);
  await Promise.race([setTimeout(afterMs), started.exited]);
  started.child.kill('SIGKILL');
  await started.exited;
}
