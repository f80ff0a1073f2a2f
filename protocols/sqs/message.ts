import { hash } from 'node:crypto';
import type { OutgoingMessage } from '../../src/core/broker.ts';
import type { Headers, Property } from '../../src/model/message.ts';
import type { Queue } from '../../src/model/queue.ts';
import { type MessageAttribute, toProperty } from '../aws/mapping.ts';
import type { Members } from '../aws/members.ts';
import { attributesMd5 } from './attribute-md5.ts';
import { hasForbiddenCharacter, invalidContents, isGroupId } from './characters.ts';
import { invalidValue, missing, sqsError } from './errors.ts';
import { sqsLimits } from './limits.ts';
import { attributeBytes, readAttributes, readSystemAttributes } from './message-attributes.ts';
import { required } from './sqs.ts';

/** A message that has passed every check, with the digests that its sender is told. */
export interface CheckedMessage {
  readonly outgoing: OutgoingMessage;
  readonly bodyMd5: string;
  readonly attributesMd5: string | undefined;
  readonly systemAttributesMd5: string | undefined;
}

export interface Sending {
  readonly queue: Queue;
  readonly senderId: string;
  readonly traceId: string | undefined;
  /** AWS words the same failure differently in a batch [sqs-sns 1.6]. */
  readonly tooLong: 'One or more parameters are invalid.' | 'One or more parameters cannot be validated.';
}

const noProperties: readonly Property[] = [];

/**
 * Reads one message of SendMessage or one entry of its batch. Frugal (bench/send): the body is read by the copy into bytes
 * and the digest, by the character check where it can find something, and by nothing else.
 * @throws AwsError
 */
export function readMessage(members: Members, sending: Sending): CheckedMessage {
  const { queue } = sending;
  const text = required(members, 'MessageBody');
  if (!members.isPlainText && hasForbiddenCharacter(text)) throw invalidContents();
  const attributes = readAttributes(members);
  const system = readSystemAttributes(members);
  const body = Buffer.from(text, members.isPlainText ? 'latin1' : 'utf8');
  const bytesMax = queue.attributes.messageBytesMax;
  if (body.length + attributeBytes(attributes) > bytesMax) {
    const reason = `${sending.tooLong} Reason: Message must be shorter than ${bytesMax} bytes.`;
    throw sqsError('InvalidParameterValueException', reason);
  }
  const delayMs = readDelay(members, queue);
  const bodyMd5 = hash('md5', body, 'hex');
  const headers: { -readonly [H in keyof Headers]: Headers[H] } = {
    bodyKind: 'text',
    senderId: sending.senderId,
    bodyMd5,
  };
  readIds(members, queue, headers);
  const traceHeader = traceOf(system) ?? sending.traceId;
  if (traceHeader !== undefined) headers.traceHeader = traceHeader;
  const properties = attributes.length === 0 ? noProperties : attributes.map(toProperty);
  return {
    outgoing: { headers, properties, body, delayMs },
    bodyMd5,
    attributesMd5: attributes.length === 0 ? undefined : attributesMd5(attributes),
    systemAttributesMd5: system.length === 0 ? undefined : attributesMd5(system),
  };
}

/** @returns milliseconds; undefined: the queue's own, which on a FIFO queue always holds [SQS SendMessage DelaySeconds] */
function readDelay(members: Members, queue: Queue): number | undefined {
  const seconds = members.integer('DelaySeconds');
  if (seconds === undefined) return undefined;
  if (seconds < 0 || seconds > sqsLimits.delaySecondsMax) {
    throw invalidValue('DelaySeconds', seconds, `DelaySeconds must be >= 0 and <= ${sqsLimits.delaySecondsMax}.`);
  }
  if (queue.kind === 'standard') return seconds * 1000;
  // "include": AWS's own spelling, here alone.
  if (seconds > 0)
    throw invalidValue('DelaySeconds', seconds, 'The request include parameter that is not valid for this queue type.');
  return undefined;
}

function readIds(members: Members, queue: Queue, headers: { groupId?: string; dedupId?: string }): void {
  const groupId = members.text('MessageGroupId');
  if (groupId !== undefined) {
    if (!isGroupId(groupId)) throw badId('MessageGroupId', groupId);
    headers.groupId = groupId;
  } else if (queue.kind === 'fifo') throw missing('MessageGroupId');
  const dedupId = members.text('MessageDeduplicationId');
  if (dedupId !== undefined) {
    if (queue.kind === 'standard') throw notForThisQueue('MessageDeduplicationId', dedupId);
    if (!isGroupId(dedupId)) throw badId('MessageDeduplicationId', dedupId);
    headers.dedupId = dedupId;
  } else if (isDedupIdMissing(members, queue)) throw noDedupId();
}

export function isDedupIdMissing(members: Members, queue: Queue): boolean {
  if (queue.kind === 'standard' || queue.attributes.isContentDeduplicated) return false;
  return members.text('MessageDeduplicationId') === undefined;
}

export function noDedupId() {
  return sqsError(
    'InvalidParameterValueException',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

export function notForThisQueue(parameter: string, value: string) {
  return invalidValue(parameter, value, 'The request includes a parameter that is not valid for this queue type.');
}

export function badId(parameter: string, value: string) {
  return invalidValue(
    parameter,
    value,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function traceOf(system: readonly MessageAttribute[]): string | undefined {
  const value = system[0]?.value;
  return typeof value === 'string' ? value : undefined;
}
