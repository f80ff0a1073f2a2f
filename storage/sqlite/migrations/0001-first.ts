/**
 * The first schema. The rule behind it: a commit writes only at tails; what scatters over the file (dead bodies, dead
 * lives, old dedup rows) is deleted later, sorted, in bulk. An entry is inserted once and deleted once; a lease that
 * ends within a second never touches its row (flush.ts).
 */
export const sql = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
-- A purge gives a queue a new life: O(1) at any depth. Receipts carry the life.
CREATE TABLE queue (id INTEGER PRIMARY KEY, life INTEGER NOT NULL UNIQUE, settings TEXT NOT NULL);
-- One dense row per queue touched, in every commit. hasMixedAges: entries were moved in, so ages are in no order. What is leased or delayed is counted from entry_due and
-- entry_holder at the start, so that no crash can make the two differ.
CREATE TABLE tally (life INTEGER PRIMARY KEY, nextPos INTEGER NOT NULL, handedTo INTEGER NOT NULL,
  entries INTEGER NOT NULL, bytes INTEGER NOT NULL, appended INTEGER NOT NULL, duplicate INTEGER NOT NULL,
  delivered INTEGER NOT NULL, acked INTEGER NOT NULL, expired INTEGER NOT NULL, deadLettered INTEGER NOT NULL,
  dropped INTEGER NOT NULL, hasMixedAges INTEGER NOT NULL);
-- Written once. head: 16 bytes of message id, then the codec of src/model/head.ts.
CREATE TABLE body (id INTEGER PRIMARY KEY, head BLOB NOT NULL, data BLOB);
-- Only where there is more than one reference; such an entry names its body by the negative id.
CREATE TABLE body_refs (body INTEGER PRIMARY KEY, refs INTEGER NOT NULL);
-- rank = 9 - priority, + 10 for what only connected consumers may get. Waiting: due and holder are NULL.
-- ownRank: the rank of its priority; a strict queue has all in one rank.
-- hasOwnDelay: its sender chose when it is visible, so that a change of a strict queue's delay leaves it alone.
-- Delayed: due is set, leasedAt NULL. Leased: leasedAt and one of due and holder are set.
CREATE TABLE entry (life INTEGER NOT NULL, rank INTEGER NOT NULL, pos INTEGER NOT NULL,
  lane INTEGER NOT NULL, body INTEGER NOT NULL, size INTEGER NOT NULL, appendedAt INTEGER NOT NULL,
  expiresAt INTEGER, due INTEGER, holder INTEGER, given INTEGER, tag INTEGER, count INTEGER NOT NULL DEFAULT 0,
  uncounted INTEGER NOT NULL DEFAULT 0, countBase INTEGER NOT NULL DEFAULT 0, leasedAt INTEGER, firstAt INTEGER, note BLOB, origin TEXT,
  ownRank INTEGER NOT NULL, hasOwnDelay INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (life, rank, pos)) WITHOUT ROWID;
CREATE INDEX entry_due ON entry (due, leasedAt) WHERE due IS NOT NULL;
CREATE INDEX entry_holder ON entry (holder, given) WHERE holder IS NOT NULL;
-- Without what is leased, which may still be acked: thousands of those would stand before the others.
CREATE INDEX entry_expiry ON entry (expiresAt) WHERE expiresAt IS NOT NULL AND leasedAt IS NULL;
CREATE TABLE holder (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT UNIQUE);
-- What a receive with an attempt id was given (SQS ReceiveRequestAttemptId): positions and ends of leases as JSON.
CREATE TABLE attempt (life INTEGER NOT NULL, id TEXT NOT NULL, until INTEGER NOT NULL, given TEXT NOT NULL,
  PRIMARY KEY (life, id)) WITHOUT ROWID;
CREATE INDEX attempt_until ON attempt (until);
-- Append only; the hash table over it is in memory (dedup.ts).
CREATE TABLE dedup (n INTEGER PRIMARY KEY, life INTEGER NOT NULL, digest BLOB NOT NULL, id BLOB NOT NULL,
  pos INTEGER NOT NULL, at INTEGER NOT NULL);
-- Bodies of one commit that nothing refers to any more, as packed 64-bit floats.
CREATE TABLE dead_body (n INTEGER PRIMARY KEY, bodies BLOB NOT NULL);
CREATE TABLE dead_life (life INTEGER PRIMARY KEY);
CREATE TABLE record (key BLOB PRIMARY KEY, version INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
`;
