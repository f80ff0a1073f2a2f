import type { Batch, BatchResult, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';

/** Commits; a store that takes nothing at all (stopped, lost) is one more reason why a batch was refused. */
export async function commitResults(store: Store, batches: readonly Batch[]): Promise<readonly BatchResult[]> {
  try {
    return await store.commitAll(batches);
  } catch (error) {
    if (!(error instanceof GantryError)) throw error;
    return batches.map(() => ({ ok: false, error }));
  }
}
