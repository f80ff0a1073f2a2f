import { networkOf, parseAddress } from './address.ts';
import { type Bucket, BucketMap, type Entry, GroupedBuckets } from './buckets.ts';
import { indexedAffixLengthMax } from './limits.ts';
import type { CidrRule, FilterRule, Scalar } from './policy.ts';
import { RangeIndex } from './range-index.ts';
import { type ScalarKey, scalarKey } from './value-tree.ts';

/** Where a rule stands, so that the values which may fulfil it find it. */
type Slot =
  | { readonly in: 'exact'; readonly key: ScalarKey }
  | { readonly in: 'folded'; readonly key: string }
  | { readonly in: 'prefixes' | 'suffixes' | 'networks'; readonly group: number; readonly key: string }
  | { readonly in: 'ranges'; readonly rule: Extract<FilterRule, { op: 'range' }> }
  /** Any value at all. */
  | { readonly in: 'present' }
  /** No value. */
  | { readonly in: 'absent' };

/** What a rule that any value may fulfil counts more than one of a few values: they are looked at for most messages. */
const anyValueCost = 64;
const rayCost = 16;

/** The policies that stand under one key. */
export class KeyIndex<T> {
  readonly #exact = new BucketMap<ScalarKey, T>();
  readonly #folded = new BucketMap<string, T>();
  readonly #prefixes = new GroupedBuckets<T>();
  readonly #suffixes = new GroupedBuckets<T>();
  readonly #networks = new GroupedBuckets<T>();
  readonly #ranges = new RangeIndex<T>();
  readonly #present: Bucket<T> = { entries: new Set(), seenIn: 0 };
  /** To be looked at when the message lacks the key. */
  readonly absent: Bucket<T> = { entries: new Set(), seenIn: 0 };
  #ruleCount = 0;

  get isEmpty(): boolean {
    return this.#ruleCount === 0;
  }

  /** About how many policies a message would have to look at that looks at this rule: the least is the best place. */
  costOf(rule: FilterRule): number {
    const slot = slotOf(rule);
    switch (slot.in) {
      case 'exact':
        return this.#exact.countOf(slot.key);
      case 'folded':
        return this.#folded.countOf(slot.key);
      case 'prefixes':
      case 'suffixes':
      case 'networks':
        return 1 + this.#grouped(slot.in).countOf(slot.group, slot.key);
      case 'ranges':
        return rayCost + this.#ranges.countNear(slot.rule);
      case 'present':
      case 'absent':
        return anyValueCost + this.#any(slot.in).entries.size;
    }
  }

  add(rule: FilterRule, entry: Entry<T>): void {
    this.#ruleCount += 1;
    const slot = slotOf(rule);
    switch (slot.in) {
      case 'exact':
        this.#exact.add(slot.key, entry);
        return;
      case 'folded':
        this.#folded.add(slot.key, entry);
        return;
      case 'prefixes':
      case 'suffixes':
      case 'networks':
        return this.#grouped(slot.in).add(slot.group, slot.key, entry);
      case 'ranges':
        return this.#ranges.add(slot.rule, entry);
      case 'present':
      case 'absent':
        this.#any(slot.in).entries.add(entry);
    }
  }

  /** Takes away what `add` did with the same rule and policy. */
  remove(rule: FilterRule, entry: Entry<T>): void {
    this.#ruleCount -= 1;
    const slot = slotOf(rule);
    switch (slot.in) {
      case 'exact':
        this.#exact.remove(slot.key, entry);
        return;
      case 'folded':
        this.#folded.remove(slot.key, entry);
        return;
      case 'prefixes':
      case 'suffixes':
      case 'networks':
        return this.#grouped(slot.in).remove(slot.group, slot.key, entry);
      case 'ranges':
        return this.#ranges.remove(slot.rule, entry);
      case 'present':
      case 'absent':
        this.#any(slot.in).entries.delete(entry);
    }
  }

  /** Tells all buckets in which there may be a policy that one of the values fulfils. There is at least one value. */
  find(values: readonly Scalar[], found: (bucket: Bucket<T>) => void): void {
    found(this.#present);
    for (const value of values) {
      const exact = this.#exact.get(scalarKey(value));
      if (exact !== undefined) found(exact);
      if (typeof value === 'string') this.#findText(value, found);
      else if (typeof value === 'number' || (typeof value === 'object' && value !== null))
        this.#ranges.find(value, found);
    }
  }

  #findText(text: string, found: (bucket: Bucket<T>) => void): void {
    const tell = (bucket: Bucket<T> | undefined) => {
      if (bucket !== undefined) found(bucket);
    };
    if (this.#folded.size > 0) tell(this.#folded.get(text.toLowerCase()));
    for (const [length, buckets] of this.#prefixes.groups) {
      if (text.length >= length) tell(buckets.get(text.slice(0, length)));
    }
    for (const [length, buckets] of this.#suffixes.groups) {
      if (text.length >= length) tell(buckets.get(text.slice(text.length - length)));
    }
    if (this.#networks.groups.size === 0) return;
    const address = parseAddress(text);
    if (address === undefined) return;
    for (const [bits, buckets] of this.#networks.groups) tell(buckets.get(networkKey(address, bits)));
  }

  #grouped(name: 'prefixes' | 'suffixes' | 'networks'): GroupedBuckets<T> {
    if (name === 'prefixes') return this.#prefixes;
    return name === 'suffixes' ? this.#suffixes : this.#networks;
  }

  #any(name: 'present' | 'absent'): Bucket<T> {
    return name === 'present' ? this.#present : this.absent;
  }
}

function slotOf(rule: FilterRule): Slot {
  switch (rule.op) {
    case 'equals':
      return { in: 'exact', key: scalarKey(rule.value) };
    case 'equals-ignore-case':
      return { in: 'folded', key: rule.value.toLowerCase() };
    case 'prefix':
      return rule.ignoresCase ? { in: 'present' } : prefixSlot(rule.value);
    case 'suffix':
      return rule.ignoresCase ? { in: 'present' } : suffixSlot(rule.value);
    case 'wildcard':
      return wildcardSlot(rule.pieces);
    case 'cidr':
      return networkSlot(rule);
    case 'range':
      return { in: 'ranges', rule };
    case 'exists':
      return { in: rule.value ? 'present' : 'absent' };
    case 'anything-but':
      return { in: 'present' };
  }
}

function prefixSlot(prefix: string): Slot {
  const key = prefix.slice(0, indexedAffixLengthMax);
  return { in: 'prefixes', group: key.length, key };
}

function suffixSlot(suffix: string): Slot {
  const key = suffix.slice(-indexedAffixLengthMax);
  return { in: 'suffixes', group: key.length, key };
}

function wildcardSlot(pieces: readonly string[]): Slot {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (first === '' && last === '') return { in: 'present' };
  return first === '' ? suffixSlot(last) : prefixSlot(first);
}

function networkSlot({ address, bits }: CidrRule): Slot {
  return { in: 'networks', group: bits, key: networkKey(address, bits) };
}

/** Of both families, which are told apart by the length of their addresses. */
function networkKey(address: readonly number[], bits: number): string {
  return `${address.length}:${networkOf(address, bits)}`;
}
