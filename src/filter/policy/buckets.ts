import type { FilterPolicy } from './policy.ts';

/** One distinct policy of an index, with all that subscribed with it. */
export interface Entry<T> {
  readonly policy: FilterPolicy;
  readonly members: Set<T>;
  /** The round in which it was last looked at, so that each round looks once; likewise of a bucket. */
  seenIn: number;
  /** The round in which it last let a message through. */
  matchedIn: number;
}

/** The policies that one look-up finds. */
export interface Bucket<T> {
  readonly entries: Set<Entry<T>>;
  seenIn: number;
}

export function makeBucket<T>(...entries: readonly Entry<T>[]): Bucket<T> {
  return { entries: new Set(entries), seenIn: 0 };
}

/** Buckets by key; an empty one goes. */
export class BucketMap<K, T> {
  readonly #buckets = new Map<K, Bucket<T>>();

  get(key: K): Bucket<T> | undefined {
    return this.#buckets.get(key);
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** How many policies stand under the key. */
  countOf(key: K): number {
    return this.#buckets.get(key)?.entries.size ?? 0;
  }

  forEach(found: (bucket: Bucket<T>) => void): void {
    for (const bucket of this.#buckets.values()) found(bucket);
  }

  /** @returns whether the key is new */
  add(key: K, entry: Entry<T>): boolean {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, makeBucket(entry));
    else bucket.entries.add(entry);
    return bucket === undefined;
  }

  /** @returns whether the key has gone */
  remove(key: K, entry: Entry<T>): boolean {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return false;
    bucket.entries.delete(entry);
    return bucket.entries.size === 0 && this.#buckets.delete(key);
  }
}

/** Buckets by key in groups that are each asked in a way of their own: prefixes by length, networks by size. */
export class GroupedBuckets<T> {
  readonly groups = new Map<number, BucketMap<string, T>>();

  countOf(group: number, key: string): number {
    return this.groups.get(group)?.countOf(key) ?? 0;
  }

  forEach(found: (bucket: Bucket<T>) => void): void {
    for (const buckets of this.groups.values()) buckets.forEach(found);
  }

  add(group: number, key: string, entry: Entry<T>): void {
    let buckets = this.groups.get(group);
    if (buckets === undefined) {
      buckets = new BucketMap();
      this.groups.set(group, buckets);
    }
    buckets.add(key, entry);
  }

  remove(group: number, key: string, entry: Entry<T>): void {
    const buckets = this.groups.get(group);
    buckets?.remove(key, entry);
    if (buckets?.size === 0) this.groups.delete(group);
  }
}
