import { describe, expect, it } from 'vitest';
import { createConfirmationPace } from '../../../protocols/sns/confirmation-pace.ts';
import { snsLimits } from '../../../protocols/sns/limits.ts';

const { confirmationsAtOnce, confirmationEveryMs, confirmationDelayMsMax, confirmationRepeatMs } = snsLimits;
const { confirmationPacesMax } = snsLimits;

describe('the endpoint of one subscription', () => {
  it('may be asked again after a while', () => {
    const pace = createConfirmationPace();

    expect(pace.mayRepeat('a', 0)).toBe(true);
    expect(pace.mayRepeat('b', 1)).toBe(true);
    expect(pace.mayRepeat('a', confirmationRepeatMs - 1)).toBe(false);
    expect(pace.mayRepeat('a', confirmationRepeatMs)).toBe(true);
  });

  it('may be asked at once where it was not asked after all', () => {
    const pace = createConfirmationPace();
    pace.mayRepeat('a', 0);

    pace.takeBack('a');

    expect(pace.mayRepeat('a', 0)).toBe(true);
  });

  it('is forgotten first where too many are remembered', () => {
    const pace = createConfirmationPace();
    for (let at = 0; at <= confirmationPacesMax + 1; at++) pace.mayRepeat(`${at}`, 0);

    expect(pace.mayRepeat(`${confirmationPacesMax}`, 0)).toBe(false);
    expect(pace.mayRepeat('0', 0)).toBe(true);
  });
});

describe('what an account sets off', () => {
  it('goes out at once up to a number, and is put off then', () => {
    const pace = createConfirmationPace();

    const delays = Array.from({ length: confirmationsAtOnce + 2 }, () => pace.delayMs('a', 0));

    expect(delays.slice(0, confirmationsAtOnce)).toEqual(delays.slice(0, confirmationsAtOnce).fill(0));
    expect(delays.slice(confirmationsAtOnce)).toEqual([confirmationEveryMs, 2 * confirmationEveryMs]);
    expect(pace.delayMs('b', 0)).toBe(0);
    expect(pace.delayMs('a', 3 * confirmationEveryMs)).toBe(0);
  });

  it('is put off for a bounded time, and so is what comes later', () => {
    const pace = createConfirmationPace();
    const all = confirmationsAtOnce + (2 * confirmationDelayMsMax) / confirmationEveryMs;

    const delays = Array.from({ length: all }, () => pace.delayMs('a', 0));

    expect(Math.max(...delays)).toBe(confirmationDelayMsMax);
    expect(pace.delayMs('a', confirmationDelayMsMax + confirmationsAtOnce * confirmationEveryMs)).toBe(0);
  });
});
