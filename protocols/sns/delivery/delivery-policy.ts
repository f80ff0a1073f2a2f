/**
 * The two forms of DeliveryPolicy. A topic's stands inside `http` with `default` before each name; a subscription's stands
 * alone. Both are kept as AWS keeps them: members in AWS's order, a topic's without those that are null, a subscription's
 * with them [sqs-sns 2.2, 2.3].
 */
import { GantryError } from '../../../src/model/errors.ts';
import { deliveryLimits } from './limits.ts';
import { type Members, PolicyReader, refusedPolicy } from './policy-reader.ts';
import {
  type GivenRetryPolicy,
  type RequestPolicy,
  readRequestPolicy,
  readRetryPolicy,
  readThrottlePolicy,
  type ThrottlePolicy,
} from './policy-sections.ts';

export interface TopicDeliveryPolicy {
  readonly http?: {
    readonly defaultHealthyRetryPolicy?: GivenRetryPolicy;
    readonly disableSubscriptionOverrides: boolean;
    readonly defaultThrottlePolicy?: ThrottlePolicy;
    readonly defaultRequestPolicy?: RequestPolicy;
  };
}

export interface SubscriptionDeliveryPolicy {
  readonly healthyRetryPolicy: GivenRetryPolicy | null;
  readonly sicklyRetryPolicy: GivenRetryPolicy | null;
  readonly throttlePolicy: ThrottlePolicy | null;
  readonly requestPolicy: RequestPolicy | null;
  readonly guaranteed: boolean;
}

/**
 * @returns what to store, by JSON.stringify; undefined for the empty text, which removes the policy
 * @throws GantryError `invalid-argument` with AWS's words from "DeliveryPolicy: " on; what stands before them
 * ("Invalid parameter: ", on creation "Invalid parameter: Attributes Reason: ") is the operation's
 */
export function parseTopicPolicy(text: string): TopicDeliveryPolicy | undefined {
  const members = parsePolicy(text);
  if (members === undefined) return undefined;
  const http = new PolicyReader(members, '', ['http']).section('http', [
    'defaultHealthyRetryPolicy',
    'defaultSicklyRetryPolicy',
    'disableSubscriptionOverrides',
    'defaultThrottlePolicy',
    'defaultRequestPolicy',
  ]);
  if (http === undefined) return {};
  readRetryPolicy(http, 'defaultSicklyRetryPolicy'); // Judged and dropped, as by AWS, which never shows it of a topic.
  const retry = readRetryPolicy(http, 'defaultHealthyRetryPolicy');
  const throttle = readThrottlePolicy(http, 'defaultThrottlePolicy');
  const request = readRequestPolicy(http, 'defaultRequestPolicy');
  return {
    http: {
      ...(retry && { defaultHealthyRetryPolicy: retry }),
      disableSubscriptionOverrides: http.boolean('disableSubscriptionOverrides') ?? false,
      ...(throttle && { defaultThrottlePolicy: throttle }),
      ...(request && { defaultRequestPolicy: request }),
    },
  };
}

/** As parseTopicPolicy, for the form of a subscription. */
export function parseSubscriptionPolicy(text: string): SubscriptionDeliveryPolicy | undefined {
  const members = parsePolicy(text);
  if (members === undefined) return undefined;
  const reader = new PolicyReader(members, '', [
    'healthyRetryPolicy',
    'sicklyRetryPolicy',
    'throttlePolicy',
    'requestPolicy',
    'guaranteed',
  ]);
  return {
    healthyRetryPolicy: readRetryPolicy(reader, 'healthyRetryPolicy') ?? null,
    sicklyRetryPolicy: readRetryPolicy(reader, 'sicklyRetryPolicy') ?? null,
    throttlePolicy: readThrottlePolicy(reader, 'throttlePolicy') ?? null,
    requestPolicy: readRequestPolicy(reader, 'requestPolicy') ?? null,
    guaranteed: reader.boolean('guaranteed') ?? false,
  };
}

function parsePolicy(text: string): Members | undefined {
  if (text === '') return undefined;
  if (text.length > deliveryLimits.policyBytesMax) {
    throw refusedPolicy(`must not be longer than ${deliveryLimits.policyBytesMax} characters`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new GantryError('invalid-argument', 'DeliveryPolicy: failed to parse JSON', { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refusedPolicy('failed to parse JSON: it must be an object');
  }
  return new Map(Object.entries(value));
}
