import { expect, test } from 'vitest';
import { jsonText, printable, printableLines } from '../../src/cli/printable.ts';

test('what would steer a terminal is shown instead', () => {
  expect(printable('a\u001b[31mb\u0007\u009b\n')).toBe('a\\x1b[31mb\\x07\\x9b\\x0a');
});

test('lines and tabs stay where lines are wanted', () => {
  expect(printableLines('a\tb\n\u001bc\r')).toBe('a\tb\n\\x1bc\\x0d');
});

test('JSON escapes all that steers, and means the same', () => {
  const value = { '\u009b': 'a\u0000\u007f\u0080\u009f\u00a0' };

  expect(jsonText(value)).toBe('{"\\u009b":"a\\u0000\\u007f\\u0080\\u009f\u00a0"}');
  expect(JSON.parse(jsonText(value))).toEqual(value);
});
