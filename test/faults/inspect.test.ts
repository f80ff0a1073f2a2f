import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openSqliteStore, storeFileName } from '../../storage/sqlite/index.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { temporaryFolder } from '../support/launch.ts';
import { inspectStore } from './support/inspect.ts';
import { StoreWork } from './support/store-work.ts';

const turns = 12;

async function makeStore(): Promise<string> {
  const dataDir = await temporaryFolder();
  const clock = createFakeClock();
  const store = openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false });
  await store.start();
  const work = new StoreWork(store, clock, createFixedRandom(1), () => undefined);
  await work.createQueues();
  for (let turn = 0; turn < turns; turn++) await work.turn(turn);
  await store.stop();
  return dataDir;
}

test('a store that was stopped well has no fault', async () => {
  expect(inspectStore(await makeStore())).toEqual([]);
});

const planted: readonly (readonly [string, string])[] = [
  ['tallies that differ from the rows of their queue', 'UPDATE tally SET entries = entries + 1 WHERE life = 1'],
  ['queues without a tally', 'DELETE FROM tally WHERE life = 1'],
  ['entries without their body', 'DELETE FROM body WHERE id = (SELECT max(body) FROM entry)'],
  ['entries of no queue that nobody will sweep', 'DELETE FROM queue WHERE life = 1'],
  ['shared bodies with a wrong number of references', 'UPDATE body_refs SET refs = refs + 1'],
  ['bodies that nobody refers to and nobody will sweep', "INSERT INTO body VALUES (999999, x'00', x'00')"],
];

test.each(planted)('%s are found', async (name, sql) => {
  const dataDir = await makeStore();
  const db = new Database(join(dataDir, storeFileName));
  db.exec(sql);
  db.close();

  const faults = inspectStore(dataDir);

  expect(faults.some((fault) => fault.endsWith(name))).toBe(true);
});
