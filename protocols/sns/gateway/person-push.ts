/** To telephones and mobile devices, by the same senders as what is published straight to them. */
import type { Push } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { AwsError } from '../../aws/errors.ts';
import { subscriptionArn, topicArn } from '../arn.ts';
import { platformTexts } from '../message-structure.ts';
import { endpointOfArn } from '../mobile/platform-arn.ts';
import type { MobileMessage } from '../mobile/senders.ts';
import type { GatewayParts } from './parts.ts';
import { textOf } from './texts.ts';

export async function sendToPhone(push: Push, { mobile }: GatewayParts): Promise<PushOutcome> {
  const { address, endpoint } = push.subscription;
  return await mobile.toPhone(address.topic, endpoint, messageOf(push, undefined));
}

export async function sendToDevice(push: Push, { mobile }: GatewayParts): Promise<PushOutcome> {
  const { address, endpoint } = push.subscription;
  try {
    const device = endpointOfArn(endpoint, 'Endpoint', address.topic);
    return await mobile.toEndpoint(device, messageOf(push, platformTexts(push.message.body)));
  } catch (error) {
    if (error instanceof AwsError) return { type: 'failed', reason: error.message };
    throw error;
  }
}

function messageOf({ subscription: { address }, message }: Push, texts: MobileMessage['texts']): MobileMessage {
  const { id, headers, properties } = message;
  return {
    ...{ messageId: uuidText(id), topicArn: topicArn(address.topic), subscriptionArn: subscriptionArn(address) },
    ...{ text: texts?.get('default') ?? textOf(message), texts, subject: headers.type, properties },
  };
}
