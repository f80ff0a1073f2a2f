import type { Scalar } from './policy.ts';
import { ValueSet } from './value-set.ts';

/** From this many values on a set of them is worth its making. */
const setValuesMin = 32;

const noValues: readonly Scalar[] = [];

/**
 * The values of a message by path. Arrays add no level: the values of all their elements come together at one node.
 * A body can have half a million nodes, most of them with one child and no value: neither costs a collection.
 */
export class ValueTree {
  /** What stands here itself, in the order of the message. Empty: nothing does, whatever lies below. */
  values: readonly Scalar[] = noValues;
  /** The attribute could not be read: it is there, and nothing holds for it. */
  isInvalid = false;
  #values: Scalar[] | undefined;
  #firstKey = '';
  #firstChild: ValueTree | undefined;
  #otherChildren: Map<string, ValueTree> | undefined;
  #set: ValueSet | undefined;

  add(value: Scalar): void {
    if (this.#values === undefined) {
      this.#values = [];
      this.values = this.#values;
    }
    this.#values.push(value);
  }

  child(key: string): ValueTree | undefined {
    if (this.#firstKey === key) return this.#firstChild;
    return this.#otherChildren?.get(key);
  }

  /** The child of that key, made if need be. */
  grow(key: string): ValueTree {
    const known = this.child(key);
    if (known !== undefined) return known;
    const made = new ValueTree();
    if (this.#firstChild === undefined) {
      this.#firstKey = key;
      this.#firstChild = made;
    } else {
      this.#otherChildren ??= new Map();
      this.#otherChildren.set(key, made);
    }
    return made;
  }

  at(path: readonly string[]): ValueTree | undefined {
    let node: ValueTree | undefined = this;
    for (const key of path) {
      node = node.child(key);
      if (node === undefined) return undefined;
    }
    return node;
  }

  get childCount(): number {
    return this.#firstChild === undefined ? 0 : 1 + (this.#otherChildren?.size ?? 0);
  }

  *children(): Generator<[string, ValueTree]> {
    if (this.#firstChild !== undefined) yield [this.#firstKey, this.#firstChild];
    if (this.#otherChildren !== undefined) yield* this.#otherChildren;
  }

  /** What answers for the values when they are many. Ask when all of them are there. */
  get set(): ValueSet | undefined {
    if (this.values.length < setValuesMin) return undefined;
    this.#set ??= new ValueSet(this.values);
    return this.#set;
  }
}
