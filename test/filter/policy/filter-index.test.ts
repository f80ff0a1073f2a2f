import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FilterIndex,
  type FilterPolicy,
  type FilterPolicyScope,
  FilterView,
  parseFilterPolicy,
} from '../../../src/filter/policy/index.ts';
import type { Property } from '../../../src/model/message.ts';

const subscriptionCount = 4_000;

function parse(policy: unknown, scope: FilterPolicyScope = 'attributes'): FilterPolicy {
  const parsed = parseFilterPolicy(JSON.stringify(policy), scope);
  if (parsed === undefined) throw new Error('the policy is empty');
  return parsed;
}

function viewOf(properties: Record<string, string | number>, text?: string): FilterView {
  const list = Object.entries(properties).map(
    ([name, value]): Property =>
      typeof value === 'number' ? { name, type: 'number', value: String(value) } : { name, type: 'string', value },
  );
  return new FilterView({ properties: list, text: () => text });
}

/** A policy that counts how often it is looked at, once it is in the index. */
function watched(policy: FilterPolicy, seen: () => void): FilterPolicy {
  const { scope, text, branches } = policy;
  return {
    scope,
    text,
    get branches() {
      seen();
      return branches;
    },
  };
}

describe('of thousands of subscriptions a message looks at those that it can fulfil', () => {
  const message = viewOf(
    { type: 'order', customer: 'c7-x', id: 75, region: 'r', ip: '10.0.7.9', k7: 'v' },
    '{"type":"order","detail":{"customer":"c7-x"}}',
  );

  test.each<[string, (at: number) => unknown, FilterPolicyScope, number]>([
    ['exact texts', (at) => ({ customer: [`c${at}-x`] }), 'attributes', 1],
    ['exact numbers', (at) => ({ id: [at] }), 'attributes', 1],
    ['numeric equality', (at) => ({ id: [{ numeric: ['=', at] }] }), 'attributes', 1],
    ['prefixes', (at) => ({ customer: [{ prefix: `c${at}-` }] }), 'attributes', 1],
    ['long prefixes', (at) => ({ customer: [{ prefix: `c${at}-${'x'.repeat(99)}` }, `c${at}-x`] }), 'attributes', 1],
    ['suffixes', (at) => ({ k7: [{ suffix: `${at}v` }, `${at}`], customer: [{ suffix: 'x' }] }), 'attributes', 0],
    ['case ignored', (at) => ({ customer: [{ 'equals-ignore-case': `C${at}-X` }] }), 'attributes', 1],
    ['ranges', (at) => ({ id: [{ numeric: ['>=', at * 10, '<', at * 10 + 10] }] }), 'attributes', 1],
    ['half-open ranges', (at) => ({ id: [{ numeric: ['<', at - 3_900] }] }), 'attributes', 24],
    ['$or', (at) => ({ $or: [{ customer: [`c${at}-x`] }, { region: [`r${at}`] }] }), 'attributes', 1],
    ['networks', (at) => ({ ip: [{ cidr: `10.${at >> 8}.${at & 255}.0/24` }] }), 'attributes', 1],
    ['one key for all and one for each', (at) => ({ type: ['order'], customer: [`c${at}-x`] }), 'attributes', 1],
    ['many keys', (at) => ({ [`k${at}`]: ['v'] }), 'attributes', 1],
    ['exists', (at) => ({ [`k${at}`]: [{ exists: true }] }), 'attributes', 1],
    ['bodies', (at) => ({ type: [{ exists: true }], detail: { customer: [`c${at}-x`] } }), 'body', 1],
  ])('%s', (_, policyAt, scope, matchCount) => {
    const index = new FilterIndex<number>();
    let lookCount = 0;
    for (let at = 0; at < subscriptionCount; at += 1) {
      index.add(
        at,
        watched(parse(policyAt(at), scope), () => (lookCount += 1)),
      );
    }
    lookCount = 0;

    const { matched, filteredOut } = index.match(message);

    expect(matched).toHaveLength(matchCount);
    expect(filteredOut[scope]).toBe(subscriptionCount - matchCount);
    expect(lookCount).toBeLessThanOrEqual(matchCount * 3 + 5);
  });

  test('equal policies are looked at once', () => {
    const index = new FilterIndex<number>();
    let lookCount = 0;
    const policy = watched(parse({ customer: [{ 'anything-but': 'a' }] }), () => (lookCount += 1));
    for (let at = 0; at < subscriptionCount; at += 1) index.add(at, policy);
    lookCount = 0;

    expect(index.match(message).matched).toHaveLength(subscriptionCount);
    expect(lookCount).toBe(1);
  });
});

test('ranges of any size and place are found by every number inside them', () => {
  const bound = fc.oneof(
    fc.integer({ min: -50, max: 50 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: 2 ** 53 - 4, max: 2 ** 53 - 1 }),
    fc.constantFrom(0, 1e-300, 5e-324, -1e308, 1e308, 2 ** 52 + 0.5),
  );

  fc.assert(
    fc.property(fc.array(fc.tuple(bound, bound), { minLength: 1, maxLength: 20 }), bound, (pairs, extra) => {
      const index = new FilterIndex<number>();
      const ranges = pairs
        .map((pair) => [Math.min(...pair), Math.max(...pair)] as const)
        .filter(([low, high]) => low < high);
      for (const [at, [low, high]] of ranges.entries())
        index.add(at, parse({ n: [{ numeric: ['>=', low, '<=', high] }] }));

      for (const value of [extra, ...ranges.flat()]) {
        const expected = ranges.flatMap(([low, high], at) => (low <= value && value <= high ? [at] : []));
        expect([...index.match(viewOf({ n: value })).matched].sort((a, b) => a - b)).toEqual(expected);
      }
    }),
    { numRuns: 200 },
  );
});

describe('subscriptions come and go', () => {
  test('without a policy a subscription gets every message', () => {
    const index = new FilterIndex<string>();
    index.add('all', undefined);
    index.add('some', parse({ a: ['x'] }));

    expect(index.match(viewOf({})).matched).toEqual(['all']);
    expect(index.match(viewOf({ a: 'x' })).matched).toEqual(['all', 'some']);
  });

  test('another policy takes effect at once', () => {
    const index = new FilterIndex<string>();
    index.add('one', parse({ a: ['x'] }));

    index.add('one', parse({ a: ['y'] }, 'body'));
    expect(index.match(viewOf({ a: 'x' }, '{"a":"z"}'))).toMatchObject({
      matched: [],
      filteredOut: { attributes: 0, body: 1 },
    });

    index.add('one', undefined);
    expect(index.match(viewOf({})).matched).toEqual(['one']);
    expect(index.size).toBe(1);
    expect(index.remove('one')).toBe(true);
    expect(index.remove('one')).toBe(false);
    expect(index.match(viewOf({})).matched).toEqual([]);
  });

  test('one of two that share a policy can go', () => {
    const index = new FilterIndex<string>();
    index.add('one', parse({ a: ['x'] }));
    index.add('two', parse({ a: ['x'] }));

    index.remove('one');

    expect(index.match(viewOf({ a: 'x' })).matched).toEqual(['two']);
  });

  test('the same text means another thing in the other scope', () => {
    const index = new FilterIndex<string>();
    index.add('attributes', parse({ a: ['x'] }, 'attributes'));
    index.add('body', parse({ a: ['x'] }, 'body'));

    expect(index.match(viewOf({ a: 'x' }, '{}')).matched).toEqual(['attributes']);
    expect(index.match(viewOf({}, '{"a":"x"}')).matched).toEqual(['body']);
  });
});

test('each that is held back is counted under its reason', () => {
  const index = new FilterIndex<string>();
  index.add('none', undefined);
  index.add('a', parse({ a: ['x'] }));
  index.add('b', parse({ b: ['x'] }));
  index.add('b too', parse({ b: ['x'] }));
  index.add('body', parse({ b: ['x'] }, 'body'));
  const none = { 'no-attributes': 0, attributes: 0, 'invalid-attributes': 0, 'invalid-body': 0, body: 0 };
  const broken: Property = { name: 'b', type: 'string', label: 'String.Array', value: 'x' };

  expect(index.match(viewOf({}, 'text')).filteredOut).toEqual({ ...none, 'no-attributes': 3, 'invalid-body': 1 });
  expect(index.match(viewOf({ a: 'x' }, '{}')).filteredOut).toEqual({ ...none, attributes: 2, body: 1 });
  expect(index.match(new FilterView({ properties: [broken], text: () => '{"b":"x"}' })).filteredOut).toEqual({
    ...none,
    attributes: 1,
    'invalid-attributes': 2,
  });
});

// Each would take minutes, if every policy looked at every value or every value at every part of the index.
describe('many values and many policies do not multiply', () => {
  const numbers = Array.from({ length: 100_000 }, (_, at) => at * 2 + 1);
  const texts = numbers.map((number) => `t${number}`);
  const addresses = numbers.map((number) => `1.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`);

  test.each<[string, (at: number) => unknown, unknown[]]>([
    ['exact', (at) => ({ a: [at * 2] }), numbers],
    ['the same value again and again', (at) => ({ a: [1], b: [`${at}`] }), numbers.map(() => 1)],
    ['ranges', (at) => ({ a: [{ numeric: ['>', at * 2 + 1, '<', at * 2 + 3] }] }), numbers],
    ['ranges of every width', (at) => ({ a: [{ numeric: ['>', -(1.3 ** at), '<', 0] }] }), numbers],
    ['prefixes', (at) => ({ a: [{ prefix: `t${at}${'0'.repeat(at % 60)}x` }] }), texts],
    ['suffixes', (at) => ({ a: [{ suffix: `x${'0'.repeat(at % 60)}${at}` }] }), texts],
    ['case ignored', (at) => ({ a: [{ 'equals-ignore-case': `T${at * 2}` }] }), texts],
    ['networks', (at) => ({ a: [{ cidr: `2.${at >> 8}.${at & 255}.0/${9 + (at % 20)}` }] }), addresses],
    ['anything but', () => ({ a: [{ 'anything-but': { prefix: 't' } }] }), texts],
    ['another key', (at) => ({ b: [`${at}`], a: [{ prefix: 'x' }, { suffix: 'x' }, { cidr: '3.0.0.0/8' }] }), texts],
  ])('%s', (_, policyAt, values) => {
    const index = new FilterIndex<number>();
    for (let at = 0; at < 2_000; at += 1) index.add(at, parse(policyAt(at), 'body'));
    const body = JSON.stringify({
      a: values,
      b: Array.from({ length: 2_000 }, (_value, at) => `${at}`).slice(0, 1_000),
    });

    const { matched } = index.match(viewOf({}, body));

    expect(matched).toHaveLength(values[1] === 1 ? 1_000 : 0);
  });
});
