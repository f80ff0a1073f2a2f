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
  readonly note: Buffer | null;
  readonly origin: string | null;
}
export interface LivedEntryRow extends EntryRow {
  readonly life: number;
}
