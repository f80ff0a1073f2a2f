/** What a topic's and a subscription's policies come to: what is shown as EffectiveDeliveryPolicy, and what is done. */
import type { SubscriptionDeliveryPolicy, TopicDeliveryPolicy } from './delivery-policy.ts';
import type { GivenRetryPolicy, RequestPolicy, RetryPolicy, ThrottlePolicy } from './policy-sections.ts';

/** The members in the order in which AWS prints them [sqs-sns 2.2]. */
export interface EffectiveTopicPolicy {
  readonly http: {
    readonly defaultHealthyRetryPolicy: RetryPolicy;
    readonly disableSubscriptionOverrides: boolean;
    readonly defaultThrottlePolicy?: ThrottlePolicy;
    readonly defaultRequestPolicy: RequestPolicy;
  };
}

export interface EffectiveSubscriptionPolicy {
  readonly healthyRetryPolicy: RetryPolicy;
  readonly sicklyRetryPolicy: RetryPolicy | null;
  readonly throttlePolicy: ThrottlePolicy | null;
  readonly requestPolicy: RequestPolicy;
  readonly guaranteed: boolean;
}

const defaultRetryPolicy: RetryPolicy = {
  ...{ minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3 },
  ...{ numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0 },
  backoffFunction: 'linear',
};

/** Of every request, confirmations too, unless a policy says otherwise of notifications. */
export const defaultContentType = 'text/plain; charset=UTF-8';

export function effectiveTopicPolicy(policy: TopicDeliveryPolicy | undefined): EffectiveTopicPolicy {
  const http = policy?.http;
  return {
    http: {
      defaultHealthyRetryPolicy: filled(http?.defaultHealthyRetryPolicy),
      disableSubscriptionOverrides: http?.disableSubscriptionOverrides ?? false,
      ...(http?.defaultThrottlePolicy && { defaultThrottlePolicy: http.defaultThrottlePolicy }),
      defaultRequestPolicy: http?.defaultRequestPolicy ?? { headerContentType: defaultContentType },
    },
  };
}

/** Of an http or https subscription: each part its own, else the topic's; only the topic's where it forbids overrides. */
export function effectiveSubscriptionPolicy(
  topicPolicy: TopicDeliveryPolicy | undefined,
  subscriptionPolicy: SubscriptionDeliveryPolicy | undefined,
): EffectiveSubscriptionPolicy {
  const { http } = effectiveTopicPolicy(topicPolicy);
  const own = http.disableSubscriptionOverrides ? undefined : subscriptionPolicy;
  const sickly = own?.sicklyRetryPolicy ?? undefined;
  return {
    healthyRetryPolicy: own?.healthyRetryPolicy ? filled(own.healthyRetryPolicy) : http.defaultHealthyRetryPolicy,
    sicklyRetryPolicy: sickly === undefined ? null : filled(sickly),
    throttlePolicy: own?.throttlePolicy ?? http.defaultThrottlePolicy ?? null,
    requestPolicy: own?.requestPolicy ?? http.defaultRequestPolicy,
    guaranteed: own?.guaranteed ?? false,
  };
}

function filled(given: GivenRetryPolicy | undefined): RetryPolicy {
  return { ...defaultRetryPolicy, ...given };
}
