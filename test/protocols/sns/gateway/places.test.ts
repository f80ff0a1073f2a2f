import { expect, test } from 'vitest';
import { createPlaces } from '../../../../protocols/sns/gateway/places.ts';
import { quiet } from '../../../core/world.ts';

test('who finds no place waits its turn, and gets the place of who leaves', async () => {
  const places = createPlaces(2);
  const inside: number[] = [];
  const come = async (number: number) => {
    await places.take();
    inside.push(number);
  };

  for (let number = 1; number <= 5; number++) void come(number);
  await quiet();
  expect(inside).toEqual([1, 2]);
  places.leave();
  await quiet();
  expect(inside).toEqual([1, 2, 3]);
  for (let time = 0; time < 2; time++) places.leave();
  await quiet();

  expect(inside).toEqual([1, 2, 3, 4, 5]);
});

test('places are crowded when more than half are taken, and free again when all have left', async () => {
  const places = createPlaces(2);
  await places.take();
  expect(places.isCrowded()).toBe(false);
  await places.take();
  expect(places.isCrowded()).toBe(true);

  places.leave();
  places.leave();

  expect(places.isCrowded()).toBe(false);
  await Promise.all([places.take(), places.take()]);
});
