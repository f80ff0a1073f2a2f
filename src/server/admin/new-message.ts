import * as v from 'valibot';
import { hasForbiddenCharacter, isGroupId } from '../../../protocols/sqs/characters.ts';
import { sqsLimits } from '../../../protocols/sqs/limits.ts';
import type { OutgoingMessage } from '../../core/broker.ts';
import { GantryError } from '../../model/errors.ts';
import type { Headers, Property } from '../../model/message.ts';
import type { Queue } from '../../model/queue.ts';
import { record } from '../definitions/records.ts';
import { duration, text, whole, yesOrNo } from '../definitions/values.ts';

export const messageId = (title: string) =>
  v.pipe(
    v.string(),
    v.check(isGroupId, 'expected 1 to 128 letters, digits and punctuation, no spaces'),
    v.title(title),
  );

const propertySchema = v.pipe(
  v.union(
    [
      v.string(),
      v.number(),
      v.boolean(),
      v.strictObject({
        type: text(
          'String, Number, Boolean or Binary, as SQS spells them: Number.int',
          sqsLimits.attributeTypeBytesMax,
        ),
        value: v.union([v.string(), v.number(), v.boolean()]),
      }),
    ],
    'expected a text, a number, true, false, or {type, value}',
  ),
  v.title('of type Binary: the value in base64'),
);

export const propertiesSchema = record(v.string(), propertySchema);

export const newMessageSchema = v.strictObject({
  body: v.pipe(v.string('expected a text'), v.title('text, or base64 where isBase64 says so')),
  isBase64: v.optional(yesOrNo('body holds bytes, in base64')),
  properties: v.optional(propertiesSchema),
  group: v.optional(messageId('message group')),
  dedupId: v.optional(messageId('FIFO: deduplication id')),
  delay: v.optional(
    duration(
      { min: 0, max: sqsLimits.delaySecondsMax * 1_000 },
      'before it can be received; default: that of the queue',
    ),
  ),
  priority: v.optional(whole({ min: 0, max: 9 }, 'a higher one is delivered first; default 4')),
  correlationId: v.optional(text('of the request that it answers', 1_000)),
  replyTo: v.optional(text('queue that takes the answer', 1_000)),
});
export type NewMessage = v.InferOutput<typeof newMessageSchema>;

/** @throws GantryError `invalid-argument` */
export function toOutgoing(message: NewMessage, { address, kind }: Queue, senderId: string): OutgoingMessage {
  const { group, dedupId, delay, priority, correlationId, replyTo } = message;
  if (kind === 'standard' && dedupId !== undefined)
    throw wrong(`dedupId is for FIFO queues, "${address.name}" is none`);
  if (kind === 'fifo' && delay !== undefined) throw wrong('a message of a FIFO queue has the delay of its queue');
  const body = bodyOf(message);
  const headers: Headers = {
    ...{ bodyKind: message.isBase64 === true ? 'bytes' : 'text', senderId },
    ...(group === undefined ? {} : { groupId: group }),
    ...(dedupId === undefined ? {} : { dedupId }),
    ...(priority === undefined ? {} : { priority }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(replyTo === undefined ? {} : { replyTo }),
  };
  const properties = Object.entries(message.properties ?? {}).map(([name, value]) => toProperty(name, value));
  if (properties.length > sqsLimits.messageAttributesMax)
    throw wrong(`a message has at most ${sqsLimits.messageAttributesMax} properties`);
  return { headers, properties, body, delayMs: delay };
}

function bodyOf({ body, isBase64 }: NewMessage): Buffer {
  if (isBase64 === true) {
    if (!isBase64Text(body)) throw wrong('the body is no base64');
    return Buffer.from(body, 'base64');
  }
  if (hasForbiddenCharacter(body)) throw wrong('the body has control characters, which no text has: send it as base64');
  return Buffer.from(body);
}

export function toProperty(name: string, given: v.InferOutput<typeof propertySchema>): Property {
  if (!/^[\p{L}\p{Nd}_.-]{1,85}$/u.test(name)) throw wrong(`"${name.slice(0, 100)}" is no name of a property`);
  if (typeof given === 'string') return textProperty(name, given);
  if (typeof given === 'boolean') return { name, type: 'boolean', value: given };
  if (typeof given === 'number') return numberProperty(name, String(given));
  const { type, value } = given;
  const [, kind = ''] = /^(string|number|boolean|binary)(\..+)?$/i.exec(type) ?? [];
  const label = type.includes('.') ? { label: `${kind[0]?.toUpperCase()}${type.slice(1)}` } : {};
  switch (kind.toLowerCase()) {
    case 'string':
      return { ...textProperty(name, String(value)), ...label };
    case 'number':
      return { ...numberProperty(name, String(value)), ...label };
    case 'boolean':
      if (!/^(true|false)$/.test(String(value))) throw wrong(`property "${name}": expected true or false`);
      return { name, type: 'boolean', value: String(value) === 'true' };
    case 'binary':
      if (!isBase64Text(String(value))) throw wrong(`property "${name}": expected base64`);
      return { name, type: 'binary', value: Buffer.from(String(value), 'base64'), ...label };
    default:
      throw wrong(`property "${name}": type "${type}": expected String, Number, Boolean or Binary`);
  }
}

function textProperty(name: string, value: string): Property {
  if (value === '' || hasForbiddenCharacter(value))
    throw wrong(`property "${name}": expected a text without control characters`);
  return { name, type: 'string', value };
}

function numberProperty(name: string, value: string): Property {
  if (!/^[+-]?\d{1,38}(\.\d{1,38})?(e[+-]?\d{1,2})?$/i.test(value))
    throw wrong(`property "${name}": expected a number`);
  return { name, type: 'number', value };
}

function isBase64Text(value: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 !== 1;
}

function wrong(what: string): GantryError {
  return new GantryError('invalid-argument', what);
}
