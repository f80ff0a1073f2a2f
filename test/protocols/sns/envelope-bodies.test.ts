import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEnvelopes } from '../../../protocols/sns/envelope.ts';
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
