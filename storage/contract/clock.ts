import { expect, it } from 'vitest';
import type { Setup } from './world.ts';
import { leaseMs, minuteMs, texts } from './world.ts';

export function describeClock(setup: Setup): void {
  it('the store goes by the clock that it was given', async () => {
    const { store, clock, commit } = await setup();
    clock.advance(12_345);

    expect(store.clock.now()).toBe(clock.now());
    expect(await commit()).toMatchObject({ at: clock.now() });
  });

  it('while the clock stands still nothing ends', async () => {
    const { createQueue, append, receive } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    await receive(queue, { forMs: 1 });

    for (let time = 0; time < 20; time++) expect(await receive(queue)).toEqual([]);
  });

  it('one jump ends delay, lease and retention alike, each by its own instant', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const [leased, delayed, retained] = [
      await createQueue(),
      await createQueue(),
      await createQueue({ retentionMs: 60 * minuteMs }),
    ];
    await append(leased, 'leased');
    await receive(leased, { forMs: 30 * minuteMs });
    await append(delayed, 'delayed', { visibleAt: clock.now() + 45 * minuteMs });
    await append(retained, 'retained');

    clock.advance(24 * 60 * minuteMs);

    expect(texts(await receive(leased))).toEqual(['leased']);
    expect(texts(await receive(delayed))).toEqual(['delayed']);
    expect(await receive(retained)).toEqual([]);
  });

  it('what is due in order is due in order, however the clock gets there', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    for (const seconds of [3, 1, 2]) {
      await append(queue, `after ${seconds}`, { visibleAt: clock.now() + seconds * 1000 });
    }

    const seen: string[][] = [];
    for (let second = 0; second < 4; second++) {
      seen.push(texts(await receive(queue, { forMs: minuteMs })));
      clock.advance(1000);
    }

    expect(seen).toEqual([[], ['after 1'], ['after 2'], ['after 3']]);
  });

  it('a lease begins with the instant of its receive, not of the append', async () => {
    const { createQueue, append, receive, clock } = await setup();
    const queue = await createQueue();
    await append(queue, 'a');
    clock.advance(7000);
    await receive(queue);

    clock.advance(leaseMs - 1);
    expect(await receive(queue)).toEqual([]);
    clock.advance(1);
    expect(texts(await receive(queue))).toEqual(['a']);
  });
}
