import type { AwsError } from '../../aws/errors.ts';
import type { Members } from '../../aws/members.ts';
import type { Call } from '../../aws/service.ts';
import { errorOf, snsError } from '../errors.ts';
import { snsLimits } from '../limits.ts';
import { isStructured, messageFor, readContent } from '../message.ts';
import { defaultOf, readStructure } from '../message-structure.ts';
import { baseUrlOf, requireOwnAct, type Sns, topicAddressOf, topicOf } from '../sns.ts';
import { checkBytes, idsOf } from './publish.ts';

/**
 * What is wrong with one entry fails the request (verified) [sqs-sns 2.7]; only what the store refuses fails an entry. The
 * messages of one call keep their order.
 */
export async function publishBatch(sns: Sns, call: Call) {
  const entries = call.members.structures('PublishBatchRequestEntries') ?? [];
  if (entries.length === 0) {
    throw snsError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
  }
  if (entries.length > snsLimits.batchEntriesMax) {
    throw snsError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  }
  requireOwnAct(sns, call, topicAddressOf(call));
  const topic = topicOf(sns, call);
  const ids = entries.map(idOf);
  if (new Set(ids).size < ids.length) {
    throw snsError('BatchEntryIdsNotDistinctException', 'Two or more batch entries in the request have the same Id.');
  }
  const isFifo = topic.kind === 'fifo';
  const contents = entries.map((entry, at) => readContent(entry, `publishBatchRequestEntries.${at + 1}.member.`));
  // Before what FIFO asks for, other than in Publish (verified).
  for (const { members, text } of contents) if (isStructured(members)) defaultOf(readStructure(text));
  const messages = contents.map((content) => messageFor(content, isFifo, topic, call.traceId));
  const bytesMax = topic.attributes.messageBytesMax;
  const bytes = contents.reduce((sum, content) => sum + content.bytes, 0);
  if (bytes > Math.max(bytesMax, snsLimits.messageBytesDefault)) {
    throw snsError(
      'BatchRequestTooLongException',
      'The length of all the messages put together is more than the limit.',
    );
  }
  for (const content of contents) checkBytes(content, bytesMax);
  const from = { origin: call, baseUrl: baseUrlOf(sns, call) };
  const results = await sns.broker.topics.publish(call.principal, topic, messages, from);
  const successful: object[] = [];
  const failed: object[] = [];
  for (const [at, result] of results.entries()) {
    const id = ids[at] ?? '';
    if (result.ok) successful.push({ Id: id, ...idsOf(result) });
    else failed.push(failureOf(id, errorOf(result.error)));
  }
  return { Successful: successful, Failed: failed };
}

/** @throws AwsError `InvalidBatchEntryId` (verified) */
function idOf(entry: Members): string {
  const id = entry.text('Id') ?? '';
  if (id.length > snsLimits.batchIdCharactersMax) throw badId('is too long', id);
  if (!/^[A-Za-z0-9_-]+$/.test(id)) throw badId('contains an impermissible character', id);
  return id;
}

function badId(what: string, id: string): AwsError {
  return snsError(
    'InvalidBatchEntryIdException',
    `The Id of a batch entry in the batch request ${what}: ${id.slice(0, idLengthShownMax)}`,
  );
}

const idLengthShownMax = 1_000;

function failureOf(id: string, error: AwsError) {
  return { Id: id, Code: error.code, Message: error.message, SenderFault: error.fault === 'Sender' };
}
