import { describe, expect, test } from 'vitest';
import { createThrottle } from '../../../../protocols/sns/delivery/throttle.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

describe('the throttle of a subscription', () => {
  test('spreads its posts evenly over the second', () => {
    const clock = createFakeClock();
    const throttle = createThrottle(clock, 2);

    expect(throttle.take()).toBe(0);
    expect(throttle.take()).toBe(500);
    clock.advance(480);
    expect(throttle.take()).toBe(20);
    clock.advance(20);
    expect(throttle.take()).toBe(0);
    expect(throttle.take()).toBe(500);
  });

  test('saves nothing up while nothing is posted', () => {
    const clock = createFakeClock();
    const throttle = createThrottle(clock, 10);
    throttle.take();
    clock.advance(60_000);

    expect(throttle.take()).toBe(0);
    expect(throttle.take()).toBe(100);
  });

  test.each([1, 3, 10, 100, 2_500, 100_000])('keeps to %i a second in the long run', (maxReceivesPerSecond) => {
    const clock = createFakeClock();
    const throttle = createThrottle(clock, maxReceivesPerSecond);
    const until = clock.now() + 2_000;
    let taken = 0;
    while (clock.now() < until) {
      const waitMs = throttle.take();
      if (waitMs === 0) taken += 1;
      else clock.advance(waitMs);
    }

    const early = maxReceivesPerSecond / 50; // Of 10 ms at the start, and of 10 ms at the end.
    expect(taken).toBeGreaterThanOrEqual(Math.floor(1.99 * maxReceivesPerSecond));
    expect(taken).toBeLessThanOrEqual(2 * maxReceivesPerSecond + early + 1);
  });
});
