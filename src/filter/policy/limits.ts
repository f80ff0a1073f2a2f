/** What AWS allows of one filter policy, and what keeps reading any text cheap. All may be set but those of JSON. */
export interface FilterPolicyLimits {
  /** UTF-8 bytes of the text. */
  readonly policyBytesMax: number;
  /** Keys at the top; `$or` is one of them. */
  readonly keyCountMax: number;
  /** Values multiplied over keys, each with its depth, added over the branches of `$or`. */
  readonly combinationCountMax: number;
}

export const defaultPolicyLimits: FilterPolicyLimits = {
  policyBytesMax: 262_144,
  keyCountMax: 5,
  combinationCountMax: 150,
};

/** Levels of objects and arrays, in a policy and in a body: what Jackson, AWS's reader, allows. */
export const jsonDepthMax = 1_000;

/** Characters of one number: what Jackson allows. */
export const numberLengthMax = 1_000;

/** Characters of a wildcard pattern: searching costs text times pattern at worst. */
export const wildcardLengthMax = 1_024;

/** Characters of a prefix or suffix that the index distinguishes; what is longer is verified after the look-up. */
export const indexedAffixLengthMax = 64;

/** Keys on the way to a value, those that a dot splits counted each. */
export const pathLengthMax = 1_000;

/** Conditions of a policy after `$or` has been multiplied out. */
export const conditionCountMax = 10_000;
