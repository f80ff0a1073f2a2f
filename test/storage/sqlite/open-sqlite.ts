import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { OpenStore, StoreHarness } from '../../../storage/contract/harness.ts';
import { openSqliteStore, type SqliteStoreOptions, storeFileName } from '../../../storage/sqlite/index.ts';
import type { Store } from '../../../storage/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

/**
 * The SQLite store in a temporary folder. A crash is a copy of what the file system holds at that moment, opened by a
 * new store: what was in no file is lost, as by `kill -9`.
 */
export function openSqlite(options: Partial<SqliteStoreOptions> = {}): OpenStore {
  return async () => {
    const root = mkdtempSync(join(tmpdir(), 'gantry-store-'));
    const clock = createFakeClock();
    const stores: Store[] = [];
    let life = 0;
    const dataDir = () => join(root, `life-${life}`);
    const start = async (folder: string) => {
      mkdirSync(folder, { recursive: true });
      const store = openSqliteStore({ dataDir: folder, clock, synchronous: 'OFF', isThreaded: false, ...options });
      stores.push(store);
      await store.start();
      return store;
    };
    const backupPath = join(root, 'backup', storeFileName);
    mkdirSync(dirname(backupPath));
    const harness: StoreHarness = {
      store: await start(dataDir()),
      clock,
      backupPath,
      crash: async () => {
        const former = dataDir();
        life++;
        cpSync(former, dataDir(), { recursive: true });
        await stores.at(-1)?.stop();
        return start(dataDir());
      },
      reopen: async () => {
        await stores.at(-1)?.stop();
        return start(dataDir());
      },
      openBackup: () => start(dirname(backupPath)),
      dispose: async () => {
        for (const store of stores) await store.stop();
        rmSync(root, { recursive: true, force: true });
      },
    };
    return harness;
  };
}
