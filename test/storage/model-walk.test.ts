import { describe, expect, it } from 'vitest';
import type { StoreHarness } from '../../storage/contract/harness.ts';
import type { Store } from '../../storage/store.ts';
import { openModel } from '../support/open-model.ts';
import { walk } from '../support/walk/walk.ts';

/** A model with a planted fault, which the walk must find. */
async function openFaulty(plant: (store: Store) => Store): Promise<StoreHarness> {
  const harness = await openModel();
  return {
    ...harness,
    store: plant(harness.store),
    crash: async () => plant(await harness.crash()),
    reopen: async () => plant(await harness.reopen()),
  };
}

describe('the walk that compares an engine with the model', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`finds nothing where both are the model, seed ${seed}`, async () => {
      await walk({ open: openModel, seed, steps: 400 });
    });
  }

  it('finds an ack that is answered and not done', async () => {
    const open = () =>
      openFaulty((store) => ({
        ...store,
        async commit(batch) {
          const changes = batch.changes.filter((change) => change.do !== 'settle' || change.as.type !== 'ack');
          const isOneAck = batch.changes.length === 1 && changes.length === 0;
          if (!isOneAck) return store.commit(batch);
          return { ok: true, at: store.clock.now(), changes: [{ did: 'settle', was: 'done' }] };
        },
      }));

    await expect(walk({ open, seed: 1, steps: 400 })).rejects.toThrow('walk with seed 1');
  });

  it('finds a receive that takes a delivery and gives it to nobody', async () => {
    const open = () =>
      openFaulty((store) => ({
        ...store,
        async receive(request) {
          const deliveries = await store.receive(request);
          return deliveries.length > 2 ? deliveries.slice(1) : deliveries;
        },
      }));

    await expect(walk({ open, seed: 1, steps: 400 })).rejects.toThrow('receive');
  });

  it('finds a record that was on disk and is gone after a crash', async () => {
    const open = async (): Promise<StoreHarness> => {
      const harness = await openModel();
      return {
        ...harness,
        async crash() {
          const store = await harness.crash();
          const [record] = await store.records(['r']);
          if (record !== undefined) {
            await store.commit({ changes: [{ do: 'forget', key: record.key }], durability: 'disk' });
          }
          return store;
        },
      };
    };

    await expect(walk({ open, seed: 1, steps: 400 })).rejects.toThrow('after a crash');
  });

  it('finds a queue that is not told ready', async () => {
    const open = () => openFaulty((store) => ({ ...store, onReady: () => {} }));

    await expect(walk({ open, seed: 1, steps: 400, readyMsMax: 50 })).rejects.toThrow('not told ready');
  });
});
