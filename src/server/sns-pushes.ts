/**
 * What SNS sends out of the broker. All of it is read from disk for the first message that wants to leave, for most brokers
 * never send one.
 */
import type { ClosableGateway } from '../../protocols/sns/gateway/index.ts';
import type { FailedOutcome } from '../../protocols/sns/gateway/parts.ts';
import type { Broker, Push } from '../core/broker.ts';
import type { Clock } from '../model/clock.ts';
import { GantryError } from '../model/errors.ts';
import type { Random } from '../model/random.ts';
import { readAuthorities } from './authorities.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { createPace } from './pace.ts';

export interface PushingParts {
  readonly broker: Broker;
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Others reach the broker: then its private network is not theirs to post to. */
  readonly isOpen: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of a defect of ours. */
  report(error: unknown): void;
}

export interface Pushing {
  /** After the broker. */
  stop(): Promise<void>;
}

/** An option of the way out may be wrong, which shows when it is first needed: then what wants to leave waits. */
const loadRetryMs = 60_000;
const inFlightMaxBefore = 1;

export function servePushes(parts: PushingParts): Pushing {
  const { broker, clock, log } = parts;
  const isDue = createPace(clock);
  let loading: Promise<ClosableGateway> | undefined;
  let loaded: ClosableGateway | undefined;

  broker.topics.push.serve({
    async send(push, signal) {
      try {
        loading ??= openGateway(parts);
        loaded = await loading;
      } catch (error) {
        loading = undefined;
        if (!(error instanceof GantryError)) throw error;
        if (isDue(error.message)) log.error('sns-pushes-unavailable', { why: error.message });
        return { type: 'retry', reason: error.message };
      }
      return await loaded.send(push, signal);
    },
    retryDelayMs(push, outcome) {
      if (loaded === undefined) return loadRetryMs;
      const delayMs = loaded.retryDelayMs(push, outcome);
      if (delayMs !== undefined && isNew(push) && isDue(keyOf(push, outcome)))
        log.warn('sns-delivery-failing', {
          ...fieldsOf(push, outcome),
          nextTry: new Date(clock.now() + delayMs).toISOString(),
        });
      return delayMs;
    },
    inFlightMax: (subscription) => loaded?.inFlightMax(subscription) ?? inFlightMaxBefore,
    isSlow: (subscription) => loaded?.isSlow(subscription) ?? false,
    siteOf: (subscription) => loaded?.siteOf(subscription),
  });

  return {
    stop: async () => await loaded?.stop(),
  };

  /** Nothing of it is known yet: it is told of once, until it takes something. */
  function isNew({ subscription }: Push): boolean {
    return broker.topics.push.failureOf(subscription.address) === undefined;
  }
}

/** All mails go by one server: what it says to a thousand subscriptions is one line. */
function keyOf({ subscription: { address, protocol } }: Push, { reason }: FailedOutcome): string {
  return protocol.startsWith('email') ? `email ${reason}` : address.id;
}

async function openGateway({ broker, config, clock, random, log, isOpen, environment, report }: PushingParts) {
  const [{ createPushGateway }, { createDelivery }, { createOutboxStorage }, { createMobileSenders }] =
    await Promise.all([
      import('../../protocols/sns/gateway/index.ts'),
      import('../../protocols/sns/delivery/index.ts'),
      import('../../protocols/sns/delivery/outbox-storage.ts'),
      import('../../protocols/sns/mobile/senders.ts'),
    ]);
  const delivery = createDelivery({
    ...{ clock, isOpen, environment, outbox: createOutboxStorage(broker) },
    ...{ snsEndpointsAllow: config.snsEndpointsAllow, snsProxy: config.snsProxy },
    ...{ smtpUrl: config.smtpUrl, smtpFrom: config.smtpFrom },
    authorities: await readAuthorities(config.snsCaFile, environment),
  });
  const functions = await openFunctions(config.lambdaEndpoint);
  const isDue = createPace(clock);
  const gateway = createPushGateway({
    ...{ clock, random, delivery, functions },
    mobile: createMobileSenders({ broker, provider: delivery }),
    report,
    status: (status) => log.info('sns-delivery-status', { ...status }),
    failed(push, outcome, isGivenUp) {
      if (isGivenUp && isDue(push.subscription.address.id)) log.warn('sns-delivery-given-up', fieldsOf(push, outcome));
      else log.debug('sns-delivery-failed', fieldsOf(push, outcome));
    },
  });
  return {
    ...gateway,
    async stop() {
      await gateway.stop();
      functions?.stop();
    },
  };
}

async function openFunctions(url: string | undefined) {
  if (url === undefined) return undefined;
  const { createLambdaEndpoint } = await import('../functions/lambda-endpoint.ts');
  return createLambdaEndpoint(url);
}

/** Of the endpoint no more than where it is: a password or a token may stand in the rest. */
function fieldsOf({ subscription, attempt, note }: Push, { reason, statusCode }: FailedOutcome) {
  const { address, protocol } = subscription;
  const { account, region, name } = address.topic;
  const what = note === undefined ? 'confirmation' : 'message';
  const { endpoint } = subscription;
  const to = protocol.startsWith('http') && URL.canParse(endpoint) ? new URL(endpoint).origin : undefined;
  return { topic: name, account, region, subscription: address.id, protocol, to, what, attempt, reason, statusCode };
}
