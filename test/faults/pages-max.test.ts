import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../storage/sqlite/index.ts';
import type { BatchResult, Delivery, QueueId, Store } from '../../storage/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { temporaryFolder } from '../support/launch.ts';
import { inspectStore } from './support/inspect.ts';

const pagesMax = 600;
const bodyBytes = 8 * 1024;
const leaseMs = 600_000;
const random = createFixedRandom();

async function setup() {
  const dataDir = await temporaryFolder();
  const clock = createFakeClock();
  const store = openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false, pagesMax });
  const states: string[] = [];
  store.onState((state) => states.push(state));
  await store.start();
  onTestFinished(() => store.stop());
  const queue = store.newQueueId();
  const settings = { groups: 'ignore', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
  const made = await store.commit({ changes: [{ do: 'create-queue', queue, settings }], durability: 'disk' });
  expect(made.ok).toBe(true);
  return { dataDir, clock, store, states, queue };
}

function append(store: Store, queue: QueueId): Promise<BatchResult> {
  const message = { id: random.uuid(), head: Buffer.alloc(8), body: Buffer.alloc(bodyBytes, 'x'), priority: 4 };
  return store.commit({ changes: [{ do: 'append', message, to: [{ queue }] }], durability: 'disk' });
}

/** @returns how many were stored before the first that was refused, and why that was */
async function fill(store: Store, queue: QueueId): Promise<{ readonly stored: number; readonly refusal: string }> {
  for (let stored = 0; ; stored++) {
    const result = await append(store, queue);
    if (!result.ok) return { stored, refusal: result.error.code };
  }
}

/** As SQS does it: leases wait for no disk, and what is done is deleted ten at a time. */
async function consumeAll(store: Store, queue: QueueId): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (;;) {
    const request = { queue, lease: { forMs: leaseMs }, deliveriesMax: 10, durability: 'memory' } as const;
    const deliveries = await store.receive(request);
    if (deliveries.length === 0) return outcomes;
    outcomes.push(...(await ackAll(store, deliveries)));
  }
}

test('a full file refuses appends, and says so once, while all that waits is received and acknowledged', async () => {
  const { dataDir, store, states, queue } = await setup();

  const { stored, refusal } = await fill(store, queue);
  const again = await append(store, queue);
  const outcomes = await consumeAll(store, queue);

  expect(stored).toBeGreaterThan(50);
  expect(refusal).toBe('store-full');
  expect(again).toMatchObject({ ok: false, error: { code: 'store-full' } });
  expect(states).toEqual(['full']);
  expect(outcomes).toEqual(Array.from({ length: stored }, () => 'done'));
  expect((await store.tallies([queue]))[0]).toMatchObject({ waiting: 0, leased: 0 });
  expect(inspectStore(dataDir)).toEqual([]);
});

test('what is acknowledged and swept makes room for appends', async () => {
  const { dataDir, clock, store, states, queue } = await setup();
  const { stored } = await fill(store, queue);
  await consumeAll(store, queue);

  clock.advance(1_500);
  const second = await fill(store, queue);

  // The file is as large as before, so the same number fits again, give or take a page here and there.
  expect(second.stored).toBeGreaterThan(stored * 0.9);
  expect(states).toEqual(['full', 'ok', 'full']);
  expect(inspectStore(dataDir)).toEqual([]);
});

test('what finds no room at all is refused, and the store lives on', async () => {
  const { dataDir, store, queue } = await setup();
  const { stored } = await fill(store, queue);
  const everything = { queue, lease: { forMs: leaseMs }, deliveriesMax: 1_000, durability: 'disk' } as const;

  // Leases that must be on disk need pages for their index, and there is none.
  await expect(store.receive(everything)).rejects.toMatchObject({ code: 'store-full' });

  expect((await store.tallies([queue]))[0]).toMatchObject({ waiting: stored, leased: 0 });
  expect(await consumeAll(store, queue)).toHaveLength(stored);
  expect(inspectStore(dataDir)).toEqual([]);
});

test('a batch is refused whole: no part of a full disk is half a batch', async () => {
  const { store, queue } = await setup();
  const { stored } = await fill(store, queue);
  const message = { id: random.uuid(), head: Buffer.alloc(8), body: Buffer.alloc(1), priority: 4 };

  const result = await store.commit({
    changes: [
      { do: 'put', key: ['note', 1], value: Buffer.from('x') },
      { do: 'append', message, to: [{ queue }] },
    ],
    durability: 'disk',
  });

  expect(result).toMatchObject({ ok: false, error: { code: 'store-full' } });
  expect(await store.records(['note'])).toEqual([]);
  expect((await store.tallies([queue]))[0]).toMatchObject({ waiting: stored });
});

async function ackAll(store: Store, deliveries: readonly Delivery[]): Promise<readonly string[]> {
  const results = await Promise.all(
    deliveries.map(({ receipt }) =>
      store.commit({ changes: [{ do: 'settle', receipt, as: { type: 'ack' } }], durability: 'disk' }),
    ),
  );
  return results.map((result) => {
    const [change] = result.ok ? result.changes : [];
    return change?.did === 'settle' ? change.was : 'refused';
  });
}
