import type { Queue } from '../../../src/model/queue.ts';
import type { Tally } from '../../../storage/store.ts';
import type { Call } from '../../aws/service.ts';
import { arnOf } from '../names.ts';
import { attributeRows, rowsOf, unknownAttribute } from '../queue-attributes.ts';
import { browsedQueue, type Sqs } from '../sqs.ts';

/** Attributes that nobody sets. */
const facts = new Map<string, (queue: Queue) => string | undefined>([
  ['QueueArn', ({ address }) => arnOf(address)],
  ['CreatedTimestamp', ({ createdAt }) => String(Math.floor(createdAt / 1000))],
  ['LastModifiedTimestamp', ({ modifiedAt }) => String(Math.floor(modifiedAt / 1000))],
  ['FifoQueue', ({ kind }) => (kind === 'fifo' ? 'true' : undefined)],
]);

const counts = new Map<string, (tally: Tally) => number>([
  ['ApproximateNumberOfMessages', ({ waiting }) => waiting],
  ['ApproximateNumberOfMessagesDelayed', ({ delayed }) => delayed],
  ['ApproximateNumberOfMessagesNotVisible', ({ leased }) => leased],
]);

/** What is not set is left out, and with it the whole list when nothing remains. */
export async function getQueueAttributes(sqs: Sqs, call: Call) {
  const queue = browsedQueue(sqs, call);
  const names = wantedNames(call.members.texts('AttributeNames') ?? [], queue);
  const isCounted = names.some((name) => counts.has(name));
  const [tally] = isCounted ? await sqs.broker.catalogue.tallies([queue.id]) : [];
  const shown: [string, string][] = [];
  for (const name of names) {
    const count = tally === undefined ? undefined : counts.get(name)?.(tally);
    const value = attributeOf(queue, name) ?? (count === undefined ? undefined : String(count));
    if (value !== undefined) shown.push([name, value]);
  }
  return { Attributes: shown.length === 0 ? undefined : Object.fromEntries(shown) };
}

function attributeOf(queue: Queue, name: string): string | undefined {
  const fact = facts.get(name);
  if (fact !== undefined) return fact(queue);
  const row = attributeRows.get(name);
  return row === undefined || (row.fifoOnly === true && queue.kind === 'standard') ? undefined : row.show(queue);
}

function wantedNames(asked: readonly string[], queue: Queue): readonly string[] {
  const wanted = new Set<string>();
  for (const name of asked) {
    if (name === 'All') {
      for (const each of [...facts.keys(), ...counts.keys(), ...rowsOf(queue.kind).map((row) => row.name)])
        wanted.add(each);
    } else if (facts.has(name) || counts.has(name) || attributeRows.has(name)) wanted.add(name);
    else throw unknownAttribute(name);
  }
  return [...wanted];
}
