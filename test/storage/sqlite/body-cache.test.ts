import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyCache, type CachedBody } from '../../../storage/sqlite/body-cache.ts';

const id = Buffer.alloc(16, 9);
const bodyOf = (number: number, length: number) => Buffer.alloc(length, number % 251);

describe('the cache of fresh bodies', () => {
  it('gives what it holds back byte for byte, keeps all from its floor on, and never another body', () => {
    const step = fc.record({ length: fc.nat(70), head: fc.nat(10), skip: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), fc.integer({ min: 600, max: 2_000 }), (steps, bytes) => {
        const cache = new BodyCache(bytes);
        const model = new Map<number, CachedBody>();
        let number = 0;
        for (const { length, head, skip } of steps) {
          number += skip && number % 7 === 0 ? 2 : 1; // Another sender had the id between.
          cache.add(number, id, bodyOf(number, head), bodyOf(number + 1, length));
          model.set(number, { id, head: bodyOf(number, head), body: bodyOf(number + 1, length) });
          for (const [known, expected] of model) {
            const found = cache.get(known);
            if (known >= cache.floor) expect(found).toBeDefined();
            if (found !== undefined) expect(found).toEqual(expected);
          }
        }
        expect(cache.get(number + 1)).toBeUndefined();
        expect(cache.get(0)).toBeUndefined();
      }),
    );
  });

  it('what is from the floor on outlives half a ring of later bodies', () => {
    const cache = new BodyCache(32_000);
    for (let number = 1; number <= 100; number++) cache.add(number, id, Buffer.alloc(0), bodyOf(number, 984));
    const { floor } = cache;

    for (let number = 101; number <= 115; number++) cache.add(number, id, Buffer.alloc(0), bodyOf(number, 984));

    expect(floor).toBeGreaterThan(80);
    for (let number = floor; number <= 115; number++) expect(cache.get(number)?.body).toEqual(bodyOf(number, 984));
  });

  it('a body too large for it makes it no wrong promise', () => {
    const cache = new BodyCache(16_000);
    cache.add(1, id, Buffer.alloc(0), bodyOf(1, 100));
    cache.add(2, id, Buffer.alloc(0), bodyOf(2, 2_000));

    expect(cache.floor).toBeGreaterThan(2);
    expect(cache.get(2)).toBeUndefined();
    cache.add(3, id, Buffer.alloc(0), bodyOf(3, 100));
    expect([cache.floor, cache.get(3)?.body]).toEqual([3, bodyOf(3, 100)]);
  });

  it('holds no more ids than it has places for', () => {
    const cache = new BodyCache(8 * 1024 * 1024);
    for (let number = 1; number <= 40_000; number++) cache.add(number, id, Buffer.alloc(0), bodyOf(number, 1));

    expect(cache.get(1)).toBeUndefined();
    expect(cache.get(40_000)?.body).toEqual(bodyOf(40_000, 1));
    expect(cache.get(cache.floor)?.body).toEqual(bodyOf(cache.floor, 1));
  });

  it('a copy that was handed out does not change with the ring', () => {
    const cache = new BodyCache(2_000);
    cache.add(1, id, Buffer.alloc(0), bodyOf(1, 50));
    const found = cache.get(1);

    for (let number = 2; number < 100; number++) cache.add(number, id, Buffer.alloc(0), bodyOf(number, 50));

    expect(found?.body).toEqual(bodyOf(1, 50));
  });
});
