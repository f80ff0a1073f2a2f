/**
 * Hands what core wants pushed to whoever reaches the endpoint. One attempt is one outcome; when to try again follows from
 * the policy and the number of tries, so nothing here has to outlive the process.
 */
import type { Push, PushGateway } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { GantryError } from '../../../src/model/errors.ts';
import {
  customerSchedule,
  httpSchedule,
  managedSchedule,
  type RetrySchedule,
  retryDelayMs,
} from '../delivery/backoff.ts';
import { effectiveTopicPolicy } from '../delivery/effective-policy.ts';
import { effectivePolicyOf } from '../subscription-attributes.ts';
import { isStatusWanted, statusOf } from './delivery-status.ts';
import { EndpointPaces } from './endpoint-paces.ts';
import { invokeFunction } from './function-push.ts';
import { postToEndpoint } from './http-push.ts';
import { mailTo } from './mail-push.ts';
import { createMeasure } from './measure.ts';
import type { FailedOutcome, GatewayParts } from './parts.ts';
import { sendToDevice, sendToPhone } from './person-push.ts';

export interface ClosableGateway extends PushGateway {
  /** After the broker, which breaks off what is under way. */
  stop(): Promise<void>;
}

/** One attempt. */
type Courier = (push: Push, parts: GatewayParts, signal: AbortSignal) => Promise<PushOutcome>;

const couriers: Readonly<Record<string, Courier | undefined>> = {
  http: postToEndpoint,
  https: postToEndpoint,
  email: mailTo,
  'email-json': mailTo,
  sms: sendToPhone,
  application: sendToDevice,
  lambda: invokeFunction,
};

export function createPushGateway(parts: GatewayParts): ClosableGateway {
  const { clock, random, delivery } = parts;
  const paces = new EndpointPaces(clock);
  const bytesOf = createMeasure();

  return {
    async send(push, signal) {
      const courier = couriers[push.subscription.protocol];
      if (courier === undefined) return { type: 'failed', reason: 'its protocol is not served here' };
      const heldBackAt = clock.now();
      if (isHttp(push)) await paces.throttled(push.subscription, throttleOf(push), signal);
      let spentMs = clock.now() - heldBackAt;
      const outcome = await paces.inPlace(push.subscription, bytesOf(push), async () => {
        if (signal.aborted) return brokenOff; // What waited for its place until the broker stops is not begun.
        const begunAt = clock.now();
        const reached = await contained(courier, push, signal);
        spentMs += clock.now() - begunAt;
        return reached;
      });
      if (signal.aborted) return outcome; // It says nothing about the endpoint.
      paces.note(push.subscription, outcome, spentMs);
      if (outcome.type === 'failed') tellFailed(push, outcome, true);
      else if (outcome.type === 'delivered') tellStatus(push, outcome);
      return outcome;
    },
    retryDelayMs(push, outcome) {
      const delayMs = retryDelayMs(scheduleOf(push), push.attempt, random, outcome.afterMs);
      tellFailed(push, outcome, delayMs === undefined);
      return delayMs;
    },
    inFlightMax: (subscription) => paces.inFlightMax(subscription),
    isSlow: (subscription) => paces.isSlow(subscription),
    siteOf: ({ protocol, endpoint }) => (isHttpProtocol(protocol) ? originOf(endpoint) : undefined),
    stop: () => delivery.stop(),
  };

  /** A message that meets a defect would meet it again at every start: it is given up, and the process lives. */
  async function contained(courier: Courier, push: Push, signal: AbortSignal): Promise<PushOutcome> {
    try {
      return await courier(push, parts, signal);
    } catch (error) {
      if (error instanceof GantryError) throw error;
      parts.report(error);
      return { type: 'failed', reason: 'internal failure: the log has its trace' };
    }
  }

  function tellFailed(push: Push, outcome: FailedOutcome, isGivenUp: boolean): void {
    parts.failed(push, outcome, isGivenUp);
    if (isGivenUp) tellStatus(push, outcome);
  }

  function tellStatus(push: Push, outcome: PushOutcome): void {
    if (isStatusWanted(push, outcome, random)) parts.status(statusOf(push, outcome, { clock, random }));
  }
}

const brokenOff: PushOutcome = { type: 'retry', reason: 'broken off: the broker stops' };

function isHttp({ subscription: { protocol } }: Push): boolean {
  return isHttpProtocol(protocol);
}

function isHttpProtocol(protocol: string): boolean {
  return protocol === 'http' || protocol === 'https';
}

/** Host and port; what the sender will refuse is one site. */
function originOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : '';
}

/** A confirmation asks by the defaults, whatever was ordered for notifications [sqs-sns 2.4]. */
function scheduleOf(push: Push): RetrySchedule {
  const { subscription, topic, note } = push;
  if (isHttp(push)) {
    const policy = note === undefined ? effectiveTopicPolicy(undefined).http.defaultHealthyRetryPolicy : undefined;
    return httpSchedule(policy ?? effectivePolicyOf(subscription, topic).healthyRetryPolicy);
  }
  return subscription.protocol === 'lambda' ? managedSchedule : customerSchedule;
}

function throttleOf({ subscription, topic, note }: Push): number | undefined {
  if (note === undefined) return undefined;
  return effectivePolicyOf(subscription, topic).throttlePolicy?.maxReceivesPerSecond;
}
