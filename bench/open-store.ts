/** Opens the product's own engine, without a broker around it. */
import { randomFillSync } from 'node:crypto';
import type { Clock } from '../src/model/clock.ts';
import type { Random } from '../src/model/random.ts';
import { openSqliteStore } from '../storage/sqlite/index.ts';
import type { Store } from '../storage/store.ts';

export interface OpenOptions {
  readonly dataFolder: string;
  readonly synchronous: 'FULL' | 'NORMAL' | 'OFF';
  /** How long ago it is for the store; 0: now. */
  readonly agoMs: number;
}

/** Started. */
export async function openStore({ dataFolder, synchronous, agoMs }: OpenOptions): Promise<Store> {
  const store = openSqliteStore({
    dataDir: dataFolder,
    clock: createClock(agoMs),
    synchronous,
    bodyCacheBytes: 32 << 20,
  });
  await store.start();
  return store;
}

function createClock(agoMs: number): Clock {
  return {
    now: () => Date.now() - agoMs,
    after: (ms, action) => {
      const timer = setTimeout(action, ms).unref();
      return { cancel: () => clearTimeout(timer) };
    },
  };
}

export const random: Random = {
  bytes: (count) => randomFillSync(new Uint8Array(count)),
  uuid: () => {
    const id = randomFillSync(new Uint8Array(16));
    id[6] = ((id[6] ?? 0) & 0x0f) | 0x40;
    id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
    return id;
  },
};
