/** Queues far deeper than memory: every message is given exactly once, in order, whatever is in memory at the time. */
import { expect, it } from 'vitest';
import type { World } from '../../../storage/contract/world.ts';
import { createSetup, leaseMs, strict, textOf, texts } from '../../../storage/contract/world.ts';
import type { WindowLimits } from '../../../storage/sqlite/window.ts';
import type { Delivery, QueueId } from '../../../storage/store.ts';
import { openSqlite } from './open-sqlite.ts';

const small: WindowLimits = {
  plain: { slotsMax: 32, sliceRows: 8 },
  strict: { slotsMax: 32, laneMax: 8, sliceRows: 8 },
};
const setup = createSetup(openSqlite({ entriesMax: 64, windowLimits: small }));

interface Named {
  readonly name: string;
  readonly group?: string;
  readonly priority?: number;
}

async function fill(world: World, queue: QueueId, messages: readonly Named[]): Promise<void> {
  const changes = messages.map(({ name, group, priority }) => ({
    do: 'append' as const,
    message: world.message(name, priority === undefined ? {} : { priority }),
    to: [group === undefined ? { queue } : { queue, group }],
  }));
  for (let from = 0; from < changes.length; from += 500) await world.commitOk(...changes.slice(from, from + 500));
}

const numbered = (count: number, of: (index: number) => Partial<Named> = () => ({})): Named[] =>
  Array.from({ length: count }, (_, index) => ({ name: `m${index}`, ...of(index) }));

/** Asks until nothing comes and the queue was not told ready again meanwhile, as whoever waits for messages does. */
async function drain(world: World, queue: QueueId, take: (given: readonly Delivery[]) => Promise<void>): Promise<void> {
  let isReady = true;
  world.store.onReady((queues) => {
    if (queues.includes(queue)) isReady = true;
  });
  for (let askedInVain = 0; isReady; ) {
    isReady = false;
    const given = await world.receive(queue, { max: 10, durability: 'memory' });
    if (given.length > 0) {
      await take(given);
      isReady = true;
    }
    askedInVain = given.length > 0 ? 0 : askedInVain + 1;
    if (askedInVain > 2_000) throw new Error('told ready for ever, and nothing comes');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const ackAll = (world: World, given: readonly Delivery[]) => Promise.all(given.map((delivery) => world.ack(delivery)));

it('a plain queue of thousands is given in order, each message once', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(world, queue, numbered(3_000));
  const seen: string[] = [];

  await drain(world, queue, async (given) => {
    seen.push(...texts(given));
    await ackAll(world, given);
  });

  expect(seen).toEqual(numbered(3_000).map(({ name }) => name));
});

it('what is never settled takes no memory: all of a deep queue can be in flight at once, and comes again in order', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(world, queue, numbered(1_000));
  const seen: string[] = [];
  const keep = async (given: readonly Delivery[]) => void seen.push(...texts(given));

  await drain(world, queue, keep);
  world.clock.advance(leaseMs);
  await drain(world, queue, keep);

  const names = numbered(1_000).map(({ name }) => name);
  expect(seen).toEqual([...names, ...names]);
  expect(world.store.measures().entriesInMemory).toBeLessThan(64);
});

it('a high priority does not wait for the room that a backlog of lower ones takes', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(
    world,
    queue,
    numbered(200, () => ({ priority: 2 })),
  );
  await world.receive(queue, { max: 1, durability: 'memory' });
  await fill(world, queue, [{ name: 'urgent', priority: 8 }]);

  expect(texts(await world.receive(queue, { max: 2, durability: 'memory' }))).toEqual(['urgent', 'm1']);
});

it('priorities of a deep queue are given in their order, each message once', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(
    world,
    queue,
    numbered(600, (index) => ({ priority: index % 10 })),
  );
  const seen: number[] = [];

  await drain(world, queue, async (given) => {
    seen.push(...given.map((delivery) => Number(textOf(delivery).slice(1))));
    await ackAll(world, given);
  });

  expect(seen).toEqual(
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].flatMap((priority) => Array.from({ length: 60 }, (_, turn) => turn * 10 + priority)),
  );
});

it('leases that end one after the other bring a deep queue back at its old places', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(world, queue, numbered(400));
  for (let turn = 0; turn < 10; turn++) {
    await world.receive(queue, { max: 10, forMs: 1_000 * (10 - turn), durability: 'memory' });
  }

  world.clock.advance(10_000);
  const seen: string[] = [];
  await drain(world, queue, async (given) => {
    seen.push(...texts(given));
    await ackAll(world, given);
  });

  expect(new Set(seen).size).toBe(400);
  expect(seen).toHaveLength(400);
});

it('behind the backlog of a noisy group of a fair queue the quiet ones are found', async () => {
  const world = await createSetup(openSqlite())();
  const queue = await world.createQueue({ groups: 'fair' });
  await fill(
    world,
    queue,
    numbered(1_500, () => ({ group: 'noisy' })),
  );
  await fill(world, queue, [{ name: 'quiet', group: 'quiet' }]);
  await world.receive(queue, { max: 20 });

  expect(texts(await world.receive(queue, { max: 1 }))).toEqual(['quiet']);
});

it.each([
  ['with a group', { group: 'noisy' }],
  ['without one', {}],
])('a tenant %s and 100,000 messages delays another by a few receives', async (_, noisy) => {
  const world = await createSetup(openSqlite())();
  const queue = await world.createQueue({ groups: 'fair' });
  await fill(
    world,
    queue,
    numbered(100_000, () => noisy),
  );
  await fill(world, queue, [{ name: 'quiet', group: 'quiet' }]);
  const bodies: string[] = [];
  let receives = 0;

  while (!bodies.includes('quiet') && receives < 100) {
    bodies.push(...texts(await world.receive(queue, { max: 10, durability: 'memory' })));
    receives++;
  }
  await fill(world, queue, [{ name: 'later', group: 'other' }]);

  expect(receives).toBeLessThanOrEqual(5);
  expect(texts(await world.receive(queue, { max: 1 }))).toEqual(['later']);
});

it('a fair queue of one deep group, of many, and of some without is given each message once, and each group in order', async () => {
  const world = await setup();
  const queue = await world.createQueue({ groups: 'fair' });
  const groupOf = (index: number) => (index % 3 === 0 ? 'deep' : index % 3 === 1 ? `g${index % 23}` : undefined);
  await fill(
    world,
    queue,
    numbered(3_000, (index) => {
      const group = groupOf(index);
      return group === undefined ? {} : { group };
    }),
  );
  const seen: number[] = [];
  let held: readonly Delivery[] = [];

  await drain(world, queue, async (given) => {
    seen.push(...given.map((delivery) => Number(textOf(delivery).slice(1))));
    await ackAll(world, held.slice(0, -12));
    held = [...held.slice(-12), ...given];
    if (held.length > 40) {
      await ackAll(world, held);
      held = [];
    }
  });

  expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  for (const group of new Set(seen.map(groupOf))) {
    const own = seen.filter((index) => groupOf(index) === group);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
});

it('a strict queue of many groups is given each message once, each group in order', async () => {
  const world = await setup();
  const queue = await world.createQueue(strict);
  await fill(
    world,
    queue,
    numbered(3_000, (index) => ({ group: `g${index % 37}` })),
  );
  const seen: number[] = [];

  await drain(world, queue, async (given) => {
    seen.push(...given.map((delivery) => Number(textOf(delivery).slice(1))));
    await ackAll(world, given);
  });

  expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: 3_000 }, (_, index) => index));
  for (let group = 0; group < 37; group++) {
    const own = seen.filter((index) => index % 37 === group);
    expect(own).toEqual([...own].sort((a, b) => a - b));
  }
});

it('a deep single group costs little memory and keeps its order, with leases that end', async () => {
  const world = await setup();
  const queue = await world.createQueue(strict);
  await fill(
    world,
    queue,
    numbered(1_000, () => ({ group: 'g' })),
  );
  const seen: string[] = [];
  let turn = 0;

  const take = async (given: readonly Delivery[]) => {
    if (turn++ % 5 === 4) {
      world.clock.advance(leaseMs);
      return;
    }
    seen.push(...texts(given));
    await ackAll(world, given);
  };
  await drain(world, queue, take);

  expect(seen).toEqual(numbered(1_000).map(({ name }) => name));
});

it('groups that wait behind more blocked ones than memory holds are found', async () => {
  const world = await setup();
  const queue = await world.createQueue(strict);
  await fill(
    world,
    queue,
    numbered(400, (index) => ({ group: `blocked${index % 10}` })),
  );
  await fill(
    world,
    queue,
    numbered(100, (index) => ({ name: `free${index}`, group: `free${index}` })),
  );
  const blocked: Delivery[] = [];
  for (let turn = 0; turn < 10; turn++) blocked.push(...(await world.receive(queue, { max: 1 })));
  const seen: string[] = [];

  await drain(world, queue, async (given) => {
    seen.push(...texts(given));
    await ackAll(world, given);
  });
  expect(seen).toEqual(numbered(100).map((_, index) => `free${index}`));

  await ackAll(world, blocked);
  await drain(world, queue, async (given) => {
    seen.push(...texts(given));
    await ackAll(world, given);
  });
  expect(new Set(seen).size).toBe(490);
  expect(seen).toHaveLength(490);
});

it('when all of memory is in flight in a strict queue, the first ack makes it ready for what waits on disk', async () => {
  const world = await setup();
  const queue = await world.createQueue(strict);
  await fill(
    world,
    queue,
    numbered(200, (index) => ({ group: `g${index}` })),
  );
  const held: Delivery[] = [];
  await drain(world, queue, async (given) => void held.push(...given));
  expect(held.length).toBeLessThan(64);
  const ready = world.nextReady(queue);

  for (const delivery of held) await world.ack(delivery);

  await ready;
  expect(texts(await world.receive(queue, { max: 1 }))).toEqual([`m${held.length}`]);
});

it('many queues that compete for memory lose nothing and give nothing twice', async () => {
  const world = await setup();
  const kinds = [{}, strict, { groups: 'fair' as const }];
  const queues: QueueId[] = [];
  for (let index = 0; index < 12; index++) queues.push(await world.createQueue(kinds[index % 3]));
  for (const queue of queues) {
    await fill(
      world,
      queue,
      numbered(100, (index) => ({ group: `g${index % 7}` })),
    );
  }
  const seen = new Map<QueueId, string[]>(queues.map((queue) => [queue, []]));

  for (let turn = 0, left = 1_200; left > 0; turn++) {
    expect(turn).toBeLessThan(3_000);
    const queue = queues[turn % queues.length];
    if (queue === undefined) continue;
    const given = await world.receive(queue, { max: 5, durability: 'memory', forMs: 5_000 });
    if (turn % 7 === 3) world.clock.advance(1_500); // Some leases end unsettled.
    const done = given.filter((_, index) => (index + Math.floor(turn / queues.length)) % 4 !== 0);
    for (const delivery of done) {
      if ((await world.ack(delivery)) !== 'done') continue;
      seen.get(queue)?.push(textOf(delivery));
      left--;
    }
    if (turn % 50 === 49) world.clock.advance(31_000); // Idle windows are dropped.
    if (given.length === 0) world.clock.advance(1_000);
  }

  for (const names of seen.values())
    expect([...names].sort()).toEqual(
      numbered(100)
        .map(({ name }) => name)
        .sort(),
    );
  const tallies = await world.store.tallies(queues);
  expect(tallies.map(({ waiting, leased, delayed }) => waiting + leased + delayed)).toEqual(queues.map(() => 0));
});

it('a window that was dropped while leases were out takes them back', async () => {
  const world = await setup();
  const queue = await world.createQueue();
  await fill(world, queue, numbered(20));
  await world.receive(queue, { max: 5, forMs: 60_000, durability: 'memory' });

  world.clock.advance(31_000);
  await world.receive(queue, { max: 5, forMs: 60_000, durability: 'memory' });
  world.clock.advance(60_000);
  const seen: string[] = [];
  await drain(world, queue, async (given) => {
    seen.push(...texts(given));
    await ackAll(world, given);
  });

  expect([...seen].sort()).toEqual(
    numbered(20)
      .map(({ name }) => name)
      .sort(),
  );
});

it('one receive finds the only message of the lowest priority among ranks whose messages are all in flight', async () => {
  const world = await createSetup(openSqlite())();
  const queue = await world.createQueue();
  await fill(
    world,
    queue,
    numbered(9, (index) => ({ priority: 9 - index })),
  );
  await world.receive(queue, { max: 9, forMs: 60 * leaseMs });
  await fill(world, queue, [{ name: 'last', priority: 0 }]);
  await world.reopen();

  expect(texts(await world.receive(queue))).toEqual(['last']);
});
