/** What SendMessage and its batch answer, and how it is written: by hand, for every text in it is of a known alphabet (bench/send). */
import type { PublishResult } from '../../src/core/broker.ts';
import type { Queue } from '../../src/model/queue.ts';
import { uuidText } from '../../src/model/uuid.ts';
import { sequenceNumber } from '../aws/mapping.ts';
import type { Payload } from '../aws/service.ts';
import { frameEnd, frameStart, type XmlFrame } from '../aws/xml.ts';
import type { CheckedMessage } from './message.ts';

export interface Sent {
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes: string | undefined;
  readonly MD5OfMessageSystemAttributes: string | undefined;
  readonly MessageId: string;
  readonly SequenceNumber: string | undefined;
}
export interface SentEntry extends Sent {
  readonly Id: string;
}
export interface SentBatch {
  readonly Successful: readonly SentEntry[] | undefined;
  readonly Failed: readonly object[] | undefined;
}

type Stored = Extract<PublishResult, { ok: true }>;

export function sentOf(message: CheckedMessage, { id, pos }: Stored, queue: Queue): Sent {
  return {
    MD5OfMessageBody: message.bodyMd5,
    MD5OfMessageAttributes: message.attributesMd5,
    MD5OfMessageSystemAttributes: message.systemAttributesMd5,
    MessageId: uuidText(id),
    SequenceNumber: queue.kind === 'fifo' ? sequenceNumber(pos) : undefined,
  };
}

export function sentEntryOf(id: string, message: CheckedMessage, stored: Stored, queue: Queue): SentEntry {
  return {
    Id: id,
    MD5OfMessageBody: message.bodyMd5,
    MD5OfMessageAttributes: message.attributesMd5,
    MD5OfMessageSystemAttributes: message.systemAttributesMd5,
    MessageId: uuidText(stored.id),
    SequenceNumber: queue.kind === 'fifo' ? sequenceNumber(stored.pos) : undefined,
  };
}

/** What is not there is left out. */
export function writeSent(sent: Sent): Payload {
  return `{${membersOf(sent)}}`;
}

export function writeSentXml(sent: Sent, frame: XmlFrame): Payload {
  let text = `${frameStart(frame)}<MD5OfMessageBody>${sent.MD5OfMessageBody}</MD5OfMessageBody>`;
  text += `<MessageId>${sent.MessageId}</MessageId>`;
  if (sent.MD5OfMessageAttributes !== undefined) {
    text += `<MD5OfMessageAttributes>${sent.MD5OfMessageAttributes}</MD5OfMessageAttributes>`;
  }
  if (sent.MD5OfMessageSystemAttributes !== undefined) {
    text += `<MD5OfMessageSystemAttributes>${sent.MD5OfMessageSystemAttributes}</MD5OfMessageSystemAttributes>`;
  }
  if (sent.SequenceNumber !== undefined) text += `<SequenceNumber>${sent.SequenceNumber}</SequenceNumber>`;
  return text + frameEnd(frame);
}

export function writeSentBatch({ Successful: successful, Failed: failed }: SentBatch): Payload {
  let text = '{';
  if (successful !== undefined) {
    let before = '"Successful":[{"Id":"';
    // An id of a batch has letters, digits, hyphens and underscores alone.
    for (const sent of successful) {
      text += `${before}${sent.Id}",${membersOf(sent)}}`;
      before = ',{"Id":"';
    }
    text += failed === undefined ? ']' : '],';
  }
  if (failed !== undefined) text += `"Failed":${JSON.stringify(failed)}`;
  return `${text}}`;
}

function membersOf(sent: Sent): string {
  let text = `"MD5OfMessageBody":"${sent.MD5OfMessageBody}","MessageId":"${sent.MessageId}"`;
  if (sent.MD5OfMessageAttributes !== undefined) text += `,"MD5OfMessageAttributes":"${sent.MD5OfMessageAttributes}"`;
  if (sent.MD5OfMessageSystemAttributes !== undefined) {
    text += `,"MD5OfMessageSystemAttributes":"${sent.MD5OfMessageSystemAttributes}"`;
  }
  if (sent.SequenceNumber !== undefined) text += `,"SequenceNumber":"${sent.SequenceNumber}"`;
  return text;
}
