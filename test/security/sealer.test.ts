import { expect, test } from 'vitest';
import { createSealer, sealingKeyBytes } from '../../src/security/sealer.ts';
import { createSystemRandom } from '../../src/server/system-random.ts';

const random = createSystemRandom();
const key = random.bytes(sealingKeyBytes);

test('a secret comes back in its place, and two seals of it differ', () => {
  const sealer = createSealer(key, random);
  const [one, other] = [sealer.seal('hidden é', 'user/a'), sealer.seal('hidden é', 'user/a')];

  expect(sealer.open(one, 'user/a')).toBe('hidden é');
  expect(createSealer(key, random).open(other, 'user/a')).toBe('hidden é');
  expect(one).not.toBe(other);
});

test('moved, changed, cut or sealed with another key it opens nothing', () => {
  const sealer = createSealer(key, random);
  const sealed = sealer.seal('hidden', 'user/a');

  expect(sealer.open(sealed, 'user/b')).toBeUndefined();
  expect(createSealer(random.bytes(sealingKeyBytes), random).open(sealed, 'user/a')).toBeUndefined();
  for (const text of ['', '.', 'x.y', sealed.slice(0, -4), sealed.slice(0, 12)])
    expect(sealer.open(text, 'user/a')).toBeUndefined();
  for (let at = 9; at < sealed.length - 1; at++) {
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(sealer.open(changed, 'user/a')).toBeUndefined();
  }
});
