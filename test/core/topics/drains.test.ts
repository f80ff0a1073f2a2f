import { expect, it } from 'vitest';
import { createDrains } from '../../../src/core/topics/drains.ts';
import { logSettings } from '../../../src/core/topics/hidden-queues.ts';
import { GantryError } from '../../../src/model/errors.ts';
import { encodeHead } from '../../../src/model/head.ts';
import type { Delivery, Store } from '../../../storage/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { createModelStore } from '../../support/model-store.ts';
import { bodies, quiet } from '../world.ts';

async function setup(wrap: (store: Store) => Store = (store) => store) {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const store = wrap(createModelStore({ clock, random }));
  await store.start();
  const queue = store.newQueueId();
  await store.commit({ changes: [{ do: 'create-queue', queue, settings: logSettings }], durability: 'disk' });
  const drains = createDrains(store);
  const append = (body: Uint8Array, group: string) => {
    const message = { id: random.uuid(), head: encodeHead({}, []), body, priority: 4 };
    return store.commit({ changes: [{ do: 'append', message, to: [{ queue, group }] }], durability: 'disk' });
  };
  const ack = (deliveries: readonly Delivery[]) =>
    store.commit({
      changes: deliveries.map(({ receipt }) => ({ do: 'settle', queue, receipt, as: { type: 'ack' } }) as const),
      durability: 'disk',
    });
  return { clock, store, queue, drains, append, ack };
}

it('what could not be settled comes again a second later, before what came after it', async () => {
  const { clock, store, queue, drains, append, ack } = await setup();
  const rounds: string[][] = [];
  drains.add({
    queue,
    kind: () => 'push',
    inFlightMax: () => 10,
    handle: async (deliveries) => {
      rounds.push(bodies(deliveries));
      if (rounds.length === 1) throw new GantryError('store-full', 'no room');
      await ack(deliveries);
    },
  });
  drains.start();
  await append(Buffer.from('one'), 'g');
  await quiet();
  await append(Buffer.from('two'), 'g');
  await quiet();
  expect(rounds).toEqual([['one']]);

  clock.advance(1_000);
  await quiet();

  expect(rounds).toEqual([['one'], ['one', 'two']]);
  await drains.stop();
  await store.stop();
});

it('one queue has no more under way than its bytes and its number allow, and goes on when some has ended', async () => {
  const { store, queue, drains, append, ack } = await setup();
  const mebibyte = new Uint8Array(1_048_576);
  const underWay: (() => void)[] = [];
  let handled = 0;
  drains.add({
    queue,
    kind: () => 'push',
    inFlightMax: () => 100,
    handle: async (deliveries) => {
      handled += deliveries.length;
      await new Promise<void>((resolve) => underWay.push(resolve));
      await ack(deliveries);
    },
  });
  for (let at = 0; at < 10; at++) await append(mebibyte, `g${at}`);
  drains.start();
  await quiet();
  const first = handled;
  expect([first >= 3, first <= 5]).toEqual([true, true]);

  while (handled < 10) {
    for (const go of underWay.splice(0)) go();
    await quiet();
  }

  for (const go of underWay.splice(0)) go();
  await drains.stop();
  await store.stop();
});

it('a store that lends no place to a consumer for now is asked again', async () => {
  let refused = 0;
  const { clock, store, queue, drains, append, ack } = await setup((inner) => ({
    ...inner,
    openHolder: async (...given) => {
      if (refused++ === 0) throw new GantryError('unavailable', 'not now');
      return inner.openHolder(...given);
    },
  }));
  const seen: string[] = [];
  drains.add({
    queue,
    kind: () => 'push',
    inFlightMax: () => 10,
    handle: async (deliveries) => {
      seen.push(...bodies(deliveries));
      await ack(deliveries);
    },
  });
  drains.start();
  await append(Buffer.from('m'), 'g');
  await quiet();

  clock.advance(1_000);
  await quiet();

  expect([refused, seen]).toEqual([2, ['m']]);
  await drains.stop();
  await store.stop();
});
