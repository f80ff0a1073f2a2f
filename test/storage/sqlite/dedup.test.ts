import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dedup } from '../../../storage/sqlite/dedup.ts';
import { migrate } from '../../../storage/sqlite/schema.ts';
import { prepareStatements } from '../../../storage/sqlite/statements/index.ts';

function setup() {
  const db = new Database(':memory:');
  migrate(db);
  const sql = prepareStatements(db);
  const open = () => new Dedup(sql, () => undefined);
  const rows = () => Number(db.prepare('SELECT count(*) FROM dedup').pluck().get());
  return { open, rows };
}

/** The first four bytes are what the table in memory goes by; the same in all of them forces collisions. */
function digestOf(key: number, isColliding: boolean): Buffer {
  const digest = Buffer.alloc(16);
  digest.writeUInt32LE(isColliding ? 7 : key, 0);
  digest.writeUInt32LE(key, 8);
  return digest;
}
const id = Buffer.alloc(16, 1);

describe('the deduplication log', () => {
  it('tells keys apart whose short hash is the same', () => {
    const dedup = setup().open();
    dedup.add(1, digestOf(1, true), id, 10, 100);
    dedup.add(1, digestOf(2, true), id, 20, 100);

    expect(dedup.find(1, digestOf(1, true), 100, 50)?.pos).toBe(10);
    expect(dedup.find(1, digestOf(2, true), 100, 50)?.pos).toBe(20);
    expect(dedup.find(1, digestOf(3, true), 100, 50)).toBeUndefined();
    expect(dedup.find(2, digestOf(1, true), 100, 50)).toBeUndefined();
  });

  it('ends a window at its instant', () => {
    const dedup = setup().open();
    dedup.add(1, digestOf(1, false), id, 10, 100);

    expect(dedup.find(1, digestOf(1, false), 149, 50)).toBeDefined();
    expect(dedup.find(1, digestOf(1, false), 150, 50)).toBeUndefined();
  });

  it('keeps a key that a clock set back has made the younger one of older rows', () => {
    const { open } = setup();
    const before = open();
    before.add(1, digestOf(0, false), id, 5, 400);
    before.add(1, digestOf(1, false), id, 10, 1_000);
    const dedup = open(); // After a restart with the clock behind.
    dedup.add(1, digestOf(2, false), id, 20, 500);

    dedup.expire(600, 100);

    expect(dedup.find(1, digestOf(1, false), 1_000, 300)?.pos).toBe(10);
  });

  it('forgets what is old after a restart without reading what is not', () => {
    const { open, rows } = setup();
    const before = open();
    for (let key = 0; key < 100; key++) before.add(1, digestOf(key, false), id, key, key);
    const dedup = open();

    let slices = 0;
    while (dedup.expire(90, 20)) slices++;

    expect(slices).toBeGreaterThan(3);
    expect(rows()).toBe(10);
    expect(dedup.find(1, digestOf(95, false), 100, 50)?.pos).toBe(95);
    expect(dedup.find(1, digestOf(5, false), 100, 1_000)).toBeUndefined();
  });

  it('agrees with a plain map through windows, expiry, restarts and collisions', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('add' as const),
          key: fc.nat(30),
          life: fc.integer({ min: 1, max: 3 }),
        }),
      },
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('find' as const),
          key: fc.nat(30),
          life: fc.integer({ min: 1, max: 3 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(40) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), max: fc.integer({ min: 1, max: 5 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('load' as const), max: fc.integer({ min: 1, max: 5 }) }) },
    );
    const windowMs = 100;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.boolean(), (steps, isColliding) => {
        const { open } = setup();
        let dedup = open();
        const model = new Map<string, { pos: number; at: number }>();
        let now = 1_000;
        let pos = 0;
        for (const step of steps) {
          if (step.do === 'wait') now += step.ms;
          else if (step.do === 'restart') dedup = open();
          else if (step.do === 'expire') dedup.expire(now - windowMs, step.max);
          else if (step.do === 'load') dedup.loadSlice(step.max);
          else {
            const digest = digestOf(step.key, isColliding);
            const name = `${step.life}/${step.key}`;
            const known = model.get(name);
            const expected = known !== undefined && known.at + windowMs > now ? known.pos : undefined;
            const found = dedup.find(step.life, digest, now, windowMs)?.pos;
            expect(found).toBe(expected);
            if (step.do === 'find' || found !== undefined) continue;
            dedup.add(step.life, digest, id, ++pos, now);
            model.set(name, { pos, at: now });
          }
        }
      }),
    );
  });

  it('holds tens of thousands, and shrinks when they are gone', () => {
    const { open, rows } = setup();
    const dedup = open();
    for (let key = 0; key < 30_000; key++) dedup.add(1, digestOf(key, false), id, key, key);

    while (dedup.expire(29_000, 1_000));

    expect(rows()).toBe(1_000);
    for (let key = 29_000; key < 30_000; key += 97)
      expect(dedup.find(1, digestOf(key, false), 30_000, 5_000)?.pos).toBe(key);
    for (let key = 0; key < 29_000; key += 997) expect(dedup.find(1, digestOf(key, false), 0, 5_000)).toBeUndefined();
  });
});
