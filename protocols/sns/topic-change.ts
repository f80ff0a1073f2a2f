/** From what a client gives to a topic's new attributes, with the words of the operation that it gave them by. */
import { GantryError } from '../../src/model/errors.ts';
import type { QueueKind } from '../../src/model/queue.ts';
import type { TopicAttributes } from '../../src/model/topic.ts';
import { invalid } from './errors.ts';
import { snsLimits } from './limits.ts';
import { nameMeant } from './meant.ts';
import { type TopicAttributeChange, type TopicAttributeRow, topicAttributeRows } from './topic-attributes.ts';

export const defaultTopicAttributes: TopicAttributes = {
  isContentDeduplicated: false,
  dedupScope: 'topic',
  messageBytesMax: snsLimits.messageBytesDefault,
  policy: undefined,
  archiveMs: undefined,
};

/** On creation what is wrong with an attribute is said with this before it, on a change with nothing [sqs-sns 2.3]. */
const onCreation = 'Attributes Reason: ';

/**
 * What one attribute changes.
 * @param prefix of what is wrong with its value
 * @throws AwsError `InvalidParameter`
 */
export function readAttribute(
  row: TopicAttributeRow,
  text: string,
  { kind, prefix }: { readonly kind: QueueKind; readonly prefix: string },
): TopicAttributeChange {
  if (row.whyFifoOnly !== undefined && kind === 'standard') throw invalid(`${prefix}${row.whyFifoOnly}`);
  return inOurWords(() => row.read(text), prefix);
}

/** Of attributes that come together. FifoTopic is none of them: it is for life. @throws AwsError `InvalidParameter` */
export function readAttributes(given: Given, kind: QueueKind): TopicAttributeChange {
  let attributes: Partial<TopicAttributes> = {};
  let extras: NonNullable<TopicAttributeChange['extras']> = {};
  for (const [name, text] of given) {
    if (name === 'FifoTopic') continue;
    const row = topicAttributeRows.get(name);
    if (row === undefined) {
      const hint = nameMeant(name, topicAttributeRows.keys());
      throw invalid(`${onCreation}Unknown attribute: ${name.slice(0, 300)}`, hint);
    }
    const change = readAttribute(row, text, { kind, prefix: onCreation });
    attributes = { ...attributes, ...change.attributes };
    extras = { ...extras, ...change.extras };
  }
  return { attributes, extras };
}
export type Given = readonly (readonly [string, string])[];

/** @throws AwsError `InvalidParameter` in place of GantryError `invalid-argument` */
export function inOurWords<T>(read: () => T, prefix = ''): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof GantryError) || error.code !== 'invalid-argument') throw error;
    throw invalid(`${prefix}${error.message}`, error.hint);
  }
}

export function withExtras(
  extras: Readonly<Record<string, string>>,
  change: TopicAttributeChange['extras'] = {},
): Readonly<Record<string, string>> {
  const entries = Object.entries({ ...extras, ...change });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
