import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, texts } from './world.ts';

export function describePriority(setup: Setup): void {
  it('a higher priority comes first, among equals the older', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();
    for (const [body, priority] of [
      ['low', 0],
      ['middle 1', 4],
      ['high', 9],
      ['middle 2', 4],
    ] as const) {
      await append(queue, body, { priority });
    }

    expect(texts(await receive(queue))).toEqual(['high', 'middle 1', 'middle 2', 'low']);
  });

  it('all ten priorities are kept apart', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();
    for (let priority = 0; priority < 10; priority++) await append(queue, `p${priority}`, { priority });

    expect(texts(await receive(queue))).toEqual(['p9', 'p8', 'p7', 'p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it('what comes later with a higher priority overtakes what waits', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'low', { priority: 1 });
    await append(queue, 'lower', { priority: 0 });
    await receive(queue, { max: 1 });
    await append(queue, 'high', { priority: 8 });

    expect(texts(await receive(queue, { max: 1 }))).toEqual(['high']);
  });

  it('a returned entry goes back to its place within its priority', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'high 1', { priority: 8 });
    await append(queue, 'low', { priority: 1 });
    await append(queue, 'high 2', { priority: 8 });
    await receive(queue, { max: 1 });
    clock.advance(leaseMs);

    expect(texts(await receive(queue))).toEqual(['high 1', 'high 2', 'low']);
  });

  it('priorities hold over a restart', async () => {
    const { createQueue, append, receive, reopen } = await setup();
    const queue = await createQueue();
    await append(queue, 'low', { priority: 1 });
    await append(queue, 'high', { priority: 8 });
    await reopen();

    expect(texts(await receive(queue))).toEqual(['high', 'low']);
  });
}
