import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GantryError } from '../../../../src/model/errors.ts';
import { readHocon } from '../../../../src/server/definitions/readers/hocon.ts';
import { plainOf } from '../../../../src/server/file-node.ts';

function read(source: string, environment: Readonly<Record<string, string>> = {}): unknown {
  return plainOf(readHocon(source, 'x.conf', environment).root);
}

const cases: readonly (readonly [string, string, unknown])[] = [
  ['an empty file', '', {}],
  ['a file in braces', '{ a = 1 }', { a: '1' }],
  ['every separator', 'a = 1\nb : 2, c { d = 3 }\ne\n{\n}\n', { a: '1', b: '2', c: { d: '3' }, e: {} }],
  ['comments', '# one\n// two\na = x # three\nb = y // four\nc = "# // no"', { a: 'x', b: 'y', c: '# // no' }],
  ['texts without quotes', 'a =  10 seconds \nb = x/y-z', { a: '10 seconds', b: 'x/y-z' }],
  ['texts in quotes', 'a = "x\\ty \\u00e4" , b = """c"d\n"""', { a: 'x\ty ä', b: 'c"d\n' }],
  ['texts beside each other', 'a = "x y"  z', { a: 'x y  z' }],
  [
    'keys in quotes and with dots',
    '"a.b".c = 1\nd.e.f = 2\nd.e.g = 3',
    { 'a.b': { c: '1' }, d: { e: { f: '2', g: '3' } } },
  ],
  ['lists', 'a = [1, "two" , {b = 3}\n4,]', { a: ['1', 'two', { b: '3' }, '4'] }],
  ['an object that goes into an earlier one', 'a {b = 1, c = 2}\na {c = 3}', { a: { b: '1', c: '3' } }],
  ['a value that takes the place of an earlier one', 'a {b = 1}\na = 2', { a: '2' }],
  ['a reference', `base {b = 1}\na = \${base} {c = \${base.b}x}`, { base: { b: '1' }, a: { b: '1', c: '1x' } }],
  ['a reference to a sibling', `q {a {x = 1}\nb = \${q.a} {y = 2}}`, { q: { a: { x: '1' }, b: { x: '1', y: '2' } } }],
  ['a reference that may name nothing', `a = 1\na = \${?NONE}\nb = \${?NONE}`, { a: '1' }],
  ['a variable', `a = 1\na = \${?PORT}`, { a: '9325' }],
];

describe('HOCON', () => {
  test.each(cases)('%s is understood', (_, source, value) => {
    expect(read(source, { PORT: '9325' })).toEqual(value);
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['an object without an end', 'a {\n b = 1', 'x.conf:2:7: a "}" is missing'],
    ['a list without an end', 'a = [1', 'x.conf:1:7: a "]" is missing'],
    ['an end without a beginning', 'a = 1\n}', 'x.conf:2:1: expected the name of a key'],
    ['an end too many', '{a = 1}\n}', 'x.conf:2:1: "}" closes nothing'],
    ['a key without a value', 'a =\n', 'x.conf:2:1: a value is missing'],
    ['a key alone', 'a b', 'x.conf:1:3: expected "=", ":" or "{" after the key'],
    ['a text without an end', 'a = "b\n', 'x.conf:1:5: a closing quote is missing'],
    ['what is added to a list', 'a += 1', 'x.conf:1:3: "+=" is not read here'],
    ['a reference to nothing', `a = \${b.c}`, `x.conf:1:5: "\${b.c}" is neither in this file nor a variable`],
    ['a reference to itself', `a = \${b}\nb = \${a}`, 'x.conf:1:5: a reference that leads back to itself'],
    ['a text beside an object', 'a = x {b = 1}', 'x.conf:1:5: a text beside a list or an object'],
    ['very many levels', 'a {'.repeat(50), 'too many levels'],
    ['very many lists', `a = ${'['.repeat(50_000)}`, 'too many levels'],
  ];
  test.each(mistakes)('%s is refused with its place', (_, source, message) => {
    expect(() => read(source)).toThrow(message);
  });

  test('references that double each other end with a refusal, not with the memory', () => {
    const lines = Array.from({ length: 40 }, (_, at) => `a${at + 1} = {x = \${a${at}}, y = \${a${at}}}`);

    expect(() => read(`a0 = 1\n${lines.join('\n')}`)).toThrow('too many references');
  });

  test('any text is understood or refused', async () => {
    const piece = fc.constantFrom(
      'a',
      'b.c',
      '=',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\n',
      ' ',
      '"',
      '"x"',
      '"""',
      `\${a}`,
      `\${?b}`,
      '#',
      '//',
      '1 s',
      '\\',
    );

    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), async (pieces) => {
        try {
          read(pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(GantryError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
