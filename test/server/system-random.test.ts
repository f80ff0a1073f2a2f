import { expect, test } from 'vitest';
import { createSystemRandom } from '../../src/server/system-random.ts';

test('ids are version 4 UUIDs and never repeat, over many pools', () => {
  const random = createSystemRandom();
  const ids = Array.from({ length: 5000 }, () => random.uuid());

  expect(new Set(ids.map((id) => Buffer.from(id).toString('hex'))).size).toBe(5000);
  for (const id of ids) {
    expect(id.length).toBe(16);
    expect((id[6] ?? 0) >> 4).toBe(4);
    expect((id[8] ?? 0) >> 6).toBe(0b10);
  }
});

test('bytes stay as they were while more are handed out', () => {
  const random = createSystemRandom();
  const first = random.bytes(64);
  const copy = Uint8Array.from(first);

  for (let i = 0; i < 1000; i++) random.bytes(64);

  expect(first).toEqual(copy);
});

test.each([0, 1, 16, 1024, 1025, 4096, 100_000])('%i bytes can be had', (count) => {
  const bytes = createSystemRandom().bytes(count);

  expect(bytes.length).toBe(count);
  if (count > 100) expect(new Set(bytes).size).toBeGreaterThan(50);
});
