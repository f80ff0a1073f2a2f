import { expect, test } from 'vitest';
import { createPace, linesAMinuteMax } from '../../src/server/pace.ts';
import { createFakeClock } from '../support/fake-clock.ts';

test('so many different lines are due in a minute and no more, and again in the next', () => {
  const clock = createFakeClock();
  const isDue = createPace(clock);
  const due = () => Array.from({ length: linesAMinuteMax + 1 }, (_, at) => isDue(String(at))).filter(Boolean).length;

  expect(due()).toBe(linesAMinuteMax);
  expect(isDue('another')).toBe(false);
  clock.advance(60_000);
  expect(due()).toBe(linesAMinuteMax);
});
