import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rows } from '../../../storage/sqlite/rows.ts';
import { migrate } from '../../../storage/sqlite/schema.ts';
import { prepareStatements } from '../../../storage/sqlite/statements/index.ts';

interface Key {
  readonly life: number;
  readonly rank: number;
  readonly pos: number;
}

function setup() {
  const db = new Database(':memory:');
  migrate(db);
  let begun = 0;
  const rows = new Rows(prepareStatements(db), () => begun++);
  const insert = ({ life, rank, pos }: Key) =>
    rows.insertEntry(life, rank, pos, 3, pos, 5, 1_000, null, null, 0, 0, null, null, null, rank, false);
  const left = () => db.prepare('SELECT life, rank, pos FROM entry ORDER BY life, rank, pos').all();
  return { db, rows, insert, left, begun: () => begun };
}

const sorted = (keys: readonly Key[]) => [...keys].sort((a, b) => a.life - b.life || a.rank - b.rank || a.pos - b.pos);

describe('the rows of one commit', () => {
  it('are inserted and removed as told, in any number and order, and nothing else is', () => {
    const key = fc.record({
      life: fc.integer({ min: 1, max: 2 }),
      rank: fc.integer({ min: 4, max: 5 }),
      pos: fc.integer({ min: 1, max: 60 }),
    });
    const keys = fc.uniqueArray(key, { selector: ({ life, rank, pos }) => `${life}/${rank}/${pos}`, maxLength: 120 });
    fc.assert(
      fc.property(keys, fc.func(fc.boolean()), fc.boolean(), (all, isRemoved, isWrittenBetween) => {
        const { rows, insert, left } = setup();
        for (const each of all) insert(each);
        if (isWrittenBetween) rows.write();
        for (const each of all) if (isRemoved(each)) rows.remove(each.life, each.rank, each.pos);
        rows.write();

        expect(left()).toEqual(sorted(all.filter((each) => !isRemoved(each))));
        expect(rows.isEmpty).toBe(true);
      }),
    );
  });

  it('a run of neighbours goes as one range that spares what lies beside it', () => {
    const { rows, insert, left } = setup();
    for (let pos = 1; pos <= 40; pos++) insert({ life: 1, rank: 5, pos });
    rows.write();

    for (const pos of [12, 11, 10, 30, 13]) rows.remove(1, 5, pos);
    rows.write();

    expect(left()).toHaveLength(35);
  });

  it('plain entries read off their bodies are the same as entries told in full', () => {
    const entry = fc.record({ queue: fc.integer({ min: 1, max: 2 }), rank: fc.integer({ min: 4, max: 5 }) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 80 }), fc.integer({ min: 0, max: 80 }), (entries, later) => {
        const [plain, full] = [setup(), setup()];
        for (const { rows } of [plain, full]) {
          const positions = new Map<number, number>();
          for (const [index, { queue, rank }] of entries.entries()) {
            const body = index + 1;
            const pos = (positions.get(queue) ?? queue * 1_000) + 1;
            positions.set(queue, pos);
            const at = index < later ? 5_000 : 6_000;
            rows.insertBody(body, new Uint8Array(16 + (index % 3)), new Uint8Array(index));
            const size = (index % 3) + index;
            if (rows === plain.rows) rows.insertPlainEntry(queue, rank, pos, body, at, 4);
            else rows.insertEntry(queue, rank, pos, 0, body, size, at, null, null, 0, 0, null, null, null, 4, false);
          }
          rows.write();
        }

        const all = 'SELECT * FROM entry ORDER BY life, rank, pos';
        expect(plain.db.prepare(all).all()).toEqual(full.db.prepare(all).all());
      }),
    );
  });

  it('bodies in any number arrive whole', () => {
    for (const count of [1, 15, 16, 17, 33]) {
      const { db, rows } = setup();
      for (let id = 1; id <= count; id++) rows.insertBody(id, Uint8Array.of(1), Uint8Array.of(id));
      rows.write();

      expect(db.prepare('SELECT count(*), sum(length(data)) FROM body').raw().get()).toEqual([count, count]);
    }
  });

  it('without rows no transaction begins', () => {
    const { rows, begun } = setup();

    rows.write();

    expect(begun()).toBe(0);
  });
});
