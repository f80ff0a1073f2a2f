import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeKey, encodeKey } from '../../../storage/sqlite/records.ts';
import type { RecordKey } from '../../../storage/store.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\u0000', '\u0001', 'é', '\u{1f600}', 'z') });
const part = fc.oneof(text, fc.double({ noNaN: true }), fc.integer());
const key: fc.Arbitrary<RecordKey> = fc.array(part, { maxLength: 4 });

it('a key is read back as it was', async () => {
  await fc.assert(
    fc.property(key, (parts) => {
      expect(decodeKey(encodeKey(parts))).toEqual(parts);
    }),
  );
});

it('the order of encoded keys is that of their parts: numbers before texts, texts by their UTF-8, a prefix first', async () => {
  await fc.assert(
    fc.property(key, key, (left, right) => {
      expect(Math.sign(Buffer.compare(encodeKey(left), encodeKey(right)))).toBe(order(left, right));
    }),
  );
});

function order(left: RecordKey, right: RecordKey): number {
  for (const [index, own] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const compared = orderOfParts(own, other);
    if (compared !== 0) return compared;
  }
  return left.length === right.length ? 0 : -1;
}

function orderOfParts(own: string | number, other: string | number): number {
  if (typeof own === 'number' && typeof other === 'number') {
    if (Object.is(own, other)) return 0;
    if (own === other) return Object.is(own, -0) ? -1 : 1;
    return own < other ? -1 : 1;
  }
  if (typeof own === 'string' && typeof other === 'string')
    return Math.sign(Buffer.compare(Buffer.from(own), Buffer.from(other)));
  return typeof own === 'number' ? -1 : 1;
}
