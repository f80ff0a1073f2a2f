import { hash } from 'node:crypto';
import type { TopicMessage } from '../../src/core/broker.ts';
import type { Headers, Property } from '../../src/model/message.ts';
import type { Topic } from '../../src/model/topic.ts';
import type { Members } from '../aws/members.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';
import { readAttributes } from './message-attributes.ts';
import { bodiesOf, defaultOf, readStructure } from './message-structure.ts';

/** A message, or an entry of a batch, as far as it can be judged without its topic. */
export interface Content {
  readonly members: Members;
  readonly text: string;
  readonly subject: string | undefined;
  readonly properties: readonly Property[];
  /** Of the text as it was given, with its attributes. */
  readonly bytes: number;
}

/** In place of a person's: queues show who sent a message, and here that is SNS itself. */
const senderId = 'AIDAIT2UOQQY3AUEKVGXU';
const idPattern = /^[\x21-\x7e]{1,128}$/;

/**
 * @param path as of `readAttributes`
 * @param checkTarget what AWS looks at after the message and before its attributes
 * @throws AwsError `InvalidParameter`, `ParameterValueInvalid`, `ValidationError`
 */
export function readContent(members: Members, path: string, checkTarget?: () => void): Content {
  const subject = members.text('Subject');
  // Shown in mails and in headers: no line may end in it [SNS Publish Subject].
  if (subject !== undefined && !isSubject(subject)) throw invalid('Subject', subjectHint);
  const text = members.text('Message') ?? '';
  if (text === '') throw invalid('Empty message');
  checkTarget?.();
  const properties = readAttributes(members, path);
  const bytes = (members.isPlainText ? text.length : Buffer.byteLength(text)) + attributeBytes(properties);
  return { members, text, subject, properties, bytes };
}

export function isStructured(members: Members): boolean {
  const structure = members.text('MessageStructure');
  if (structure !== undefined && structure !== '' && structure !== 'json') throw invalid('MessageStructure');
  return structure === 'json';
}

/**
 * The message for the topic.
 * @param isFifo as its name says, so that it is known of one that is not there
 * @param topic undefined: there is none, which is the caller's to say
 * @throws AwsError `InvalidParameter`
 */
export function messageFor(
  { members, text, subject, properties }: Content,
  isFifo: boolean,
  topic: Topic | undefined,
  traceId: string | undefined,
): TopicMessage {
  const headers: { -readonly [H in keyof Headers]: Headers[H] } = { bodyKind: 'text', senderId };
  if (subject !== undefined) headers.type = subject;
  if (traceId !== undefined) headers.traceHeader = traceId;
  readIds(members, isFifo, topic, headers);
  if (!isStructured(members)) {
    return { headers, properties, body: Buffer.from(text, members.isPlainText ? 'latin1' : 'utf8') };
  }
  const texts = readStructure(text);
  const body = Buffer.from(defaultOf(texts));
  // Of the message as it was given, of which the subscribers of a protocol see a part.
  if (isFifo && headers.dedupId === undefined) headers.dedupId = hash('sha256', text, 'hex');
  return { headers, properties, body, bodies: bodiesOf(texts, body) };
}

function readIds(
  members: Members,
  isFifo: boolean,
  topic: Topic | undefined,
  headers: { groupId?: string; dedupId?: string },
): void {
  const groupId = members.text('MessageGroupId');
  const dedupId = members.text('MessageDeduplicationId');
  if (isFifo) {
    if (!groupId) throw invalid('The MessageGroupId parameter is required for FIFO topics');
    if (!dedupId && topic?.attributes.isContentDeduplicated === false) {
      throw invalid(
        'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
  } else if (dedupId) {
    throw invalid(
      'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
    );
  }
  if (groupId) headers.groupId = idOf('MessageGroupId', groupId);
  if (dedupId) headers.dedupId = idOf('MessageDeduplicationId', dedupId);
}

function idOf(parameter: string, id: string): string {
  if (idPattern.test(id)) return id;
  throw invalid(
    `${parameter} Reason: ${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

const subjectHint = `a subject has 1 to ${snsLimits.subjectCharactersMax} characters, none of them a control or the end of a line`;

function isSubject(subject: string): boolean {
  return /^[^\p{Cc}\u2028\u2029]+$/u.test(subject) && subject.length <= snsLimits.subjectCharactersMax;
}

/** Names, types and values [SNS Publish]. */
function attributeBytes(properties: readonly Property[]): number {
  let bytes = 0;
  for (const { name, type, label, value } of properties) {
    // AWS's own name of a type is as long as ours.
    bytes += Buffer.byteLength(name) + Buffer.byteLength(label ?? type);
    bytes += value instanceof Uint8Array ? value.length : Buffer.byteLength(String(value));
  }
  return bytes;
}
