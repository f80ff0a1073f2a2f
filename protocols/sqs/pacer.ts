import type { Instant } from '../../src/model/clock.ts';

/**
 * Remembers when something last happened to a key, for as long as that forbids it to happen again. Nothing is older than the interval, so the memory is
 * bounded by what can happen within it.
 */
export class Pacer {
  private readonly intervalMs: () => number;
  private readonly atByKey = new Map<string | number, Instant>(); // In the order of the instants.

  constructor(intervalMs: () => number) {
    this.intervalMs = intervalMs;
  }

  isTooSoon(key: string | number, now: Instant): boolean {
    const intervalMs = this.intervalMs();
    for (const [known, at] of this.atByKey) {
      if (now - at < intervalMs) break;
      this.atByKey.delete(known);
    }
    return this.atByKey.has(key);
  }

  forgetAll(): void {
    this.atByKey.clear();
  }

  note(key: string | number, now: Instant): void {
    if (this.intervalMs() === 0) return;
    this.atByKey.delete(key);
    this.atByKey.set(key, now);
  }
}
