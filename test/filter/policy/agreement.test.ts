import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FilterIndex,
  type FilterPolicy,
  type FilterResult,
  FilterView,
  matches,
  parseFilterPolicy,
} from '../../../src/filter/policy/index.ts';
import type { Property } from '../../../src/model/message.ts';
import { message, type ScopedPolicy, scopedPolicy } from './arbitraries.ts';
import { type SlowAttribute, type SlowMessage, slowVerdict } from './slow-evaluator.ts';

const generous = { isLenient: true, limits: { keyCountMax: 100, combinationCountMax: Number.POSITIVE_INFINITY } };

function parse({ policy, scope }: ScopedPolicy): FilterPolicy | undefined {
  return parseFilterPolicy(JSON.stringify(policy), scope, generous);
}

function propertyOf({ name, type, value }: SlowAttribute): Property {
  if (type === 'Binary') return { name, type: 'binary', value: Buffer.from(value) };
  if (type === 'Number') return { name, type: 'number', value };
  return type === 'String' ? { name, type: 'string', value } : { name, type: 'string', value, label: type };
}

function viewOf({ attributes, body }: SlowMessage): FilterView {
  return new FilterView({ properties: attributes.map(propertyOf), text: () => body });
}

describe('an evaluator that is slow and simple agrees', () => {
  test('on whether a policy lets a message through, and why not', () => {
    fc.assert(
      fc.property(scopedPolicy, message, (scoped, sent) => {
        const policy = parse(scoped);
        const verdict = policy === undefined ? undefined : matches(policy, viewOf(sent));

        expect(verdict).toBe(slowVerdict(scoped.policy, scoped.scope, sent));
      }),
      { numRuns: 1_500 },
    );
  });

  test('on what an index finds, whatever was added to it, changed and removed before', () => {
    const step = fc.record({
      id: fc.integer({ min: 0, max: 11 }),
      change: fc.oneof(
        { weight: 6, arbitrary: scopedPolicy },
        fc.constantFrom('no policy' as const, 'removed' as const),
      ),
    });

    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 24 }),
        fc.array(message, { minLength: 1, maxLength: 3 }),
        (steps, sent) => {
          const index = new FilterIndex<number>();
          const model = new Map<number, ScopedPolicy | 'no policy'>();
          for (const { id, change } of steps) {
            if (change === 'removed') {
              expect(index.remove(id)).toBe(model.delete(id));
            } else {
              index.add(id, change === 'no policy' ? undefined : parse(change));
              model.set(id, change);
            }
          }

          expect(index.size).toBe(model.size);
          for (const one of sent) expect(found(index, viewOf(one))).toEqual(wanted(model, one));
        },
      ),
      { numRuns: 700 },
    );
  });
});

function found(index: FilterIndex<number>, view: FilterView) {
  const { matched, filteredOut } = index.match(view);
  return { matched: [...matched].sort((a, b) => a - b), filteredOut };
}

function wanted(model: Map<number, ScopedPolicy | 'no policy'>, sent: SlowMessage): FilterResult<number> {
  const matched: number[] = [];
  const filteredOut = {
    'no-attributes': 0,
    attributes: 0,
    'invalid-attributes': 0,
    'invalid-body': 0,
    body: 0,
  };
  for (const [id, scoped] of model) {
    const verdict = scoped === 'no policy' ? 'match' : slowVerdict(scoped.policy, scoped.scope, sent);
    if (verdict === 'match') matched.push(id);
    else filteredOut[verdict] += 1;
  }
  return { matched: matched.sort((a, b) => a - b), filteredOut };
}
