import type { BrowseCursor, EntryState, Store } from '../../storage/store.ts';
import type { Principal } from '../model/principal.ts';
import type { Queue } from '../model/queue.ts';
import type { Authorize } from './authorize.ts';
import { requireAllowed } from './authorize.ts';
import { limits } from './limits.ts';
import { createTurns } from './turns.ts';

type Slice = Awaited<ReturnType<Store['browse']>>;
/** A message as it lies in its queue: a delivery without a receipt, for nobody was given it. */
type BrowsedEntry = Slice['entries'][number];

interface BrowseOptions {
  readonly states: readonly EntryState[];
  readonly entriesMax: number;
  /** Bodies are gathered up to it, and the one that passes it. */
  readonly bytesMax: number;
}

export type Browse = (principal: Principal, queue: Queue, options: BrowseOptions) => Promise<readonly BrowsedEntry[]>;

/**
 * Looks without a trace, in slices between which others are served: a walk, not a snapshot. All looks share one turn, so
 * that any number of them takes no more of the store than one.
 */
export function createBrowse(store: Store, authorize: Authorize): Browse {
  const turns = createTurns();

  return async function browse(principal, queue, { states, entriesMax, bytesMax }) {
    requireAllowed(authorize, principal, 'receive', queue.address);
    const found: BrowsedEntry[] = [];
    let bytes = 0;
    let from: BrowseCursor | undefined;
    for (let slices = 0; slices < limits.browseSlicesMax; slices++) {
      const options = {
        ...{ queue: queue.id, states, scannedMax: limits.browseScannedMax },
        entriesMax: Math.min(entriesMax - found.length, limits.browseEntriesMax),
        ...(from === undefined ? {} : { from }),
      };
      const slice: Slice = await turns.take('slice', () => store.browse(options));
      for (const entry of slice.entries) {
        found.push(entry);
        bytes += entry.body instanceof Uint8Array ? entry.body.length : 0;
        if (bytes >= bytesMax) return found;
      }
      from = slice.next;
      if (from === undefined || found.length >= entriesMax) break;
    }
    return found;
  };
}
