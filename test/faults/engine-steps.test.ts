import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Step } from '../../storage/sqlite/engine-state.ts';
import { openSqliteStore } from '../../storage/sqlite/index.ts';
import type { QueueId, Store } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { temporaryFolder } from '../support/launch.ts';
import { makeQueueId } from '../support/model/state.ts';
import { Ledger } from './ledger.ts';
import { inspectStore } from './support/inspect.ts';
import { type JournalLine, readJournal } from './support/journal.ts';
import { fifoFields, hexOf, keyOf, leaseMs, nameOf } from './support/store-work.ts';

const seed = Number(process.env.GANTRY_SEED ?? Date.now() % 1_000_000);
const dying = fileURLToPath(new URL('./support/dying-process.js', import.meta.url));

/** When each step is reached for the nth time: early, in the middle of the work, later. */
const moments: Readonly<Record<Step, readonly number[]>> = {
  begin: [1, 7, 60],
  applied: [3, 20, 90],
  'before-commit': [2, 9, 70],
  'after-commit': [2, 9, 70],
  'before-checkpoint': [1, 2, 4],
  sweep: [1, 5, 20],
  flush: [1, 4, 9],
};
const cases = Object.entries(moments).flatMap(([step, times]) => times.map((time) => [step, time] as const));

test.concurrent.each(cases)('a death at step %s, time %i, loses nothing that was answered', async (step, time) => {
  const dataDir = await temporaryFolder();
  const journal = await die(dataDir, step, time);

  const { faults, findings } = await survey(dataDir, journal);

  expect(faults, `GANTRY_SEED=${seed}`).toEqual([]);
  expect(findings, `GANTRY_SEED=${seed}`).toEqual([]);
});

/** @returns what the process was told before it died at that step, and nowhere else */
async function die(dataDir: string, step: string, time: number): Promise<readonly JournalLine[]> {
  const journal = join(dataDir, 'journal');
  const args = [dying, dataDir, journal, step, String(time), String(seed)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'close');
  expect(child.signalCode, `step ${step} was never reached ${time} times`).toBe('SIGKILL');
  return readJournal(await readFile(journal, 'utf8'));
}

/** Opens the folder two minutes later: leases are over, deduplication windows are not. */
async function survey(dataDir: string, journal: readonly JournalLine[]) {
  const clock = createFakeClock();
  clock.advance(120_000);
  const store = openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false });
  await store.start();
  try {
    const faults = [...inspectStore(dataDir), ...(await forgotten(store, journal))];
    const findings = [];
    for (const queue of ['plain', 'fifo']) {
      const id = queueIdIn(journal, queue);
      if (id === undefined) continue;
      const ledger = replay(journal, queue);
      if (queue === 'fifo') await sendAllAgain(store, id, journal, ledger);
      await drain(store, id, ledger);
      findings.push(...ledger.findings);
    }
    return { faults, findings };
  } finally {
    await store.stop();
  }
}

function queueIdIn(journal: readonly JournalLine[], queue: string): QueueId | undefined {
  const line = journal.find((one) => one.did === 'create' && one.queue === queue);
  return line?.did === 'create' ? makeQueueId(line.id) : undefined;
}

/** Records and purges that were answered. */
async function forgotten(store: Store, journal: readonly JournalLine[]): Promise<readonly string[]> {
  const faults: string[] = [];
  const records = await store.records(['note']);
  const kept = new Set(records.map(({ key }) => key[1]));
  for (const line of journal) {
    if (line.did === 'put' && !kept.has(line.record)) faults.push(`record ${line.record} is gone`);
  }
  const purged = journal.reduce((last, line) => (line.did === 'purge' ? line.generation : last), -1);
  const scrap = queueIdIn(journal, 'scrap');
  if (scrap === undefined) return faults;
  const lease = { forMs: leaseMs };
  const left = await store.receive({ queue: scrap, lease, deliveriesMax: 1_000, durability: 'memory' });
  const undead = left.filter((delivery) => Number(nameOf(delivery).split('/')[1]) <= purged);
  if (undead.length > 0) faults.push(`${undead.length} purged messages are back`);
  return faults;
}

function replay(journal: readonly JournalLine[], queue: string): Ledger {
  const ledger = new Ledger(queue === 'fifo' ? 'fifo' : 'standard');
  for (const line of journal) if ('queue' in line && line.queue === queue) apply(ledger, line);
  ledger.restarted();
  return ledger;
}

function apply(ledger: Ledger, line: JournalLine): void {
  if (line.did === 'ask-send') ledger.sendAsked(line.key);
  else if (line.did === 'send') ledger.sendAnswered(line.key, line.id, String(line.pos));
  else if (line.did === 'receive') ledger.received(line.given, line.asked, line.answered, leaseMs);
  else if (line.did === 'ask-delete') ledger.deleteAsked(line.key);
  else if (line.did === 'delete') ledger.deleteAnswered(line.key, line.isDone, line.at);
}

/** As clients do that had no answer, and some that had one: each must be told of its first. */
async function sendAllAgain(
  store: Store,
  queue: QueueId,
  journal: readonly JournalLine[],
  ledger: Ledger,
): Promise<void> {
  const random = createFixedRandom(seed + 1);
  for (const line of journal) {
    if (line.did !== 'ask-send' || line.queue !== 'fifo') continue;
    const { key } = line;
    const message = {
      id: random.uuid(),
      head: Buffer.alloc(8),
      body: Buffer.from(`${key.group}/${key.index}`),
      priority: 4,
    };
    const to = [{ queue, ...fifoFields(key) }];
    const result = await store.commit({ changes: [{ do: 'append', message, to }], durability: 'disk' });
    const [change] = result.ok ? result.changes : [];
    const target = change?.did === 'append' ? change.targets[0] : undefined;
    if (target === undefined || 'dropped' in target) throw new Error('an append was refused');
    const { id, pos } = 'duplicateOf' in target ? target.duplicateOf : { id: message.id, pos: target.pos };
    ledger.sendAnswered(key, hexOf(id), String(pos));
  }
}

async function drain(store: Store, queue: QueueId, ledger: Ledger): Promise<void> {
  const [tally] = await store.tallies([queue]);
  if (tally === undefined) throw new Error('no tally');
  ledger.beginDrain(tally.waiting + tally.delayed + tally.leased);
  for (;;) {
    const now = store.clock.now();
    const lease = { forMs: leaseMs };
    const deliveries = await store.receive({ queue, lease, deliveriesMax: 10, durability: 'memory' });
    if (deliveries.length === 0) break;
    const given = deliveries.map((delivery) => ({ key: keyOf(delivery), id: hexOf(delivery.id) }));
    ledger.received(given, now, now, leaseMs);
    for (const [at, { receipt }] of deliveries.entries()) {
      const key = given[at]?.key;
      if (key === undefined) continue;
      ledger.deleteAsked(key);
      await store.commit({ changes: [{ do: 'settle', receipt, as: { type: 'ack' } }], durability: 'disk' });
      ledger.deleteAnswered(key, true, now);
    }
  }
  ledger.end();
}
