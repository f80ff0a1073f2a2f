import fc from 'fast-check';
import { expect, it } from 'vitest';
import { xmlText } from '../../../protocols/aws/xml.ts';
import { isCarriable, XmlWriter } from '../../../protocols/aws/xml-writer.ts';
import { parseXml, textAt } from '../sqs/query/xml.ts';

function written(text: string, bytesExpected: number): string | undefined {
  const writer = new XmlWriter(bytesExpected);
  writer.text('<é><Body>');
  writer.escaped(Buffer.from(text));
  writer.text('</Body></é>');
  return textAt(parseXml(writer.take().toString()), 'Body');
}

const any = fc.string({ unit: 'binary', maxLength: 100 });
const special = fc.string({
  unit: fc.constantFrom('&', '<', '>', '"', "'", '\r', '\n', '\t', ']]>', 'x', 'é', '😀', '\u0085'),
});

it('any text that XML can carry is read back as it was, whatever room was expected', async () => {
  await fc.assert(
    fc.property(fc.oneof(any, special), fc.integer({ min: 1, max: 64 }), (text, bytesExpected) => {
      fc.pre(isCarriable(Buffer.from(text)));
      expect(written(text, bytesExpected)).toBe(text);
    }),
  );
});

it('a long text is read back as it was, wherever in it something has to be escaped', () => {
  const part = fc.oneof(
    fc.nat(1_300).map((length) => 'x'.repeat(length)),
    fc.constantFrom('<', '"', '&'.repeat(600), '"é'.repeat(300)),
  );

  const property = fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 64 }), (parts, expected) => {
    expect(written(parts.join(''), expected)).toBe(parts.join(''));
  });
  fc.assert(property);
});

it('any text at all becomes the text of an element, the rest of it as it was', async () => {
  const impossible = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
  const texts = fc.oneof(
    any,
    special,
    fc.string({ unit: fc.constantFrom('\u0000', '\u001f', '\ufffe', '\uffff', '\ud800', '\udfff', 'a') }),
  );

  await fc.assert(
    fc.property(texts, (text) => {
      expect(textAt(parseXml(`<a><b>${xmlText(text)}</b></a>`), 'b')).toBe(text.replace(impossible, '\ufffd'));
    }),
  );
});

it.each([
  ['', true],
  ['\t\n\r \u007f\u0085\ufffd😀', true],
  ['\ue000\ufeff', true],
  ['\u0000', false],
  ['a\u000b', false],
  ['\u001f', false],
  ['\ufffe', false],
  ['a\uffffb', false],
])('%j: XML can carry it: %s', (text, expected) => {
  expect(isCarriable(Buffer.from(text))).toBe(expected);
});

it('a megabyte of characters that are all escaped takes the room that it takes', () => {
  const text = '"'.repeat(1_000_000);

  expect(written(text, 10) === text).toBe(true);
});
