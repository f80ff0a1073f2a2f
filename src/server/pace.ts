import type { Clock, Instant } from '../model/clock.ts';

const pauseMs = 60_000;
/** Different lines a minute; more are left out, so that no client fills the log, whatever it varies. */
export const linesAMinuteMax = 200;

/**
 * @returns whether a line is due: each key once a minute, and all together at most `linesAMinuteMax`
 */
export function createPace(clock: Pick<Clock, 'now'>): (key: string) => boolean {
  /** In the order of their instants. */
  const saidAt = new Map<string, Instant>();
  return (key) => {
    const now = clock.now();
    for (const [old, at] of saidAt) {
      if (now - at < pauseMs) break;
      saidAt.delete(old);
    }
    if (saidAt.has(key) || saidAt.size >= linesAMinuteMax) return false;
    saidAt.set(key, now);
    return true;
  };
}
