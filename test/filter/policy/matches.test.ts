import { describe, expect, test } from 'vitest';
import {
  type FilteredMessage,
  type FilterPolicyScope,
  FilterView,
  matches,
  parseFilterPolicy,
} from '../../../src/filter/policy/index.ts';
import type { Property } from '../../../src/model/message.ts';

function verdict(
  policy: unknown,
  scope: FilterPolicyScope,
  { properties = [], text = () => undefined }: Partial<FilteredMessage>,
) {
  const parsed = parseFilterPolicy(JSON.stringify(policy), scope, { isLenient: true });
  if (parsed === undefined) throw new Error('the policy is empty');
  return matches(parsed, new FilterView({ properties, text }));
}

const ofAttributes = (policy: unknown, ...properties: Property[]) => verdict(policy, 'attributes', { properties });
const ofBody = (policy: unknown, body: unknown) => verdict(policy, 'body', { text: () => JSON.stringify(body) });

const string = (value: string, name = 'key'): Property => ({ name, type: 'string', value });
const number = (value: string, name = 'key'): Property => ({ name, type: 'number', value });
const list = (value: unknown, name = 'key'): Property => ({
  name,
  type: 'string',
  value: typeof value === 'string' ? value : JSON.stringify(value),
  label: 'String.Array',
});

describe('operators on attributes', () => {
  const yes: [unknown, Property][] = [
    ['a', string('a')],
    ['a', { ...string('a'), label: 'String.custom' }],
    ['a', list(['b', 'a'])],
    [1, number('1.0')],
    [1.5, number('1.50')],
    [100, number('1e2')],
    [1, { ...number('1'), label: 'Number.int' }],
    [1, list([2, 1])],
    [true, list([true])],
    [false, list([false])],
    [null, list([null])],
    [{ prefix: 'ab' }, string('abc')],
    [{ prefix: '' }, string('')],
    [{ suffix: 'bc' }, string('abc')],
    [{ 'equals-ignore-case': 'ABC' }, string('aBc')],
    [{ 'anything-but': 'a' }, string('b')],
    [{ 'anything-but': ['a', 'b'] }, string('c')],
    [{ 'anything-but': [1, 2] }, number('3')],
    [{ 'anything-but': [1, 2] }, string('1')],
    [{ 'anything-but': ['a', 'b'] }, list(['a', 'c'])],
    [{ 'anything-but': { prefix: 'a' } }, string('ba')],
    [{ 'anything-but': { suffix: 'a' } }, string('ab')],
    [{ numeric: ['=', 3.015e2] }, number('301.5')],
    [{ numeric: ['>', 0, '<=', 100] }, number('100')],
    [{ numeric: ['>=', -5] }, number('-5')],
    [{ numeric: ['<', 0.3] }, number('0.29999999999999998')],
    [{ exists: true }, string('')],
    [{ cidr: '10.0.0.0/24' }, string('10.0.0.255')],
    [{ cidr: '2001:db8:1234:1a00::/64' }, string('2001:0db8:1234:1a00:0000:0000:0000:0000')],
    [{ cidr: '10.0.0.0/8' }, string('::ffff:10.1.2.3')],
    [{ wildcard: 'a*c*e' }, string('abcde')],
    [{ wildcard: '\\**' }, string('*a')],
  ];
  const no: [unknown, Property][] = [
    ['a', string('A')],
    ['1', number('1')],
    [1, string('1')],
    ['a', list(['b'])],
    ['a', { name: 'key', type: 'binary', value: Buffer.from('a') }],
    [true, string('true')],
    [null, string('null')],
    [{ prefix: 'b' }, string('abc')],
    [{ prefix: '1' }, number('12')],
    [{ suffix: 'b' }, string('abc')],
    [{ 'anything-but': 'a' }, string('a')],
    [{ 'anything-but': [1, 2] }, number('2.0')],
    [{ 'anything-but': ['a', 'b'] }, list(['a', 'b'])],
    [{ 'anything-but': { prefix: 'a' } }, string('ab')],
    [{ numeric: ['=', 1] }, string('1')],
    [{ numeric: ['>', 0, '<=', 100] }, number('0')],
    [{ numeric: ['>', 0, '<=', 100] }, number('100.00001')],
    [{ numeric: ['<', 0.3] }, number('0.3')],
    [{ exists: false }, string('a')],
    [{ cidr: '10.0.0.0/24' }, string('10.0.0.256')],
    [{ cidr: '10.0.0.0/24' }, string('10.0.1.0')],
    [{ cidr: '10.0.0.0/24' }, string('010.0.0.1')],
    [{ cidr: '2001:db8:1234:1a00::/64' }, string('2001:0db8:123f:1a01:0000:0000:0000:0000')],
    [{ wildcard: 'a*a' }, string('a')],
  ];
  test.each(yes)('%j lets %j through', (rule, property) => {
    expect(ofAttributes({ key: [rule] }, property)).toBe('match');
  });

  test.each(no)('%j holds %j back', (rule, property) => {
    expect(ofAttributes({ key: [rule] }, property)).toBe('attributes');
  });

  test('rules of one key are alternatives, keys hold together, $or chooses', () => {
    const policy = { a: ['x', { prefix: 'y' }], $or: [{ b: ['1'] }, { c: ['1'], d: [{ exists: false }] }] };

    expect(ofAttributes(policy, string('yes', 'a'), string('1', 'b'))).toBe('match');
    expect(ofAttributes(policy, string('x', 'a'), string('1', 'c'))).toBe('match');
    expect(ofAttributes(policy, string('x', 'a'), string('1', 'c'), string('', 'd'))).toBe('attributes');
    expect(ofAttributes(policy, string('1', 'b'))).toBe('attributes');
  });

  test('a missing attribute is not null and not anything but something', () => {
    const policy = { attr1: [null, { 'anything-but': 'whatever' }] };

    expect(ofAttributes(policy)).toBe('no-attributes');
    expect(ofAttributes(policy, string('x', 'other'))).toBe('attributes');
    expect(ofAttributes(policy, string('x', 'attr1'))).toBe('match');
    expect(ofAttributes({ key: [{ 'anything-but': 'a' }, { exists: false }] }, string('x', 'other'))).toBe('match');
  });

  test('an attribute whose name has a dot is none inside another', () => {
    expect(ofAttributes({ 'a.b': ['x'] }, string('x', 'a.b'))).toBe('match');
  });

  test.each([
    ['"a"', ['a']],
    ['5', [5]],
    ['true', [true]],
    ['null', [null]],
  ])('a String.Array that is %j is a list of one, as on AWS', (value, rules) => {
    expect(ofAttributes({ key: rules }, list(value))).toBe('match');
    expect(ofAttributes({ key: ['other'] }, list(value))).toBe('attributes');
  });

  test.each(['', 'a', '{}', '"a" "b"', '["a"', '["a"] "b"', '[["a"]]', '[{"a":1}]'])(
    'a String.Array that is %j counts as invalid, for the policies that name it',
    (value) => {
      expect(ofAttributes({ key: ['a', { exists: true }] }, list(value))).toBe('invalid-attributes');
      expect(ofAttributes({ key: [{ exists: false }] }, list(value))).toBe('invalid-attributes');
      expect(ofAttributes({ other: ['a'] }, list(value))).toBe('attributes');
      expect(ofAttributes({ $or: [{ key: ['a'] }, { other: ['a'] }] }, list(value), string('a', 'other'))).toBe(
        'match',
      );
    },
  );

  test('an empty String.Array and a Binary attribute are as good as missing', () => {
    expect(ofAttributes({ key: [{ exists: false }] }, list([]))).toBe('match');
    expect(ofAttributes({ key: [{ exists: false }] }, { name: 'key', type: 'binary', value: Buffer.from('a') })).toBe(
      'match',
    );
  });

  test.each<readonly [Property['type'], unknown, Property]>([
    ['boolean', 'true', { name: 'key', type: 'boolean', value: true }],
    ['byte', 7, { name: 'key', type: 'byte', value: 7 }],
    ['int', { numeric: ['>', 6] }, { name: 'key', type: 'int', value: 7 }],
    ['double', 0.5, { name: 'key', type: 'double', value: 0.5 }],
    ['float', { prefix: 'Inf' }, { name: 'key', type: 'float', value: Number.POSITIVE_INFINITY }],
    ['long', { numeric: ['>', 9007199254740992] }, { name: 'key', type: 'long', value: 9007199254740993n }],
    ['timestamp', { numeric: ['>=', 1e12] }, { name: 'key', type: 'timestamp', value: 1_700_000_000_000n }],
    ['decimal', 1.25, { name: 'key', type: 'decimal', value: '1.250' }],
    ['symbol', 's', { name: 'key', type: 'symbol', value: 's' }],
    ['char', 'c', { name: 'key', type: 'char', value: 'c' }],
    ['null', null, { name: 'key', type: 'null', value: null }],
    [
      'uuid',
      '00010203-0405-0607-0809-0a0b0c0d0e0f',
      { name: 'key', type: 'uuid', value: Uint8Array.from({ length: 16 }, (_, at) => at) },
    ],
  ])('a property of another protocol, of type %s, is looked at as what it means', (_, rule, property) => {
    expect(ofAttributes({ key: [rule] }, property)).toBe('match');
  });

  test('a decimal that is no number is invalid', () => {
    expect(ofAttributes({ key: [{ exists: true }] }, { name: 'key', type: 'decimal', value: 'one' })).toBe(
      'invalid-attributes',
    );
  });
});

describe('bodies', () => {
  test('nested keys, prefix, and exists on what is a leaf', () => {
    const policy = {
      object: { key: [{ prefix: 'auto-' }, 'hardcodedvalue'], nested_key: [{ exists: false }] },
      test: [{ exists: false }],
    };

    expect(ofBody(policy, { object: { key: 'auto-test' } })).toBe('match');
    expect(ofBody(policy, { object: { key: 'hardcodedvalue' } })).toBe('match');
    for (const body of [
      { object: { key: 'test-auto' } },
      { object: { key: 'auto-test' }, test: 'just-exists' },
      { object: { key: 'auto-test', nested_key: 'just-exists' } },
      { object: { test: 'auto-test' } },
      { test: 'auto-test' },
    ]) {
      expect(ofBody(policy, body)).toBe('body');
    }
    expect(ofBody({ a: [{ exists: true }] }, { a: { b: 1 } })).toBe('body');
    expect(ofBody({ a: [{ exists: true }] }, { a: null })).toBe('match');
  });

  test.each([
    'Regular string message',
    '"Regular string message"',
    '5',
    '[{"a":"x"}]',
    '',
    '{"a":"x"',
    '{"a":"x"}}',
    "{'a':'x'}",
    undefined,
  ])('a body that is no JSON object is invalid: %j', (text) => {
    expect(verdict({ a: ['x', { exists: false }] }, 'body', { text: () => text })).toBe('invalid-body');
  });

  test('any element of an array may fulfil a rule', () => {
    const queue1 = { headers: { 'route-to': ['queue1'] } };

    expect(ofBody(queue1, { headers: { 'route-to': ['queue1', 'queue2'] } })).toBe('match');
    expect(ofBody(queue1, { headers: { 'route-to': ['queue3'] } })).toBe('body');
  });

  test('arrays of objects and arrays of arrays are looked through', () => {
    const policy = {
      Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
    };
    const record = (eventName: string, key: string) => ({
      eventName,
      s3: { bucket: { name: 'b' }, object: { key, size: 17 } },
    });
    const created = record('ObjectCreated:Put', 'auto-insurance-2314.xml');
    const several = [
      { eventName: 'ObjectCreated:Put', s3: { object: [[{ key: 'auto-insurance-2314.xml', size: 17 }]] } },
      record('ObjectRemoved:Delete', 'home-insurance-2314.xml'),
    ];

    expect(ofBody(policy, { Records: [created] })).toBe('match');
    expect(ofBody(policy, { Records: several })).toBe('match');
    expect(ofBody(policy, { Records: [record('ObjectRemoved:Delete', 'auto-insurance-2314.xml')] })).toBe('body');
    expect(ofBody(policy, { Records: [record('ObjectCreated:Put', 'home-insurance-2314.xml')] })).toBe('body');
  });

  test('a dot in a key of policy or body is as good as another level', () => {
    const policy = { 'object.nested.test': ['string.value'] };

    for (const body of [
      { object: { nested: { test: 'string.value' } } },
      { 'object.nested.test': 'string.value' },
      { 'object.nested': { test: 'string.value' } },
      { object: { 'nested.test': 'string.value' } },
    ]) {
      expect(ofBody(policy, body)).toBe('match');
      expect(ofBody({ object: { nested: { test: ['string.value'] } } }, body)).toBe('match');
    }
    expect(ofBody(policy, { object: { nested: { test: 'string.notvalue' } } })).toBe('body');

    const mixed = { detail: { 'payload.nested.another-level.deep': { 'inside-list': [{ prefix: 'q-test' }] } } };
    const deep = (list: unknown) => ({
      detail: { payload: { nested: { 'another-level': { deep: [{ 'inside-list': list }] } } } },
    });
    expect(ofBody(mixed, deep(['other', 'q-test-1']))).toBe('match');
    expect(ofBody(mixed, deep(['other']))).toBe('body');
  });

  test('$or at two levels', () => {
    const policy = {
      $or: [{ metricName: ['CPUUtilization', 'ReadLatency'] }, { namespace: ['AWS/EC2', 'AWS/ES'] }],
      detail: {
        scope: ['Service'],
        $or: [{ source: ['aws.cloudwatch'] }, { type: ['CloudWatch Alarm State Change'] }],
      },
    };
    const alarm = { scope: 'Service', type: 'CloudWatch Alarm State Change' };
    const source = { scope: 'Service', source: 'aws.cloudwatch' };

    for (const body of [
      { metricName: 'CPUUtilization', detail: source },
      { metricName: 'ReadLatency', detail: source },
      { namespace: 'AWS/EC2', detail: source },
      { namespace: 'AWS/ES', detail: source },
      { metricName: 'CPUUtilization', detail: alarm },
    ]) {
      expect(ofBody(policy, body)).toBe('match');
    }
    for (const body of [
      { metricName: 'CPUUtilization', detail: { ...alarm, scope: 'aws.cloudwatch' } },
      { metricName: 'CPUUtilization', detail: { scope: 'Service', type: 'CPUUtilization' } },
      { metricName: 'CPUUtilization', detail: { type: alarm.type } },
      { metricName: 'CPUUtilization', detail: { scope: 'Service' } },
      { metricName: 'CPUUtilization', scope: 'Service' },
      { metricName: 'AWS/EC2', detail: alarm },
      { namespace: 'CPUUtilization', detail: alarm },
    ]) {
      expect(ofBody(policy, body)).toBe('body');
    }
  });

  test('an empty array is nothing there, and does not disturb other keys', () => {
    const body = { resources: [], detail: { eventVersion: '', responseElements: null } };

    expect(ofBody({ detail: { eventVersion: [''] } }, body)).toBe('match');
    expect(ofBody({ resources: [{ exists: false }] }, body)).toBe('match');
    expect(ofBody({ resources: [{ exists: true }] }, body)).toBe('body');
    expect(ofBody({ detail: { responseElements: [null] } }, body)).toBe('match');
  });

  test('addresses of both kinds', () => {
    const policy = {
      detail: { $or: [{ v4: [{ cidr: '10.0.0.0/24' }] }, { v6: [{ cidr: '2001:db8:1234:1a00::/64' }] }] },
    };

    expect(ofBody(policy, { detail: { v4: '10.0.0.255' } })).toBe('match');
    expect(ofBody(policy, { detail: { v4: '10.0.0.256' } })).toBe('body');
    expect(ofBody(policy, { detail: { v6: '2001:0db8:1234:1a00:0000:0000:0000:0000' } })).toBe('match');
    expect(ofBody(policy, { detail: { v6: '2001:0db8:123f:1a01:0000:0000:0000:0000' } })).toBe('body');
  });

  test('the last digit of a long number counts', () => {
    const text = '{"id":9007199254740993,"at":1E3}';
    const long = parseFilterPolicy('{"key":[12345678901234567890]}', 'attributes');
    if (long === undefined) throw new Error('the policy is empty');
    const judge = (property: Property) =>
      matches(long, new FilterView({ properties: [property], text: () => undefined }));

    expect(judge(number('12345678901234567890'))).toBe('match');
    expect(judge(number('12345678901234567891'))).toBe('attributes');
    expect(judge(string('\u0000#12345678901234567890e20'))).toBe('attributes');

    expect(verdict({ id: [{ numeric: ['>', 9007199254740992] }] }, 'body', { text: () => text })).toBe('match');
    expect(verdict({ id: [9007199254740992] }, 'body', { text: () => text })).toBe('body');
    expect(verdict({ at: [1000] }, 'body', { text: () => text })).toBe('match');
  });

  test('__proto__ and constructor are keys like others', () => {
    const text = '{"__proto__":{"x":"a"},"y":1}';

    expect(verdict({ x: ['a'] }, 'body', { text: () => text })).toBe('body');
    expect(verdict({ constructor: [{ exists: true }] }, 'body', { text: () => text })).toBe('body');
    expect(verdict(JSON.parse('{"__proto__":{"x":["a"]}}'), 'body', { text: () => text })).toBe('match');
  });
});

describe('hostile bodies cost little', () => {
  test.each([
    ['half a million brackets', '['.repeat(500_000), 'invalid-body'],
    ['arrays as deep as JSON may be', `{"a":${'['.repeat(999)}"x"${']'.repeat(999)}}`, 'match'],
    ['one level more', `{"a":${'['.repeat(1000)}"x"${']'.repeat(1000)}}`, 'invalid-body'],
    ['deep objects', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`, 'invalid-body'],
    ['half a million values', `{"a":[${'1,'.repeat(500_000)}"x"]}`, 'match'],
    ['ten thousand keys', `{${Array.from({ length: 10_000 }, (_, at) => `"k${at}":${at},`).join('')}"a":"x"}`, 'match'],
    ['one key a hundred thousand times', `{${'"a":1,'.repeat(100_000)}"a":"x"}`, 'match'],
    ['a key of dots', `{"${'.'.repeat(1_000_000)}":1,"a":"x"}`, 'match'],
    ['many keys of dots', `{${`"${'.a'.repeat(990)}":1,`.repeat(500)}"a":"x"}`, 'match'],
    [
      'different keys of dots',
      `{${Array.from({ length: 500 }, (_, at) => `"${at}${'.a'.repeat(900)}":1,`).join('')}"a":"x"}`,
      'match',
    ],
    ['a long number', `{"b":${'1'.repeat(1_000_000)},"a":"x"}`, 'invalid-body'],
    ['a long text', `{"a":["${'y'.repeat(1_000_000)}","x"]}`, 'match'],
    ['escapes', `{"a":["${'\\u0041'.repeat(150_000)}","x"]}`, 'match'],
  ])('%s', (_, text, outcome) => {
    expect(verdict({ a: ['x', { wildcard: 'a*b*c*d*e*f*g' }] }, 'body', { text: () => text })).toBe(outcome);
  });

  test('a String.Array of half a million values', () => {
    expect(ofAttributes({ key: ['x'] }, list(`[${'1,'.repeat(500_000)}"x"]`))).toBe('match');
  });
});

test('the text is asked for once, and only by a policy that looks at it', () => {
  let readCount = 0;
  const view = new FilterView({
    properties: [string('a')],
    text: () => {
      readCount += 1;
      return '{"a":"x"}';
    },
  });
  const policyOf = (scope: FilterPolicyScope, value: string) => {
    const policy = parseFilterPolicy(`{"a":["${value}"]}`, scope);
    if (policy === undefined) throw new Error('the policy is empty');
    return policy;
  };

  expect(matches(policyOf('attributes', 'x'), view)).toBe('attributes');
  expect(readCount).toBe(0);
  expect(matches(policyOf('body', 'x'), view)).toBe('match');
  expect(matches(policyOf('body', 'y'), view)).toBe('body');
  expect(readCount).toBe(1);
});
