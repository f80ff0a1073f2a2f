import type { EntryState, QueueId, Tally } from '../../../storage/store.ts';
import type { Side } from './side.ts';
import { seenDelivery } from './side.ts';

const everyState = ['waiting', 'delayed', 'leased'] as const satisfies readonly EntryState[];

export interface Observed {
  readonly shown: readonly ObservedQueue[];
  readonly records: unknown;
  readonly held: unknown;
}
interface ObservedQueue {
  readonly queue: QueueId;
  readonly tally?: Tally;
  readonly entries: readonly unknown[];
}

/** All that a store shows of itself without a trace, in words that two engines share. */
export async function observe(side: Side, queues: readonly QueueId[]): Promise<Observed> {
  const { store, holders } = side;
  const shown = [];
  for (const queue of queues) shown.push(await observeQueue(side, queue));
  const records = (await store.records([])).map(({ key, value, version }) => ({ key, value: [...value], version }));
  const held = [];
  for (const holder of holders) held.push((await store.held(holder)).map(seenDelivery));
  return { shown, records, held };
}

async function observeQueue({ store }: Side, queue: QueueId): Promise<ObservedQueue> {
  const { entries } = await store.browse({ queue, states: everyState, entriesMax: 10_000, scannedMax: 10_000 });
  const [tally] = await store.tallies([queue]);
  // Entries for holders only may stand anywhere among the others, so the order is left to what is received.
  const seen = entries.map((entry) => ({ pos: entry.pos, shows: { state: entry.state, ...seenDelivery(entry) } }));
  seen.sort((a, b) => (a.shows.id < b.shows.id ? -1 : a.shows.id > b.shows.id ? 1 : a.pos - b.pos));
  // What counts since a store was started differs between one that was and one that was not.
  return {
    queue,
    ...(tally === undefined ? {} : { tally: { ...tally, appendedBytes: 0 } }),
    entries: seen.map(({ shows }) => shows),
  };
}
