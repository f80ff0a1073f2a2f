/**
 * When to try again. Retries go through four phases: at once, after the shortest delay, after growing ones, after the
 * longest [SNS Message delivery retries]. All of it follows from the policy and from how often it has failed, so nothing has
 * to be remembered of a delivery but that number.
 */
import type { Random } from '../../../src/model/random.ts';
import { deliveryLimits } from './limits.ts';
import type { BackoffFunction, RetryPolicy } from './policy-sections.ts';

export interface RetrySchedule extends RetryPolicy {
  /** What all delays together may take; a retry beyond it is not made. */
  readonly totalMsMax: number;
}

/** Of an http or https subscription: AWS lets no policy last longer than an hour, whatever its numbers come to. */
export function httpSchedule(policy: RetryPolicy): RetrySchedule {
  return { ...policy, totalMsMax: deliveryLimits.policyMsMax };
}

/** To what AWS runs: sqs, lambda and firehose. 100,015 tries over 23 days. */
export const managedSchedule: RetrySchedule = {
  ...{ minDelayTarget: 1, maxDelayTarget: 20, numRetries: 100_015, backoffFunction: 'exponential' },
  ...{ numNoDelayRetries: 3, numMinDelayRetries: 2, numMaxDelayRetries: 100_000 },
  totalMsMax: 24 * 86_400_000,
};

/** To people: e-mail, SMS and mobile push. 50 tries over six hours. */
export const customerSchedule: RetrySchedule = {
  ...{ minDelayTarget: 10, maxDelayTarget: 600, numRetries: 50, backoffFunction: 'exponential' },
  ...{ numNoDelayRetries: 0, numMinDelayRetries: 2, numMaxDelayRetries: 38 },
  totalMsMax: 8 * 3_600_000,
};

/**
 * @param failedCount tries that have failed, the first one included: 1 or more
 * @param afterMs what the endpoint asked for with Retry-After; honoured up to ten minutes
 * @returns milliseconds until the next try, jitter included; undefined: there is none
 */
export function retryDelayMs(
  schedule: RetrySchedule,
  failedCount: number,
  random: Random,
  afterMs = 0,
): number | undefined {
  if (failedCount > schedule.numRetries) return undefined;
  if (isBeyondTotal(schedule, failedCount)) return undefined;
  const delayMs = plannedDelayMs(schedule, failedCount);
  const jitteredMs = delayMs * (1 - deliveryLimits.jitterShareMax * fraction(random));
  return Math.round(Math.max(jitteredMs, Math.min(afterMs, deliveryLimits.retryAfterMsMax)));
}

/**
 * The delay before the `retry`-th retry, without jitter.
 * @param retry 1 to `numRetries`
 */
export function plannedDelayMs(policy: RetryPolicy, retry: number): number {
  const { minDelayTarget, maxDelayTarget, numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = policy;
  const backoffCount = policy.numRetries - numNoDelayRetries - numMinDelayRetries - numMaxDelayRetries;
  const position = retry - numNoDelayRetries;
  if (position <= 0) return 0;
  if (position <= numMinDelayRetries) return minDelayTarget * 1_000;
  const step = position - numMinDelayRetries;
  if (step > backoffCount) return maxDelayTarget * 1_000;
  return backoffSeconds(policy, step - 1, backoffCount - 1) * 1_000;
}

/** From the shortest at step 0 to the longest at `lastStep`; a phase of one retry waits the shortest. */
function backoffSeconds(policy: RetryPolicy, step: number, lastStep: number): number {
  const { minDelayTarget: min, maxDelayTarget: max, backoffFunction } = policy;
  if (lastStep <= 0) return min;
  if (backoffFunction === 'geometric') return min * (max / min) ** (step / lastStep);
  return min + (max - min) * growthShare[backoffFunction](step, lastStep);
}

/** By which share of the way a delay has grown: even steps, steps that grow evenly, steps that double. */
const growthShare: Readonly<Record<Exclude<BackoffFunction, 'geometric'>, (step: number, last: number) => number>> = {
  linear: (step, last) => step / last,
  arithmetic: (step, last) => (step * (step + 1)) / (last * (last + 1)),
  exponential: (step, last) => (2 ** step - 1) / (2 ** last - 1),
};

/** Only an HTTP policy, of at most a hundred retries, can reach its total; the fixed ones stay below theirs. */
function isBeyondTotal(schedule: RetrySchedule, retry: number): boolean {
  if (schedule.numRetries > deliveryLimits.retryCountMax) return false;
  let totalMs = 0;
  for (let i = 1; i <= retry; i++) totalMs += plannedDelayMs(schedule, i);
  return totalMs > schedule.totalMsMax;
}

/** 0 inclusive to 1 exclusive. */
function fraction(random: Random): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
}
