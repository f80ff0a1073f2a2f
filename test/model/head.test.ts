import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GantryError } from '../../src/model/errors.ts';
import { decodeHead, encodeHead, readHeader } from '../../src/model/head.ts';
import type { Head, Headers, Property, PropertyValue } from '../../src/model/message.ts';

const texts = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 300 });
const numbers = fc.double();

const values: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.record({ type: fc.constantFrom('string', 'number', 'symbol', 'char', 'decimal'), value: texts }),
  fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({
    type: fc.constantFrom('byte', 'short', 'int', 'float', 'double', 'ubyte', 'ushort', 'uint'),
    value: numbers,
  }),
  fc.record({
    type: fc.constantFrom('long', 'timestamp'),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
  fc.record({ type: fc.constant('ulong'), value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) }),
  fc.record({ type: fc.constantFrom('binary', 'uuid'), value: bytes }),
  fc.record({ type: fc.constant('null'), value: fc.constant(null) }),
);

const labels = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const properties: fc.Arbitrary<Property> = fc
  .tuple(texts, values, fc.option(labels, { nil: undefined }))
  .map(([name, value, label]) => (label === undefined ? { name, ...value } : { name, label, ...value }));

const headers: fc.Arbitrary<Headers> = fc.record(
  {
    bodyKind: fc.constantFrom('bytes', 'text', 'map', 'list', 'object'),
    contentType: texts,
    correlationId: texts,
    replyTo: texts,
    type: texts,
    sentAt: numbers,
    groupId: texts,
    groupSequence: numbers,
    dedupId: texts,
    senderId: texts,
    clientMessageId: texts,
    traceHeader: texts,
    isPersistent: fc.boolean(),
    expiresAt: numbers,
    priority: numbers,
    bodyMd5: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((digest) => Buffer.from(digest).toString('hex')),
    traceparent: texts,
  },
  { requiredKeys: [] },
);
const heads = fc.record({ headers, properties: fc.array(properties, { maxLength: 12 }) });

/** Bytes compare as bytes, whatever view the codec gives them. */
function plain(head: Head): unknown {
  const view = (value: unknown) => (value instanceof Uint8Array ? [...value] : value);
  return {
    headers: Object.fromEntries(Object.entries(head.headers).map(([name, value]) => [name, view(value)])),
    properties: head.properties.map((property) => ({ ...property, value: view(property.value) })),
  };
}

test('any head comes back as it was: types, order, repeats and labels', () => {
  fc.assert(
    fc.property(heads, (head) => {
      expect(plain(decodeHead(encodeHead(head.headers, head.properties)))).toStrictEqual(plain(head));
    }),
  );
});

test('one header is read as a whole decoding would give it', () => {
  fc.assert(
    fc.property(heads, (head) => {
      const encoded = encodeHead(head.headers, head.properties);
      for (const name of ['bodyKind', 'sentAt', 'groupId', 'dedupId', 'isPersistent', 'priority', 'bodyMd5'] as const) {
        expect(readHeader(encoded, name)).toStrictEqual(head.headers[name]);
      }
    }),
  );
});

test('a header is read without looking at what follows it', () => {
  const encoded = encodeHead({ sentAt: 17, groupId: 'g' }, [{ name: 'n', type: 'string', value: 'v' }]);
  // Behind the header stands what nobody could decode.
  const torn = new Uint8Array([...encoded.subarray(0, encoded.length - 3), 0xff]);

  expect(readHeader(encoded, 'groupId')).toBe('g');
  expect(readHeader(torn, 'groupId')).toBe('g');
  expect(() => decodeHead(torn)).toThrow(GantryError);
});

test('a head is bytes of its own, which the next one does not change', () => {
  const first = encodeHead({ type: 'first' }, []);
  const before = Buffer.from(first).toString('hex');

  encodeHead({ type: 'second, and longer than the first' }, []);

  expect(Buffer.from(first).toString('hex')).toBe(before);
});

test('a head larger than the scratch buffer comes back as it was', () => {
  const large: Property[] = [
    { name: 'n'.repeat(5_000), type: 'string', value: 'ü'.repeat(1 << 20) },
    { name: 'b', type: 'binary', value: new Uint8Array(20_000).fill(7) },
  ];

  const decoded = decodeHead(encodeHead({ groupId: 'g'.repeat(130) }, large));

  expect(plain(decoded)).toEqual(plain({ headers: { groupId: 'g'.repeat(130) }, properties: large }));
});

test.each([
  ['a later version', new Uint8Array([2])],
  ['a version of zero', new Uint8Array([0, 1, 1, 0])],
  ['nothing at all', new Uint8Array()],
])('%s is refused', (_name, encoded) => {
  for (const read of [() => decodeHead(encoded), () => readHeader(encoded, 'groupId')]) {
    expect(read).toThrow(expect.objectContaining({ code: 'internal' }));
  }
});

test('a header of a tag from the future is skipped', () => {
  const encoded = new Uint8Array([1, 7, 1, 0x67, 60, 2, 0xff, 0xff]);

  expect(decodeHead(encoded)).toEqual({ headers: { groupId: 'g' }, properties: [] });
});

test('a torn head is refused, or ends at the border of a field', () => {
  fc.assert(
    fc.property(heads, fc.nat(), (head, seed) => {
      const encoded = encodeHead(head.headers, head.properties);
      const cut = 1 + (seed % encoded.length);
      const outcome = tryDecode(encoded.subarray(0, cut));
      if (outcome instanceof GantryError) return;

      const whole = decodeHead(encoded);
      expect(plain({ headers: {}, properties: outcome.properties })).toEqual(
        plain({ headers: {}, properties: whole.properties.slice(0, outcome.properties.length) }),
      );
      expect(plain(whole)).toMatchObject({ headers: plainHeaders(outcome) });
    }),
  );
});

function plainHeaders(head: Head): unknown {
  return Object.fromEntries(
    Object.entries(head.headers).map(([name, value]) => [name, value instanceof Uint8Array ? [...value] : value]),
  );
}

test('any bytes at all give a head or a refusal', () => {
  fc.assert(
    fc.property(heads, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (head, changes) => {
      const encoded = encodeHead(head.headers, head.properties);
      for (const [at, byte] of changes) if (encoded.length > 1) encoded[1 + (at % (encoded.length - 1))] = byte;

      tryDecode(encoded);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  ['a length that never ends', [1, 7, ...Array(2_000).fill(0x80)]],
  ['a length past the end', [1, 7, 2, 0x67]],
  ['a number cut short', [1, 6, 4, 0, 0, 0, 0]],
  ['a property of an unknown type', [1, 64, 0, 0, 0, 4, 1, 0x6e, 99, 0]],
  ['a property whose value is cut short', [1, 64, 0, 0, 0, 5, 1, 0x6e, 10, 0, 0]],
])('%s is refused', (_name, encoded) => {
  expect(() => decodeHead(Uint8Array.from(encoded))).toThrow(expect.objectContaining({ code: 'internal' }));
});

/** Anything but a GantryError fails the test that called. */
function tryDecode(encoded: Uint8Array): Head | GantryError {
  try {
    return decodeHead(encoded);
  } catch (error) {
    if (error instanceof GantryError) return error;
    throw error;
  }
}

// Every header and every type of property once. Written down when the format was made; a data folder holds such bytes,
// so they change only together with the version byte and code that still reads these.
const golden = [
  '01010102020a746578742f706c61696e030163040971756575653a2f2f720501740608427a3185c5000000070167080840080000000000',
  '000901640a01730b0449443a310c06526f6f743d310d01010e08427a3185c50010000f0840220000000000001010000102030405060708',
  '090a0b0c0d0e0f110330302d40000000070173000002c3bc4000000011016e010a4e756d6265722e696e740231324000000006017902000178400000',
  '000601630300017840000000090164040004312e353040000000050162050001400000000c01620600bff0000000000000400000000c01',
  '680700c000000000000000400000000c01690800c008000000000000400000000c016609003fe0000000000000400000000c016f0a003f',
  'b999999999999a400000000d0275620b00406fe00000000000400000000d0275730c0040efffe000000000400000000d0275690d0041ef',
  'ffffffe00000400000000c016c0e00fffffffffffffffc400000000d02756c0f00ffffffffffffffff400000000c017410000000000000',
  '00000540000000070142110002010240000000150175120010000000000000000000000000000000004000000003001300',
].join('');
const goldenHead: Head = {
  headers: {
    bodyKind: 'map',
    contentType: 'text/plain',
    correlationId: 'c',
    replyTo: 'queue://r',
    type: 't',
    sentAt: 1_800_000_000_000,
    groupId: 'g',
    groupSequence: 3,
    dedupId: 'd',
    senderId: 's',
    clientMessageId: 'ID:1',
    traceHeader: 'Root=1',
    isPersistent: true,
    expiresAt: 1_800_000_000_001,
    priority: 9,
    bodyMd5: '000102030405060708090a0b0c0d0e0f',
    traceparent: '00-',
  },
  properties: [
    { name: 's', type: 'string', value: 'ü' },
    { name: 'n', label: 'Number.int', type: 'number', value: '12' },
    { name: 'y', type: 'symbol', value: 'x' },
    { name: 'c', type: 'char', value: 'x' },
    { name: 'd', type: 'decimal', value: '1.50' },
    { name: 'b', type: 'boolean', value: true },
    { name: 'b', type: 'byte', value: -1 },
    { name: 'h', type: 'short', value: -2 },
    { name: 'i', type: 'int', value: -3 },
    { name: 'f', type: 'float', value: 0.5 },
    { name: 'o', type: 'double', value: 0.1 },
    { name: 'ub', type: 'ubyte', value: 255 },
    { name: 'us', type: 'ushort', value: 65_535 },
    { name: 'ui', type: 'uint', value: 4_294_967_295 },
    { name: 'l', type: 'long', value: -4n },
    { name: 'ul', type: 'ulong', value: 2n ** 64n - 1n },
    { name: 't', type: 'timestamp', value: 5n },
    { name: 'B', type: 'binary', value: new Uint8Array([1, 2]) },
    { name: 'u', type: 'uuid', value: new Uint8Array(16) },
    { name: '', type: 'null', value: null },
  ],
};

test('the bytes of a head are what older data folders hold', () => {
  const encoded = encodeHead(goldenHead.headers, goldenHead.properties);

  expect(Buffer.from(encoded).toString('hex')).toBe(golden);
  expect(plain(decodeHead(Buffer.from(golden, 'hex')))).toEqual(plain(goldenHead));
});
