import { decimalKey } from './numeric.ts';
import type { Scalar } from './policy.ts';

const longMark = '\u0000#';

export type ScalarKey = string | number | boolean | null;

/** Equal exactly for equal values: what a map can be asked for. */
export function scalarKey(value: Scalar): ScalarKey {
  // A text that begins like the key of a long number gets the mark once more, so that the two stay apart.
  if (typeof value === 'string') return value.startsWith(longMark) ? longMark + value : value;
  return typeof value === 'object' && value !== null ? longMark + decimalKey(value) : value;
}
