import type { QueueAttributes, QueueKind } from '../../src/model/queue.ts';
import type { AwsError } from '../aws/errors.ts';
import { sqsError } from './errors.ts';
import { canonicalJson } from './json-text.ts';
import {
  type AttributeChange,
  type AttributeRow,
  attributeRows,
  defaultAttributes,
  invalidAttribute,
  unknownAttribute,
} from './queue-attributes.ts';

type Given = readonly (readonly [string, string])[];

/**
 * The change that the given attributes ask for; `FifoQueue` is the caller's to judge, for it is no attribute of a queue
 * that is there.
 * @throws AwsError `InvalidAttributeName`, `InvalidAttributeValue`, `InvalidParameterValue`
 */
export function readChange(given: Given, kind: QueueKind): AttributeChange {
  let attributes: Partial<QueueAttributes> = {};
  let extras: AttributeChange['extras'] = {};
  checkEncryption(given);
  const texts = new Map(given);
  for (const name of texts.keys()) {
    const row = attributeRows.get(name);
    if (row === undefined && name !== 'FifoQueue') throw unknownAttribute(name);
    if (row?.fifoOnly === true && kind === 'standard') throw notOnStandard(name);
  }
  // In the order of the table, so that what one attribute does to another does not hang on how they were given.
  for (const row of attributeRows.values()) {
    const text = texts.get(row.name);
    if (text === undefined) continue;
    const change = row.read(text);
    attributes = { ...attributes, ...change.attributes };
    extras = { ...extras, ...change.extras };
  }
  return { attributes, extras };
}

/** What can only be judged by the queue that comes of it. @throws AwsError `InvalidAttributeValue` */
export function checkWhole(attributes: QueueAttributes): void {
  if (attributes.throughputScope === 'message-group' && attributes.dedupScope !== 'message-group') {
    throw invalidAttribute('FifoThroughputLimit');
  }
}

/** Whether two texts of one attribute say the same: numbers as numbers, JSON as JSON, so that Terraform agrees. */
export function isSameValue(row: AttributeRow, left: string, right: string | undefined): boolean {
  const { attributes, extras } = row.read(left);
  const shown = row.show({ attributes: { ...defaultAttributes, ...attributes }, extras: withExtras({}, extras ?? {}) });
  if (shown === right) return true;
  if (row.name !== 'Policy' || shown === undefined || right === undefined) return false;
  return canonicalJson(shown) === canonicalJson(right);
}

export function withExtras(
  extras: Readonly<Record<string, string>>,
  change: AttributeChange['extras'],
): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...extras, ...change });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

/** The two kinds of encryption at rest exclude each other [sqs-sns 1.4]. */
function checkEncryption(given: Given): void {
  const texts = new Map(given);
  const hasKms = (texts.get('KmsMasterKeyId') ?? '') !== '';
  if (!hasKms || texts.get('SqsManagedSseEnabled')?.toLowerCase() !== 'true') return;
  throw sqsError(
    'InvalidAttributeName',
    'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
  );
}

function notOnStandard(name: string): AwsError {
  if (name === 'ContentBasedDeduplication') return unknownAttribute(name);
  return sqsError('InvalidAttributeName', `You can specify the ${name} only when FifoQueue is set to true.`);
}
