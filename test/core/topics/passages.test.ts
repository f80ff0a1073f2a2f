import { expect, it } from 'vitest';
import { Passages } from '../../../src/core/topics/passages.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { quiet, watch } from '../world.ts';

function setup() {
  const clock = createFakeClock();
  return { clock, passages: new Passages(clock) };
}

it('a message is waited for by itself, by all who ask', async () => {
  const { passages } = setup();
  const waits = [passages.of(1, false), passages.of(2, false), passages.of(1, true)].map(watch);

  passages.done(1);
  await quiet();

  expect(waits.map(({ isSettled }) => isSettled)).toEqual([true, false, true]);
});

it('one that was handed on before anybody asked is not waited for, as long as it is among the last thousand', async () => {
  const { passages } = setup();
  for (let sequence = 0; sequence <= 1_000; sequence++) passages.done(sequence);

  const waits = [0, 1, 1_000].map((sequence) => watch(passages.of(sequence, false)));
  await quiet();

  expect(waits.map(({ isSettled }) => isSettled)).toEqual([false, true, true]);
});

it('nobody waits longer than five seconds, nor for a topic that is gone', async () => {
  const { clock, passages } = setup();
  const first = watch(passages.of(1, false));
  clock.advance(4_999);
  await quiet();
  expect(first.isSettled).toBe(false);
  clock.advance(1);
  const second = watch(passages.of(2, false));

  passages.end();
  await quiet();

  expect([first, second].map(({ isSettled }) => isSettled)).toEqual([true, true]);
});
