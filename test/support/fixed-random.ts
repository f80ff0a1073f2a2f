import type { Random } from '../../src/model/random.ts';

/** The same bytes for the same seed, so that a run can be repeated. */
export interface FixedRandom extends Random {
  /** A whole number from 0 to `bound` - 1. */
  below(bound: number): number;
}

export function createFixedRandom(seed = 1): FixedRandom {
  let state = seed >>> 0;

  // mulberry32: 32 bits of state are plenty for a test, and the seed is a number that fits on a line.
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  function bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => next() & 0xff);
  }

  return {
    bytes,
    below: (bound) => next() % bound,
    uuid() {
      const id = bytes(16);
      id[6] = 0x40 | (next() & 0x0f);
      id[8] = 0x80 | (next() & 0x3f);
      return id;
    },
  };
}
