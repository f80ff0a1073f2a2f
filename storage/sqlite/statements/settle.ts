export const settleSql = {
  remove: 'DELETE FROM entry WHERE life = ? AND rank = ? AND pos = ?',
  /** Only for a run of positions that are all gone. */
  removeRun: 'DELETE FROM entry WHERE life = ? AND rank = ? AND pos BETWEEN ? AND ?',
  unref: 'UPDATE body_refs SET refs = refs - 1 WHERE body = ? RETURNING refs',
  refsForget: 'DELETE FROM body_refs WHERE body = ?',
  deadBodies: 'INSERT INTO dead_body (n, bodies) VALUES (?, ?)',
} as const;
