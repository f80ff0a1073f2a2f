import type { Clock, Timer } from '../model/clock.ts';

/** setTimeout takes 32 bits; a longer delay given to it would end at once. */
const timerMsMax = 2 ** 31 - 1;

/** Wall time at the start plus monotonic time since: a jump of the machine's clock moves nothing until a restart. */
export function createSystemClock(): Clock {
  const wallAtStart = Date.now() - performance.now();
  const now = (): number => Math.floor(wallAtStart + performance.now());

  function after(ms: number, action: () => void): Timer {
    // setTimeout may run a fraction of a millisecond early by this clock; one more, and `after` keeps its word.
    const dueAt = performance.now() + Math.max(0, ms);
    let handle: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      handle = setTimeout(check, Math.min(leftMs, timerMsMax));
      handle.unref();
    };
    const check = (): void => {
      const leftMs = Math.ceil(dueAt - performance.now());
      if (leftMs > 0) arm(leftMs);
      else action();
    };
    arm(Math.max(0, Math.ceil(ms)));
    return { cancel: () => clearTimeout(handle) };
  }

  return { now, after };
}
