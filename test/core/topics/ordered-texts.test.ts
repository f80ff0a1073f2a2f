import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderedTexts } from '../../../src/core/topics/ordered-texts.ts';

const step = fc.record({ isAdded: fc.boolean(), text: fc.integer({ min: 0, max: 4_000 }).map(String) });

it('has what was added and not removed, in order, behind any text', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6_000, size: 'max' }), fc.string(), (steps, from) => {
      const texts = new OrderedTexts();
      const expected = new Set<string>();
      for (const { isAdded, text } of steps) {
        if (isAdded) texts.add(text);
        else texts.remove(text);
        expected[isAdded ? 'add' : 'delete'](text);
      }
      const ordered = [...expected].sort();

      expect([...texts.after(undefined)]).toEqual(ordered);
      expect([...texts.after(from)]).toEqual(ordered.filter((text) => text > from));
      expect([...texts.after('2000')]).toEqual(ordered.filter((text) => text > '2000'));
      expect(texts.isEmpty).toBe(ordered.length === 0);
    }),
    { numRuns: 20 },
  );
});

it.each([
  ['in order', (index: number) => index],
  ['backwards', (index: number) => 9_999 - index],
  ['all over', (index: number) => (index * 7_919) % 10_000],
])('ten thousand that come %s stand in order, and go again', (_, at) => {
  const texts = new OrderedTexts();
  const all = Array.from({ length: 10_000 }, (_, index) => String(at(index)).padStart(5, '0'));
  for (const text of all) texts.add(text);

  expect([...texts.after(undefined)]).toEqual(all.toSorted());

  for (const text of all) texts.remove(text);
  expect(texts.isEmpty).toBe(true);
  expect([...texts.after(undefined)]).toEqual([]);
});
