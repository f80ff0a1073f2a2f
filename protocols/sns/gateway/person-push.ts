/** To telephones and mobile devices: whoever reads the outbox, or a provider behind it. */
import type { Push } from '../../../src/core/broker.ts';
import type { PushOutcome } from '../../../src/core/push-outcome.ts';
import type { Property } from '../../../src/model/message.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import { fromProperty } from '../../aws/mapping.ts';
import { subscriptionArn, topicArn } from '../arn.ts';
import type { GatewayParts } from './parts.ts';
import { textOf } from './texts.ts';

export function sendToPhone(push: Push, { delivery }: GatewayParts, signal: AbortSignal): Promise<PushOutcome> {
  return delivery.send({ kind: 'sms', phoneNumber: push.subscription.endpoint, ...sentOf(push) }, signal);
}

export function sendToDevice(push: Push, { delivery }: GatewayParts, signal: AbortSignal): Promise<PushOutcome> {
  return delivery.send({ kind: 'push', endpointArn: push.subscription.endpoint, ...sentOf(push) }, signal);
}

function sentOf({ subscription: { address }, message }: Push) {
  const { account, region } = address.topic;
  const { id, headers, properties } = message;
  return {
    ...{ account, region, messageId: uuidText(id), message: textOf(message), subject: headers.type },
    ...{ topicArn: topicArn(address.topic), subscriptionArn: subscriptionArn(address) },
    ...(properties.length > 0 && { messageAttributes: attributesOf(properties) }),
  };
}

function attributesOf(properties: readonly Property[]) {
  return Object.fromEntries(
    properties.map((property) => {
      const { name, dataType, value } = fromProperty(property);
      const text =
        typeof value === 'string' ? { StringValue: value } : { BinaryValue: Buffer.from(value).toString('base64') };
      return [name, { DataType: dataType, ...text }];
    }),
  );
}
