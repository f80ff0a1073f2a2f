/** What the store has a part in, over the real engine: the other files run the same cases over the model of it. */
import { openSqliteStore } from '../../../storage/sqlite/index.ts';
import { attributeChangeCases } from './cases/attribute-changes.ts';
import { batchCases } from './cases/batches.ts';
import { deadLetterCases } from './cases/dead-letter.ts';
import { fifoCases } from './cases/fifo.ts';
import { receiveMessageCases } from './cases/receive-message.ts';
import { runCases } from './run-case.ts';

const cases = [attributeChangeCases, batchCases, deadLetterCases, fifoCases, receiveMessageCases].flat();

runCases(cases, {
  openStore: ({ clock }) => openSqliteStore({ dataDir: ':memory:', clock, synchronous: 'OFF', isThreaded: false }),
});
