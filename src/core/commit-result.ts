import type { Batch, BatchResult, Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';

/** Commits; a store that takes nothing at all (stopped, lost) is one more reason why a batch was refused. */
export function commitResult(store: Store, batch: Batch): Promise<BatchResult> {
  return store.commit(batch).catch(toRefusal);
}

function toRefusal(error: unknown): BatchResult {
  if (error instanceof GantryError) return { ok: false, error };
  throw error;
}
