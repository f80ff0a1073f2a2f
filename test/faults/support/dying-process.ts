/** Works on a store in this thread until a named step comes for the given time, and is dead there and then. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { openSqliteStore } from '../../../storage/sqlite/index.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { StoreWork } from './store-work.ts';

const turnsMax = 120;
const [dataDir = '', journal = '', step = '', occurrence = '', seed = ''] = process.argv.slice(2);

let left = Number(occurrence);
const clock = createFakeClock();
const store = openSqliteStore({
  dataDir,
  clock,
  synchronous: 'FULL',
  isThreaded: false,
  onStep: (reached) => {
    if (reached === step && --left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
const file = openSync(journal, 'a');
await store.start();
const work = new StoreWork(store, clock, createFixedRandom(Number(seed)), (line) => {
  writeSync(file, `${JSON.stringify(line)}\n`);
});
await work.createQueues();
for (let turn = 0; turn < turnsMax; turn++) await work.turn(turn);
closeSync(file);
