import { entryRow } from './receive.ts';

export const sweepSql = {
  deadBodies: 'SELECT n, bodies FROM dead_body ORDER BY n LIMIT ?',
  deadBodiesForget: 'DELETE FROM dead_body WHERE n <= ?',
  bodyRun: 'DELETE FROM body WHERE id BETWEEN ? AND ?',
  deadLife: 'SELECT life FROM dead_life LIMIT 1',
  deadLifeForget: 'DELETE FROM dead_life WHERE life = ?',
  lifeSlice: 'SELECT rank, pos, body FROM entry WHERE life = ? ORDER BY rank, pos LIMIT ?',
  lifeSliceRemove: 'DELETE FROM entry WHERE life = ? AND rank = ? AND pos <= ?',
  expired: `SELECT life, ${entryRow} FROM entry WHERE expiresAt <= ? AND leasedAt IS NULL ORDER BY expiresAt LIMIT ?`,
  expiryNext: 'SELECT expiresAt FROM entry WHERE expiresAt IS NOT NULL AND leasedAt IS NULL ORDER BY expiresAt LIMIT 1',
  head: `SELECT ${entryRow} FROM entry WHERE life = ? AND rank = ? AND pos >= ? ORDER BY pos LIMIT ?`,
} as const;
