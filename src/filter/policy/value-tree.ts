import type { Scalar } from './policy.ts';
import { ValueSet } from './value-set.ts';

/** From this many values on a set of them is worth its making. */
const setValuesMin = 32;

/**
 * The values of a message by path. Arrays add no level: the values of all their elements come together at one node.
 * Most nodes have one child or none, so the first child needs no map: a body can have half a million nodes.
 */
export class ValueTree {
  /** What stands here itself, in the order of the message. Empty: nothing does, whatever lies below. */
  readonly values: Scalar[] = [];
  /** The attribute could not be read: it is there, and nothing holds for it. */
  isInvalid = false;
  #firstKey = '';
  #firstChild: ValueTree | undefined;
  #otherChildren: Map<string, ValueTree> | undefined;
  #set: ValueSet | undefined;

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
