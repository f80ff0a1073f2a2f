import type { Members } from '../aws/members.ts';
import { sqsError } from './errors.ts';
import { ownLimits } from './limits.ts';

/** System attributes of a received message; bits, so that what a consumer wants is one number. */
export const systemBits = {
  ApproximateFirstReceiveTimestamp: 1,
  ApproximateReceiveCount: 2,
  AWSTraceHeader: 4,
  DeadLetterQueueSourceArn: 8,
  MessageDeduplicationId: 16,
  MessageGroupId: 32,
  SenderId: 64,
  SentTimestamp: 128,
  SequenceNumber: 256,
} as const;

export const allSystemNames = 511;
const bitsByName: ReadonlyMap<string, number> = new Map([...Object.entries(systemBits), ['All', allSystemNames]]);

/**
 * Which system attributes the consumer wants; the deprecated list and the newer one are joined. A name that there is not is
 * refused in the deprecated list and passed over in the newer one, as AWS does.
 * @throws AwsError `InvalidAttributeName`
 */
export function readSystemNames(members: Members): number {
  return (
    bitsOf(members.texts('AttributeNames'), refuseName) | bitsOf(members.texts('MessageSystemAttributeNames'), passOver)
  );
}

/** Which of the sender's attributes the consumer wants. */
export interface AttributeFilter {
  readonly isAll: boolean;
  readonly names: ReadonlySet<string>;
  readonly prefixes: readonly string[];
}

/** Any name may be asked for; one that cannot exist matches nothing. @returns undefined: none is wanted */
export function readAttributeNames(members: Members): AttributeFilter | undefined {
  const texts = members.texts('MessageAttributeNames');
  if (texts === undefined || texts.length === 0) return undefined;
  if (texts.length > ownLimits.attributeNamesMax) {
    const message = `At most ${ownLimits.attributeNamesMax} MessageAttributeNames can be given. You have sent ${texts.length}.`;
    throw sqsError('InvalidParameterValueException', message);
  }
  const prefixes: string[] = [];
  for (const text of texts) {
    if (text === 'All' || text === '.*' || text === '*') return everyAttribute;
    if (text.endsWith('.*')) prefixes.push(text.slice(0, -2));
  }
  return { isAll: false, names: new Set(texts), prefixes };
}

export function isWanted(filter: AttributeFilter, name: string): boolean {
  return filter.isAll || filter.names.has(name) || filter.prefixes.some((prefix) => name.startsWith(prefix));
}

export const everyAttribute: AttributeFilter = { isAll: true, names: new Set(), prefixes: [] };

function bitsOf(names: readonly string[] | undefined, bitOfUnknown: (name: string) => number): number {
  let bits = 0;
  for (const name of names ?? []) bits |= bitsByName.get(name) ?? bitOfUnknown(name);
  return bits;
}

function refuseName(name: string): never {
  throw sqsError('InvalidAttributeName', `Unknown Attribute ${name.slice(0, 300)}.`);
}

function passOver(): number {
  return 0;
}
