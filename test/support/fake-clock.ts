import type { Clock, Instant, Timer } from '../../src/model/clock.ts';

/** Time that stands still until a test moves it; what is due already runs in the next turn, as on any clock. */
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

  function run(timer: number): void {
    const action = actionsByTimer.get(timer)?.action;
    actionsByTimer.delete(timer);
    action?.();
  }

  return {
    now: () => now,
    after(ms, action): Timer {
      const timer = ++timersMade;
      actionsByTimer.set(timer, { at: now + Math.max(0, ms), action });
      if (ms <= 0) setImmediate(() => run(timer));
      return { cancel: () => void actionsByTimer.delete(timer) };
    },
    advance(ms) {
      const until = now + ms;
      for (let due = firstDue(until); due !== undefined; due = firstDue(until)) {
        now = Math.max(now, actionsByTimer.get(due)?.at ?? now);
        run(due);
      }
      now = until;
    },
  };
}
