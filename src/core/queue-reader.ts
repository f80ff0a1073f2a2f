/**
 * Keeps the index equal to the store's records, whoever changed them. At the start it reads them page by page; later a
 * notice says which changed, and each of those is read by itself. A read says what was true when the store answered
 * it, so one that a newer notice, or a commit of this node, overtook is thrown away and made again.
 */
import type { RecordKey, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';
import type { QueueAddress, QueueId } from '../model/queue.ts';
import { limits } from './limits.ts';
import type { QueueIndex } from './queue-index.ts';
import { addressText } from './queue-index.ts';
import type { KnownQueue } from './queue-record.ts';
import { addressOfKey, decodeQueueRecord, recordKey } from './queue-record.ts';

/** `before` or `after` is undefined where there was or is none; two ids: dropped and made anew. */
export type QueueChanged = (before: KnownQueue | undefined, after: KnownQueue | undefined) => void;

export interface QueueReader {
  /** All records, and from then on every change. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Reads one record again and brings the index up to it. */
  refresh(address: QueueAddress): Promise<void>;
  /**
   * A commit of this node made `after` out of `before`. When something else came between, the store is asked instead.
   * @param after undefined: dropped
   * @param removals what `removals` was before the commit
   */
  adopt(
    address: QueueAddress,
    before: KnownQueue | undefined,
    after: KnownQueue | undefined,
    removals: number,
  ): Promise<void>;
  /** How many queues have been taken out of the index so far. */
  removals(): number;
}

interface Read {
  isOvertaken: boolean;
  readonly end: Promise<void>;
}

export function createQueueReader(store: Store, index: QueueIndex, changed: QueueChanged): QueueReader {
  const reads = new Map<string, Read>();
  const noticed = new Map<string, QueueAddress>();
  let isAllNoticed = false;
  let removed = 0;
  let state: 'new' | 'loading' | 'following' | 'stopped' = 'new';
  let isFollowing = false;
  let following: Promise<void> | undefined;

  function put(queue: KnownQueue): void {
    const before = index.find(queue.address);
    if (before !== undefined && before.id === queue.id && before.version >= queue.version) return;
    index.set(queue);
    changed(before, queue);
  }

  function remove(address: QueueAddress): void {
    const before = index.remove(address);
    if (before === undefined) return;
    removed++;
    changed(before, undefined);
  }

  async function readOne(address: QueueAddress, read: { isOvertaken: boolean }): Promise<void> {
    const key = recordKey(address);
    for (;;) {
      read.isOvertaken = false;
      const [record] = await store.records(key, undefined, 1);
      if (read.isOvertaken) continue;
      if (record === undefined || record.key.length !== key.length) remove(address);
      else put(decodeQueueRecord(address, record.value, record.version));
      return;
    }
  }

  async function refresh(address: QueueAddress): Promise<void> {
    const text = addressText(address);
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

  async function adopt(
    address: QueueAddress,
    before: KnownQueue | undefined,
    after: KnownQueue | undefined,
    removals: number,
  ): Promise<void> {
    // A queue that is made may have been noticed and dropped by another node before its answer came: then there is none,
    // as there was none before.
    const mayBeGone = before === undefined && removed !== removals;
    if (mayBeGone || index.find(address) !== before) return refresh(address);
    const read = reads.get(addressText(address));
    if (read !== undefined) read.isOvertaken = true;
    if (after === undefined) remove(address);
    else put(after);
  }

  async function eachRecord(
    action: (address: QueueAddress, value: Uint8Array, version: number) => void,
  ): Promise<void> {
    let after: RecordKey | undefined;
    let neighbour: QueueAddress | undefined;
    for (;;) {
      const page = await store.records(['queue'], after, limits.recordPageMax);
      for (const { key, value, version } of page) {
        const address = addressOfKey(key);
        if (address === undefined) continue;
        // Records come in key order: each takes the texts of its neighbour instead of keeping two of its own.
        if (neighbour?.account === address.account && neighbour.region === address.region)
          neighbour = { account: neighbour.account, region: neighbour.region, name: address.name };
        else neighbour = address;
        action(neighbour, value, version);
      }
      after = page.at(-1)?.key;
      if (page.length < limits.recordPageMax || after === undefined) return;
    }
  }

  /** Notices which records differ from the index; each is then read by itself, for by now it may be out of date. */
  async function noticeDifferences(): Promise<void> {
    const seen = new Set<KnownQueue>();
    await eachRecord((address, value, version) => {
      const known = index.find(address);
      if (known !== undefined) seen.add(known);
      if (known?.version !== version || known.id !== idInRecord(address, value)) notice(address);
    });
    for (const queue of index.all()) if (!seen.has(queue)) notice(queue.address);
  }

  function notice(address: QueueAddress): void {
    noticed.set(addressText(address), address);
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
        for (const address of some) noticed.delete(addressText(address));
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
      store.onRecords(['queue'], (keys) => {
        if (keys === 'all') isAllNoticed = true;
        else for (const key of keys) noticeKey(key);
        wake();
      });
      store.onState((now) => {
        if (now === 'ok') wake();
      });
      await eachRecord((address, value, version) => put(decodeQueueRecord(address, value, version)));
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
    const address = addressOfKey(key);
    if (address !== undefined) notice(address);
  }
}

/** Undefined where this version cannot read the record: such a one is not the one that is known. */
function idInRecord(address: QueueAddress, value: Uint8Array): QueueId | undefined {
  try {
    return decodeQueueRecord(address, value, 0).id;
  } catch {
    return undefined; // Its own read says why; here it must not keep the others from being compared.
  }
}
