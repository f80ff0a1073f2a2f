import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseShorthand, ShorthandError } from '../../../src/cli/aws/shorthand.ts';

test.each<[string, unknown]>([
  ['a=1', { a: '1' }],
  ['a=1,b=2', { a: '1', b: '2' }],
  ['a=', { a: '' }],
  ['a=,b=2', { a: '', b: '2' }],
  ['a = 1 , b = 2', { a: '1', b: '2' }],
  ['a=b=c', { a: 'b=c' }],
  ['a=1,b', { a: ['1', 'b'] }],
  ['a=x,y,z', { a: ['x', 'y', 'z'] }],
  ['a=x,y,b=2', { a: ['x', 'y'], b: '2' }],
  ['a=x\\,y', { a: 'x,y' }],
  ['a="x,y",b=\'c="d"\'', { a: 'x,y', b: 'c="d"' }],
  ['a="say \\"hi\\""', { a: 'say "hi"' }],
  ['a=[x,"y,z"],b=2', { a: ['x', 'y,z'], b: '2' }],
  ['a=[]', { a: [] }],
  ['a={b=1,c=[{d=2}]},e=3', { a: { b: '1', c: [{ d: '2' }] }, e: '3' }],
  ['url=http://h:1/q?x=1', { url: 'http://h:1/q?x=1' }],
  ['a=😀 b', { a: '😀 b' }],
  ['__proto__=1', Object.fromEntries([['__proto__', '1']])],
])('%s is understood', (text, expected) => {
  expect(parseShorthand(text)).toEqual(expected);
});

test.each([
  ['a', "Expected: '=', received: 'EOF' for input:\na\n ^"],
  ['', "Expected: '=', received: 'EOF' for input:\n\n^"],
  ['a=1,', "Expected: a value, received: 'EOF' for input:\na=1,\n    ^"],
  ['a="x', 'Expected: a closing quote'],
  ["a=it's", "Expected: ',', received: '''"],
  ['a=[x', "Expected: ',', received: 'EOF'"],
  ['a={b}', "Expected: '=', received: '}'"],
  ['a=1,a=2', 'Second instance of key "a" encountered for input:\na=1,a=2'],
  [`a=${'['.repeat(33)}`, 'More than 32 brackets within each other'],
])('%s is refused with the place', (text, why) => {
  expect(() => parseShorthand(text)).toThrow(why);
});

test('whatever is typed is understood or refused, and soon', () => {
  const words = fc.array(fc.constantFrom('a', '=', ',', '[', ']', '{', '}', '"', "'", '\\', ' ', 'é', '@'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(words, (parts) => {
      try {
        parseShorthand(parts.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(ShorthandError);
      }
    }),
  );
});
