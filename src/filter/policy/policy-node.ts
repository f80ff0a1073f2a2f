import type { FilterRule } from './policy.ts';

/** A policy as it is written, key by key in its order: what limits are counted on. */
export type PolicyNode = ReadonlyMap<string, PolicyEntry>;

export type PolicyEntry =
  | { readonly kind: 'rules'; readonly rules: readonly FilterRule[] }
  | { readonly kind: 'object'; readonly node: PolicyNode }
  /** `$or`. */
  | { readonly kind: 'alternatives'; readonly nodes: readonly PolicyNode[] };
