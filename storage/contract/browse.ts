import { expect, it } from 'vitest';
import type { BrowseCursor, EntryState, QueueId } from '../store.ts';
import type { Setup, World } from './world.ts';
import { leaseMs, minuteMs, textOf, texts } from './world.ts';

const everyState = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

function browse(world: World, queue: QueueId, states: readonly EntryState[] = everyState) {
  return world.store.browse({ queue, states, entriesMax: 1000, scannedMax: 1000 });
}

export function describeBrowse(setup: Setup): void {
  it('browsing shows what waits, is delayed and is leased, each with its state', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    await world.appendAll(queue, ['leased', 'waiting']);
    await world.append(queue, 'delayed', { visibleAt: world.clock.now() + minuteMs });
    await world.receive(queue, { max: 1 });

    const { entries, next } = await browse(world, queue);

    expect(entries.map((entry) => [textOf(entry), entry.state])).toEqual([
      ['leased', 'leased'],
      ['waiting', 'waiting'],
      ['delayed', 'delayed'],
    ]);
    expect(next).toBeUndefined();
  });

  for (const state of everyState) {
    it(`asked for what is ${state}, it shows nothing else`, async () => {
      const world = await setup();
      const queue = await world.createQueue();
      await world.appendAll(queue, ['leased', 'waiting']);
      await world.append(queue, 'delayed', { visibleAt: world.clock.now() + minuteMs });
      await world.receive(queue, { max: 1 });

      expect(texts((await browse(world, queue, [state])).entries)).toEqual([state]);
    });
  }

  it('a slice goes on until it is full, and then says where', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    const expected = Array.from({ length: 300 }, (_, at) => `m${at}`);
    await world.appendAll(queue, expected);

    const whole = await browse(world, queue);
    const first = await world.store.browse({ queue, states: everyState, entriesMax: 256, scannedMax: 1000 });
    const { next: from } = first;
    if (from === undefined) throw new Error('there is more');
    const second = await world.store.browse({ queue, states: everyState, entriesMax: 256, scannedMax: 1000, from });

    expect([texts(whole.entries), whole.next]).toEqual([expected, undefined]);
    expect([...texts(first.entries), ...texts(second.entries)]).toEqual(expected);
    expect(second.next).toBeUndefined();
  });

  it('a state follows the clock', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    await world.append(queue, 'a');
    await world.append(queue, 'b', { visibleAt: world.clock.now() + leaseMs });
    await world.receive(queue);
    world.clock.advance(leaseMs);

    expect((await browse(world, queue)).entries.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
  });

  it('browsing leaves no trace: counts, order and leases are as they were', async () => {
    const world = await setup();
    const queue = await world.createQueue({ deadLetter: await world.createQueue(), deliveryCountMax: 1 });
    await world.appendAll(queue, ['a', 'b']);

    for (let time = 0; time < 3; time++) await browse(world, queue);

    const deliveries = await world.receive(queue);
    expect(texts(deliveries)).toEqual(['a', 'b']);
    expect(deliveries.map((delivery) => delivery.deliveries)).toEqual([1, 1]);
  });

  it('it comes in the order of delivery', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    for (const [body, priority] of [
      ['low', 1],
      ['high', 9],
      ['low too', 1],
    ] as const) {
      await world.append(queue, body, { priority });
    }

    expect(texts((await browse(world, queue)).entries)).toEqual(['high', 'low', 'low too']);
  });

  it('pages join without a gap or a repeat, whatever their size', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    for (let index = 0; index < 23; index++) await world.append(queue, `m${index}`, { priority: index % 3 });
    const all = texts((await browse(world, queue)).entries);

    for (const [entriesMax, scannedMax] of [
      [5, 1000],
      [1000, 5],
      [3, 4],
    ] as const) {
      const seen: string[] = [];
      let from: BrowseCursor | undefined;
      do {
        const page = await world.store.browse({
          queue,
          states: everyState,
          entriesMax,
          scannedMax,
          ...(from === undefined ? {} : { from }),
        });
        expect(page.entries.length).toBeLessThanOrEqual(Math.min(entriesMax, scannedMax));
        seen.push(...texts(page.entries));
        from = page.next;
      } while (from !== undefined);
      expect(seen).toEqual(all);
    }
    expect(all).toHaveLength(23);
  });

  it('no more are looked at than allowed: a slice may be empty and yet not the last', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    await world.appendAll(queue, ['a', 'b', 'c']);
    await world.append(queue, 'd', { visibleAt: world.clock.now() + minuteMs });

    const page = await world.store.browse({ queue, states: ['delayed'], entriesMax: 10, scannedMax: 2 });

    expect(page.entries).toEqual([]);
    expect(page.next).toBeDefined();
  });

  it('entries that leave meanwhile confuse no cursor', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    await world.appendAll(queue, ['a', 'b', 'c', 'd']);
    const options = { queue, states: everyState, entriesMax: 2, scannedMax: 100 };
    const first = await world.store.browse(options);
    for (const delivery of await world.receive(queue, { max: 3 })) await world.ack(delivery);

    const second = await world.store.browse({ ...options, ...(first.next === undefined ? {} : { from: first.next }) });

    expect(texts(second.entries)).toEqual(['d']);
  });

  it('it shows counts, notes and where an entry was dead-lettered from', async () => {
    const world = await setup();
    const deadLetter = await world.createQueue();
    const queue = await world.createQueue({ deadLetter });
    await world.append(queue, 'a', { note: Uint8Array.of(7) });
    await world.settle(await world.receiveOne(queue), { type: 'reject', cause: 'bad' });

    const [entry] = (await browse(world, deadLetter)).entries;

    expect(entry).toMatchObject({ queue: deadLetter, deliveries: 1, deadLetteredFrom: { queue, cause: 'bad' } });
    expect([...(entry?.note ?? [])]).toEqual([7]);
  });

  it('an empty queue, and one that is gone, show nothing', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    const empty = await browse(world, queue);
    await world.commitOk({ do: 'drop-queue', queue });

    expect([empty, await browse(world, queue)]).toEqual([{ entries: [] }, { entries: [] }]);
  });

  it('a purged queue shows nothing, also by a cursor from before', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    await world.appendAll(queue, ['a', 'b']);
    const options = { queue, states: everyState, entriesMax: 1, scannedMax: 100 };
    const { next } = await world.store.browse(options);
    await world.commitOk({ do: 'purge-queue', queue });

    expect(await world.store.browse({ ...options, ...(next === undefined ? {} : { from: next }) })).toEqual({
      entries: [],
    });
  });

  it.skip('browsing with a selector shows matching entries only: selectors come later', () => {});

  it('asked to browse with a selector, the store says that it cannot', async () => {
    const world = await setup();
    const queue = await world.createQueue();
    const selector = { op: 'literal', value: true } as const;

    await expect(
      world.store.browse({ queue, states: everyState, selector, entriesMax: 1, scannedMax: 1 }),
    ).rejects.toMatchObject({ code: 'unsupported' });
  });
}
