import * as v from 'valibot';
import { snsLimits } from '../../../protocols/sns/limits.ts';
import { hasForbiddenCharacter } from '../../../protocols/sqs/characters.ts';
import type { TopicMessage, TopicPublishResult } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import type { Topic } from '../../model/topic.ts';
import { uuidText } from '../../model/uuid.ts';
import { errorAnswer } from './errors.ts';
import { messageId, propertiesSchema, toProperty } from './new-message.ts';
import { listOf, oneByOne, type Refused } from './one-by-one.ts';
import { type AdminCall, baseUrlOf, ok, operation } from './operation.ts';
import { topicOf } from './topic-of.ts';

/** What became of one message: `{id, isDuplicate, sequence?}` or `{error}`. */
export type PublishedView =
  | { readonly id: string; readonly isDuplicate: boolean; readonly sequence?: number }
  | Refused;

const topicMessageSchema = v.strictObject({
  body: v.pipe(v.string('expected a text'), v.minLength(1, 'a message has a body'), v.title('text')),
  subject: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\x20-\x7e]+$/, 'expected printable ASCII in one line'),
      v.maxLength(snsLimits.subjectCharactersMax, `expected at most ${snsLimits.subjectCharactersMax} characters`),
      v.title('of mails, and in the envelope'),
    ),
  ),
  properties: v.optional(propertiesSchema),
  group: v.optional(messageId('message group; in a FIFO topic by default one for all')),
  dedupId: v.optional(messageId('FIFO: deduplication id')),
});
type NewTopicMessage = v.InferOutput<typeof topicMessageSchema>;

export const publishingOperations = [
  operation({
    method: 'POST',
    path: '/topics/{topic}/messages',
    summary: 'publish messages; each is taken or refused by itself, and what is taken is on disk for each subscriber',
    body: v.strictObject({ messages: listOf(topicMessageSchema) }),
    answers: { 200: '{results: [{id, isDuplicate, sequence?} or {error}]}, in the order of the messages' },
    handle: async (call) => ok({ results: await publish(call, call.body.messages) }),
  }),
];

async function publish(
  call: AdminCall<unknown, unknown>,
  messages: readonly NewTopicMessage[],
): Promise<readonly PublishedView[]> {
  const topic = topicOf(call, 'send');
  const baseUrl = call.parts.sns.linkBases.of(baseUrlOf(call));
  return await oneByOne(
    messages,
    (message) => toTopicMessage(message, topic),
    (good) => call.parts.broker.topics.publish(call.principal, topic, good, { baseUrl }),
    toView,
  );
}

/** @throws GantryError `invalid-argument` */
function toTopicMessage({ body, subject, properties, group, dedupId }: NewTopicMessage, topic: Topic): TopicMessage {
  if (topic.kind === 'standard' && dedupId !== undefined)
    throw wrong(`dedupId is for FIFO topics, "${topic.address.name}" is none`);
  if (hasForbiddenCharacter(body)) throw wrong('the body has control characters, which no text has');
  return {
    headers: {
      bodyKind: 'text',
      ...(subject === undefined ? {} : { type: subject }),
      ...(group === undefined ? {} : { groupId: group }),
      ...(dedupId === undefined ? {} : { dedupId }),
    },
    properties: Object.entries(properties ?? {}).map(([name, value]) => toProperty(name, value)),
    body: Buffer.from(body),
  };
}

function toView(result: TopicPublishResult): PublishedView {
  if (!result.ok) return errorAnswer(result.error).json;
  const { id, isDuplicate, sequence } = result;
  return { id: uuidText(id), isDuplicate, ...(sequence === undefined ? {} : { sequence }) };
}

function wrong(what: string): GantryError {
  return new GantryError('invalid-argument', what);
}
