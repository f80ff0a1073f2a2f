import { expect, test } from 'vitest';
import { createPlaces } from '../../../../protocols/sns/gateway/places.ts';
import { quiet } from '../../../core/world.ts';

const wide = 1_000_000;

/** Each comes with its bytes, in the order given. */
function arrivals(bounds: Parameters<typeof createPlaces>[0], ...sizes: readonly number[]) {
  const places = createPlaces(bounds);
  const inside: number[] = [];
  for (const bytes of sizes) void places.take(bytes).then(() => inside.push(bytes));
  return { places, inside };
}

test('who finds no room waits its turn, and goes when so much has left', async () => {
  const { places, inside } = arrivals({ bytesMax: 100, turnBytesMax: wide }, 60, 40, 50, 10);
  await quiet();
  expect(inside).toEqual([60, 40]);

  places.leave(40);
  await quiet();
  expect(inside, 'a small one does not overtake').toEqual([60, 40]);
  places.leave(60);
  await quiet();

  expect(inside).toEqual([60, 40, 50, 10]);
});

test('what is larger than all the room goes when it is alone', async () => {
  const { places, inside } = arrivals({ bytesMax: 100, turnBytesMax: wide }, 1, 101, 2);
  await quiet();
  expect(inside).toEqual([1]);

  places.leave(1);
  await quiet();
  expect(inside).toEqual([1, 101]);
  places.leave(101);
  await quiet();

  expect(inside).toEqual([1, 101, 2]);
});

test('in one turn of the event loop only so much begins, however much room there is', async () => {
  const { inside } = arrivals({ bytesMax: wide, turnBytesMax: 10_000 }, 20_000, 5_001, 5_002, 5_003);

  await Promise.resolve();
  const seen = [inside.length];
  for (let turn = 0; turn < 2; turn++) {
    await quiet(1);
    seen.push(inside.length);
  }

  expect(seen).toEqual([1, 3, 4]);
});

test('the smallest cost their turn as well', async () => {
  const { inside } = arrivals({ bytesMax: wide, turnBytesMax: 40_960 }, ...Array.from({ length: 25 }, () => 1));

  await Promise.resolve();

  expect(inside).toHaveLength(10);
  await quiet();
  expect(inside).toHaveLength(25);
});
