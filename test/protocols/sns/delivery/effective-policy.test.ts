import { describe, expect, test } from 'vitest';
import { parseSubscriptionPolicy, parseTopicPolicy } from '../../../../protocols/sns/delivery/delivery-policy.ts';
import {
  effectiveSubscriptionPolicy,
  effectiveTopicPolicy,
} from '../../../../protocols/sns/delivery/effective-policy.ts';

const defaultRetry =
  '{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}';
const plainText = '{"headerContentType":"text/plain; charset=UTF-8"}';

function topicPolicy(http: object) {
  return parseTopicPolicy(JSON.stringify({ http }));
}

function subscriptionPolicy(policy: object) {
  return parseSubscriptionPolicy(JSON.stringify(policy));
}

describe('the effective policy of a topic', () => {
  test('without one of its own is the default that AWS prints [sqs-sns 2.2]', () => {
    expect(JSON.stringify(effectiveTopicPolicy(undefined))).toBe(
      `{"http":{"defaultHealthyRetryPolicy":${defaultRetry},"disableSubscriptionOverrides":false,"defaultRequestPolicy":${plainText}}}`,
    );
  });

  test('has the defaults where a retry policy leaves something out [sqs-sns 2.2]', () => {
    const policy = topicPolicy({ defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 } });

    expect(JSON.stringify(effectiveTopicPolicy(policy).http.defaultHealthyRetryPolicy)).toBe(
      '{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}',
    );
  });

  test('has a throttle only where one is given, before the content type', () => {
    const policy = topicPolicy({
      defaultThrottlePolicy: { maxReceivesPerSecond: 1 },
      defaultRequestPolicy: { headerContentType: 'text/csv' },
    });

    expect(JSON.stringify(effectiveTopicPolicy(policy))).toBe(
      `{"http":{"defaultHealthyRetryPolicy":${defaultRetry},"disableSubscriptionOverrides":false,"defaultThrottlePolicy":{"maxReceivesPerSecond":1},"defaultRequestPolicy":{"headerContentType":"text/csv"}}}`,
    );
  });
});

describe('the effective policy of a subscription', () => {
  test('without any policy is full of defaults, with null where there is nothing [sqs-sns 2.3]', () => {
    expect(JSON.stringify(effectiveSubscriptionPolicy(undefined, undefined))).toBe(
      `{"healthyRetryPolicy":${defaultRetry},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":${plainText},"guaranteed":false}`,
    );
  });

  test('takes each part from its own policy, else from the topic', () => {
    const topic = topicPolicy({
      defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 1 },
      defaultThrottlePolicy: { maxReceivesPerSecond: 9 },
      defaultRequestPolicy: { headerContentType: 'text/xml' },
    });
    const subscription = subscriptionPolicy({ requestPolicy: { headerContentType: 'application/json' } });

    expect(effectiveSubscriptionPolicy(topic, subscription)).toMatchObject({
      healthyRetryPolicy: { minDelayTarget: 5, numRetries: 1 },
      throttlePolicy: { maxReceivesPerSecond: 9 },
      requestPolicy: { headerContentType: 'application/json' },
    });
  });

  test('a retry policy of its own is completed from the defaults, not from the topic', () => {
    const topic = topicPolicy({
      defaultHealthyRetryPolicy: { minDelayTarget: 5, maxDelayTarget: 6, numRetries: 9, numNoDelayRetries: 8 },
    });
    const subscription = subscriptionPolicy({
      healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 2, numRetries: 3 },
    });

    expect(effectiveSubscriptionPolicy(topic, subscription).healthyRetryPolicy).toMatchObject({
      minDelayTarget: 1,
      numRetries: 3,
      numNoDelayRetries: 0,
    });
  });

  test('is the topic alone where it disables overrides', () => {
    const topic = topicPolicy({ disableSubscriptionOverrides: true });
    const subscription = subscriptionPolicy({
      healthyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 2, numRetries: 99 },
      sicklyRetryPolicy: { minDelayTarget: 1, maxDelayTarget: 2, numRetries: 99 },
      throttlePolicy: { maxReceivesPerSecond: 9 },
      requestPolicy: { headerContentType: 'text/xml' },
      guaranteed: true,
    });

    expect(effectiveSubscriptionPolicy(topic, subscription)).toEqual(effectiveSubscriptionPolicy(undefined, undefined));
  });
});
