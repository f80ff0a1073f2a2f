import { expect, test } from 'vitest';
import { envelopeBytesMax } from '../../../../protocols/sns/envelope.ts';
import { createMeasure } from '../../../../protocols/sns/gateway/measure.ts';
import { snsLimits } from '../../../../protocols/sns/limits.ts';

function measures() {
  let looks = 0;
  const measure = createMeasure((message) => {
    looks++;
    return envelopeBytesMax(message);
  });
  const of = (number: number, body: string, protocol = 'http') => {
    const id = new Uint8Array(16);
    new DataView(id.buffer).setUint32(0, number);
    const message = { id, headers: { bodyKind: 'text' as const }, properties: [], body: Buffer.from(body) };
    return measure({ subscription: { protocol }, message });
  };
  return { of, looks: () => looks };
}

test('what grows in JSON counts as it will be: a control character takes six bytes', () => {
  const { of } = measures();
  const plain = of(1, 'a'.repeat(10_000));

  expect(of(2, '\u0001'.repeat(10_000)) - plain).toBe(50_000);
});

test('copies of one message for one protocol are looked through once, the text of another protocol for itself', () => {
  const { of, looks } = measures();
  const first = of(1, 'a'.repeat(10_000));

  expect(of(1, 'a'.repeat(10_000))).toBe(first);
  expect(looks()).toBe(1);
  expect(of(1, '\u0001'.repeat(10_000), 'https')).toBeGreaterThan(first);
  expect(looks()).toBe(2);
});

test('the oldest is forgotten, so that nothing grows', () => {
  const { of, looks } = measures();
  for (let number = 0; number <= snsLimits.measuresRememberedMax; number++) of(number, 'a'.repeat(5_000));
  const before = looks();

  of(snsLimits.measuresRememberedMax, 'a'.repeat(5_000));
  expect(looks()).toBe(before);
  of(0, 'a'.repeat(5_000));

  expect(looks()).toBe(before + 1);
});
