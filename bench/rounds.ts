/**
 * Interleaving: on a shared machine the same code differs by a seventh by its place in a run, so every variant is
 * measured in every round, each round begins with another one, and ratios are taken round by round.
 */
export interface Variant<Turn> {
  readonly name: string;
  turn(): Promise<Turn>;
}

/** @returns each variant's turns, one a round, in order */
export async function interleave<Turn>(
  variants: readonly Variant<Turn>[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly Turn[]>> {
  const turnsByName = new Map<string, Turn[]>(variants.map((variant) => [variant.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < variants.length; place++) {
      const variant = variants[(round + place) % variants.length];
      if (variant !== undefined) turnsByName.get(variant.name)?.push(await variant.turn());
    }
  }
  return turnsByName;
}
