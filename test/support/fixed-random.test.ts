import { expect, it } from 'vitest';
import { createFixedRandom } from './fixed-random.ts';

it('a seed gives the same bytes again, another seed others', () => {
  const first = createFixedRandom(7).bytes(32);

  expect(createFixedRandom(7).bytes(32)).toEqual(first);
  expect(createFixedRandom(8).bytes(32)).not.toEqual(first);
});

it('a uuid is of version 4', () => {
  const id = createFixedRandom(1).uuid();

  expect(Buffer.from(id).toString('hex')).toMatch(/^.{12}4.{3}[89ab].{15}$/);
});
