import { describe, expect, test } from 'vitest';
import {
  defaultPolicyLimits,
  type FilterPolicyLimits,
  type FilterPolicyOptions,
  type FilterPolicyScope,
  parseFilterPolicy,
} from '../../../src/filter/policy/index.ts';
import { GantryError } from '../../../src/model/errors.ts';
import { refusals } from './refusals.ts';

function refusalOf(text: string, scope: FilterPolicyScope = 'attributes', options: FilterPolicyOptions = {}): string {
  try {
    parseFilterPolicy(text, scope, options);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    expect(error.code).toBe('invalid-argument');
    return error.message;
  }
  return 'accepted';
}

const values = (count: number, name = 'value') => Array.from({ length: count }, (_, index) => `${name}${index}`);
const keys = (count: number) => Object.fromEntries(values(count, 'key').map((key) => [key, ['value']]));
const redacted = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column:';

describe('a policy that AWS was seen to refuse is refused in its words', () => {
  test.each(refusals)('$policy: $message', ({ policy, message, column }) => {
    const text = JSON.stringify(policy);
    const place = column === undefined ? '' : `\n at [Source: (String)"${text}"; line: 1, column: ${column}]`;

    expect(refusalOf(text)).toBe(`FilterPolicy: ${message}${place}`);
  });

  test.each(refusals)('$policy with white space: it is repeated, and counted, without', ({ policy }) => {
    const plain = refusalOf(JSON.stringify(policy));

    expect(refusalOf(`\t${JSON.stringify(policy, undefined, 2)}\r\n`)).toBe(plain);
  });

  test('space and quotes within its texts stay', () => {
    const place = String.raw`(String)"{"a b":["c \"d\\", "e\\ "],"key":[]}"`.replace(', ', ',');

    expect(refusalOf(String.raw`{ "a b": ["c \"d\\", "e\\ "], "key": [] }`)).toBe(
      `FilterPolicy: Empty arrays are not allowed\n at [Source: ${place}; line: 1, column: 35]`,
    );
  });

  test('text that is no JSON is not repeated', () => {
    const noName = "Unexpected character ('i' (code 105)): was expecting double-quote to start field name";
    const noValue =
      "Unrecognized token 'invalid': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    expect(refusalOf('{invalidjson}')).toBe(`FilterPolicy: failed to parse JSON. ${noName}\n at ${redacted} 2]`);
    expect(refusalOf('invalid-json')).toBe(`FilterPolicy: failed to parse JSON. ${noValue}\n at ${redacted} 8]`);
  });

  test('nested keys are for bodies: the error has no "FilterPolicy: " in front', () => {
    const nested = '{"object":{"key":[{"prefix":"auto-"}]}}';

    expect(refusalOf(nested)).toBe('Filter policy scope MessageAttributes does not support nested filter policy');
    expect(refusalOf(nested, 'body')).toBe('accepted');
    expect(refusalOf('{"$or":[{"a":{"b":[1]}},{"c":[1]}]}')).toMatch(/^Filter policy scope MessageAttributes/);
  });
});

describe('limits', () => {
  test('unless set they are those of AWS', () => {
    const ofAws: FilterPolicyLimits = { policyBytesMax: 256 * 1024, keyCountMax: 5, combinationCountMax: 150 };

    expect(defaultPolicyLimits).toEqual(ofAws);
  });

  test('five keys are allowed at the top, six are not', () => {
    expect(refusalOf(JSON.stringify(keys(5)))).toBe('accepted');
    expect(refusalOf(JSON.stringify(keys(6)))).toBe('FilterPolicy: Filter policy can not have more than 5 keys');
    expect(refusalOf(JSON.stringify(keys(6)), 'attributes', { limits: { keyCountMax: 6 } })).toBe('accepted');
  });

  test.each([
    ['150 values of one key', { key: values(150) }, 'accepted'],
    ['151 values of one key', { key: values(151) }, 'too complex'],
    ['100 times 51', { key1: values(100), key2: values(51) }, 'too complex'],
    [
      '3*4 * 2*3 * 1*3 = 216: depth counts',
      { key_a: { key_b: { key_c: values(4) } }, key_d: { key_e: values(3) }, key_f: values(3) },
      'too complex',
    ],
    [
      '4*6 + 4*4*4 + 4*4*4 = 152: $or adds',
      {
        source: values(4),
        $or: [
          { metricName: values(6) },
          { metricType: values(4), $or: [{ metricId: [1, 2, 3, 4] }, { spaceId: [1, 2, 3, 4] }] },
        ],
      },
      'too complex',
    ],
    [
      '3*6 + 3*4*4 + 3*4*7 = 150',
      {
        source: values(3),
        $or: [
          { metricName: values(6) },
          { metricType: values(4), $or: [{ metricId: [1, 2, 3, 4] }, { spaceId: [1, 2, 3, 4, 5, 6, 7] }] },
        ],
      },
      'accepted',
    ],
    [
      '(3 + 2) * 2*2 * (2 + 6) = 160: below an object, $or has its depth',
      {
        $or: [{ metricName: values(3) }, { namespace: values(2) }],
        detail: { scope: values(2), $or: [{ source: ['aws.cloudwatch'] }, { type: values(3) }] },
      },
      'too complex',
    ],
  ])('%s', (_, policy, expected) => {
    const outcome = refusalOf(JSON.stringify(policy), 'body');

    expect(outcome).toBe(expected === 'accepted' ? 'accepted' : 'FilterPolicy: Filter policy is too complex');
  });

  test('the number of combinations is a setting', () => {
    const policy = JSON.stringify({ key: values(151) });

    expect(refusalOf(policy, 'attributes', { limits: { combinationCountMax: 151 } })).toBe('accepted');
  });

  test('a policy may have 256 KB', () => {
    const sized = (bytes: number) => `{"key":["${'ä'.repeat((bytes - 12) / 2)}"]}`;

    expect(refusalOf(sized(262_144))).toBe('accepted');
    expect(refusalOf(sized(262_146))).toBe('FilterPolicy: Filter policy can not be larger than 262144 bytes');
  });
});

describe('what AWS accepts is accepted', () => {
  test.each([
    '{"key":[null,{"anything-but":"whatever"}]}',
    '{"key":["a",1,-2.5e3,true,false,null]}',
    '{"key":[{"prefix":"a"},{"suffix":"b"},{"equals-ignore-case":"C"},{"exists":true},{"exists":false}]}',
    '{"key":[{"anything-but":["a","b"]},{"anything-but":[1,2]},{"anything-but":1},{"anything-but":{"prefix":"test-"}}]}',
    '{"key":[{"numeric":["=",1]},{"numeric":["<",1]},{"numeric":["<=",1]},{"numeric":[">",1]},{"numeric":[">=",1]}]}',
    '{"key":[{"numeric":[">",0,"<=",100]},{"numeric":[">=",-1000000000.00001,"<",1e12]}]}',
    '{"key":[{"cidr":"10.0.0.0/24"},{"cidr":"2001:db8:1234:1a00::/64"},{"cidr":"0.0.0.0/0"}]}',
    '{"$or":[{"a":["b"]},{"c":["d"]}],"e":["f"]}',
    ' {\r\n\t"key" : [ "value" ] } ',
  ])('%s', (text) => {
    expect(refusalOf(text)).toBe('accepted');
    expect(parseFilterPolicy(text, 'attributes')?.text).toBe(text);
  });

  test('the empty text and the empty object take the policy away', () => {
    expect(parseFilterPolicy('', 'attributes')).toBeUndefined();
    expect(parseFilterPolicy('{}', 'body')).toBeUndefined();
  });

  test('$or with one alternative, or with operators in it, is a key like others', () => {
    const one = parseFilterPolicy('{"$or":["value"]}', 'attributes');
    const two = parseFilterPolicy('{"$or":[{"prefix":"a"},{"prefix":"b"}]}', 'attributes');

    expect(one?.branches).toEqual([[{ path: ['$or'], rules: [{ op: 'equals', value: 'value' }] }]]);
    expect(two?.branches.map((branch) => branch.map(({ path, rules }) => [path, rules.length]))).toEqual([
      [[['$or'], 2]],
    ]);
    expect(refusalOf('{"$or":[{"a":["b"]}]}')).toMatch(/^FilterPolicy: Unrecognized match type a\n/);
  });

  test('a parsed policy is plain data that survives being written as JSON', () => {
    const policy = parseFilterPolicy(
      '{"a":[{"numeric":[">",-0,"<",12345678901234567890.5]}],"b":[{"cidr":"::/0"}]}',
      'body',
    );

    expect(JSON.parse(JSON.stringify(policy))).toEqual(policy);
  });
});

describe('what no recording settles', () => {
  test.each([
    ['{"key":[{"wildcard":"a*b"}]}', 'Unrecognized match type wildcard'],
    ['{"key":[{}]}', 'Match expression name not found'],
    ['{"key":[{"anything-but":null}]}', 'Value of anything-but must be an array or single string/number value.'],
    ['{"key":[{"anything-but":[null]}]}', 'Inside anything but list, start|null|boolean is not supported.'],
    [
      '{"key":[{"anything-but":[1,"a"]}]}',
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    ['{"key":[{"anything-but":{"prefix":["a"]}}]}', 'prefix match pattern must be a string'],
    ['{"key":[{"numeric":"=1"}]}', 'Value of numeric must be an array.'],
    ['{"key":[{"equals-ignore-case":1}]}', 'equals-ignore-case match pattern must be a string'],
    ['{"key":[{"prefix":1}]}', 'prefix match pattern must be a string'],
    ['{"key":[{"cidr":"10.0.0.0/-1"}]}', 'Malformed CIDR, mask bits must not be negative'],
    ['{"key":[{"cidr":"10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
    ['{"key":[{"cidr":"::1/128"}]}', 'IPv6 mask bits must be < 128'],
    ['[]', 'Filter is not an object'],
    ['{"a":["b"],"$or":[{},{"c":["d"]}]}', 'Empty objects are not allowed'],
  ])('%s is refused: %s', (text, message) => {
    expect(refusalOf(text).split('\n')[0]).toBe(`FilterPolicy: ${message}`);
  });

  test('of a long policy the beginning is repeated', () => {
    const long = `{"a":["${'x'.repeat(600)}"],"key":[]}`;

    expect(refusalOf(long)).toBe(
      `FilterPolicy: Empty arrays are not allowed\n at [Source: (String)"${long.slice(0, 500)}"[truncated ${long.length - 500} chars]; line: 1, column: ${long.length}]`,
    );
  });

  test('lenient, it accepts what EventBridge knows', () => {
    const lenient = { isLenient: true };

    for (const rule of [
      { wildcard: 'a*b' },
      { 'anything-but': { suffix: 'a' } },
      { 'anything-but': { wildcard: ['a*', '*b'] } },
      { 'anything-but': { 'equals-ignore-case': 'A' } },
      { prefix: { 'equals-ignore-case': 'A' } },
    ]) {
      const text = JSON.stringify({ key: [rule] });
      expect(refusalOf(text, 'attributes', lenient)).toBe('accepted');
      expect(refusalOf(text)).not.toBe('accepted');
    }
    expect(refusalOf('{"key":[{"regex":"a"}]}', 'attributes', lenient)).toMatch(/Unrecognized match type regex/);
  });
});

// Each of these would take minutes, or all memory, with a step that is not linear: the runner's own limit of time judges.
describe('hostile texts cost little', () => {
  const alternatives = Array.from({ length: 75 }, (_, at) => `{"k${at}":[1]}`).join(',');

  test.each([
    ['half a million brackets', `{"a":${'['.repeat(131_000)}${']'.repeat(131_000)}}`, 'nesting depth (1001)'],
    ['objects in objects', `${'{"a":'.repeat(40_000)}[1]${'}'.repeat(40_000)}`, 'nesting depth (1001)'],
    ['objects as deep as they may be', `${'{"a":'.repeat(999)}[1]${'}'.repeat(999)}`, 'too complex'],
    ['many keys', JSON.stringify(keys(10_000)), 'more than 5 keys'],
    ['many values', JSON.stringify({ key: Array.from({ length: 60_000 }, () => 1) }), 'too complex'],
    ['$or in $or', `${'{"$or":[{"a":[1]},'.repeat(400)}{"b":[1]}${']}'.repeat(400)}`, 'too complex'],
    [
      'many branches with many keys',
      `{"$or":[${Array(100)
        .fill(JSON.stringify(keys(140)))
        .join(',')}]}`,
      'too complex',
    ],
    ['a key of dots', `{"${'.'.repeat(250_000)}":{"$or":[${alternatives}]}}`, 'too complex'],
    ['a long number', `{"a":[${'9'.repeat(200_000)}]}`, 'Number value length (200000)'],
    ['a number with a huge exponent', '{"a":[{"numeric":[">",1e999999999]}]}', 'accepted'],
    ['an end in the middle', '{"a":["b"', 'end-of-input: expected close marker for Array (start marker at'],
    ['an escape without an end', '{"a":["\\u12', 'end-of-input'],
  ])('%s', (_, text, outcome) => {
    expect(refusalOf(text, 'body')).toContain(outcome);
  });

  test('__proto__ is a key like others', () => {
    const policy = parseFilterPolicy('{"__proto__":["a"],"constructor":{"prototype":[1]}}', 'body');

    expect(policy?.branches[0]?.map(({ path }) => path)).toEqual([['__proto__'], ['constructor', 'prototype']]);
  });
});
