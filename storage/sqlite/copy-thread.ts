/**
 * The thread of one copy (copy.ts). It reads through a transaction that stays open, so the copy is of one moment whatever
 * is committed meanwhile, and no commit makes it begin anew, as SQLite's backup does otherwise. What such a reader costs is
 * that the log grows while it reads; so when it is done it writes that log into the file here, where nobody waits.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { noSpaceLeft } from './copied-file.ts';
import { type CopyOrder, type CopyReport, stoppedEarly } from './copy.ts';
import { isFullError } from './file.ts';
import { toPlain } from './plain-error.ts';

/** 512 KiB: a step is a millisecond or two. */
const pagesAtOnce = 64;
/** So the disk is never handed more at once, and commits do not queue behind it. */
const stepsASync = 8;
/** Rests as long as it worked: half of a disk and of a core is left to those who send. */
const restShare = 1;
const restMsMax = 250;
/** Of what was committed during the copy; the engine does the last pages of it by itself. */
const checkpointsMax = 8;

const order = workerData as CopyOrder;
const stop = new Int32Array(order.stop);

const report: CopyReport = await copy().then(
  () => ({ error: undefined }),
  (error: unknown) => ({ error: toPlain(explained(error)) }),
);
parentPort?.postMessage(report);

async function copy(): Promise<void> {
  const db = new Database(order.file, { fileMustExist: true });
  const descriptor = openSync(order.part, 'r+');
  try {
    db.pragma('synchronous = NORMAL');
    db.pragma('checkpoint_fullfsync = 1');
    db.exec('BEGIN');
    db.prepare('SELECT count(*) FROM sqlite_schema').get(); // From here on it sees one moment.
    await copyPages(db, descriptor);
    fsyncSync(descriptor);
    db.exec('COMMIT');
    writeLogBack(db);
  } finally {
    closeSync(descriptor);
    db.close();
  }
}

async function copyPages(db: Database.Database, descriptor: number): Promise<void> {
  let steps = 0;
  let startedAt = performance.now();
  const { totalPages } = await db.backup(order.part, {
    progress: () => {
      if (++steps % stepsASync === 0) {
        fdatasyncSync(descriptor);
        refuseWithoutRoom();
      }
      rest((performance.now() - startedAt) * restShare);
      if (Atomics.load(stop, 0) !== 0) throw stoppedEarly();
      startedAt = performance.now();
      return pagesAtOnce;
    },
  });
  if (totalPages === 0) throw new Error('broken invariant: a copy has pages');
}

/** Wakes at once when the copy is to stop. */
function rest(ms: number): void {
  Atomics.wait(stop, 0, 0, Math.min(ms, restMsMax));
}

/** The copy and the log grow on what may be the store's own disk. */
function refuseWithoutRoom(): void {
  const { bavail, bsize } = statfsSync(dirname(order.part));
  if (bavail * bsize < order.freeBytesKept) throw noSpaceLeft(order.part, undefined);
}

function writeLogBack(db: Database.Database): void {
  for (let round = 0; round < checkpointsMax; round++) {
    const [state] = db.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
    if (state === undefined || state.log - state.checkpointed < pagesAtOnce) return;
  }
}

function explained(error: unknown): unknown {
  return isFullError(error) ? noSpaceLeft(order.part, error) : error;
}
