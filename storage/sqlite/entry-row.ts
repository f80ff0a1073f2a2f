/** A row of `entry` as better-sqlite3 gives it. */
export interface EntryRow {
  readonly rank: number;
  readonly ownRank: number;
  readonly pos: number;
  readonly lane: number;
  readonly body: number;
  readonly size: number;
  readonly appendedAt: number;
  readonly expiresAt: number | null;
  readonly due: number | null;
  readonly holder: number | null;
  readonly given: number | null;
  readonly tag: number | null;
  readonly count: number;
  readonly uncounted: number;
  readonly countBase: number;
  readonly leasedAt: number | null;
  readonly firstAt: number | null;
  readonly note: Uint8Array | null;
  readonly origin: string | null;
}
/** What an entry has that nobody was given yet. */
export const neverReceived = {
  holder: null,
  given: null,
  tag: null,
  count: 0,
  uncounted: 0,
  countBase: 0,
  leasedAt: null,
  firstAt: null,
  origin: null,
} as const;
export interface LivedEntryRow extends EntryRow {
  readonly life: number;
}

/**
 * What a window reads of each entry, as values without names: a quarter of the cost of full rows as objects, and a deep
 * queue reads every entry so once (bench/engine, deep). The last is 1 where the full row has more to say.
 */
export type SliceRow = readonly [
  pos: number,
  lane: number,
  body: number,
  size: number,
  appendedAt: number,
  ownRank: number,
  expiresAt: number | null,
  isWorn: number,
];
export const slicePos = 0;
export const sliceLane = 1;
export const sliceIsWorn = 7;
