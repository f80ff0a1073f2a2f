import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { assert } from '../../src/model/assert.ts';
import { decodeHead } from '../../src/model/head.ts';
import type { Head, Headers } from '../../src/model/message.ts';
import type { Queue } from '../../src/model/queue.ts';
import { uuidText } from '../../src/model/uuid.ts';
import type { Delivery } from '../../storage/store.ts';
import { JsonWriter } from '../aws/json-writer.ts';
import { fromProperty, type MessageAttribute, sequenceNumber } from '../aws/mapping.ts';
import type { Payload } from '../aws/service.ts';
import { attributesMd5 } from './attribute-md5.ts';
import { hasForbiddenCharacter } from './characters.ts';
import { type AttributeFilter, isWanted, systemBits } from './receive-names.ts';

/** The output of ReceiveMessage, before a protocol spells it. */
export interface Received {
  readonly deliveries: readonly Delivery[];
  readonly wanted: { readonly system: number; readonly attributes: AttributeFilter | undefined };
  readonly kind: Queue['kind'];
  arnOfQueue(id: Queue['id']): string | undefined;
  /** What a look into a queue says of each besides. */
  readonly besides?: (delivery: Delivery) => readonly (readonly [name: string, value: string])[];
}

const bytesBesideBodyExpected = 700;

/**
 * The answer as JSON bytes. Frugal (bench/cycle): all that stands around a body is one ASCII write, the body one copy.
 * A list that is empty is left out [SQS ReceiveMessage].
 */
export function writeReceived(received: Received): Payload {
  const { deliveries } = received;
  if (deliveries.length === 0) return '{}';
  let bytesExpected = 32;
  for (const { body } of deliveries) {
    bytesExpected += bytesBesideBodyExpected + (body instanceof Uint8Array ? body.length + (body.length >> 3) : 0);
  }
  const writer = new JsonWriter(bytesExpected);
  let before = '{"Messages":[';
  for (const delivery of deliveries) {
    writeMessage(writer, before, delivery, received);
    before = '"},';
  }
  writer.ascii('"}]}');
  return writer.take();
}

function writeMessage(writer: JsonWriter, before: string, delivery: Delivery, received: Received): void {
  const { system, attributes: filter } = received.wanted;
  const head = decodeHead(delivery.head);
  const { body, attributes } = shownAs(delivery, head, filter);
  const md5 = body === delivery.body ? head.headers.bodyMd5 : undefined;
  let text = `${before}{"MessageId":"${uuidText(delivery.id)}","ReceiptHandle":"${delivery.receipt}","MD5OfBody":"${
    md5 ?? hash('md5', body, 'hex')
  }"`;
  if (system !== 0) text += systemJson(delivery, head.headers, received);
  if (attributes.length > 0) {
    text += `,"MD5OfMessageAttributes":"${attributesMd5(attributes)}","MessageAttributes":${attributesJson(attributes)}`;
  }
  writer.text(`${text},"Body":"`);
  writer.escaped(body);
}

/**
 * The attributes that were asked for, and the body, in base64 where SQS's characters do not hold it [crossing 2].
 * @param isUncarriable the answer cannot hold the body, although its sender called it text
 */
export function shownAs(
  delivery: Delivery,
  head: Head,
  filter: AttributeFilter | undefined,
  isUncarriable = false,
): { readonly body: Uint8Array; readonly attributes: readonly MessageAttribute[] } {
  const { body } = delivery;
  assert(body instanceof Uint8Array, 'what is too large for SQS is never given to a timed lease');
  const isBinary = isUncarriable || (head.headers.bodyKind !== 'text' && !isText(body));
  const { traceparent } = head.headers;
  if (filter === undefined || (head.properties.length === 0 && !isBinary && traceparent === undefined)) {
    return { body: isBinary ? base64(body) : body, attributes: noAttributes };
  }
  const attributes = uniqueByName(head.properties.filter(({ name }) => isWanted(filter, name)).map(fromProperty));
  if (traceparent !== undefined && filter.names.has('traceparent')) addTrace(attributes, traceparent);
  if (!isBinary) return { body, attributes };
  if (isWanted(filter, bodyEncoding)) attributes.push({ name: bodyEncoding, dataType: 'String', value: 'base64' });
  return { body: base64(body), attributes };
}

/**
 * Who asks for it by its name, as OpenTelemetry's instrumentations do, gets the trace that the broker put into the
 * message, unless the sender gave one of its own. To all others an attribute that nobody sent stays unseen.
 */
function addTrace(attributes: MessageAttribute[], traceparent: string): void {
  if (attributes.some(({ name }) => name === 'traceparent')) return;
  attributes.push({ name: 'traceparent', dataType: 'String', value: traceparent });
}

/** Other protocols may repeat a name, which neither a map nor its digest can: the last one stands. */
function uniqueByName(attributes: MessageAttribute[]): MessageAttribute[] {
  const byName = new Map(attributes.map((attribute) => [attribute.name, attribute]));
  return byName.size === attributes.length ? attributes : [...byName.values()];
}

const bodyEncoding = 'Gantry.BodyEncoding';
const noAttributes: readonly MessageAttribute[] = [];

function isText(body: Uint8Array): boolean {
  return body.length > 0 && isUtf8(body) && !hasForbiddenCharacter(Buffer.from(body).toString());
}

function base64(body: Uint8Array): Uint8Array {
  return Buffer.from(Buffer.from(body).toString('base64'));
}

/** The system attributes that are wanted, each as `spell` writes it. */
export function systemText(
  delivery: Delivery,
  headers: Headers,
  { kind, arnOfQueue, wanted, besides }: Received,
  spell: (name: string, value: string) => string,
): string {
  const origin = delivery.deadLetteredFrom;
  // On a FIFO queue a dead-lettered message begins a new life, on a standard queue it keeps its age [sqs-sns 1.7].
  const sentAt =
    kind === 'fifo' && origin !== undefined ? delivery.appendedAt : (headers.sentAt ?? delivery.appendedAt);
  let text = '';
  const add = (bit: number, name: string, value: string | undefined) => {
    if ((wanted.system & bit) !== 0 && value !== undefined) text += spell(name, value);
  };
  add(systemBits.SenderId, 'SenderId', headers.senderId);
  add(systemBits.ApproximateFirstReceiveTimestamp, 'ApproximateFirstReceiveTimestamp', `${delivery.firstReceivedAt}`);
  add(systemBits.ApproximateReceiveCount, 'ApproximateReceiveCount', `${delivery.deliveries}`);
  add(systemBits.SentTimestamp, 'SentTimestamp', `${sentAt}`);
  add(systemBits.MessageGroupId, 'MessageGroupId', headers.groupId);
  add(systemBits.MessageDeduplicationId, 'MessageDeduplicationId', headers.dedupId);
  add(systemBits.AWSTraceHeader, 'AWSTraceHeader', headers.traceHeader);
  if (kind === 'fifo') add(systemBits.SequenceNumber, 'SequenceNumber', sequenceNumber(delivery.pos));
  if (origin !== undefined) {
    add(systemBits.DeadLetterQueueSourceArn, 'DeadLetterQueueSourceArn', arnOfQueue(origin.queue));
  }
  if (besides !== undefined) for (const [name, value] of besides(delivery)) text += spell(name, value);
  return text;
}

function systemJson(delivery: Delivery, headers: Headers, received: Received): string {
  const text = systemText(delivery, headers, received, systemPair);
  return text === '' ? '' : `,"Attributes":{${text.slice(1)}}`;
}

function systemPair(name: string, value: string): string {
  return `,"${name}":${JSON.stringify(value)}`;
}

function attributesJson(attributes: readonly MessageAttribute[]): string {
  const values = attributes.map(({ name, dataType, value }) => [
    name,
    typeof value === 'string'
      ? { StringValue: value, DataType: dataType }
      : { BinaryValue: Buffer.from(value).toString('base64'), DataType: dataType },
  ]);
  return JSON.stringify(Object.fromEntries(values));
}
