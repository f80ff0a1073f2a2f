import type { BrowseCursor, EntryState, Store } from '../../storage/store.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import { limits } from './limits.ts';
import type { Envelopes } from './topics/envelopes.ts';
import { presentAll } from './topics/presented.ts';
import { createTurns } from './turns.ts';

type Slice = Awaited<ReturnType<Store['browse']>>;
/** A message as it lies in its queue: a delivery without a receipt, for nobody was given it. */
type BrowsedEntry = Slice['entries'][number];

interface BrowseOptions {
  readonly states: readonly EntryState[];
  readonly entriesMax: number;
  /** Bodies are gathered up to it, and the one that passes it. */
  readonly bytesMax: number;
  /** `next` of the page before. */
  readonly from?: BrowseCursor;
  /** Absent: every entry of these states is. */
  readonly isWanted?: (entry: BrowsedEntry) => boolean;
  /** Milliseconds after which the look ends with what it has; absent: it goes on to the end of the queue. */
  readonly lookMsMax?: number;
}
interface BrowsePage {
  readonly entries: readonly BrowsedEntry[];
  /** Entries of these states that were looked at, wanted or not. */
  readonly looked: number;
  /** Where to go on; absent: the queue was looked through to its end. */
  readonly next?: BrowseCursor;
}

export type Browse = (principal: Principal, queue: Queue, options: BrowseOptions) => Promise<BrowsePage>;

/**
 * Looks without a trace, in slices between which others are served: a walk, not a snapshot. All looks share one turn, so
 * that any number of them takes no more of the store than one.
 */
export function createBrowse(store: Store, authorize: Authorize, envelopes: Envelopes): Browse {
  const turns = createTurns();

  let restsUntil = 0;

  /** After a rest as long as the slice before took, whoever asked for that: who sends meanwhile has half of the store's time. */
  async function sliceOf(options: Parameters<Store['browse']>[0]): Promise<Slice> {
    const { clock } = store;
    const restMs = Math.min(restsUntil - clock.now(), limits.browseRestMsMax);
    if (restMs > 0) await new Promise<void>((resolve) => void clock.after(restMs, resolve));
    const askedAt = clock.now();
    const slice = await store.browse(options);
    const entries = presentAll(slice.entries, envelopes);
    const endedAt = clock.now();
    restsUntil = endedAt + (endedAt - askedAt);
    return { ...slice, entries };
  }

  return async function browse(principal, queue, options) {
    requireAllowed(authorize, principal, 'receive', queue.address);
    const { states, entriesMax, bytesMax, isWanted = () => true, lookMsMax = Number.POSITIVE_INFINITY } = options;
    const isFiltered = options.isWanted !== undefined;
    const endAt = store.clock.now() + lookMsMax;
    const found: BrowsedEntry[] = [];
    let { from } = options;
    let bytes = 0;
    let looked = 0;
    let sliceMax: number = limits.browseEntriesMax;
    for (let slices = 0; slices < limits.browseSlicesMax; slices++) {
      const slice = await turns.take('slice', () => sliceOf(sliceOptions()));
      const taken: BrowsedEntry[] = [];
      let end = 0;
      let takenBytes = 0;
      for (const entry of slice.entries) {
        if (found.length + taken.length >= entriesMax || bytes + takenBytes >= bytesMax) break;
        end++;
        if (!isWanted(entry)) continue;
        taken.push(entry);
        takenBytes += entry.body instanceof Uint8Array ? entry.body.length : 0;
      }
      if (end < slice.entries.length) {
        sliceMax = end; // Only the end of a slice has a cursor: asked for again, it ends where the page does.
        continue;
      }
      for (const entry of taken) found.push(entry);
      bytes += takenBytes;
      looked += end;
      from = slice.next;
      if (from === undefined || found.length >= entriesMax || bytes >= bytesMax || store.clock.now() >= endAt) break;
    }
    return { entries: found, looked, ...(from === undefined ? {} : { next: from }) };

    function sliceOptions() {
      const wantedMax = isFiltered ? sliceMax : Math.min(entriesMax - found.length, sliceMax);
      return {
        ...{ queue: queue.id, states, scannedMax: limits.browseScannedMax, entriesMax: wantedMax },
        ...(from === undefined ? {} : { from }),
      };
    }
  };
}
