export const recordSql = {
  get: 'SELECT version FROM record WHERE key = ?',
  put: 'INSERT INTO record (key, version, value) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET version = excluded.version, value = excluded.value',
  forget: 'DELETE FROM record WHERE key = ?',
  range: 'SELECT key, version, value FROM record WHERE key >= ? AND key < ? ORDER BY key LIMIT ?',
} as const;
