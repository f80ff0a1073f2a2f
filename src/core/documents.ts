/**
 * Small things that an adapter keeps: one JSON object a key, durable when a change of it settles, in memory and current on every
 * node. Core knows of them nothing but their kind; what may be read and changed, their owner asks.
 */
import type { Change, RecordKey, Store } from '../../storage/store.ts';
import { type DocumentAddress, DocumentIndex, type KnownDocument } from './document-index.ts';
import { inChunks } from './in-chunks.ts';
import { RecordFields, readRecord } from './record-fields.ts';
import { createRecordReader, type RecordKind } from './record-reader.ts';
import { createRecordWriter } from './record-writer.ts';

/** How one kind of them is named and read. */
export interface DocumentKind<T extends object> {
  /** Of every key of the kind; no other kind has it. */
  readonly name: string;
  /** What `JSON.stringify` made of a value, read back. */
  read(fields: RecordFields): T;
}

export interface Documents<T extends object> {
  get(key: string): T | undefined;
  /** In the order of their keys, those that begin so. @param after the last key of the page before */
  list(prefix: string, after: string | undefined, max: number): readonly Listed<T>[];
  /**
   * @param step called anew for each attempt with what is there; it answers what shall be, or undefined for nothing. The same
   * object changes nothing. What it throws is thrown
   * @returns what is there afterwards; on disk
   * @throws GantryError `conflict` when others change it all the time, else what the store refused with
   */
  change(key: string, step: (before: T | undefined) => T | undefined): Promise<T | undefined>;
}
interface Listed<T> {
  readonly key: string;
  readonly value: T;
}

export interface DocumentsService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Forgets all of every kind. */
  reset(): Promise<void>;
  of<T extends object>(kind: DocumentKind<T>): Documents<T>;
  /** `change` with more in the same batch, for what belongs to a document. */
  changeWith<T extends object>(
    kind: DocumentKind<T>,
    key: string,
    step: (before: T | undefined) => { readonly after: T | undefined; readonly changes: readonly Change[] } | undefined,
  ): Promise<T | undefined>;
}

const recordKind = 'document';
const recordVersion = 1;

const documentRecords: RecordKind<DocumentAddress, KnownDocument> = {
  prefix: [recordKind],
  textOf: ({ kind, key }) => `${kind}/${key}`,
  keyOf: ({ kind, key }) => [recordKind, kind, key],
  addressOf,
  sharing: (address, { kind }) => (address.kind === kind ? { kind, key: address.key } : address),
  decode(address, value, version) {
    const fields = readRecord(value, nameOf(address), address.key);
    fields.requireVersion(recordVersion);
    return { address, version, value: fields.object('value') };
  },
  isSame: () => true, // One that is made again has a later version, and nothing hangs on which of the two it is.
};

function addressOf([first, kind, key, ...rest]: RecordKey): DocumentAddress | undefined {
  if (first !== recordKind || typeof kind !== 'string' || typeof key !== 'string' || rest.length > 0) return undefined;
  return { kind, key };
}

function nameOf({ kind, key }: DocumentAddress): string {
  return `${kind} "${key}"`;
}

export function createDocuments(store: Store): DocumentsService {
  const index = new DocumentIndex();
  const reader = createRecordReader(store, documentRecords, index, () => undefined);
  const writer = createRecordWriter<DocumentAddress, KnownDocument>({
    ...{ store, kind: documentRecords, index, reader },
    encode: ({ value }) => Buffer.from(JSON.stringify({ v: recordVersion, value })),
    nameOf: (address) => ({ what: nameOf(address), resource: address.key }),
  });

  const changeWith: DocumentsService['changeWith'] = async (kind, key, step) => {
    const address = { kind: kind.name, key };
    const { after: known } = await writer.change(address, (before) => {
      const read = before && readOf(kind, before);
      const next = step(read);
      if (next === undefined || (next.after === read && next.changes.length === 0)) return undefined;
      const { after, changes } = next;
      return { after: after && { address, value: after }, changes };
    });
    return known && readOf(kind, known);
  };

  return {
    start: reader.start,
    stop: reader.stop,
    reset: () =>
      inChunks([...index.all()], ({ address }) => writer.change(address, () => ({ after: undefined, changes: [] }))),
    of: (kind) => ({
      get(key) {
        const known = index.find({ kind: kind.name, key });
        return known && readOf(kind, known);
      },
      list: (prefix, after, max) =>
        index
          .list(kind.name, { prefix, after, max })
          .map((known) => ({ key: known.address.key, value: readOf(kind, known) })),
      change: (key, step) => changeWith(kind, key, (before) => ({ after: step(before), changes: [] })),
    }),
    changeWith,
  };

  /** @throws GantryError `internal` when it is not one of ours */
  function readOf<T extends object>(kind: DocumentKind<T>, { address, value }: KnownDocument): T {
    return kind.read(new RecordFields(value, nameOf(address), address.key));
  }
}
