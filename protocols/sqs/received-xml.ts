import { hash } from 'node:crypto';
import { decodeHead } from '../../src/model/head.ts';
import { uuidText } from '../../src/model/uuid.ts';
import type { Delivery } from '../../storage/store.ts';
import type { MessageAttribute } from '../aws/mapping.ts';
import type { Payload } from '../aws/service.ts';
import { carriableText, emptyDocument, frameEnd, frameStart, type XmlFrame, xmlText } from '../aws/xml.ts';
import { isCarriable, XmlWriter } from '../aws/xml-writer.ts';
import { attributesMd5 } from './attribute-md5.ts';
import { type Received, shownAs, systemText } from './received.ts';

const bytesBesideBodyExpected = 900;

/** The answer of ReceiveMessage as XML bytes; the body is one copy, as in received.ts. */
export function writeReceivedXml(received: Received, frame: XmlFrame): Payload {
  const { deliveries } = received;
  if (deliveries.length === 0) return emptyDocument(frame);
  let bytesExpected = 400;
  for (const { body } of deliveries) {
    bytesExpected += bytesBesideBodyExpected + (body instanceof Uint8Array ? body.length + (body.length >> 3) : 0);
  }
  const writer = new XmlWriter(bytesExpected);
  let before = frameStart(frame);
  for (const delivery of deliveries) {
    writeMessage(writer, before, delivery, received);
    before = '</Body></Message>';
  }
  writer.text(before + frameEnd(frame));
  return writer.take();
}

function writeMessage(writer: XmlWriter, before: string, delivery: Delivery, received: Received): void {
  const head = decodeHead(delivery.head);
  const { body } = delivery;
  const isUncarriable = body instanceof Uint8Array && !isCarriable(body);
  const shown = shownAs(delivery, head, received.wanted.attributes, isUncarriable);
  const md5 = shown.body === body ? head.headers.bodyMd5 : undefined;
  const bodyMd5 = md5 ?? hash('md5', shown.body, 'hex');
  let text =
    `${before}<Message><MessageId>${uuidText(delivery.id)}</MessageId>` +
    `<ReceiptHandle>${delivery.receipt}</ReceiptHandle><MD5OfBody>${bodyMd5}</MD5OfBody>`;
  if (received.wanted.system !== 0) text += systemText(delivery, head.headers, received, systemElement);
  if (shown.attributes.length > 0) {
    const attributes = shown.attributes.map(carriable);
    text += `<MD5OfMessageAttributes>${attributesMd5(attributes)}</MD5OfMessageAttributes>`;
    for (const attribute of attributes) text += attributeElement(attribute);
  }
  writer.text(`${text}<Body>`);
  writer.escaped(shown.body);
}

function systemElement(name: string, value: string): string {
  return `<Attribute><Name>${name}</Name><Value>${xmlText(value)}</Value></Attribute>`;
}

function attributeElement({ name, dataType, value }: MessageAttribute): string {
  const inside =
    typeof value === 'string'
      ? `<StringValue>${xmlText(value)}</StringValue>`
      : `<BinaryValue>${Buffer.from(value).toString('base64')}</BinaryValue>`;
  const data = `<DataType>${xmlText(dataType)}</DataType>`;
  return `<MessageAttribute><Name>${xmlText(name)}</Name><Value>${inside}${data}</Value></MessageAttribute>`;
}

/** What other protocols sent and XML cannot carry is replaced before the digest, which is of what the client gets. */
function carriable({ name, dataType, value }: MessageAttribute): MessageAttribute {
  return {
    name: carriableText(name),
    dataType: carriableText(dataType),
    value: typeof value === 'string' ? carriableText(value) : value,
  };
}
