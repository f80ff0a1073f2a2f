import type { RecordIndex } from './record-reader.ts';

export interface DocumentAddress {
  readonly kind: string;
  readonly key: string;
}
/** As it lies in its record. */
export interface KnownDocument {
  readonly address: DocumentAddress;
  readonly version: number;
  readonly value: object;
}

interface OfKind {
  readonly byKey: Map<string, KnownDocument>;
  /** In order, so that a page of a list costs what it holds, however much changes between two pages. */
  readonly keys: string[];
}
interface DocumentRange {
  readonly prefix: string;
  readonly after: string | undefined;
  readonly max: number;
}

export class DocumentIndex implements RecordIndex<DocumentAddress, KnownDocument> {
  private readonly byKind = new Map<string, OfKind>();

  find({ kind, key }: DocumentAddress): KnownDocument | undefined {
    return this.byKind.get(kind)?.byKey.get(key);
  }

  *all(): Iterable<KnownDocument> {
    for (const { byKey } of this.byKind.values()) yield* byKey.values();
  }

  list(kind: string, { prefix, after, max }: DocumentRange): readonly KnownDocument[] {
    const { byKey, keys } = this.byKind.get(kind) ?? nothing;
    const found: KnownDocument[] = [];
    let at = placeOf(keys, after !== undefined && after > prefix ? after : prefix);
    if (keys[at] === after) at++;
    for (; at < keys.length && found.length < max; at++) {
      const key = keys[at] ?? '';
      if (!key.startsWith(prefix)) break;
      const known = byKey.get(key);
      if (known !== undefined) found.push(known);
    }
    return found;
  }

  set(known: KnownDocument): void {
    const { kind, key } = known.address;
    const ofKind = this.byKind.get(kind) ?? { byKey: new Map(), keys: [] };
    this.byKind.set(kind, ofKind);
    if (!ofKind.byKey.has(key)) ofKind.keys.splice(placeOf(ofKind.keys, key), 0, key);
    ofKind.byKey.set(key, known);
  }

  remove(address: DocumentAddress): KnownDocument | undefined {
    const known = this.find(address);
    const ofKind = this.byKind.get(address.kind);
    if (known === undefined || ofKind === undefined) return undefined;
    ofKind.byKey.delete(address.key);
    ofKind.keys.splice(placeOf(ofKind.keys, address.key), 1);
    return known;
  }
}

const nothing: OfKind = { byKey: new Map(), keys: [] };

/** Where the key stands, or would stand. */
function placeOf(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
