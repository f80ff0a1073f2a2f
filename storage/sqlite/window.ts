import type { EntryRow } from './entry-row.ts';

/**
 * What is in memory of one active queue: its oldest entries, from which receives are served. Everything in it can be
 * dropped and read again.
 */
export interface Window {
  /** Whether an entry appended now belongs in memory; else it is read when the window gets there. */
  wantsAppended(rank: number, pos: number, lane: number): boolean;
  /** Takes in a slot that was just filled. */
  add(slot: number): void;
  /** The next slot to give, taken out of the order; `noSlot`: none. Expired ones are the caller's to drop. */
  next(isForHolder: boolean): number;
  /** Ends a round of `next`: what was given and still waits (a lease of no length), and what there was no room for, is back in order. */
  done(stillWaiting: readonly number[], leftOver: number): void;
  /** A slot's lease or delay ended: it waits at its old place. @returns whether something can be given now */
  returned(slot: number): boolean;
  /** A slot was leased or delayed outside a round of `next`. */
  withdrawn(slot: number): void;
  /** A slot is about to be freed. @returns whether something else can be given now */
  removed(slot: number): boolean;
  /** Whether the entry of this row, on disk only, now waits and must be in memory to be found. */
  wantsReturned(row: EntryRow): boolean;
  /** Reads on from disk as far as it should. */
  refill(isForHolder: boolean): void;
  /** A leased slot was written to disk and freed. */
  evicted(): void;
  /** What is in flight of a lane changed without the window's doing. */
  laneChanged(lane: number): void;
  /** Slots in memory that a drop would free. */
  readonly resident: number;
  /** Writes back what is newer than disk and frees every slot. */
  drop(): void;
}
