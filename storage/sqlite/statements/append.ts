/** Rows written by appends, one or sixteen at a time: half the cost of a statement is getting into SQLite. */
export const rowsAtOnce = 16;
const entryColumns =
  'life, rank, pos, lane, body, size, appendedAt, expiresAt, due, count, countBase, firstAt, note, origin, ownRank, hasOwnDelay';
export const entryColumnCount = 16;
/** Before the head in its column. */
export const messageIdBytes = 16;

function rows(values: string, count: number): string {
  return Array.from({ length: count }, () => values).join(', ');
}
const entryValues = `(${Array.from({ length: entryColumnCount }, () => '?').join(', ')})`;

export const appendSql = {
  body: 'INSERT INTO body (id, head, data) VALUES (?, ?, ?)',
  bodies: `INSERT INTO body (id, head, data) VALUES ${rows('(?, ?, ?)', rowsAtOnce)}`,
  bodyRefs: 'INSERT INTO body_refs (body, refs) VALUES (?, ?)',
  entry: `INSERT INTO entry (${entryColumns}) VALUES ${entryValues}`,
  entries: `INSERT INTO entry (${entryColumns}) VALUES ${rows(entryValues, rowsAtOnce)}`,
  /** Entries of bodies just written that have nothing of their own: a sixth of the cost of as many rows of values. */
  entryRun: `INSERT INTO entry (life, rank, pos, lane, body, size, appendedAt, ownRank)
    SELECT ?, ?, id + ?, 0, id, length(head) - ${messageIdBytes} + length(data), ?, ? FROM body WHERE id BETWEEN ? AND ?`,
  dedup: 'INSERT INTO dedup (n, life, digest, id, pos, at) VALUES (?, ?, ?, ?, ?, ?)',
  dedupRow: 'SELECT life, digest, id, pos, at FROM dedup WHERE n = ?',
  dedupSlice: 'SELECT n, life, digest, at FROM dedup WHERE n > ? ORDER BY n LIMIT ?',
  dedupForget: 'DELETE FROM dedup WHERE n <= ?',
} as const;
