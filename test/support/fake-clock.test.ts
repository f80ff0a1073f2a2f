import { expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

it('timers run in the order of their instants, each at its own', () => {
  const clock = createFakeClock(1000);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b ${clock.now()}`));
  clock.after(10, () => {
    seen.push(`a ${clock.now()}`);
    clock.after(5, () => seen.push(`set while moving ${clock.now()}`));
  });

  clock.advance(30);

  expect(seen).toEqual(['a 1010', 'set while moving 1015', 'b 1020']);
  expect(clock.now()).toBe(1030);
});

it('a cancelled timer never runs, and none runs before its time', () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  clock.after(10, () => seen.push('cancelled')).cancel();
  clock.after(10, () => seen.push('kept'));

  clock.advance(9);
  const seenBefore = [...seen];
  clock.advance(1);

  expect(seenBefore).toEqual([]);
  expect(seen).toEqual(['kept']);
});

it('a timer that is due when it is set runs in the next turn, once, and not when it is cancelled', async () => {
  const clock = createFakeClock();
  const seen: string[] = [];
  clock.after(0, () => seen.push('due'));
  clock.after(0, () => seen.push('cancelled')).cancel();
  const seenAtOnce = [...seen];

  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(10);

  expect(seenAtOnce).toEqual([]);
  expect(seen).toEqual(['due']);
});
