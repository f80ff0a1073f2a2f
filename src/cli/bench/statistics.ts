export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @returns not-a-number of an empty list, so that a missing measurement shows as missing */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const lower = sorted[middle - 1] ?? Number.NaN;
  return {
    median: sorted.length % 2 === 1 ? upper : (lower + upper) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted[sorted.length - 1] ?? Number.NaN,
  };
}

export function median(values: readonly number[]): number {
  return spread(values).median;
}

/** The value of which `share` of the sorted list is not greater; `share` 0 to 1. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Round by round, for two variants of one round met the same machine; a round that lacks either is left out. */
export function ratios(numerators: readonly number[], denominators: readonly number[]): number[] {
  const found: number[] = [];
  numerators.forEach((numerator, round) => {
    const denominator = denominators[round];
    if (denominator !== undefined && Number.isFinite(numerator / denominator)) found.push(numerator / denominator);
  });
  return found;
}
