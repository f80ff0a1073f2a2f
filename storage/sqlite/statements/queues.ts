const tallyColumns =
  'nextPos, handedTo, entries, bytes, appended, duplicate, delivered, acked, expired, deadLettered, dropped, hasMixedAges';
export const queueSql = {
  all: `SELECT queue.id, queue.life, settings, ${tallyColumns} FROM queue JOIN tally ON tally.life = queue.life`,
  insert: 'INSERT INTO queue (id, life, settings) VALUES (?, ?, ?)',
  settings: 'UPDATE queue SET settings = ? WHERE id = ?',
  life: 'UPDATE queue SET life = ? WHERE id = ?',
  remove: 'DELETE FROM queue WHERE id = ?',
  tally: `INSERT OR REPLACE INTO tally (life, ${tallyColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  tallyRemove: 'DELETE FROM tally WHERE life = ?',
  deadLife: 'INSERT INTO dead_life (life) VALUES (?)',
  undelay:
    'UPDATE entry SET due = NULL WHERE life = ? AND due IS NOT NULL AND leasedAt IS NULL AND count = uncounted AND hasOwnDelay = 0 AND appendedAt <= ?',
  redelay:
    'UPDATE entry SET due = appendedAt + ? WHERE life = ? AND leasedAt IS NULL AND count = uncounted AND hasOwnDelay = 0 AND appendedAt > ?',
  countDelayed: 'SELECT count(*) AS entries FROM entry WHERE life = ? AND due IS NOT NULL AND leasedAt IS NULL',
  oldest: 'SELECT appendedAt FROM entry WHERE life = ? AND rank = ? ORDER BY pos LIMIT ?',
  metaGet: 'SELECT value FROM meta WHERE key = ?',
  metaPut: 'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)',
  holders: 'SELECT id, kind, key FROM holder',
  holderByKey: 'SELECT id FROM holder WHERE key = ?',
  holderInsert: 'INSERT INTO holder (id, kind, key) VALUES (?, ?, ?)',
  holderRemove: 'DELETE FROM holder WHERE id = ?',
  connectionsForget: "DELETE FROM holder WHERE kind = 'connection'",
} as const;
