import { expect, test } from 'vitest';
import { createMovableClock } from '../../src/server/movable-clock.ts';
import { createFakeClock } from '../support/fake-clock.ts';

function setup() {
  const base = createFakeClock();
  const clock = createMovableClock(base);
  const ran: string[] = [];
  const after = (ms: number, name: string) => clock.after(ms, () => ran.push(name));
  return { base, clock, ran, after };
}

test('it goes with the clock that it moves', () => {
  const { base, clock, ran, after } = setup();
  after(1000, 'a');

  base.advance(999);
  expect(ran).toEqual([]);
  base.advance(1);

  expect(ran).toEqual(['a']);
  expect(clock.now()).toBe(base.now());
});

test('a step is time that has passed: what is due runs at once, in order, and once', () => {
  const { base, clock, ran, after } = setup();
  after(2000, 'second');
  after(1000, 'first');
  after(5000, 'later');

  clock.advance(2000);

  expect(clock.now()).toBe(base.now() + 2000);
  expect(ran).toEqual(['first', 'second']);
  base.advance(2999);
  expect(ran).toEqual(['first', 'second']);
  base.advance(1);
  expect(ran).toEqual(['first', 'second', 'later']);
});

test('a timer that is cancelled does not run: by hand, nor by one that runs before it', () => {
  const { clock, ran, after } = setup();
  const other = after(3000, 'other');
  clock.after(1000, () => other.cancel());
  after(500, 'cancelled').cancel();

  clock.advance(10_000);

  expect(ran).toEqual([]);
});

test('a timer that sets itself again counts from the new time, once for the whole step', () => {
  const { clock } = setup();
  let rounds = 0;
  const again = () => {
    rounds++;
    clock.after(1000, again);
  };
  again();

  clock.advance(1_000_000_000);

  expect(rounds).toBe(2);
});

test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 101 * 366 * 86_400_000])('%s ms is no step', (ms) => {
  const { base, clock } = setup();

  expect(() => clock.advance(ms)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  expect(clock.now()).toBe(base.now());
});

test('a hundred years are the most, whatever the steps', () => {
  const { clock } = setup();
  const yearMs = 366 * 86_400_000;
  clock.advance(99 * yearMs);
  clock.advance(yearMs);

  expect(() => clock.advance(1)).toThrow('is no step');
});
