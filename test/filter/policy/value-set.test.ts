import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fits } from '../../../src/filter/policy/fits.ts';
import { parseFilterPolicy } from '../../../src/filter/policy/index.ts';
import { ValueSet } from '../../../src/filter/policy/value-set.ts';
import { rule, scalar } from './arbitraries.ts';

const ofAnyKind = fc.array(
  fc.oneof(scalar, fc.string({ unit: fc.constantFrom('x', 'y', 'X', 'z') }), fc.ipV4(), fc.ipV6()),
);
const ofTexts = fc.array(fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 1 }), { minLength: 1 });
const values = fc.oneof(ofAnyKind, ofTexts, fc.array(fc.integer({ min: -3, max: 12 })));

test('a set of values answers as its values do one by one', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1 }), values, (rules, list) => {
      const policy = parseFilterPolicy(JSON.stringify({ key: rules }), 'body', { isLenient: true });
      const set = new ValueSet(list);

      for (const parsed of policy?.branches[0]?.[0]?.rules ?? []) {
        // Whether there is a value at all is asked of none.
        if (parsed.op === 'exists') continue;
        expect(set.fulfils(parsed)).toBe(list.some((value) => fits(parsed, value)));
      }
    }),
    { numRuns: 2_000 },
  );
});
