import type { Bucket, Entry } from './buckets.ts';
import { costOf, KeyIndex } from './key-index.ts';
import { holds, namesInvalid } from './matches.ts';
import type { FilterBranch, FilterCondition, FilterPolicy } from './policy.ts';
import type { ValueTree } from './value-tree.ts';

/** The keys of the policies as a tree, to be walked side by side with the values of a message. */
interface IndexNode<T> {
  readonly children: Map<string, IndexNode<T>>;
  index: KeyIndex<T> | undefined;
}

/**
 * Distinct policies of one scope. Each branch of a policy stands under one of its conditions, the one that is likely to be
 * looked at least; a message finds the policies under its own values and those alone are evaluated.
 */
export class PolicyIndex<T> {
  readonly #root: IndexNode<T> = makeNode();
  readonly #entries = new Map<string, Entry<T>>();
  /** The condition under which each branch was put. */
  readonly #places = new Map<Entry<T>, readonly FilterCondition[]>();
  /** Keys under which a policy wants to be looked at when the message lacks them; by index, with their path. */
  readonly #absents = new Map<KeyIndex<T>, readonly string[]>();
  #round = 0;

  add(policy: FilterPolicy, member: T): Entry<T> {
    const known = this.#entries.get(policy.text);
    if (known !== undefined) {
      known.members.add(member);
      return known;
    }
    const entry: Entry<T> = { policy, members: new Set([member]), seenIn: 0, matchedIn: 0 };
    this.#entries.set(policy.text, entry);
    const places = policy.branches.map((branch) => this.#bestPlace(branch));
    for (const { path, rules } of places) {
      const index = this.#indexAt(path);
      for (const rule of rules) index.add(rule, entry);
      if (index.absent !== undefined && index.absent.entries.size > 0) this.#absents.set(index, path);
    }
    this.#places.set(entry, places);
    return entry;
  }

  /** Takes the policy away with its last member. */
  remove(entry: Entry<T>, member: T): void {
    entry.members.delete(member);
    if (entry.members.size > 0) return;
    for (const { path, rules } of this.#places.get(entry) ?? []) {
      const index = this.#indexAt(path);
      for (const rule of rules) index.remove(rule, entry);
      if (index.absent?.entries.size === 0) this.#absents.delete(index);
      if (index.isEmpty) this.#prune(path);
    }
    this.#places.delete(entry);
    this.#entries.delete(entry.policy.text);
  }

  /** @returns the members of all policies that hold for the values */
  match(values: ValueTree): T[] {
    this.#round += 1;
    const matched: T[] = [];
    const found = (bucket: Bucket<T>) => {
      if (bucket.seenIn === this.#round) return;
      bucket.seenIn = this.#round;
      for (const entry of bucket.entries) this.#evaluate(entry, values, matched);
    };
    this.#walk(values, found);
    for (const [index, path] of this.#absents) {
      const node = values.at(path);
      if (index.absent !== undefined && (node === undefined || node.values.length === 0)) found(index.absent);
    }
    return matched;
  }

  /** How many members have a policy that looks at a value which cannot be read, and did not hold in the last `match`. */
  countInvalid(values: ValueTree): number {
    let count = 0;
    for (const entry of this.#entries.values()) {
      if (entry.matchedIn !== this.#round && namesInvalid(entry.policy, values)) count += entry.members.size;
    }
    return count;
  }

  #evaluate(entry: Entry<T>, values: ValueTree, matched: T[]): void {
    if (entry.seenIn === this.#round) return;
    entry.seenIn = this.#round;
    if (!holds(entry.policy, values)) return;
    entry.matchedIn = this.#round;
    for (const member of entry.members) matched.push(member);
  }

  /** Visits each key that policies and message both have, going through the shorter list of children at every step. */
  #walk(values: ValueTree, found: (bucket: Bucket<T>) => void): void {
    const pending: [IndexNode<T>, ValueTree][] = [[this.#root, values]];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const [{ children, index }, node] = next;
      if (index !== undefined && node.values.length > 0) index.find(node, found);
      if (node.childCount <= children.size) {
        for (const [key, child] of node.children()) {
          const indexed = children.get(key);
          if (indexed !== undefined) pending.push([indexed, child]);
        }
      } else {
        for (const [key, indexed] of children) {
          const child = node.child(key);
          if (child !== undefined) pending.push([indexed, child]);
        }
      }
    }
  }

  #bestPlace(branch: FilterBranch): FilterCondition {
    const [first = { path: [], rules: [] }, ...others] = branch;
    if (others.length === 0) return first;
    let best = first;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const condition of branch) {
      const index = this.#existing(condition.path);
      const cost = condition.rules.reduce((sum, rule) => sum + costOf(rule, index), 0);
      if (cost < bestCost) {
        best = condition;
        bestCost = cost;
      }
    }
    return best;
  }

  #existing(path: readonly string[]): KeyIndex<T> | undefined {
    let node: IndexNode<T> | undefined = this.#root;
    for (const key of path) {
      node = node.children.get(key);
      if (node === undefined) return undefined;
    }
    return node.index;
  }

  #indexAt(path: readonly string[]): KeyIndex<T> {
    let node = this.#root;
    for (const key of path) {
      let child = node.children.get(key);
      if (child === undefined) {
        child = makeNode();
        node.children.set(key, child);
      }
      node = child;
    }
    node.index ??= new KeyIndex();
    return node.index;
  }

  /** Takes away an index that is empty, and the nodes that led to it alone. */
  #prune(path: readonly string[]): void {
    const nodes = [this.#root];
    for (const key of path) {
      const child = nodes.at(-1)?.children.get(key);
      if (child === undefined) return;
      nodes.push(child);
    }
    const last = nodes.at(-1);
    if (last !== undefined) last.index = undefined;
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = nodes[depth];
      if (node === undefined || node.index !== undefined || node.children.size > 0) return;
      nodes[depth - 1]?.children.delete(path[depth - 1] ?? '');
    }
  }
}

function makeNode<T>(): IndexNode<T> {
  return { children: new Map(), index: undefined };
}
