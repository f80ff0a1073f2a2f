import type { Tally } from '../../../storage/store.ts';
import type { Call } from '../../aws/service.ts';
import { attributeRows, unknownAttribute } from '../queue-attributes.ts';
import { factNames, type Shown } from '../shown-attributes.ts';
import { browsedQueue, type Sqs } from '../sqs.ts';

const counts: Readonly<Record<string, (tally: Tally) => number>> = {
  ApproximateNumberOfMessages: ({ waiting }) => waiting,
  ApproximateNumberOfMessagesDelayed: ({ delayed }) => delayed,
  ApproximateNumberOfMessagesNotVisible: ({ leased }) => leased,
};
const countNames = Object.keys(counts);
const settableNames = new Set([...factNames, ...attributeRows.keys()]);

/** What is not set is left out, and with it the whole list when nothing remains. */
export async function getQueueAttributes(sqs: Sqs, call: Call) {
  const queue = browsedQueue(sqs, call);
  const asked = call.members.texts('AttributeNames') ?? [];
  for (const name of asked) if (!isKnown(name)) throw unknownAttribute(name);
  const isAll = asked.includes('All');
  const counted = isAll ? countNames : countNames.filter((name) => asked.includes(name));
  const [tally] = counted.length > 0 ? await sqs.broker.catalogue.tallies([queue.id]) : [];
  const settled = sqs.shown.of(queue);
  const shown: Record<string, string> = isAll ? { ...settled } : wanted(settled, asked);
  for (const name of counted) {
    const count = tally === undefined ? undefined : counts[name]?.(tally);
    if (count !== undefined) shown[name] = String(count);
  }
  return { Attributes: Object.keys(shown).length === 0 ? undefined : shown };
}

function isKnown(name: string): boolean {
  return name === 'All' || settableNames.has(name) || countNames.includes(name);
}

function wanted(settled: Shown, asked: readonly string[]): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const name of asked) {
    const value = Object.hasOwn(settled, name) ? settled[name] : undefined;
    if (value !== undefined) shown[name] = value;
  }
  return shown;
}
