import { parseAddress } from './address.ts';
import { fits } from './fits.ts';
import { compareNumeric, isNumeric, type Numeric } from './numeric.ts';
import type { FilterRule, RangeRule, Scalar } from './policy.ts';
import { type ScalarKey, scalarKey } from './scalar-key.ts';

/**
 * The many values of one key, so that a rule is answered without going through all of them: a body can have half a
 * million, and thousands of policies may ask. Each order is made when the first rule wants it.
 */
export class ValueSet {
  /** The values, each once. */
  readonly distinct: readonly Scalar[];
  readonly #keys: ReadonlySet<ScalarKey>;
  #texts: readonly string[] | undefined;
  #folded: readonly string[] | undefined;
  #reversed: readonly string[] | undefined;
  #numbers: readonly Numeric[] | undefined;
  #addresses: readonly string[] | undefined;

  constructor(values: readonly Scalar[]) {
    const byKey = new Map(values.map((value) => [scalarKey(value), value]));
    this.#keys = new Set(byKey.keys());
    this.distinct = [...byKey.values()];
  }

  /** Whether one of the values fulfils the rule. */
  fulfils(rule: FilterRule): boolean {
    switch (rule.op) {
      case 'equals':
        return this.#keys.has(scalarKey(rule.value));
      case 'equals-ignore-case':
        return has(this.#foldedTexts(), rule.value.toLowerCase());
      case 'prefix':
        if (rule.ignoresCase) return hasPrefix(this.#foldedTexts(), rule.value.toLowerCase());
        return hasPrefix(this.#sortedTexts(), rule.value);
      case 'suffix':
        if (rule.ignoresCase) return this.distinct.some((value) => fits(rule, value));
        return hasPrefix(this.#reversedTexts(), reversed(rule.value));
      case 'range':
        return this.#hasBetween(rule);
      case 'cidr':
        return hasPrefix(this.#sortedAddresses(), rule.network);
      case 'exists':
        return rule.value;
      case 'wildcard':
        return this.distinct.some((value) => fits(rule, value));
      case 'anything-but':
        return this.#hasOther(rule.rules);
    }
  }

  /** The first number from the low end on decides; where that end itself is out, so does the one behind it. */
  #hasBetween(rule: RangeRule): boolean {
    this.#numbers ??= this.distinct.filter(isNumeric).sort(compareNumeric);
    const from = rule.low === undefined ? 0 : countBelow(this.#numbers, rule.low.value, compareNumeric);
    return this.#numbers.slice(from, from + 2).some((value) => fits(rule, value));
  }

  /** Of values that are listed there are no more than the list has, so that another one comes soon. */
  #hasOther(rules: readonly FilterRule[]): boolean {
    const [only, ...more] = rules;
    if (only?.op === 'prefix' && !only.ignoresCase && more.length === 0) {
      const texts = this.#sortedTexts();
      if (texts.length < this.distinct.length) return true;
      return [texts[0], texts.at(-1)].some((text) => text !== undefined && !text.startsWith(only.value));
    }
    return this.distinct.some((value) => !rules.some((rule) => fits(rule, value)));
  }

  #allTexts(): string[] {
    return this.distinct.filter((value) => typeof value === 'string');
  }

  #sortedTexts(): readonly string[] {
    this.#texts ??= this.#allTexts().sort();
    return this.#texts;
  }

  #foldedTexts(): readonly string[] {
    this.#folded ??= this.#allTexts()
      .map((text) => text.toLowerCase())
      .sort();
    return this.#folded;
  }

  #reversedTexts(): readonly string[] {
    this.#reversed ??= this.#allTexts().map(reversed).sort();
    return this.#reversed;
  }

  #sortedAddresses(): readonly string[] {
    this.#addresses ??= this.#allTexts()
      .map(parseAddress)
      .filter((address) => address !== undefined)
      .sort();
    return this.#addresses;
  }
}

function has(sorted: readonly string[], wanted: string): boolean {
  return sorted[countBelow(sorted, wanted, compareTexts)] === wanted;
}

/** Those with a prefix stand together, and the prefix itself would stand before them. */
function hasPrefix(sorted: readonly string[], prefix: string): boolean {
  return sorted[countBelow(sorted, prefix, compareTexts)]?.startsWith(prefix) === true;
}

function countBelow<V>(sorted: readonly V[], bound: V, compare: (a: V, b: V) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle];
    if (value !== undefined && compare(value, bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order of `sort`: by code units. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}
