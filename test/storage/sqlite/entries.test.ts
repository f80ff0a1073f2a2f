import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entries, noSlot, scratchSlot, stateWaiting } from '../../../storage/sqlite/entries.ts';

/** Takes a slot as its users do: the state is what makes it count. */
function take(entries: Entries, queue: number, pos: number): number {
  const slot = entries.allocate(queue, pos);
  if (slot !== noSlot) entries.state[slot] = stateWaiting;
  return slot;
}

describe('the entries in memory', () => {
  it('finds what was put in and not what was taken out, whatever the order, over several sizes', () => {
    const key = fc.record({ queue: fc.integer({ min: 1, max: 3 }), pos: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
        const entries = new Entries(80);
        const model = new Map<string, number>();
        for (const { queue, pos } of keys) {
          const name = `${queue}/${pos}`;
          const known = model.get(name);
          if (known !== undefined) {
            entries.free(known);
            model.delete(name);
          } else {
            const slot = take(entries, queue, pos);
            expect(slot === noSlot).toBe(model.size === 79); // One slot is the scratch slot.
            if (slot !== noSlot) model.set(name, slot);
          }
          expect(entries.used).toBe(model.size);
          expect(entries.isFull).toBe(model.size === 79);
        }
        for (let queue = 1; queue <= 3; queue++) {
          for (let pos = 1; pos <= 60; pos++) {
            expect(entries.find(queue, pos)).toBe(model.get(`${queue}/${pos}`) ?? noSlot);
          }
        }
        expect([...entries.slots()].sort()).toEqual([...model.values()].sort());
      }),
    );
  });

  it('never hands out the scratch slot, and no slot twice', () => {
    const entries = new Entries(5_000);
    const slots = Array.from({ length: 4_999 }, (_, index) => take(entries, 1, index + 1));

    expect(new Set(slots).size).toBe(4_999);
    expect(slots).not.toContain(scratchSlot);
    expect(take(entries, 1, 5_000)).toBe(noSlot);
  });

  it('keeps what slots hold when it grows', () => {
    const entries = new Entries(10_000);
    for (let pos = 1; pos <= 1_000; pos++) {
      const slot = take(entries, 7, pos);
      entries.body[slot] = pos * 2;
      if (pos % 100 === 0) entries.notes.set(slot, Uint8Array.of(pos / 100));
    }
    for (let pos = 1; pos <= 5_000; pos++) take(entries, 8, pos);

    for (let pos = 1; pos <= 1_000; pos++) {
      const slot = entries.find(7, pos);
      expect(entries.body[slot]).toBe(pos * 2);
      expect(entries.notes.has(slot)).toBe(pos % 100 === 0);
    }
  });

  it('a slot that is used again has no note, origin, place or link of its former entry', () => {
    const entries = new Entries(2);
    const first = take(entries, 1, 1);
    entries.notes.set(first, Uint8Array.of(1));
    entries.origins.set(first, 'x');
    entries.heapAt[first] = 3;
    entries.next[first] = 4;
    entries.isDirty[first] = 1;
    entries.free(first);

    const second = take(entries, 2, 2);

    expect(second).toBe(first);
    expect([entries.notes.size, entries.origins.size]).toEqual([0, 0]);
    expect([entries.heapAt[second], entries.next[second], entries.previous[second], entries.isDirty[second]]).toEqual([
      -1,
      noSlot,
      noSlot,
      0,
    ]);
  });

  it('positions beyond 32 bits are told apart', () => {
    const entries = new Entries(10);
    const near = take(entries, 1, 5);
    const far = take(entries, 1, 5 + 2 ** 32);

    expect([entries.find(1, 5), entries.find(1, 5 + 2 ** 32)]).toEqual([near, far]);
  });
});
