import type { OpenStore } from '../../storage/contract/harness.ts';
import type { Store } from '../../storage/store.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFixedRandom } from './fixed-random.ts';
import { createModelDisk, createModelStore } from './model-store.ts';

/** A model whose state outlives its stores, as a disk would: a crash loses nothing but the connections. */
export const openModel: OpenStore = async () => {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const disk = createModelDisk(random);
  let store = createModelStore({ clock, random, disk });
  await store.start();

  async function reopen(): Promise<Store> {
    await store.stop();
    store = createModelStore({ clock, random, disk });
    await store.start();
    return store;
  }

  return {
    store,
    clock,
    crash: reopen,
    reopen,
    backupPath: '',
    openBackup: () => store.backup('').then(() => store),
    dispose: () => store.stop(),
  };
};
