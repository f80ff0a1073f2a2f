import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ShortLeases } from '../../../storage/sqlite/short-leases.ts';

it('leases come out in the order of their ends, none before its own', () => {
  const step = fc.oneof(fc.record({ due: fc.nat(50) }), fc.record({ now: fc.nat(60) }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const leases = new ShortLeases();
      const model: number[] = [];
      for (const step of steps) {
        if ('due' in step) {
          leases.add({ due: step.due, slot: 1, queue: 1, pos: 1 });
          model.push(step.due);
          model.sort((a, b) => a - b);
        } else {
          const first = model[0] !== undefined && model[0] <= step.now ? model.shift() : undefined;
          expect(leases.takeDue(step.now)?.due).toBe(first);
        }
        expect(leases.dueAt).toBe(model[0] ?? Number.POSITIVE_INFINITY);
      }
      leases.clear();
      expect(leases.takeDue(1_000)).toBeUndefined();
    }),
  );
});
