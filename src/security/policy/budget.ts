/**
 * How many steps of comparing may still be made for one question. Policies are clients', and a comparison with wildcards
 * can cost the product of both lengths: what comes after the last step cannot be told.
 */
export class Budget {
  private left: number;

  constructor(steps: number) {
    this.left = steps;
  }

  /** @returns whether they could be paid; once not, nothing else can be either */
  spend(steps: number): boolean {
    this.left = steps > this.left ? 0 : this.left - steps;
    return this.left > 0;
  }
}

/** For one question: a millisecond or so; a policy of AWS's longest, 8 Ki characters, without tricks takes a tenth of it. */
export const stepsMax = 200_000;
/** What is not a walk along two texts, in steps that take as long. */
export const stepsOf = { fact: 256, comparison: 32, address: 400, compiling: 2_000 } as const;
