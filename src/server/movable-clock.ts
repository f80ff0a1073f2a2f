import type { Clock, Instant, Timer } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';

/** All steps together, a hundred years: beyond them a step is a mistake of units. */
const aheadMsMax = 100 * 366 * 86_400_000;

/** For tests: time that goes by itself and can be moved on. */
export interface MovableClock extends Clock {
  /**
   * At once it is `ms` later. Timers that are due by then run before it returns, in the order of their instants, all at the
   * new time: one that is set again does not run for every round that was jumped over.
   * @throws GantryError `invalid-argument`
   */
  advance(ms: number): void;
}

interface Waiting {
  readonly dueAt: Instant;
  readonly run: () => void;
  timer: Timer | undefined;
}

/** Beside the clock that it moves, because each timer has to be found again: who waits by thousands should not pay for that. */
export function createMovableClock(base: Clock): MovableClock {
  const waiting = new Set<Waiting>();
  let aheadMs = 0;
  const now = (): Instant => base.now() + aheadMs;

  return {
    now,
    after(ms, action) {
      const one: Waiting = {
        dueAt: now() + Math.max(0, Math.ceil(ms)),
        run: () => {
          waiting.delete(one);
          action();
        },
        timer: undefined,
      };
      one.timer = base.after(ms, one.run);
      waiting.add(one);
      return {
        cancel: () => {
          waiting.delete(one);
          one.timer?.cancel();
        },
      };
    },
    advance(ms) {
      if (!Number.isSafeInteger(ms) || ms < 0 || aheadMs + ms > aheadMsMax)
        throw new GantryError('invalid-argument', `${ms} ms is no step: whole, not back, ${aheadMsMax} at most in all`);
      aheadMs += ms;
      const until = now();
      const due: Waiting[] = [];
      for (const one of waiting) {
        one.timer?.cancel();
        if (one.dueAt <= until) due.push(one);
        else one.timer = base.after(one.dueAt - until, one.run);
      }
      // One that a timer before it cancels is no longer waiting.
      for (const one of due.toSorted((a, b) => a.dueAt - b.dueAt)) if (waiting.has(one)) one.run();
    },
  };
}
