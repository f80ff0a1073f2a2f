import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  customerSchedule,
  httpSchedule,
  managedSchedule,
  plannedDelayMs,
  type RetrySchedule,
  retryDelayMs,
} from '../../../../protocols/sns/delivery/backoff.ts';
import type { BackoffFunction, RetryPolicy } from '../../../../protocols/sns/delivery/policy-sections.ts';
import type { Random } from '../../../../src/model/random.ts';
import { createFixedRandom } from '../../../support/fixed-random.ts';

/** The longest delays that jitter leaves. */
const noJitter: Random = { bytes: (count) => new Uint8Array(count), uuid: () => new Uint8Array(16) };
const mostJitter: Random = { bytes: (count) => new Uint8Array(count).fill(255), uuid: () => new Uint8Array(16) };

const plain: RetryPolicy = {
  ...{ minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3 },
  ...{ numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0 },
  backoffFunction: 'linear',
};

function delays(schedule: RetrySchedule, random: Random = noJitter): number[] {
  const found: number[] = [];
  for (let failed = 1; ; failed++) {
    const delayMs = retryDelayMs(schedule, failed, random);
    if (delayMs === undefined) return found;
    found.push(delayMs);
  }
}

describe('the phases of a policy', () => {
  test('the default tries three times again, 20 seconds apart', () => {
    expect(delays(httpSchedule(plain))).toEqual([20_000, 20_000, 20_000]);
  });

  test('no delay, shortest delay, backoff, longest delay follow each other', () => {
    const policy = { ...plain, minDelayTarget: 10, maxDelayTarget: 40, numRetries: 9 };
    const phases = { numNoDelayRetries: 2, numMinDelayRetries: 2, numMaxDelayRetries: 2 };

    expect(delays(httpSchedule({ ...policy, ...phases }))).toEqual(
      [0, 0, 10, 10, 10, 25, 40, 40, 40].map((seconds) => seconds * 1_000),
    );
  });

  test('a policy without retries gives up at once', () => {
    expect(retryDelayMs(httpSchedule({ ...plain, numRetries: 0 }), 1, noJitter)).toBeUndefined();
  });

  const curves: readonly { backoffFunction: BackoffFunction; seconds: readonly number[] }[] = [
    { backoffFunction: 'linear', seconds: [1, 21, 41, 61, 81] },
    { backoffFunction: 'arithmetic', seconds: [1, 9, 25, 49, 81] },
    { backoffFunction: 'geometric', seconds: [1, 3, 9, 27, 81] },
    { backoffFunction: 'exponential', seconds: [1, 6.333, 17, 38.333, 81] },
  ];

  test.each(curves)('$backoffFunction grows in its own way', ({ backoffFunction, seconds }) => {
    const policy = { ...plain, minDelayTarget: 1, maxDelayTarget: 81, numRetries: 5, backoffFunction };

    expect(delays(httpSchedule(policy))).toEqual(seconds.map((one) => Math.round(one * 1_000)));
  });
});

describe('the fixed policies', () => {
  test('sqs, lambda and firehose: 100,015 tries over 23 days', () => {
    const totalMs = sum(Array.from({ length: 100_015 }, (_, i) => plannedDelayMs(managedSchedule, i + 1)));

    expect(retryDelayMs(managedSchedule, 100_015, noJitter)).toBe(20_000);
    expect(retryDelayMs(managedSchedule, 100_016, noJitter)).toBeUndefined();
    expect([1, 2, 3, 4, 5, 6, 15, 16].map((retry) => plannedDelayMs(managedSchedule, retry) / 1_000)).toEqual([
      ...[0, 0, 0, 1, 1, 1, 20, 20],
    ]);
    expect(Math.floor(totalMs / 86_400_000)).toBe(23);
    expect(totalMs).toBeLessThan(managedSchedule.totalMsMax);
  });

  test('e-mail, SMS and mobile push: 50 tries over 6 hours', () => {
    const found = delays(customerSchedule);

    expect(found).toHaveLength(50);
    expect(found.slice(0, 3)).toEqual([10_000, 10_000, 10_000]);
    expect(found.slice(11)).toEqual(Array.from({ length: 39 }, () => 600_000));
    expect(Math.floor(sum(found) / 3_600_000)).toBe(6);
  });
});

describe('jitter and Retry-After', () => {
  test('jitter shortens a delay by up to a tenth', () => {
    expect(retryDelayMs(httpSchedule(plain), 1, mostJitter)).toBe(18_000);
  });

  test('a longer Retry-After is waited for, up to ten minutes', () => {
    const schedule = httpSchedule(plain);

    expect(retryDelayMs(schedule, 1, mostJitter, 60_000)).toBe(60_000);
    expect(retryDelayMs(schedule, 1, mostJitter, 600_001)).toBe(600_000);
    expect(retryDelayMs(schedule, 1, noJitter, 5)).toBe(20_000);
    expect(retryDelayMs(schedule, 4, noJitter, 60_000)).toBeUndefined();
  });
});

const policies: fc.Arbitrary<RetryPolicy> = fc
  .record({
    ...{ minDelayTarget: fc.integer({ min: 1, max: 3_600 }), growth: fc.integer({ min: 0, max: 3_599 }) },
    ...{ numNoDelayRetries: fc.integer({ min: 0, max: 25 }), numMinDelayRetries: fc.integer({ min: 0, max: 25 }) },
    ...{ numMaxDelayRetries: fc.integer({ min: 0, max: 25 }), backoffCount: fc.integer({ min: 0, max: 25 }) },
    backoffFunction: fc.constantFrom<BackoffFunction>('linear', 'arithmetic', 'geometric', 'exponential'),
  })
  .map(({ growth, backoffCount, ...policy }) => ({
    ...policy,
    maxDelayTarget: Math.min(3_600, policy.minDelayTarget + growth),
    numRetries: backoffCount + policy.numNoDelayRetries + policy.numMinDelayRetries + policy.numMaxDelayRetries,
  }));

describe('whatever the policy', () => {
  test('delays never shrink, stay between the shortest and the longest, and end within an hour', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const found = delays(httpSchedule(policy));

        expect(found).toEqual([...found].sort((a, b) => a - b));
        expect(found.every((ms) => ms === 0 || ms >= policy.minDelayTarget * 1_000)).toBe(true);
        expect(found.every((ms) => ms <= policy.maxDelayTarget * 1_000)).toBe(true);
        expect(sum(found)).toBeLessThanOrEqual(3_600_000 + found.length);
      }),
    );
  });

  test('there are as many retries as it asks for, unless they take more than an hour', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        const found = delays(httpSchedule(policy));
        const planned = Array.from({ length: policy.numRetries }, (_, i) => plannedDelayMs(policy, i + 1));

        expect(found.length).toBe(sum(planned) <= 3_600_000 ? policy.numRetries : withinAnHour(planned));
      }),
    );
  });

  test('jitter never lengthens a delay, nor takes more than a tenth', () => {
    fc.assert(
      fc.property(policies, fc.integer(), (policy, seed) => {
        const longest = delays(httpSchedule(policy));
        const jittered = delays(httpSchedule(policy), createFixedRandom(seed));

        expect(jittered).toHaveLength(longest.length);
        for (const [i, ms] of jittered.entries()) {
          expect(ms).toBeLessThanOrEqual(longest[i] ?? 0);
          expect(ms).toBeGreaterThanOrEqual(Math.floor((longest[i] ?? 0) * 0.9) - 1);
        }
      }),
    );
  });
});

/** How many of the delays, one after the other, end within an hour. */
function withinAnHour(delaysMs: readonly number[]): number {
  let totalMs = 0;
  return delaysMs.findIndex((ms) => {
    totalMs += ms;
    return totalMs > 3_600_000;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
