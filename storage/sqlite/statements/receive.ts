/** All columns that an entry has in memory. */
export const entryRow =
  'rank, ownRank, pos, lane, body, size, appendedAt, expiresAt, due, holder, given, tag, count, uncounted, countBase, leasedAt, firstAt, note, origin';

/** What a window reads of an entry that nobody was given yet; `isWorn`: it has more, in its full row. In the order of entry-row.ts `SliceRow`. */
const sliceRow = `pos, lane, body, size, appendedAt, ownRank, expiresAt,
  count > 0 OR countBase > 0 OR due IS NOT NULL OR holder IS NOT NULL OR firstAt IS NOT NULL OR note IS NOT NULL OR origin IS NOT NULL AS isWorn`;

export const receiveSql = {
  /** What waits, from a position on, below another: the slice that a plain window reads. */
  waitingSlice: `SELECT ${sliceRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? AND pos < ? AND due IS NULL AND holder IS NULL ORDER BY pos LIMIT ?`,
  /** The same without some lanes, of which enough is in memory. */
  othersSlice: `SELECT ${sliceRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? AND pos < ? AND lane NOT IN (?, ?, ?, ?) AND due IS NULL AND holder IS NULL ORDER BY pos LIMIT ?`,
  /** What waits of one lane, looking at a bounded stretch. */
  waitingLaneSlice: `SELECT ${sliceRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? AND pos < ? AND lane = ? AND due IS NULL AND holder IS NULL ORDER BY pos LIMIT ?`,
  /** Also what is delayed or leased: in a strict queue it blocks its lane. */
  slice: `SELECT ${sliceRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? ORDER BY pos LIMIT ?`,
  /** The next of one lane, looking at a bounded stretch. */
  laneSlice: `SELECT ${sliceRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? AND pos < ? AND lane = ? ORDER BY pos LIMIT ?`,
  waiting: `SELECT ${entryRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? AND pos < ? AND due IS NULL AND holder IS NULL ORDER BY pos LIMIT ?`,
  all: `SELECT ${entryRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? ORDER BY pos LIMIT ?`,
  firstPos: 'SELECT pos FROM entry WHERE life = ? AND rank = ? AND pos >= ? ORDER BY pos LIMIT 1',
  nextRank: 'SELECT rank FROM entry WHERE life = ? AND rank > ? ORDER BY rank LIMIT 1',
  one: `SELECT ${entryRow} FROM entry WHERE life = ? AND rank = ? AND pos = ?`,
  body: 'SELECT head, data FROM body WHERE id = ?',
  /** Bodies that follow one another, end to end in the order of their ids: it is that of the table's own key. */
  bodyRun:
    "SELECT count(data) AS found, CAST(group_concat(head, '') AS BLOB) AS heads, CAST(group_concat(data, '') AS BLOB) AS bodies, group_concat(length(head)) AS headLengths FROM body WHERE id BETWEEN ? AND ?",
  /** A lease, a delay or their end, written late (flush.ts). */
  update:
    'UPDATE entry SET due = ?, holder = ?, given = ?, tag = ?, count = ?, uncounted = ?, countBase = ?, leasedAt = ?, firstAt = ?, note = ? WHERE life = ? AND rank = ? AND pos = ?',
  due: 'SELECT life, rank, pos, due, leasedAt FROM entry WHERE due <= ? ORDER BY due LIMIT ?',
  dueNext: 'SELECT due FROM entry WHERE due IS NOT NULL ORDER BY due LIMIT 1',
  dueEnd: 'UPDATE entry SET due = NULL, leasedAt = NULL WHERE life = ? AND rank = ? AND pos = ?',
  held: `SELECT life, ${entryRow} FROM entry WHERE holder = ? ORDER BY given`,
  countDelayed:
    'SELECT life, count(*) AS entries FROM entry INDEXED BY entry_due WHERE due IS NOT NULL AND leasedAt IS NULL GROUP BY life',
  leasedDue: 'SELECT life, lane FROM entry INDEXED BY entry_due WHERE due IS NOT NULL AND leasedAt IS NOT NULL',
  leasedHeld: 'SELECT life, lane FROM entry INDEXED BY entry_holder WHERE holder IS NOT NULL',
  attempt: 'SELECT until, given FROM attempt WHERE life = ? AND id = ?',
  attemptPut: 'INSERT OR REPLACE INTO attempt (life, id, until, given) VALUES (?, ?, ?, ?)',
  attemptsForget: 'DELETE FROM attempt WHERE until <= ?',
  releaseConnections:
    "UPDATE entry SET holder = NULL, given = NULL, tag = NULL, leasedAt = NULL WHERE holder IN (SELECT id FROM holder WHERE kind = 'connection')",
} as const;
