import { afterEach, expect, it } from 'vitest';
import { limits } from '../../../src/core/limits.ts';
import { createDrains, type DrainKind } from '../../../src/core/topics/drains.ts';
import { logSettings } from '../../../src/core/topics/hidden-queues.ts';
import { encodeHead } from '../../../src/model/head.ts';
import type { QueueId } from '../../../src/model/queue.ts';
import type { Delivery } from '../../../storage/store.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFixedRandom } from '../../support/fixed-random.ts';
import { createModelStore } from '../../support/model-store.ts';
import { quiet } from '../world.ts';

const mebibyte = 1_048_576;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Drains that keep what they are given until the test lets it go. */
async function setup() {
  const clock = createFakeClock();
  const random = createFixedRandom();
  const store = createModelStore({ clock, random });
  await store.start();
  const drains = createDrains(store);
  const held: { readonly queue: QueueId; readonly bytes: number; readonly count: number; go(): void }[] = [];
  const order: QueueId[] = [];
  const most = { count: 0, bytes: 0 };
  let isEnding = false;

  async function handle(deliveries: readonly Delivery[]): Promise<void> {
    const [queue] = deliveries.map((delivery) => delivery.queue);
    if (queue === undefined) return;
    for (const delivery of deliveries) order.push(delivery.queue);
    const bytes = deliveries.reduce((sum, { body }) => sum + (body instanceof Uint8Array ? body.length : 0), 0);
    await new Promise<void>((go) => {
      held.push({ queue, bytes, count: deliveries.length, go });
      most.count = Math.max(
        most.count,
        held.reduce((sum, { count }) => sum + count, 0),
      );
      most.bytes = Math.max(
        most.bytes,
        held.reduce((sum, each) => sum + each.bytes, 0),
      );
      if (isEnding) go();
    });
    const changes = deliveries.map(({ receipt }) => ({ do: 'settle', queue, receipt, as: { type: 'ack' } }) as const);
    await store.commit({ changes, durability: 'disk' });
  }
  endings.push(async () => {
    isEnding = true;
    for (const { go } of held.splice(0)) go();
    await drains.stop();
    await store.stop();
  });

  return {
    ...{ drains, held, order, most },
    /** Each has so many messages of so many bytes. */
    async queues(count: number, messages: number, bytes: number, more: { kind?: () => DrainKind; site?: string } = {}) {
      const { kind = () => 'push' as const, site } = more;
      const made: QueueId[] = [];
      const body = new Uint8Array(bytes);
      for (let at = 0; at < count; at++) {
        const queue = store.newQueueId();
        made.push(queue);
        await store.commit({ changes: [{ do: 'create-queue', queue, settings: logSettings }], durability: 'disk' });
        for (let message = 0; message < messages; message++) {
          const appended = { id: random.uuid(), head: encodeHead({}, []), body, priority: 4 };
          const to = [{ queue, group: `g${message}` }];
          await store.commit({ changes: [{ do: 'append', message: appended, to }], durability: 'disk' });
        }
        drains.add({ queue, kind, site: () => site, inFlightMax: () => 8, handle });
      }
      return made;
    },
    letGo(which: (queue: QueueId) => boolean = () => true) {
      const going = held.filter(({ queue }) => which(queue));
      for (const each of going) {
        held.splice(held.indexOf(each), 1);
        each.go();
      }
    },
  };
}

it('a thousand queues that become ready at once have no more bytes under way than all may have, one turn each', async () => {
  const { drains, queues, held, most, order, letGo } = await setup();
  const all = await queues(1_000, 1, mebibyte / 4);

  drains.start();
  await quiet(100);
  expect(held.length).toBeGreaterThan(50);
  while (order.length < 1_000) {
    const before = order.length;
    letGo();
    await quiet(100);
    expect(order.length).toBeGreaterThan(before);
  }

  expect(most.bytes).toBeLessThanOrEqual(limits.drained.push.bytesMax);
  expect(order).toEqual(all);
});

it('small messages are bounded by their number', async () => {
  const { drains, queues, most } = await setup();
  await queues(150, 8, 10);

  drains.start();
  await quiet(300);

  expect(most.count).toBeGreaterThan(limits.drained.push.deliveriesMax / 2);
  expect(most.count).toBeLessThanOrEqual(limits.drained.push.deliveriesMax);
});

it('a queue whose messages nobody ends takes no room from others: they are served one after the other', async () => {
  const { drains, queues, letGo, held, order } = await setup();
  const [stuck] = await queues(1, 20, mebibyte / 4);
  await queues(200, 2, mebibyte / 4);

  drains.start();
  for (let round = 0; round < 400 && order.filter((queue) => queue !== stuck).length < 400; round++) {
    await quiet(20);
    letGo((queue) => queue !== stuck);
  }

  expect(order.filter((queue) => queue !== stuck)).toHaveLength(400);
  expect(held.filter(({ queue }) => queue === stuck).reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(8);
});

it('logs and quick endpoints go on while slow ones have taken all that is for them, and logs while all have', async () => {
  const { drains, queues, order } = await setup();
  await queues(200, 1, mebibyte / 4, { kind: () => 'slow' });
  drains.start();
  await quiet(200);
  const slow = order.length;
  expect(slow * (mebibyte / 4)).toBeLessThanOrEqual(limits.drained.slow.bytesMax);

  await queues(200, 1, mebibyte / 4);
  await quiet(200);
  const living = order.length - slow;
  expect(living).toBeGreaterThan(50);
  const logs = await queues(10, 1, mebibyte / 4, { kind: () => 'log' });
  await quiet(50);

  expect(order.slice(slow + living)).toEqual(logs);
});

it('endpoints of one host have no more under way than is of use to it, and others go on', async () => {
  const { drains, queues, order, letGo } = await setup();
  await queues(100, 1, 10, { site: 'http://slow.example' });
  drains.start();
  await quiet(200);
  expect(order).toHaveLength(limits.drained.site.deliveriesMax);

  const others = await queues(20, 1, 10, { site: 'http://quick.example' });
  await quiet(100);
  expect(order.slice(limits.drained.site.deliveriesMax)).toEqual(others);
  letGo();
  await quiet(200);

  expect(order).toHaveLength(120);
});
