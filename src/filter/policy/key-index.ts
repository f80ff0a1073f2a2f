import { parseAddress } from './address.ts';
import { type Bucket, BucketMap, type Entry, GroupedBuckets, makeBucket } from './buckets.ts';
import { indexedAffixLengthMax } from './limits.ts';
import { isNumeric } from './numeric.ts';
import type { FilterRule, RangeRule } from './policy.ts';
import { RangeIndex } from './range-index.ts';
import { type ScalarKey, scalarKey } from './scalar-key.ts';
import type { ValueTree } from './value-tree.ts';

/** Where a rule stands, so that the values which may fulfil it find it. */
type Slot =
  | { readonly in: 'exact'; readonly key: ScalarKey }
  | { readonly in: 'folded'; readonly key: string }
  | { readonly in: 'prefixes' | 'suffixes' | 'networks'; readonly group: number; readonly key: string }
  | { readonly in: 'ranges'; readonly rule: RangeRule }
  /** Any value at all. */
  | { readonly in: 'present' }
  /** No value. */
  | { readonly in: 'absent' };

/** What a look-up costs beside what stands there already: what any value may fulfil is looked at for most messages. */
const baseCosts = { exact: 0, folded: 0, prefixes: 1, suffixes: 1, networks: 1, ranges: 16, present: 64, absent: 64 };

/**
 * About how many policies a message looks at that meets this rule, where `index` is what stands under the rule's key.
 * The rule with the least is the best place for a policy.
 */
export function costOf<T>(rule: FilterRule, index: KeyIndex<T> | undefined): number {
  const slot = slotOf(rule);
  return baseCosts[slot.in] + (index?.countAt(slot) ?? 0);
}

/** The policies that stand under one key. Most keys have rules of one kind, so each kind's part is made when it is used. */
export class KeyIndex<T> {
  #exact: BucketMap<ScalarKey, T> | undefined;
  #folded: BucketMap<string, T> | undefined;
  #prefixes: GroupedBuckets<T> | undefined;
  #suffixes: GroupedBuckets<T> | undefined;
  #networks: GroupedBuckets<T> | undefined;
  #ranges: RangeIndex<T> | undefined;
  #present: Bucket<T> | undefined;
  /** To be looked at when the message lacks the key. */
  absent: Bucket<T> | undefined;
  #ruleCount = 0;

  get isEmpty(): boolean {
    return this.#ruleCount === 0;
  }

  countAt(slot: Slot): number {
    switch (slot.in) {
      case 'exact':
        return this.#exact?.countOf(slot.key) ?? 0;
      case 'folded':
        return this.#folded?.countOf(slot.key) ?? 0;
      case 'prefixes':
        return this.#prefixes?.countOf(slot.group, slot.key) ?? 0;
      case 'suffixes':
        return this.#suffixes?.countOf(slot.group, slot.key) ?? 0;
      case 'networks':
        return this.#networks?.countOf(slot.group, slot.key) ?? 0;
      case 'ranges':
        return this.#ranges?.countNear(slot.rule) ?? 0;
      case 'present':
        return this.#present?.entries.size ?? 0;
      case 'absent':
        return this.absent?.entries.size ?? 0;
    }
  }

  add(rule: FilterRule, entry: Entry<T>): void {
    this.#ruleCount += 1;
    const slot = slotOf(rule);
    switch (slot.in) {
      case 'exact':
        this.#exact ??= new BucketMap();
        this.#exact.add(slot.key, entry);
        return;
      case 'folded':
        this.#folded ??= new BucketMap();
        this.#folded.add(slot.key, entry);
        return;
      case 'prefixes':
        this.#prefixes ??= new GroupedBuckets();
        return this.#prefixes.add(slot.group, slot.key, entry);
      case 'suffixes':
        this.#suffixes ??= new GroupedBuckets();
        return this.#suffixes.add(slot.group, slot.key, entry);
      case 'networks':
        this.#networks ??= new GroupedBuckets();
        return this.#networks.add(slot.group, slot.key, entry);
      case 'ranges':
        this.#ranges ??= new RangeIndex();
        return this.#ranges.add(slot.rule, entry);
      case 'present':
        this.#present ??= makeBucket();
        this.#present.entries.add(entry);
        return;
      case 'absent':
        this.absent ??= makeBucket();
        this.absent.entries.add(entry);
    }
  }

  /** Takes away what `add` did with the same rule and policy. */
  remove(rule: FilterRule, entry: Entry<T>): void {
    this.#ruleCount -= 1;
    const slot = slotOf(rule);
    switch (slot.in) {
      case 'exact':
        this.#exact?.remove(slot.key, entry);
        return;
      case 'folded':
        this.#folded?.remove(slot.key, entry);
        return;
      case 'prefixes':
        return this.#prefixes?.remove(slot.group, slot.key, entry);
      case 'suffixes':
        return this.#suffixes?.remove(slot.group, slot.key, entry);
      case 'networks':
        return this.#networks?.remove(slot.group, slot.key, entry);
      case 'ranges':
        return this.#ranges?.remove(slot.rule, entry);
      case 'present':
        this.#present?.entries.delete(entry);
        return;
      case 'absent':
        this.absent?.entries.delete(entry);
    }
  }

  /** Tells all buckets in which there may be a policy that one of the values fulfils. There is at least one value. */
  find(node: ValueTree, found: (bucket: Bucket<T>) => void): void {
    if (this.#present !== undefined) found(this.#present);
    const values = node.set?.distinct ?? node.values;
    // Each value is looked up several times, each policy evaluated once.
    if (values.length > this.#ruleCount) return this.#findAll(found);
    for (const value of values) {
      const exact = this.#exact?.get(scalarKey(value));
      if (exact !== undefined) found(exact);
      if (typeof value === 'string') this.#findText(value, found);
      else if (isNumeric(value)) this.#ranges?.find(value, found);
    }
  }

  #findAll(found: (bucket: Bucket<T>) => void): void {
    this.#exact?.forEach(found);
    this.#folded?.forEach(found);
    this.#prefixes?.forEach(found);
    this.#suffixes?.forEach(found);
    this.#networks?.forEach(found);
    this.#ranges?.forEach(found);
  }

  #findText(text: string, found: (bucket: Bucket<T>) => void): void {
    const folded = this.#folded?.get(text.toLowerCase());
    if (folded !== undefined) found(folded);
    if (this.#prefixes !== undefined) {
      for (const [length, buckets] of this.#prefixes.groups) {
        const bucket = text.length < length ? undefined : buckets.get(text.slice(0, length));
        if (bucket !== undefined) found(bucket);
      }
    }
    if (this.#suffixes !== undefined) {
      for (const [length, buckets] of this.#suffixes.groups) {
        const bucket = text.length < length ? undefined : buckets.get(text.slice(text.length - length));
        if (bucket !== undefined) found(bucket);
      }
    }
    if (this.#networks !== undefined) this.#findNetworks(this.#networks, text, found);
  }

  #findNetworks(networks: GroupedBuckets<T>, text: string, found: (bucket: Bucket<T>) => void): void {
    const address = parseAddress(text);
    if (address === undefined) return;
    for (const [length, buckets] of networks.groups) {
      const bucket = buckets.get(address.slice(0, length));
      if (bucket !== undefined) found(bucket);
    }
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
      return { in: 'networks', group: rule.network.length, key: rule.network };
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
