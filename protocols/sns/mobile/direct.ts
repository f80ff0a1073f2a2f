import { randomUUID } from 'node:crypto';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { GantryError } from '../../../src/model/errors.ts';
import type { Destinations, DirectMessage } from '../destinations.ts';
import { invalid, snsError } from '../errors.ts';
import { type EndpointAddress, endpointOfArn } from './platform-arn.ts';
import { type MobileSenders, ownText } from './senders.ts';

/** Publishes to a telephone or a device, without a topic; ends when what was sent is safe. */
export function createDestinations(senders: MobileSenders): Destinations {
  return {
    async toPhone(call, phoneNumber, message) {
      const messageId = randomUUID();
      // AWS takes what is published to a number that is opted out, and tells it nothing: Publish has no error for that.
      done(await senders.toPhone(call.namespace, phoneNumber, { messageId, ...message }));
      return messageId;
    },
    async toEndpoint(call, arn, read) {
      const endpoint = endpointAt(arn, call.namespace);
      const obstacle = endpoint === undefined ? 'missing' : senders.obstacleTo(endpoint);
      if (endpoint === undefined || obstacle === 'missing') {
        throw invalid('TargetArn Reason: No endpoint found for the target arn specified');
      }
      if (obstacle === 'endpoint-disabled') throw snsError('EndpointDisabledException', 'Endpoint is disabled');
      if (obstacle === 'application-disabled') {
        throw snsError('PlatformApplicationDisabledException', 'Platform application is disabled');
      }
      const message = read();
      checkTexts(message, endpoint);
      const messageId = randomUUID();
      done(await senders.toEndpoint(endpoint, { messageId, ...message }));
      return messageId;
    },
  };
}

/** Whatever is no endpoint of this region has not been found (verified) [sqs-sns 2.5]. */
function endpointAt(arn: string, namespace: Parameters<typeof endpointOfArn>[2]): EndpointAddress | undefined {
  try {
    return endpointOfArn(arn, 'TargetArn', namespace);
  } catch {
    return undefined; // What is wrong with it does not matter here.
  }
}

/** A device is content with the text of its platform, where a topic's message needs one for all. */
function checkTexts({ texts }: DirectMessage, { application: { platform } }: EndpointAddress): void {
  if (texts === undefined || texts.has('default') || ownText(texts, platform) !== undefined) return;
  throw invalid('Message Structure - No default entry in JSON message body');
}

/** @throws GantryError `unavailable`: the client's SDK tries again */
function done(outcome: PushOutcome): void {
  if (outcome.type === 'retry') throw new GantryError('unavailable', outcome.reason, { hint: 'Try again.' });
}
