import fc from 'fast-check';
import type { SlowAttribute, SlowMessage } from './slow-evaluator.ts';

// Few different words, so that rules and messages often meet.
const text = fc.constantFrom(
  '',
  'x',
  'X',
  'xy',
  'xYz',
  'yx',
  'true',
  '1',
  '10.0.0.9',
  '10.0.1.9',
  '::1',
  '2001:db8::9',
);
const number = fc.constantFrom(-1, 0, 1, 1.5, 2, 10, 1000, 1e9);
export const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b') },
  fc.constantFrom('c', 'a.b', 'b.a', '__proto__', ''),
);

const range = fc
  .uniqueArray(number, { minLength: 2, maxLength: 2 })
  .map((pair) => pair.sort((a, b) => a - b))
  .chain(([low = 0, high = 1]) =>
    fc
      .tuple(fc.constantFrom('>', '>='), fc.constantFrom('<', '<='))
      .map(([from, to]): unknown[] => [from, low, to, high]),
  );
const oneSided = fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), number);
const pattern = fc.constantFrom('*', 'x*', '*x', '*x*', 'x*z', 'x*Y*', '1*9', '**x', 'x', '');
const textRule = fc.oneof(
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ wildcard: pattern }),
);
const listOrOne = (values: fc.Arbitrary<string>) => fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 }));
const unwanted = fc.oneof(
  text,
  number,
  fc.array(text, { minLength: 1, maxLength: 3 }),
  fc.array(number, { minLength: 1, maxLength: 3 }),
  fc.record({ prefix: listOrOne(text) }),
  fc.record({ suffix: listOrOne(text) }),
  fc.record({ 'equals-ignore-case': listOrOne(text) }),
  fc.record({ wildcard: listOrOne(pattern) }),
);

export const rule: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  textRule,
  fc.record({ prefix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ suffix: fc.record({ 'equals-ignore-case': text }) }),
  fc.record({ numeric: fc.oneof(range, oneSided) }),
  fc.record({ 'anything-but': unwanted }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ cidr: fc.constantFrom('10.0.0.0/24', '10.0.0.0/15', '0.0.0.0/0', '::/0', '2001:db8::/33', '::1/127') }),
);
const rules = fc.array(rule, { minLength: 1, maxLength: 3 });

/** A JSON object as text's parser would make it: `__proto__` is a key of its own. */
function toObject(entries: readonly (readonly [string, unknown])[]): object {
  const members = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return JSON.parse(`{${members.join(',')}}`);
}

function objectOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  const entries = fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, minLength: 1, maxLength: 2 });
  return entries.map(toObject);
}

function withAlternatives(plain: fc.Arbitrary<object>, choice: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const choices = fc.option(fc.array(choice, { minLength: 2, maxLength: 3 }), { freq: 2 });
  return fc
    .tuple(plain, choices)
    .map(([object, $or]) => ($or === null ? object : toObject([...Object.entries(object), ['$or', $or]])));
}

const flat = withAlternatives(objectOf(rules), withAlternatives(objectOf(rules), objectOf(rules)));
const nested = withAlternatives(
  objectOf(fc.oneof(rules, withAlternatives(objectOf(fc.oneof(rules, objectOf(rules))), objectOf(rules)))),
  objectOf(fc.oneof(rules, objectOf(rules))),
);

export interface ScopedPolicy {
  readonly scope: 'attributes' | 'body';
  readonly policy: object;
}

export const scopedPolicy: fc.Arbitrary<ScopedPolicy> = fc.oneof(
  fc.record({ scope: fc.constant('attributes' as const), policy: flat }),
  fc.record({ scope: fc.constant('body' as const), policy: fc.oneof(flat, nested) }),
);

const attribute: fc.Arbitrary<SlowAttribute> = fc.oneof(
  fc.record({ name: key, type: fc.constant('String' as const), value: text }),
  fc.record({ name: key, type: fc.constant('Number' as const), value: number.map(String) }),
  fc.record({ name: key, type: fc.constant('Binary' as const), value: text }),
  fc.record({
    name: key,
    type: fc.constant('String.Array' as const),
    value: fc.oneof(
      { weight: 4, arbitrary: fc.array(scalar, { maxLength: 3 }).map((list) => JSON.stringify(list)) },
      fc.constantFrom('', 'x', '"x"', '1', '{}', '[["x"]]', '[{}]', '["x"', '["x"],'),
    ),
  }),
);

const { value: bodyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(key, tie('value')), { selector: ([name]) => name, maxLength: 3 }).map(toObject),
  ),
}));

export const message: fc.Arbitrary<SlowMessage> = fc.record({
  attributes: fc.array(attribute, { maxLength: 4 }),
  body: fc.oneof(
    { weight: 6, arbitrary: objectOf(bodyValue).map((value) => JSON.stringify(value)) },
    bodyValue.map((value) => JSON.stringify(value)),
    fc.constantFrom('', 'text', '{', '{}', '{"a":"x"}}', "{'a':1}"),
  ),
});
