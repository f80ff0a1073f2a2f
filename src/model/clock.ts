/** Epoch milliseconds by the broker's Clock; whole numbers. */
export type Instant = number;

export interface Timer {
  cancel(): void;
}

/**
 * The one source of time. Wall time at the start plus monotonic time since, so that a jump of the machine's clock
 * moves nothing until a restart. Tests move it by hand; the store is told the time with every post.
 */
export interface Clock {
  now(): Instant;
  /** Runs `action` once, not before `ms` milliseconds have gone by. A timer does not keep the process alive. */
  after(ms: number, action: () => void): Timer;
}
