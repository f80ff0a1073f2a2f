/** The orders in which a window gives its entries: heaps of slots, of lanes, and what is fair among groups. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entries, stateWaiting } from '../../../storage/sqlite/entries.ts';
import { FairOrder } from '../../../storage/sqlite/fair-order.ts';
import { type Lane, LaneHeap, newLane } from '../../../storage/sqlite/lanes.ts';
import { QueueState } from '../../../storage/sqlite/queue-state.ts';
import { SlotHeap } from '../../../storage/sqlite/slot-heap.ts';
import type { QueueId } from '../../../storage/store.ts';

function slotsOf(count: number): { readonly entries: Entries; readonly slots: readonly number[] } {
  const entries = new Entries(count + 1);
  const slots = Array.from({ length: count }, (_, index) => {
    const slot = entries.allocate(1, index + 1);
    entries.state[slot] = stateWaiting;
    return slot;
  });
  return { entries, slots };
}

/** Each number puts that slot in, or takes it out when it is in. */
const toggles = (count: number) => fc.array(fc.nat(count - 1), { maxLength: 300 });

describe('a heap of slots', () => {
  it('has the lowest position first, whatever is put in and taken out', () => {
    fc.assert(
      fc.property(toggles(60), (indexes) => {
        const { entries, slots } = slotsOf(60);
        const heap = new SlotHeap(entries);
        const model = new Set<number>();
        for (const index of indexes) {
          const slot = slots[index] ?? -1;
          if (model.delete(index)) heap.remove(slot);
          else {
            heap.push(slot);
            model.add(index);
          }
          expect(heap.size).toBe(model.size);
          expect(heap.wantsMore).toBe(model.size === 0);
          expect(heap.peek()).toBe(model.size === 0 ? -1 : slots[Math.min(...model)]);
          expect(entries.heapAt[slot] === -1).toBe(!model.has(index));
        }
        expect([...heap.drain()].sort()).toEqual([...model].map((index) => slots[index]).sort());
        expect(heap.size).toBe(0);
      }),
    );
  });
});

describe('a heap of lanes', () => {
  it('has the lane of the lowest turn first, and of those the one with the oldest head', () => {
    const step = fc.record({ index: fc.nat(19), turn: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { entries, slots } = slotsOf(20);
        const heap = new LaneHeap<Lane>(entries);
        const lanes = slots.map((slot, index) => Object.assign(newLane(index), { head: slot }));
        const model = new Map<number, number>();
        for (const { index, turn } of steps) {
          const lane = lanes[index];
          if (lane === undefined) continue;
          heap.remove(lane); // Harmless when it is not in.
          if (model.delete(index)) continue;
          lane.turn = turn;
          heap.push(lane);
          model.set(index, turn);
          const [best] = [...model].sort(([a, turnA], [b, turnB]) => turnA - turnB || a - b);
          expect(heap.peek()?.id).toBe(best?.[0]);
          expect(heap.size).toBe(model.size);
        }
        const left = [...model].sort(([a, turnA], [b, turnB]) => turnA - turnB || a - b).map(([index]) => index);
        expect(left.map(() => heap.pop()?.id)).toEqual(left);
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});

describe('the order of a fair queue', () => {
  const setup = (count: number, laneOf: (index: number) => number) => {
    const { entries, slots } = slotsOf(count);
    for (const [index, slot] of slots.entries()) entries.lane[slot] = laneOf(index);
    const settings = { groups: 'fair', delayMs: 0, dedupWindowMs: 0, onExpiry: 'drop' } as const;
    const queue = new QueueState(1 as QueueId, 1, 1, settings);
    queue.hasGroups = true;
    return { entries, slots, queue, order: new FairOrder(entries, queue) };
  };

  it('is that of arrival while nobody is noisy', () => {
    const { slots, order } = setup(30, (index) => index % 4);
    for (const slot of [...slots].reverse()) order.push(slot);

    const given = slots.map(() => {
      const slot = order.peek();
      order.remove(slot);
      return slot;
    });

    expect(given).toEqual(slots);
    expect(order.size).toBe(0);
  });

  it('a group that has most of what is in flight comes after all others, and again in its place when it has not', () => {
    const { entries, slots, queue, order } = setup(6, (index) => (index < 3 ? 1 : 2));
    for (const slot of slots) order.push(slot);
    for (let leases = 0; leases < 12; leases++) queue.leaseBegan(1);
    order.laneChanged(1);

    expect(entries.lane[order.peek()]).toBe(2);
    expect(order.wantsMore).toBe(false);

    for (let leases = 0; leases < 12; leases++) queue.leaseEnded(1);
    order.laneChanged(1);

    expect(order.peek()).toBe(slots[0]);
  });

  it('wants more from disk when only a noisy group is left', () => {
    const { slots, queue, order } = setup(3, () => 1);
    expect(order.wantsMore).toBe(true);
    for (const slot of slots) order.push(slot);
    expect(order.wantsMore).toBe(false);

    for (let leases = 0; leases < 12; leases++) queue.leaseBegan(1);
    order.laneChanged(1);

    expect(order.wantsMore).toBe(true);
  });

  it('gives everything once, whatever is put in, taken out and leased meanwhile', () => {
    const step = fc.record({ index: fc.nat(39), lease: fc.integer({ min: -2, max: 3 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { entries, slots, queue, order } = setup(40, (index) => index % 5);
        const model = new Set<number>();
        const leased = new Map<number, number>();
        for (const { index, lease } of steps) {
          const slot = slots[index] ?? -1;
          const lane = entries.lane[slot] ?? 0;
          if (model.delete(slot)) order.remove(slot);
          else {
            order.push(slot);
            model.add(slot);
          }
          for (let count = 0; count < lease; count++) queue.leaseBegan(lane);
          leased.set(lane, (leased.get(lane) ?? 0) + Math.max(0, lease));
          if (lease < 0 && (leased.get(lane) ?? 0) > 0) {
            queue.leaseEnded(lane);
            leased.set(lane, (leased.get(lane) ?? 0) - 1);
          }
          order.laneChanged(lane);
          expect(order.size).toBe(model.size);
          if (model.size > 0) expect(model.has(order.peek())).toBe(true);
        }
        expect([...order.drain()].sort()).toEqual([...model].sort());
        expect([order.size, order.peek()]).toEqual([0, -1]);
      }),
    );
  });
});
