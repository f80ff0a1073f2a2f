import type { Entry } from './buckets.ts';
import type { FilterOutReason } from './matches.ts';
import type { FilterPolicy } from './policy.ts';
import { PolicyIndex } from './policy-index.ts';
import type { ValueTree } from './value-tree.ts';
import type { FilterView } from './view.ts';

export interface FilterResult<T> {
  /** In no particular order. */
  readonly matched: readonly T[];
  /** How many did not get the message, and why. */
  readonly filteredOut: Readonly<Record<FilterOutReason, number>>;
}

/**
 * The subscriptions of a topic by their filter policies. What a message costs grows with its own size and with the number
 * of subscriptions that get it, hardly with the number of those that do not. Equal policies are evaluated once.
 *
 * The counts by reason are exact and, as a rule, come without an evaluation: they are what is left of each scope. Only a
 * message with an attribute that cannot be read has all attribute policies visited, for who of them names it.
 */
export class FilterIndex<T> {
  readonly #unfiltered = new Set<T>();
  readonly #entries = new Map<T, Entry<T>>();
  readonly #attributes = new PolicyIndex<T>();
  readonly #body = new PolicyIndex<T>();
  #attributeCount = 0;
  #bodyCount = 0;

  get size(): number {
    return this.#unfiltered.size + this.#entries.size;
  }

  /** Whether what a body says matters to anybody. */
  get hasBodyPolicies(): boolean {
    return this.#bodyCount > 0;
  }

  /** Adds a subscription, or gives a known one another policy. Without one it gets every message. */
  add(subscription: T, policy: FilterPolicy | undefined): void {
    this.remove(subscription);
    if (policy === undefined) {
      this.#unfiltered.add(subscription);
      return;
    }
    const isOfBody = policy.scope === 'body';
    const entry = (isOfBody ? this.#body : this.#attributes).add(policy, subscription);
    this.#entries.set(subscription, entry);
    if (isOfBody) this.#bodyCount += 1;
    else this.#attributeCount += 1;
  }

  /** @returns whether it was there */
  remove(subscription: T): boolean {
    const entry = this.#entries.get(subscription);
    if (entry === undefined) return this.#unfiltered.delete(subscription);
    this.#entries.delete(subscription);
    if (entry.policy.scope === 'body') {
      this.#bodyCount -= 1;
      this.#body.remove(entry, subscription);
    } else {
      this.#attributeCount -= 1;
      this.#attributes.remove(entry, subscription);
    }
    return true;
  }

  match(view: FilterView): FilterResult<T> {
    const matched = [...this.#unfiltered];
    const filteredOut = { 'no-attributes': 0, attributes: 0, 'invalid-attributes': 0, 'invalid-body': 0, body: 0 };
    if (this.#attributeCount > 0) {
      const members = this.#attributes.match(view.attributes);
      const missed = this.#attributeCount - members.length;
      for (const member of members) matched.push(member);
      if (!view.hasAttributes) {
        filteredOut['no-attributes'] = missed;
      } else {
        const invalid = missed > 0 && hasInvalid(view.attributes) ? this.#attributes.countInvalid(view.attributes) : 0;
        filteredOut['invalid-attributes'] = invalid;
        filteredOut.attributes = missed - invalid;
      }
    }
    if (this.#bodyCount > 0) {
      const members = this.matchBody(view);
      for (const member of members) matched.push(member);
      filteredOut[view.body === undefined ? 'invalid-body' : 'body'] = this.#bodyCount - members.length;
    }
    return { matched, filteredOut };
  }

  /** Only those whose policy looks at the body: for one more text of a message whose other subscriptions are known. */
  matchBody(view: FilterView): readonly T[] {
    return view.body === undefined ? [] : this.#body.match(view.body);
  }
}

function hasInvalid(attributes: ValueTree): boolean {
  for (const [, node] of attributes.children()) if (node.isInvalid) return true;
  return false;
}
