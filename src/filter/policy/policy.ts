import type { Numeric } from './numeric.ts';

/** Where a policy looks: the attributes of a message, or the JSON object that is its body. */
export type FilterPolicyScope = 'attributes' | 'body';

/** A parsed SNS filter policy: plain data, `$or` multiplied out. It holds when in one branch every condition holds. */
export interface FilterPolicy {
  readonly scope: FilterPolicyScope;
  /** As the client wrote it. Policies with one text and scope mean the same, and an index works on them once. */
  readonly text: string;
  readonly branches: readonly FilterBranch[];
}

export type FilterBranch = readonly FilterCondition[];

/** One key and its alternatives: it holds when one rule does. */
export interface FilterCondition {
  /** An attribute's name alone; in a body the keys on the way, split at their dots as well. */
  readonly path: readonly string[];
  readonly rules: readonly FilterRule[];
}

/** A value that JSON can write without object or array. */
export type Scalar = string | boolean | null | Numeric;

export type FilterRule =
  | TextRule
  | RangeRule
  | { readonly op: 'equals'; readonly value: Scalar }
  | { readonly op: 'exists'; readonly value: boolean }
  /** Holds for every value for which none of the rules holds. */
  | { readonly op: 'anything-but'; readonly rules: readonly FilterRule[] };

/** What only a text can fulfil. */
export type TextRule =
  | { readonly op: 'equals-ignore-case'; readonly value: string }
  | { readonly op: 'prefix' | 'suffix'; readonly value: string; readonly ignoresCase: boolean }
  /** The texts between the stars, in order: one more than there are stars. */
  | { readonly op: 'wildcard'; readonly pieces: readonly string[] }
  /** The family and the leading bits, as `parseAddress` spells them. */
  | { readonly op: 'cidr'; readonly network: string };

/** What only a number can fulfil. */
export interface RangeRule {
  readonly op: 'range';
  readonly low?: Bound;
  readonly high?: Bound;
}

interface Bound {
  readonly value: Numeric;
  readonly isInclusive: boolean;
}
