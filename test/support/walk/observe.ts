import type { EntryState, QueueId } from '../../../storage/store.ts';
import type { Side } from './side.ts';
import { seenDelivery } from './side.ts';

const everyState = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

/** All that a store shows of itself without a trace, in words that two engines share. */
export async function observe({ store, holders }: Side, queues: readonly QueueId[]) {
  const tallies = await store.tallies(queues);
  const shown = [];
  for (const [index, queue] of queues.entries()) {
    const { entries } = await store.browse({ queue, states: everyState, entriesMax: 10_000, scannedMax: 10_000 });
    shown.push({
      queue,
      tally: tallies[index],
      // Entries for holders only may stand anywhere among the others, so the order is left to what is received.
      entries: entries
        .map((entry) => ({ state: entry.state, ...seenDelivery(entry) }))
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    });
  }
  const records = (await store.records([])).map(({ key, value, version }) => ({ key, value: [...value], version }));
  const held = [];
  for (const holder of holders) held.push((await store.held(holder)).map(seenDelivery));
  return { shown, records, held };
}
