import type { EntryState, QueueId } from '../../../storage/store.ts';
import type { Side } from './side.ts';
import { seenDelivery, seenError } from './side.ts';

const everyState = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

/** All that a store shows of itself without a trace, in words that two engines share. */
export async function observe(side: Side, queues: readonly QueueId[]) {
  const { store, holders } = side;
  const shown = [];
  for (const queue of queues) shown.push(await observeQueue(side, queue));
  const records = (await store.records([])).map(({ key, value, version }) => ({ key, value: [...value], version }));
  const held = [];
  for (const holder of holders) held.push((await store.held(holder)).map(seenDelivery));
  return { shown, records, held };
}

async function observeQueue({ store }: Side, queue: QueueId) {
  try {
    const { entries } = await store.browse({ queue, states: everyState, entriesMax: 10_000, scannedMax: 10_000 });
    const [tally] = await store.tallies([queue]);
    // Entries for holders only may stand anywhere among the others, so the order is left to what is received.
    const seen = entries.map((entry) => ({ state: entry.state, ...seenDelivery(entry) }));
    return { queue, tally, entries: seen.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
  } catch (error) {
    return { queue, error: seenError(error) };
  }
}
