/**
 * Makes, rewrites and erases what lies in records of one kind. Every change is one batch of the record, guarded by the version
 * that this node knows, and of whatever belongs to it: so the two never disagree, and of two nodes that change one thing the
 * later sees the earlier's work. Changes of one thing on this node take turns.
 */
import type { Batch, Change, Store } from '../../storage/store.ts';
import { assert } from '../model/assert.ts';
import { GantryError } from '../model/errors.ts';
import { limits } from './limits.ts';
import type { Recorded, RecordIndex, RecordKind, RecordReader } from './record-reader.ts';
import { createTurns } from './turns.ts';

/** Has no record of its state yet. */
export type Unwritten<K> = Omit<K, 'version'>;

interface Step<K> {
  /** As it shall be; undefined: gone. */
  readonly after: Unwritten<K> | undefined;
  /** In the same batch, after the record. */
  readonly changes: readonly Change[];
}

export interface RecordWriterParts<A, K extends Recorded<A>> {
  readonly store: Store;
  readonly kind: RecordKind<A, K>;
  readonly index: RecordIndex<A, K>;
  readonly reader: RecordReader<A, K>;
  encode(unwritten: Unwritten<K>): Uint8Array;
  /** For the error that others change it all the time: `queue "orders"`. */
  nameOf(address: A): { readonly what: string; readonly resource: string };
}

export interface RecordWriter<A, K> {
  /**
   * @param step called anew for each attempt with what is known then; undefined: leave it. What it throws is thrown.
   * @returns what is there afterwards and whether it was changed
   * @throws GantryError `conflict` when others change it all the time, else what the store refused with
   */
  change(address: A, step: (before: K | undefined) => Step<K> | undefined): Promise<Changed<K>>;
}
interface Changed<K> {
  readonly after: K | undefined;
  readonly isChanged: boolean;
}

export function createRecordWriter<A, K extends Recorded<A>>(parts: RecordWriterParts<A, K>): RecordWriter<A, K> {
  const { store, kind, index, reader, encode, nameOf } = parts;
  const turns = createTurns();

  return {
    change: (address, step) =>
      turns.take(kind.textOf(address), async () => {
        for (let count = 0; count < limits.conflictRetryCountMax; count++) {
          const before = index.find(address);
          const next = step(before);
          if (next === undefined) return { after: before, isChanged: false };
          const done = await write(address, before, next);
          if (done !== undefined) return { after: done.after, isChanged: true };
          await reader.refresh(address);
        }
        const { what, resource } = nameOf(address);
        throw new GantryError('conflict', `${what} is being changed by others all the time`, {
          resource,
          hint: 'Try again.',
        });
      }),
  };

  /** @returns undefined: another node changed it meanwhile */
  async function write(
    address: A,
    before: K | undefined,
    { after, changes }: Step<K>,
  ): Promise<{ readonly after: K | undefined } | undefined> {
    const ifVersion = before?.version ?? 0;
    const key = kind.keyOf(address);
    const own: Change =
      after === undefined ? { do: 'forget', key, ifVersion } : { do: 'put', key, value: encode(after), ifVersion };
    const removals = reader.removals();
    const results = await commit([own, ...changes]);
    if (results === undefined) return undefined;
    const [done] = results;
    let known: K | undefined;
    if (after !== undefined) {
      assert(done?.did === 'put', 'a put is answered with the version that it made');
      known = withVersion(after, done.version);
    }
    await reader.adopt(address, before, known, removals);
    return { after: known };
  }

  /** @returns undefined when the record has another version by now */
  async function commit(changes: Batch['changes']) {
    const result = await store.commit({ changes, durability: 'disk' });
    if (result.ok) return result.changes;
    const { code } = result.error;
    if (code === 'conflict' || code === 'already-exists') return undefined; // The second where none was to be there.
    throw result.error;
  }
}

/** TypeScript cannot see that what was left out of K and is put back makes a K. */
function withVersion<K>(unwritten: Unwritten<K>, version: number): K {
  return { ...unwritten, version } as K;
}
