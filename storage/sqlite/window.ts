import type { EntryRow } from './entry-row.ts';

/** How much of a queue is in memory. Tests choose less, so that every path is walked with a few thousand messages. */
export interface WindowLimits {
  readonly plain: {
    readonly slotsMax: number;
    /** Rows read at a time. */
    readonly sliceRows: number;
  };
  readonly strict: {
    readonly slotsMax: number;
    /** Slots of one message group. */
    readonly laneMax: number;
    readonly sliceRows: number;
  };
}
export const windowLimits: WindowLimits = {
  plain: { slotsMax: 65_536, sliceRows: 512 },
  strict: { slotsMax: 131_072, laneMax: 1_024, sliceRows: 512 },
};

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
  /** Reads on from disk as far as it should; tells the queue ready when there is more to look at another time. */
  refill(isForHolder: boolean): void;
  /** A leased slot was written to disk and freed. */
  evicted(): void;
  /** What is in flight of a lane changed without the window's doing. */
  laneChanged(lane: number): void;
  /** Slots in memory that a drop would free. */
  readonly resident: number;
  /** It has all the slots that it may: what is leased should go to disk. */
  readonly isFull: boolean;
  /** Writes back what is newer than disk and frees every slot. */
  drop(): void;
}
