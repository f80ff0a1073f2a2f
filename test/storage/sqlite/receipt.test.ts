import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Receipts } from '../../../storage/sqlite/receipt.ts';

const receipts = new Receipts(Buffer.alloc(32, 7));
const bits48 = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const fields = fc.record({
  queue: bits48,
  life: bits48,
  rank: fc.integer({ min: 0, max: 19 }),
  pos: bits48,
  count: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
});

describe('a receipt', () => {
  it('says which delivery it settles', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const text = receipts.encode(given.queue, given.life, given.rank, given.pos, given.count);
        expect(receipts.decode(text)).toEqual(given);
        expect(text.length).toBeLessThanOrEqual(200);
      }),
    );
  });

  it('changed in any one character is none', () => {
    const text = receipts.encode(1, 2, 3, 4, 5);
    for (let at = 0; at < text.length; at++) {
      for (const character of ['A', '_', '7']) {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        // The last character has two bits that mean nothing.
        const isSame = Buffer.from(changed, 'base64url').equals(Buffer.from(text, 'base64url'));
        if (!isSame) expect(receipts.decode(changed)).toBeUndefined();
      }
    }
  });

  it('cut, prolonged, of another store or made up is none', () => {
    const text = receipts.encode(1, 2, 3, 4, 5);
    const foreign = new Receipts(Buffer.alloc(32, 8)).encode(1, 2, 3, 4, 5);

    for (const other of [text.slice(0, -1), `${text}A`, '', foreign, 'x'.repeat(43), '\u00e9'.repeat(43)]) {
      expect(receipts.decode(other)).toBeUndefined();
    }
  });

  it('is none for any text that no store made', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (made) => receipts.decode(made) === undefined));
  });
});
