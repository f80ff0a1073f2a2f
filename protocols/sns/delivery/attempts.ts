import { setMaxListeners } from 'node:events';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';

/** The attempts under way of one sender: each can be broken off by its caller, all of them by a stop. */
export interface Attempts {
  /**
   * @param outcomeOf what an error means that is not the breaking off
   * @returns `retry` for an attempt that was broken off, which says nothing about the endpoint
   */
  run(
    signal: AbortSignal | undefined,
    attempt: (signal: AbortSignal) => Promise<PushOutcome>,
    outcomeOf: (error: unknown) => PushOutcome,
  ): Promise<PushOutcome>;
  stop(): void;
}

const brokenOff: PushOutcome = { type: 'retry', reason: 'broken off: the broker stops' };

export function createAttempts(): Attempts {
  const underWay = new Set<AbortController>();
  let isStopped = false;
  return {
    async run(signal, attempt, outcomeOf) {
      if (isStopped || signal?.aborted) return brokenOff;
      const breaker = new AbortController();
      const breakOff = () => breaker.abort();
      underWay.add(breaker);
      if (signal !== undefined) setMaxListeners(0, signal); // One signal may be for all that a pump sends.
      signal?.addEventListener('abort', breakOff, { once: true });
      try {
        return await attempt(breaker.signal);
      } catch (error) {
        return breaker.signal.aborted ? brokenOff : outcomeOf(error);
      } finally {
        underWay.delete(breaker);
        signal?.removeEventListener('abort', breakOff);
      }
    },
    stop() {
      isStopped = true;
      for (const breaker of underWay) breaker.abort();
    },
  };
}
