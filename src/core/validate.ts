/** Pure: what was handed in, against what the queue takes. */
import { GantryError } from '../model/errors.ts';
import type { Property } from '../model/message.ts';
import type { Queue, QueueAddress } from '../model/queue.ts';
import { limits } from './limits.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/**
 * Bytes as the queue's `messageBytesMax` counts them [SQS 1.5]: the body, and of each property its name, the name of
 * its type and its value. Headers are free.
 */
export function messageBytes(message: OutgoingMessage): number {
  let bytes = message.body.length;
  for (const property of message.properties) bytes += propertyBytes(property);
  return bytes;
}

function propertyBytes(property: Property): number {
  return Buffer.byteLength(property.name) + Buffer.byteLength(property.label ?? property.type) + valueBytes(property);
}

function valueBytes(property: Property): number {
  const { value } = property;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  return value === null ? 0 : String(value).length; // As SQS would show it.
}

/** @returns what is wrong with a message of `bytes` for this queue; undefined: nothing */
export function messageProblem(queue: Queue, message: OutgoingMessage, bytes: number): GantryError | undefined {
  const bytesMax = queue.attributes.messageBytesMax;
  if (bytes > bytesMax)
    return problem('too-large', queue, `a message of ${bytes} bytes is over the limit of ${bytesMax}`);
  const { delayMs, headers } = message;
  if (delayMs !== undefined && !isWhole(delayMs, limits.delayMsMax))
    return problem('invalid-argument', queue, `a delay of ${delayMs} ms is outside 0 to ${limits.delayMsMax}`);
  if (headers.priority !== undefined && !isWhole(headers.priority, limits.priorityMax))
    return problem('invalid-argument', queue, `priority ${headers.priority} is outside 0 to ${limits.priorityMax}`);
  // It stands between group and id in a dedup key: two pairs must not make one.
  if (queue.kind === 'fifo' && headers.groupId?.includes('\u0000'))
    return problem('invalid-argument', queue, 'a message group contains U+0000');
  return undefined;
}

function isWhole(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}

function problem(code: 'too-large' | 'invalid-argument', queue: Queue, what: string): GantryError {
  return new GantryError(code, `queue "${queue.address.name}": ${what}`, { resource: queue.address.name });
}

/** @throws GantryError `invalid-argument` */
export function requireAddress(address: QueueAddress): void {
  requirePart('account', address.account);
  requirePart('region', address.region);
  requirePart('name', address.name);
}

function requirePart(part: 'account' | 'region' | 'name', text: string): void {
  const isGood = text.length > 0 && text.length <= limits.addressPartLengthMax && !text.includes('\u0000');
  if (isGood) return;
  throw new GantryError(
    'invalid-argument',
    `a queue's ${part} has 1 to ${limits.addressPartLengthMax} characters and no U+0000`,
  );
}
