import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEnvelopes, notification } from '../../../protocols/sns/envelope.ts';
import type { BodyKind } from '../../../src/model/message.ts';

const envelopes = createEnvelopes(undefined, () => 'http://broker.test');
const id = new Uint8Array(16);
const seal = JSON.stringify({ topicArn: 'arn', baseUrl: 'http://broker.test', timestamp: '2026-01-01T00:00:00.000Z' });
const note = { subscriptionId: 's', isRaw: false, isUngrouped: false, isReplayed: false };

function wrapped(body: Uint8Array, bodyKind: BodyKind = 'bytes', name = 'p') {
  const property = { name, type: 'binary', value: body.subarray(0, 100) } as const;
  return { id, headers: { envelope: seal, bodyKind }, properties: [property], body };
}

it('a body of another protocol that is no text is base64, and an attribute says so', () => {
  const body = Buffer.from([0xff, 0x00, 0xfe]);

  const envelope = JSON.parse(Buffer.from(envelopes.wrap(wrapped(body), note)).toString());

  expect(envelope.Message).toBe(body.toString('base64'));
  expect(envelope.MessageAttributes).toEqual({
    p: { Type: 'Binary', Value: body.toString('base64') },
    'Gantry.BodyEncoding': { Type: 'String', Value: 'base64' },
  });
});

it('a body of another protocol that is text is that text', () => {
  const envelope = JSON.parse(Buffer.from(envelopes.wrap(wrapped(Buffer.from('ü')), note)).toString());

  expect(envelope.Message).toBe('ü');
  expect(Object.keys(envelope.MessageAttributes)).toEqual(['p']);
});

it('no envelope is larger than was said before it was written', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 3_000 }),
    fc.integer({ min: 128, max: 255 }).map((byte) => new Uint8Array(6_000).fill(byte)),
    fc.string({ unit: 'binary', maxLength: 3_000 }).map((text) => Buffer.from(text)),
    fc
      .constantFrom('"', '\\', '\u0000', '\u001f', '\u007f', '\u2028', '\n')
      .map((one) => Buffer.from(one.repeat(3_000))),
  );

  const kinds = fc.constantFrom<BodyKind>('bytes', 'text');
  const property = fc.property(body, kinds, fc.string({ unit: 'binary' }), (bytes, kind, name) => {
    const message = wrapped(bytes, kind, name);

    expect(envelopes.wrap(message, note).length).toBeLessThanOrEqual(envelopes.bytesMax(message));
  });
  fc.assert(property);
});

it('an envelope is, byte for byte, what JSON.stringify makes of it', () => {
  const odd = fc.constantFrom('"', '\\', '\u0000', '\u001f', '\u007f', '\u2028', '\n', 'é', '😀', '","Message":"');
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: odd }));
  // Long enough for what is copied at once between what is escaped.
  const long = fc.array(
    fc.oneof(
      text,
      fc.nat(1_500).map((length) => 'x'.repeat(length)),
    ),
    { maxLength: 6 },
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    long.map((parts) => Buffer.from(parts.join(''))),
  );
  const headers = fc.record(
    { type: text, bodyKind: fc.constantFrom<BodyKind>('bytes', 'text') },
    { requiredKeys: ['bodyKind'] },
  );
  const signature = { version: '1', text: 'c2ln', certUrl: 'http://broker.test/a.pem' };
  const seals = fc.constantFrom(
    seal,
    JSON.stringify({ ...JSON.parse(seal), signature }),
    JSON.stringify({ ...JSON.parse(seal), sequence: '10000000000000000000' }),
  );

  const property = fc.property(
    ...[body, headers, seals, text, fc.boolean()],
    (bytes, given, envelope, value, isReplayed) => {
      const properties = value === '' ? [] : [{ name: value, type: 'string', value } as const];
      const message = { id, headers: { ...given, envelope }, properties, body: bytes };

      const wrapped = Buffer.from(envelopes.wrap(message, { ...note, isReplayed })).toString('latin1');

      const simple = Buffer.from(JSON.stringify(notification(message, note.subscriptionId, isReplayed)));
      expect(wrapped).toBe(simple.toString('latin1'));
    },
  );
  fc.assert(property, { numRuns: 500 });
});
