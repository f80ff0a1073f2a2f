import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonWriter } from '../../../protocols/aws/json-writer.ts';

function written(text: string, bytesExpected: number): unknown {
  const writer = new JsonWriter(bytesExpected);
  writer.ascii('["');
  writer.escaped(Buffer.from(text));
  writer.text('","é"]');
  return JSON.parse(writer.take().toString());
}

it('any text is read back as it was, whatever room was expected', async () => {
  const text = fc.string({ unit: 'grapheme' });
  const escapes = fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\t', '\r', '\b', '\f', '\u0000', '\u001f', '\u007f', 'x', 'é', '😀'),
  });

  await fc.assert(
    fc.property(fc.oneof(text, escapes), fc.integer({ min: 1, max: 64 }), (body, bytesExpected) => {
      expect(written(body, bytesExpected)).toEqual([body, 'é']);
    }),
  );
});

it('a long text is read back as it was, wherever in it something has to be escaped', () => {
  const part = fc.oneof(
    fc.nat(1_300).map((length) => 'x'.repeat(length)),
    fc.constantFrom('"', '\\', '\u0001', '\u0001'.repeat(600), '"é'.repeat(300)),
  );

  const property = fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 1, max: 64 }), (parts, expected) => {
    const text = parts.join('');
    expect(written(text, expected)).toEqual([text, 'é']);
  });
  fc.assert(property);
});

it.each([0, 1, 2, 3])(
  'a text of control characters alone takes three times the room and more: %i bytes expected',
  (bytesExpected) => {
    const text = '\u0001'.repeat(1000);

    expect(written(text, bytesExpected)).toEqual([text, 'é']);
  },
);
