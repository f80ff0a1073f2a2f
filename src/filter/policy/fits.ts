import { parseAddress } from './address.ts';
import { compareNumeric, isNumeric, type Numeric } from './numeric.ts';
import type { FilterRule, RangeRule, Scalar, TextRule } from './policy.ts';
import { scalarKey } from './scalar-key.ts';
import { matchesWildcard } from './wildcard.ts';

/** Whether one value fulfils a rule. */
export function fits(rule: FilterRule, value: Scalar): boolean {
  switch (rule.op) {
    case 'equals':
      return scalarKey(rule.value) === scalarKey(value);
    case 'exists':
      return rule.value;
    case 'anything-but':
      return !rule.rules.some((inner) => fits(inner, value));
    case 'range':
      return isNumeric(value) && isBetween(rule, value);
    case 'equals-ignore-case':
    case 'prefix':
    case 'suffix':
    case 'wildcard':
    case 'cidr':
      return typeof value === 'string' && fitsText(rule, value);
  }
}

function fitsText(rule: TextRule, text: string): boolean {
  switch (rule.op) {
    case 'equals-ignore-case':
      return text.toLowerCase() === rule.value.toLowerCase();
    case 'prefix':
      if (rule.ignoresCase) return text.toLowerCase().startsWith(rule.value.toLowerCase());
      return text.startsWith(rule.value);
    case 'suffix':
      if (rule.ignoresCase) return text.toLowerCase().endsWith(rule.value.toLowerCase());
      return text.endsWith(rule.value);
    case 'wildcard':
      return matchesWildcard(rule.pieces, text);
    case 'cidr':
      return parseAddress(text)?.startsWith(rule.network) === true;
  }
}

function isBetween({ low, high }: RangeRule, value: Numeric): boolean {
  const aboveLow = low === undefined ? 1 : compareNumeric(value, low.value);
  const belowHigh = high === undefined ? 1 : compareNumeric(high.value, value);
  return (
    (aboveLow > 0 || (aboveLow === 0 && low?.isInclusive === true)) &&
    (belowHigh > 0 || (belowHigh === 0 && high?.isInclusive === true))
  );
}
