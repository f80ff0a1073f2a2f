import type { Push } from '../../../src/core/broker.ts';
import { notification } from '../envelope.ts';

type Message = Push['message'];

export function textOf({ body }: Pick<Message, 'body'>): string {
  return Buffer.from(body.buffer, body.byteOffset, body.length).toString();
}

export function envelopeOf(message: Message, { subscriptionId, isReplayed }: NonNullable<Push['note']>) {
  return notification(message, subscriptionId, isReplayed);
}

export function envelopeText(message: Message, note: NonNullable<Push['note']>): string {
  return JSON.stringify(envelopeOf(message, note));
}
