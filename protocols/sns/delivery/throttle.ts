import type { Clock } from '../../../src/model/clock.ts';
import { deliveryLimits } from './limits.ts';

/** Paces the posts to one subscription: `maxReceivesPerSecond` of its policy, evenly over the second. */
export interface Throttle {
  /** @returns 0: post now, it is counted; else milliseconds after which to ask again, and nothing is counted */
  take(): number;
}

export function createThrottle(clock: Clock, maxReceivesPerSecond: number): Throttle {
  const toleranceMs = deliveryLimits.throttleToleranceMs;
  const spacingMs = 1_000 / maxReceivesPerSecond;
  let nextAt = 0;
  return {
    take() {
      const now = clock.now();
      const earlyMs = nextAt - now;
      if (earlyMs > toleranceMs) return Math.ceil(earlyMs);
      nextAt = (earlyMs < -toleranceMs ? now : nextAt) + spacingMs;
      return 0;
    },
  };
}
