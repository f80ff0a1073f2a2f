/**
 * Keeps the index equal to the store's records, whoever changed them. At the start it reads them page by page; later a
 * notice says which changed, and each of those is read by itself. A read says what was true when the store answered
 * it, so one that a newer notice, or a commit of this node, overtook is thrown away and made again.
 */
import type { RecordKey, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import { limits } from './limits.ts';

/** What records of one kind hold. */
export interface Recorded<A> {
  readonly address: A;
  /** The record's version in the store. */
  readonly version: number;
}
/** How things of one kind lie in the store's records, and how they are told apart. */
export interface RecordKind<A, K extends Recorded<A>> {
  /** Of every key. */
  readonly prefix: RecordKey;
  /** One text for one address. */
  textOf(address: A): string;
  keyOf(address: A): RecordKey;
  /** Undefined when the key is none of this kind. */
  addressOf(key: RecordKey): A | undefined;
  /** The address with what it has in common with its neighbour taken from there, so that memory has it once. */
  sharing(address: A, neighbour: A): A;
  /** @throws GantryError `internal` when the record is of a later version or not one of ours */
  decode(address: A, value: Uint8Array, version: number): K;
  /** Not one that was removed and another that was made in its place. */
  isSame(one: K, other: K): boolean;
}
/** Where what was read is kept. */
export interface RecordIndex<A, K> {
  find(address: A): K | undefined;
  all(): Iterable<K>;
  set(known: K): unknown;
  /** @returns what was there */
  remove(address: A): K | undefined;
}

/** `before` or `after` is undefined where there was or is none; two that are not the same: removed and made anew. */
export type RecordChanged<K> = (before: K | undefined, after: K | undefined) => void;

export interface RecordReader<A, K> {
  /** All records, and from then on every change. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads one record again and brings the index up to it. */
  refresh(address: A): Promise<void>;
  /**
   * A commit of this node made `after` out of `before`. When something else came between, the store is asked instead.
   * @param after undefined: removed
   * @param removals what `removals` was before the commit
   */
  adopt(address: A, before: K | undefined, after: K | undefined, removals: number): Promise<void>;
  /** How many have been taken out of the index so far. */
  removals(): number;
}

interface Read {
  isOvertaken: boolean;
  readonly end: Promise<void>;
}

export function createRecordReader<A, K extends Recorded<A>>(
  store: Store,
  kind: RecordKind<A, K>,
  index: RecordIndex<A, K>,
  changed: RecordChanged<K>,
): RecordReader<A, K> {
  const reads = new Map<string, Read>();
  const noticed = new Map<string, A>();
  let isAllNoticed = false;
  let removed = 0;
  let state: 'new' | 'loading' | 'following' | 'stopped' = 'new';
  let isFollowing = false;
  let following: Promise<void> | undefined;

  function put(known: K): void {
    const before = index.find(known.address);
    if (before !== undefined && kind.isSame(before, known) && before.version >= known.version) return;
    index.set(known);
    changed(before, known);
  }

  function remove(address: A): void {
    const before = index.remove(address);
    if (before === undefined) return;
    removed++;
    changed(before, undefined);
  }

  async function readOne(address: A, read: { isOvertaken: boolean }): Promise<void> {
    const key = kind.keyOf(address);
    for (;;) {
      read.isOvertaken = false;
      const [record] = await store.records(key, undefined, 1);
      if (read.isOvertaken) continue;
      if (record === undefined || record.key.length !== key.length) remove(address);
      else put(kind.decode(address, record.value, record.version));
      return;
    }
  }

  async function refresh(address: A): Promise<void> {
    const text = kind.textOf(address);
    const running = reads.get(text);
    if (running !== undefined) {
      running.isOvertaken = true;
      return running.end;
    }
    const progress = { isOvertaken: false };
    const end = readOne(address, progress).finally(() => reads.delete(text));
    reads.set(text, Object.assign(progress, { end }));
    return end;
  }

  async function adopt(address: A, before: K | undefined, after: K | undefined, removals: number): Promise<void> {
    // One that is made may have been noticed and dropped by another node before its answer came: then there is none,
    // as there was none before.
    const mayBeGone = before === undefined && removed !== removals;
    if (mayBeGone || index.find(address) !== before) return refresh(address);
    const read = reads.get(kind.textOf(address));
    if (read !== undefined) read.isOvertaken = true;
    if (after === undefined) remove(address);
    else put(after);
  }

  async function eachRecord(action: (address: A, value: Uint8Array, version: number) => void): Promise<void> {
    let after: RecordKey | undefined;
    let neighbour: A | undefined;
    let max: number = limits.recordPageFirst;
    for (;;) {
      const page = await store.records(kind.prefix, after, max);
      let bytes = 0;
      for (const { key, value, version } of page) {
        bytes += value.length;
        const address = kind.addressOf(key);
        if (address === undefined) continue;
        // Records come in key order: each takes the texts of its neighbour instead of keeping two of its own.
        neighbour = neighbour === undefined ? address : kind.sharing(address, neighbour);
        action(neighbour, value, version);
      }
      after = page.at(-1)?.key;
      if (page.length < max || after === undefined) return;
      max = nextPageMax(max, bytes);
    }
  }

  /** Notices which records differ from the index; each is then read by itself, for by now it may be out of date. */
  async function noticeDifferences(): Promise<void> {
    const seen = new Set<K>();
    await eachRecord((address, value, version) => {
      const known = index.find(address);
      if (known !== undefined) seen.add(known);
      if (known?.version !== version || !isSameInRecord(known, value)) notice(address);
    });
    for (const known of index.all()) if (!seen.has(known)) notice(known.address);
  }

  function notice(address: A): void {
    noticed.set(kind.textOf(address), address);
  }

  async function follow(): Promise<void> {
    isFollowing = true;
    try {
      while (state === 'following' && (isAllNoticed || noticed.size > 0)) {
        if (isAllNoticed) {
          isAllNoticed = false;
          await noticeDifferences();
        }
        const some = [...noticed.values()].slice(0, limits.recordReadsMax);
        for (const address of some) noticed.delete(kind.textOf(address));
        await Promise.all(some.map((address) => refresh(address)));
      }
    } catch (error) {
      if (!(error instanceof GantryError)) throw error;
      // A record could not be read. All are compared at the next notice, or when the store says that it is well again.
      isAllNoticed = true;
    }
    isFollowing = false; // In the same turn as the last look at what was noticed, so that no notice falls between.
  }

  function wake(): void {
    if (state === 'following' && !isFollowing) following = follow();
  }

  return {
    async start() {
      if (state !== 'new') return;
      state = 'loading';
      store.onRecords(kind.prefix, (keys) => {
        if (keys === 'all') isAllNoticed = true;
        else for (const key of keys) noticeKey(key);
        wake();
      });
      store.onState((now) => {
        if (now === 'ok') wake();
      });
      await eachRecord((address, value, version) => put(kind.decode(address, value, version)));
      state = 'following';
      wake();
    },
    async stop() {
      state = 'stopped';
      await following;
    },
    refresh,
    adopt,
    removals: () => removed,
  };

  function noticeKey(key: RecordKey): void {
    const address = kind.addressOf(key);
    if (address !== undefined) notice(address);
  }

  /** False where this version cannot read the record: such a one is not the one that is known. */
  function isSameInRecord(known: K, value: Uint8Array): boolean {
    try {
      return kind.isSame(known, kind.decode(known.address, value, 0));
    } catch {
      return false; // Its own read says why; here it must not keep the others from being compared.
    }
  }
}

/** So many that a page of records like those of the last one, which was full, is not too much for memory. */
function nextPageMax(max: number, bytes: number): number {
  const fitting = Math.ceil((max * limits.recordPageBytes) / Math.max(1, bytes));
  return Math.min(fitting, max * 4, limits.recordPageMax);
}
