import type { TopicPublishResult } from '../../../src/core/broker.ts';
import { assert } from '../../../src/model/assert.ts';
import { uuidText } from '../../../src/model/uuid.ts';
import type { Call } from '../../aws/service.ts';
import { arnParts } from '../arn.ts';
import { type DirectMessage, isEndpointArn, isPhoneNumber } from '../destinations.ts';
import { errorOf, invalid } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import { tooLongHint } from '../meant.ts';
import { type Content, isStructured, messageFor, readContent } from '../message.ts';
import { defaultOf, readStructure } from '../message-structure.ts';
import { topicSequenceNumber } from '../sequence-number.ts';
import { baseUrlOf, missingTopic, requireOwnAct, type Sns, topicAddressOf } from '../sns.ts';

/**
 * Looks in AWS's order: subject, message, telephone, attributes, size, what FIFO asks for, structure, target (verified)
 * [sqs-sns 2.5]. Answered when what goes to queues of this broker is on disk.
 */
export async function publish(sns: Sns, call: Call) {
  const { members } = call;
  const phone = members.text('PhoneNumber');
  const content = readContent(members, '', phone === undefined ? undefined : () => checkPhone(phone));
  if (phone !== undefined) {
    sns.broker.requireAllowedAtLarge(call.principal, 'send'); // A number is nobody's.
    return { MessageId: await sns.destinations.toPhone(call, phone, directOf(content, 'with a default')) };
  }
  const targetArn = members.text('TargetArn');
  // An endpoint comes before the structure of what is sent to it (verified).
  if (targetArn !== undefined && isEndpointArn(targetArn)) {
    // Before anything is said of it: whose it is, and in which region, stands in its ARN.
    const [, , , region = '', account = '', name = ''] = arnParts(targetArn);
    sns.broker.topics.requireAllowed(call.principal, 'send', { region, account, name });
    return { MessageId: await sns.destinations.toEndpoint(call, targetArn, () => directOf(content, 'any')) };
  }
  return await toTopic(sns, call, content);
}

async function toTopic(sns: Sns, call: Call, content: Content) {
  const { members } = call;
  const parameter = members.text('TopicArn') === undefined ? 'TargetArn' : 'TopicArn';
  // An empty text is an ARN like others, too short (verified).
  if (members.text(parameter) === undefined) {
    throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
  }
  const address = topicAddressOf(call, parameter);
  requireOwnAct(sns, call, address);
  const topic = sns.broker.topics.catalogue.find(address);
  checkBytes(content, topic?.attributes.messageBytesMax ?? snsLimits.messageBytesDefault);
  const message = messageFor(content, address.name.endsWith('.fifo'), topic, call.traceId);
  if (topic === undefined) throw missingTopic(sns, call, address);
  const from = { origin: call, baseUrl: baseUrlOf(sns, call) };
  const [result] = await sns.broker.topics.publish(call.principal, topic, [message], from);
  assert(result !== undefined, 'each message has its result');
  if (!result.ok) throw errorOf(result.error);
  return idsOf(result);
}

/** @throws AwsError `InvalidParameter` (verified) */
export function checkBytes({ bytes }: Content, bytesMax: number, isForTopic = true): void {
  if (bytes > bytesMax) throw invalid('Message too long', tooLongHint(bytes, bytesMax, isForTopic));
}

export function idsOf({ id, sequence }: TopicPublishResult & { readonly ok: true }) {
  return { MessageId: uuidText(id), ...(sequence !== undefined && { SequenceNumber: topicSequenceNumber(sequence) }) };
}

function checkPhone(phone: string): void {
  if (!isPhoneNumber(phone)) throw invalid(`PhoneNumber Reason: ${phone} is not valid to publish to`);
}

/** A device needs no text but that of its platform. */
function directOf(content: Content, structure: 'any' | 'with a default'): DirectMessage {
  const { text, subject, properties, members } = content;
  checkBytes(content, snsLimits.messageBytesDefault, false);
  const texts = isStructured(members) ? readStructure(text) : undefined;
  if (structure === 'with a default' && texts !== undefined) defaultOf(texts);
  return { text, texts, subject, properties };
}
