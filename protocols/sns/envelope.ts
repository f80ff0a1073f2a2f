/**
 * The envelope of SNS [sqs-sns 2.9]: JSON around the message, with who published it and a signature. What is the same in the
 * envelopes of all subscribers is sealed into the message's head when it is published, the rest is written for each.
 */
import { isUtf8 } from 'node:buffer';
import type { Envelopes, PublishedMessage, SealContext } from '../../src/core/broker.ts';
import type { BodyKind, Property } from '../../src/model/message.ts';
import { uuidText } from '../../src/model/uuid.ts';
import { JsonWriter } from '../aws/json-writer.ts';
import { fromProperty } from '../aws/mapping.ts';
import { topicArn } from './arn.ts';
import { topicSequenceNumber } from './sequence-number.ts';
import type { SignedFields, Signer } from './signing/index.ts';

/** In the order of the envelope; texts. */
interface Sealed {
  readonly topicArn: string;
  readonly baseUrl: string;
  readonly timestamp: string;
  readonly sequence?: string;
  readonly signature?: { readonly version: '1' | '2'; readonly text: string; readonly certUrl: string };
}

/** @param signer undefined: envelopes are not signed. @param baseUrl where a publisher came by no HTTP */
export function createEnvelopes(
  signer: Pick<Signer, 'sign' | 'certUrl'> | undefined,
  defaultBaseUrl: () => string,
): Envelopes {
  return {
    seal(message, context) {
      const plain = plainSeal(message, context, context.baseUrl ?? defaultBaseUrl());
      // Envelopes of FIFO topics are not signed (verified) [sqs-sns 2.6].
      if (signer === undefined || context.sequence !== undefined) return JSON.stringify(plain);
      const version = context.topic.extras.SignatureVersion === '2' ? '2' : '1';
      const signing = signer.sign(signedFields(message, plain), version);
      return Promise.all([signing, signer.certUrl(plain.baseUrl)]).then(([text, certUrl]) =>
        JSON.stringify({ ...plain, signature: { version, text, certUrl } }),
      );
    },
    bytesMax: envelopeBytesMax,
    wrap: (message, { subscriptionId, isReplayed }) => {
      const { body } = message;
      // Other bytes are no text, or have characters in place of what is none.
      return isUtf8(body)
        ? wrapText(message, subscriptionId, isReplayed)
        : Buffer.from(JSON.stringify(notification(message, subscriptionId, isReplayed)));
    },
  };
}

/** The message is measured, for it is most of it; of the rest each byte may take six, as in \u001f. */
export function envelopeBytesMax({ headers, properties, body }: Omit<PublishedMessage, 'id'>): number {
  let bytes = 4_096 + messageBytesInJson(body) + (headers.type?.length ?? 0) * 6;
  for (const { name, value } of properties) {
    bytes += 64 + name.length * 6 + (typeof value === 'string' ? value.length * 6 : 64);
    if (value instanceof Uint8Array) bytes += value.length * 2;
  }
  return bytes;
}

function plainSeal(_message: PublishedMessage, { topic, sentAt, sequence }: SealContext, baseUrl: string): Sealed {
  return {
    topicArn: topicArn(topic.address),
    baseUrl,
    timestamp: new Date(sentAt).toISOString(),
    ...(sequence !== undefined && { sequence: topicSequenceNumber(sequence) }),
  };
}

function signedFields({ id, headers, body }: PublishedMessage, sealed: Sealed): SignedFields {
  return {
    Message: messageText(headers.bodyKind, body),
    MessageId: uuidText(id),
    ...(headers.type !== undefined && { Subject: headers.type }),
    Timestamp: sealed.timestamp,
    TopicArn: sealed.topicArn,
    Type: 'Notification',
  };
}

/**
 * `notification` as JSON, around a body that is escaped byte by byte and never becomes a JavaScript string, which took most
 * of the time of receiving large envelopes.
 */
function wrapText(message: PublishedMessage, subscriptionId: string, isReplayed: boolean): Buffer {
  const sealed = readSeal(message.headers.envelope ?? '');
  const before = JSON.stringify(beforeMessage(message, sealed)).slice(0, -1);
  const after = JSON.stringify(afterMessage(message, sealed, subscriptionId, isReplayed)).slice(1);
  const { length } = message.body;
  const writer = new JsonWriter(length + (length >> 3) + (before.length + after.length) * 3 + 16);
  writer.text(`${before},"Message":"`);
  writer.escaped(message.body);
  writer.text(`",${after}`);
  return writer.take();
}

/** @param message its header `envelope` is what `seal` made */
export function notification(message: PublishedMessage, subscriptionId: string, isReplayed: boolean) {
  const sealed = readSeal(message.headers.envelope ?? '');
  return {
    ...beforeMessage(message, sealed),
    Message: messageText(message.headers.bodyKind, message.body),
    ...afterMessage(message, sealed, subscriptionId, isReplayed),
  };
}

function beforeMessage({ id, headers }: PublishedMessage, { sequence, topicArn }: Sealed) {
  return {
    Type: 'Notification',
    MessageId: uuidText(id),
    ...(sequence !== undefined && { SequenceNumber: sequence }),
    TopicArn: topicArn,
    ...(headers.type !== undefined && { Subject: headers.type }),
  };
}

function afterMessage(
  { headers, properties, body }: PublishedMessage,
  { timestamp, signature, baseUrl, topicArn }: Sealed,
  subscriptionId: string,
  isReplayed: boolean,
) {
  return {
    Timestamp: timestamp,
    ...(signature !== undefined && {
      SignatureVersion: signature.version,
      Signature: signature.text,
      SigningCertURL: signature.certUrl,
    }),
    UnsubscribeURL: `${baseUrl}/?Action=Unsubscribe&SubscriptionArn=${topicArn}:${subscriptionId}`,
    ...attributesField(headers.bodyKind, properties, body),
    ...(isReplayed && { Replayed: true }),
  };
}

/** What another protocol published need be no text: then it is base64, which an attribute says, as in SQS [crossing 2]. */
function isEncoded(bodyKind: BodyKind | undefined, body: Uint8Array): boolean {
  return bodyKind !== 'text' && !isUtf8(body);
}

function messageText(bodyKind: BodyKind | undefined, body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length);
  return bytes.toString(isEncoded(bodyKind, body) ? 'base64' : 'utf8');
}

function messageBytesInJson(body: Uint8Array): number {
  if (!isUtf8(body)) return body.length * 6; // In base64, or with characters in place of what is none.
  let bytes = body.length;
  for (const byte of body) {
    if (byte < 0x20) bytes += 5;
    else if (byte === 0x22 || byte === 0x5c) bytes++;
  }
  return bytes;
}

function attributesField(bodyKind: BodyKind | undefined, properties: readonly Property[], body: Uint8Array) {
  if (!isEncoded(bodyKind, body)) {
    return properties.length > 0 && { MessageAttributes: attributesOf(properties) };
  }
  const encoding = { 'Gantry.BodyEncoding': { Type: 'String', Value: 'base64' } };
  return { MessageAttributes: { ...attributesOf(properties), ...encoding } };
}

/** @param text of our own writing */
function readSeal(text: string): Sealed {
  const sealed: Sealed = JSON.parse(text);
  return sealed;
}

function attributesOf(properties: readonly Property[]) {
  return Object.fromEntries(
    properties.map((property) => {
      const { name, dataType, value } = fromProperty(property);
      return [
        name,
        { Type: dataType, Value: typeof value === 'string' ? value : Buffer.from(value).toString('base64') },
      ];
    }),
  );
}
