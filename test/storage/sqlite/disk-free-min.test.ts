/** Free space that is to be kept, on a file system that a test makes larger and smaller. */
import { expect, it } from 'vitest';
import { createSetup, texts } from '../../../storage/contract/world.ts';
import type { SqliteStoreOptions } from '../../../storage/sqlite/index.ts';
import { openSqlite } from './open-sqlite.ts';

const freeBytesMin = 1_000;

async function setup(options: Partial<SqliteStoreOptions> = {}) {
  const disk = { freeBytes: freeBytesMin, looks: 0 };
  const freeBytes = () => {
    disk.looks++;
    return disk.freeBytes;
  };
  const world = await createSetup(openSqlite({ freeBytesMin, freeBytes, ...options }))();
  const states: string[] = [];
  world.store.onState((state, why) => states.push(`${state}: ${why}`));
  return Object.assign(world, { disk, states });
}

const low = 'full: less than 1000 bytes are free on the disk (--disk-free-min): appends are refused';

it('below the limit appends are refused, receives and settles go on', async () => {
  const { createQueue, append, receiveOne, ack, clock, disk, states } = await setup();
  const queue = await createQueue();
  await append(queue, 'kept'); // At the limit.

  disk.freeBytes = freeBytesMin - 1;
  clock.advance(1_000);
  await expect(append(queue, 'refused')).rejects.toMatchObject({
    code: 'store-full',
    hint: expect.stringContaining('--disk-free-min'),
  });

  expect(await ack(await receiveOne(queue))).toBe('done');
  expect(states).toEqual([low]);
});

it('it ends by itself when there is room again, without anybody sending', async () => {
  const { createQueue, append, receive, clock, disk, states, store } = await setup();
  const queue = await createQueue();
  disk.freeBytes = 0;
  clock.advance(1_000);
  await expect(append(queue, 'refused')).rejects.toThrow();

  disk.freeBytes = freeBytesMin;
  clock.advance(1_000);
  await store.tallies([]); // An answer behind that of the tick.

  expect(states).toEqual([low, 'ok: there is room again']);
  await append(queue, 'taken');
  expect(texts(await receive(queue))).toEqual(['taken']);
});

it('the file system is looked at once a second, however much is sent', async () => {
  const { createQueue, append, clock, disk } = await setup();
  const queue = await createQueue();
  clock.advance(1_000);
  await append(queue, 'x');
  const before = disk.looks;

  for (let sent = 0; sent < 50; sent++) await append(queue, 'x');

  expect(disk.looks).toBe(before);
});

it('0 keeps no space free', async () => {
  const { createQueue, append, disk, states } = await setup({ freeBytesMin: 0 });
  disk.freeBytes = 0;

  await append(await createQueue(), 'taken');

  expect(states).toEqual([]);
  expect(disk.looks).toBe(0);
});

it('a store in memory has no disk to look at', async () => {
  const { createQueue, append, disk } = await setup({ dataDir: ':memory:' });
  disk.freeBytes = 0;

  await append(await createQueue(), 'taken');

  expect(disk.looks).toBe(0);
});
