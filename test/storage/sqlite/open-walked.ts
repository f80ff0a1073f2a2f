import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Step } from '../../../storage/sqlite/engine-state.ts';
import { openSqliteStore, type SqliteStoreOptions, storeFileName } from '../../../storage/sqlite/index.ts';
import type { Store } from '../../../storage/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import type { WalkHarness } from '../../support/walk/walk.ts';

/** Where the next crash strikes: between two groups, or within the next one. */
const moments = ['now', 'applied', 'before-commit', 'after-commit', 'begin'] as const satisfies readonly (
  | 'now'
  | Step
)[];
/** Turns that a group is waited for which may never come, when nothing was asked. */
const turnsMax = 5;

/**
 * A store whose engine runs in this thread, so that a crash can strike within a group: the files are copied at a named
 * step, and a new store opens the copy. What was in no file is lost, as by `kill -9`.
 */
export async function openWalked(options: Partial<SqliteStoreOptions> = {}): Promise<WalkHarness> {
  const root = mkdtempSync(join(tmpdir(), 'gantry-walk-'));
  const clock = createFakeClock();
  let crashes = 0;
  let strikeAt: Step | undefined;
  let isFull = false;
  let folder = join(root, '0');

  function copyTo(next: string): void {
    mkdirSync(next);
    for (const name of [storeFileName, `${storeFileName}-wal`]) {
      if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(next, name));
    }
  }

  function onStep(step: Step): void {
    if (step === 'before-commit' && isFull) {
      isFull = false; // The second try has less to write, and finds the reserve.
      throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    }
    if (step !== strikeAt) return;
    strikeAt = undefined;
    copyTo(join(root, String(crashes)));
  }

  async function open(): Promise<Store> {
    const store = openSqliteStore({
      dataDir: folder,
      clock,
      synchronous: 'OFF',
      isThreaded: false,
      onStep,
      ...options,
    });
    await store.start();
    return store;
  }

  mkdirSync(folder);
  let store = await open();
  return {
    store,
    clock,
    fillDisk() {
      isFull = true;
      return () => {
        const wasFull = !isFull;
        isFull = false;
        return wasFull;
      };
    },
    async crash() {
      const moment = moments[crashes % moments.length];
      crashes++;
      const left = join(root, String(crashes));
      strikeAt = moment === 'now' ? undefined : moment;
      for (let turn = 0; turn < turnsMax && strikeAt !== undefined; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      strikeAt = undefined;
      if (!existsSync(left)) copyTo(left);
      await store.stop();
      folder = left;
      store = await open();
      return store;
    },
    async reopen() {
      await store.stop();
      store = await open();
      return store;
    },
    backupPath: join(root, 'backup'),
    openBackup: () => Promise.reject(new Error('a walk makes no backups')),
    async dispose() {
      await store.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
