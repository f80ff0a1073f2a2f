/** Whether a figure that saws up and down grows all the same. */

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/**
 * The lowest of the last third above the lowest of the first: what a collector has left, for a leak never lets go.
 * @returns not-a-number for less than three samples
 */
export function growthOf(samples: readonly Sample[]): number {
  const third = Math.floor(samples.length / 3);
  if (third === 0) return Number.NaN;
  const lowest = (some: readonly Sample[]) => Math.min(...some.map(({ value }) => value));
  return lowest(samples.slice(-third)) - lowest(samples.slice(0, third));
}
