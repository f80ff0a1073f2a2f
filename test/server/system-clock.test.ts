import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSystemClock } from '../../src/server/system-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the clock begins with the wall and ignores its jumps afterwards', () => {
  const clock = createSystemClock();
  const before = clock.now();

  expect(Math.abs(before - Date.now())).toBeLessThanOrEqual(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  expect(clock.now() - before).toBeLessThanOrEqual(1);
  vi.advanceTimersByTime(500);
  expect(clock.now() - before).toBeGreaterThanOrEqual(500);
  expect(clock.now() - before).toBeLessThanOrEqual(501);
});

test('an action runs once, when its time has come and not before', () => {
  const action = vi.fn();
  createSystemClock().after(1000, action);

  vi.advanceTimersByTime(999);
  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  vi.advanceTimersByTime(10_000);
  expect(action).toHaveBeenCalledOnce();
});

test('a delay longer than 2^31 ms is waited for in full', () => {
  const action = vi.fn();
  const delayMs = 2 ** 31 + 5000; // Given to setTimeout it would end after 1 ms.
  createSystemClock().after(delayMs, action);

  vi.advanceTimersByTime(10);
  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(delayMs - 20);
  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(20);
  expect(action).toHaveBeenCalledOnce();
});

test('a cancelled timer never runs, in its second stretch either', () => {
  const action = vi.fn();
  const timer = createSystemClock().after(2 ** 32, action);

  vi.advanceTimersByTime(2 ** 31 + 1000);
  timer.cancel();
  vi.advanceTimersByTime(2 ** 33);

  expect(action).not.toHaveBeenCalled();
});

test('an action without delay still runs later, not within the call', () => {
  const action = vi.fn();
  createSystemClock().after(0, action);

  expect(action).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(action).toHaveBeenCalledOnce();
});
