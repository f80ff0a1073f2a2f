import { expect, it } from 'vitest';
import type { Setup, World } from './world.ts';
import { texts } from './world.ts';

/** The queue takes nothing any more when it is gone. */
async function isThere({ append }: World, queue: Parameters<World['append']>[0]): Promise<boolean> {
  return 'pos' in (await append(queue, 'knock'));
}

export function describeTemporary(setup: Setup): void {
  it('a temporary queue works like any other while its holder is open', async () => {
    const { store, createQueue, append, receive } = await setup();
    const queue = await createQueue({ ownedBy: await store.openHolder('connection') });
    await append(queue, 'a');

    expect(texts(await receive(queue))).toEqual(['a']);
  });

  it('a temporary queue goes with its holder, and no other queue does', async () => {
    const world = await setup();
    const holder = await world.store.openHolder('connection');
    const own = await world.createQueue({ ownedBy: holder });
    const others = [
      await world.createQueue(),
      await world.createQueue({ ownedBy: await world.store.openHolder('connection') }),
    ];

    await world.store.closeHolder(holder, { unseen: [] });

    expect(await isThere(world, own)).toBe(false);
    expect(await Promise.all(others.map((queue) => isThere(world, queue)))).toEqual([true, true]);
  });

  it('a temporary queue of a connection is gone after a crash', async () => {
    const world = await setup();
    const queue = await world.createQueue({ ownedBy: await world.store.openHolder('connection') });
    await world.append(queue, 'a');

    await world.crash();

    expect(await isThere(world, queue)).toBe(false);
    expect((await world.tally(queue)).waiting).toBe(0);
  });

  it("a session's temporary queue stays while the session is away, over a crash as well, and goes with its end", async () => {
    const world = await setup();
    const session = await world.store.openHolder('session', 'client-1');
    const queue = await world.createQueue({ ownedBy: session });
    await world.store.closeHolder(session, 'keep');
    const whileAway = await isThere(world, queue);
    await world.crash();
    const afterCrash = await isThere(world, queue);

    await world.store.closeHolder(await world.store.openHolder('session', 'client-1'), 'end');

    expect([whileAway, afterCrash, await isThere(world, queue)]).toEqual([true, true, false]);
  });

  it('what a holder had of its own temporary queue goes with it', async () => {
    const { store, createQueue, append, receive, openConsumer, ack } = await setup();
    const holder = await store.openHolder('connection');
    const queue = await createQueue({ ownedBy: holder });
    await append(queue, 'a');
    const [delivery] = await receive(queue, { lease: await openConsumer(queue, holder) });
    if (delivery === undefined) throw new Error('a delivery expected');

    await store.closeHolder(holder, 'end');

    expect(await ack(delivery)).toBe('gone');
  });
}
