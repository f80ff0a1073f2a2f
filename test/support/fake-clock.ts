import type { Clock, Instant, Timer } from '../../src/model/clock.ts';

/** Time that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`; timers that become due run in the order of their instants, each at its own instant. */
  advance(ms: number): void;
}

export function createFakeClock(startAt: Instant = 1_800_000_000_000): FakeClock {
  let now = startAt;
  let timersMade = 0;
  const actionsByTimer = new Map<number, { readonly at: Instant; readonly action: () => void }>();

  function firstDue(until: Instant): number | undefined {
    let first: number | undefined;
    let firstAt = Number.POSITIVE_INFINITY;
    for (const [timer, { at }] of actionsByTimer) {
      if (at > until || at >= firstAt) continue; // Of equal instants the one set first: a Map keeps that order.
      first = timer;
      firstAt = at;
    }
    return first;
  }

  return {
    now: () => now,
    after(ms, action): Timer {
      const timer = ++timersMade;
      actionsByTimer.set(timer, { at: now + Math.max(0, ms), action });
      return { cancel: () => void actionsByTimer.delete(timer) };
    },
    advance(ms) {
      const until = now + ms;
      for (let due = firstDue(until); due !== undefined; due = firstDue(until)) {
        const timer = actionsByTimer.get(due);
        actionsByTimer.delete(due);
        now = Math.max(now, timer?.at ?? now);
        timer?.action();
      }
      now = until;
    },
  };
}
