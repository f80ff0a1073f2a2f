import type { Push } from '../../../src/core/broker.ts';
import type { FunctionOutcome } from '../../../src/core/functions.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { subscriptionArn } from '../arn.ts';
import type { GatewayParts } from './parts.ts';
import { envelopeOf } from './texts.ts';

export async function invokeFunction(
  push: Push,
  { functions }: Pick<GatewayParts, 'functions'>,
  signal: AbortSignal,
): Promise<PushOutcome> {
  const event = functionEvent(push);
  if (event === undefined) return { type: 'failed', reason: 'a function is asked for no confirmation' };
  if (functions === undefined) return { type: 'failed', reason: 'no functions are served: see --lambda-endpoint' };
  return pushOutcome(await functions.invoke(push.subscription.endpoint, event, { isAsync: true, signal }));
}

/** JSON of one record, in Lambda's own spelling (verified) [sqs-sns 2.9]; undefined: it is no notification. */
function functionEvent({ subscription, message, note }: Push): string | undefined {
  if (note === undefined) return undefined;
  const {
    Subject = null,
    SigningCertURL,
    UnsubscribeURL,
    MessageAttributes = {},
    ...others
  } = envelopeOf(message, note);
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscriptionArn(subscription.address),
    Sns: {
      ...others,
      Subject,
      // AWS says 1 here whatever the topic's version is, and signs by the topic's (verified).
      ...(SigningCertURL !== undefined && { SignatureVersion: '1', SigningCertUrl: SigningCertURL }),
      UnsubscribeUrl: UnsubscribeURL,
      MessageAttributes,
    },
  };
  return JSON.stringify({ Records: [record] });
}

function pushOutcome(outcome: FunctionOutcome): PushOutcome {
  if (outcome.type === 'accepted') {
    const { statusCode, requestId = '' } = outcome;
    return { type: 'delivered', statusCode, response: JSON.stringify({ lambdaRequestId: requestId }) };
  }
  const { type, ...others } = outcome;
  return { type: type === 'unavailable' ? 'retry' : 'failed', ...others };
}
