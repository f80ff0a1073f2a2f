import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../storage/sqlite/index.ts';
import type { ChangeResult, QueueId, Store, Target } from '../../storage/store.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createFixedRandom } from '../support/fixed-random.ts';
import { temporaryFolder } from '../support/launch.ts';
import { inspectStore } from './support/inspect.ts';
import { nameOf } from './support/store-work.ts';

const noon = 1_800_000_000_000;
const hourMs = 3_600_000;
const leaseMs = 30_000;
const delayMs = 60_000;
const windowMs = 300_000;
const random = createFixedRandom();

interface Life {
  readonly clock: FakeClock;
  readonly store: Store;
}
interface World extends Life {
  readonly dataDir: string;
  readonly queue: QueueId;
  /** The process ends, and the next one finds the machine's clock elsewhere. */
  restartAt(instant: number): Promise<Life>;
}

/** One message that is held, one that waits, one that is delayed, each with a deduplication id; on a FIFO queue. */
async function setup(): Promise<World> {
  const dataDir = await temporaryFolder();
  const first = await open(dataDir, noon);
  const queue = first.store.newQueueId();
  const settings = { groups: 'strict', delayMs: 0, dedupWindowMs: windowMs, onExpiry: 'drop' } as const;
  const made = await first.store.commit({ changes: [{ do: 'create-queue', queue, settings }], durability: 'disk' });
  expect(made.ok).toBe(true);
  await send(first.store, queue, 'held');
  expect(await receive(first.store, queue)).toEqual(['held']);
  await send(first.store, queue, 'waiting');
  await send(first.store, queue, 'delayed', { visibleAt: noon + delayMs });
  const restartAt = async (instant: number): Promise<Life> => {
    await first.store.stop();
    return open(dataDir, instant);
  };
  return { ...first, dataDir, queue, restartAt };
}

async function open(dataDir: string, instant: number): Promise<Life> {
  const clock = createFakeClock(instant);
  const store = openSqliteStore({ dataDir, clock, synchronous: 'OFF', isThreaded: false });
  onTestFinished(() => store.stop());
  await store.start();
  return { clock, store };
}

/** Each is a group of its own. */
async function send(store: Store, queue: QueueId, name: string, target: Partial<Target> = {}): Promise<ChangeResult> {
  const message = { id: random.uuid(), head: Buffer.alloc(8), body: Buffer.from(name), priority: 4 };
  const to = [{ queue, group: name, dedup: name, ...target }];
  const result = await store.commit({ changes: [{ do: 'append', message, to }], durability: 'disk' });
  const [change] = result.ok ? result.changes : [];
  if (change === undefined) throw new Error('an append was refused');
  return change;
}

async function receive(store: Store, queue: QueueId): Promise<readonly string[]> {
  const request = { queue, lease: { forMs: leaseMs }, deliveriesMax: 10, durability: 'disk' } as const;
  return (await store.receive(request)).map(nameOf);
}

test('a clock that stands a day later after a restart ends leases, delays and deduplication windows, and loses nothing', async () => {
  const { dataDir, queue, restartAt } = await setup();

  const { store } = await restartAt(noon + 24 * hourMs);
  const received = await receive(store, queue);
  const again = await send(store, queue, 'waiting');

  expect([...received].toSorted()).toEqual(['delayed', 'held', 'waiting']);
  expect(again).toMatchObject({ targets: [{ pos: 4 }] });
  expect(inspectStore(dataDir)).toEqual([]);
});

test('a clock that stands an hour earlier after a restart keeps leases, delays and duplicates, and serves what waits', async () => {
  const { dataDir, queue, restartAt } = await setup();

  const { store, clock } = await restartAt(noon - hourMs);
  const atOnce = await receive(store, queue);
  const duplicate = await send(store, queue, 'waiting');
  await send(store, queue, 'new');
  const next = await receive(store, queue);
  clock.advance(hourMs + delayMs + 1);
  const late = await receive(store, queue);

  expect(atOnce).toEqual(['waiting']);
  expect(duplicate).toMatchObject({ targets: [{ duplicateOf: { pos: 2 } }] });
  expect(next).toEqual(['new']);
  expect([...late].toSorted()).toEqual(['delayed', 'held', 'new', 'waiting']);
  expect(inspectStore(dataDir)).toEqual([]);
});

test('what is sent and held under an earlier clock ends by that clock', async () => {
  const { queue, restartAt } = await setup();
  const { store, clock } = await restartAt(noon - hourMs);
  await receive(store, queue);
  await send(store, queue, 'soon', { visibleAt: noon - hourMs + 1_000 });

  clock.advance(1_001);
  const afterDelay = await receive(store, queue);
  clock.advance(leaseMs);
  const afterLease = await receive(store, queue);

  expect(afterDelay).toEqual(['soon']);
  expect([...afterLease].toSorted()).toEqual(['soon', 'waiting']);
});
