import type { Store } from '../../storage/store.ts';
import type { Clock } from '../model/clock.ts';
import type { Random } from '../model/random.ts';
import type { Config } from './config.ts';
import type { ServerStatus } from './health.ts';
import type { Log } from './log.ts';
import type { Migrated, ServerParts } from './parts.ts';

interface StoreOpening {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly status: ServerStatus;
  /** Undefined until there is one. */
  log(): Log | undefined;
  migrated(how: Migrated): void;
  /** Broken, or lost to others: nothing may be acknowledged any more. */
  broken(why: string): void;
}

/** The store as the options want it; what it says of its state goes into the status and the log. */
export async function openStore(open: ServerParts['openStore'], opening: StoreOpening): Promise<Store> {
  const { config, clock, random, status, log, migrated, broken } = opening;
  const store = await open({
    dataDir: config.dataDir,
    clock,
    random,
    synchronous: config.durability === 'full' ? 'FULL' : 'NORMAL',
    bodyCacheBytes: config.bodyCacheBytes,
    pendingBytesMax: config.pendingBytesMax,
    freeBytesMin: config.diskFreeMin,
    skipsMigrationCopy: config.skipMigrationCopy,
    onMigrated: migrated,
  });
  store.onState((state, why) => {
    const isNews = state !== status.store.state;
    status.store = { state, why };
    if (!isNews) return;
    if (state === 'ok') log()?.info('store-ok', { why });
    else if (state === 'full') log()?.error('store-full', { why, dataDir: config.dataDir });
    else {
      log()?.fatal(`store-${state}`, { why, dataDir: config.dataDir });
      broken(why);
    }
  });
  return store;
}
