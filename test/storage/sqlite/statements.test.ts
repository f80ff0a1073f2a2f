import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openFile } from '../../../storage/sqlite/file.ts';
import { sqlByVerb } from '../../../storage/sqlite/statements/index.ts';

/**
 * What each statement must go by. `rowid` is a table's own key; an index by its name; `key` the primary key of a table
 * without rowid. Nothing may scan a table that grows, but for those that read all of a small one.
 */
const plans: Readonly<Record<string, readonly string[]>> = {
  'append.entryRun': ['SEARCH body USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  'append.dedupRow': ['SEARCH dedup USING INTEGER PRIMARY KEY (rowid=?)'],
  'append.dedupSlice': ['SEARCH dedup USING INTEGER PRIMARY KEY (rowid>?)'],
  'append.dedupForget': ['SEARCH dedup USING INTEGER PRIMARY KEY (rowid<?)'],
  'receive.waitingSlice': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'receive.slice': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>?)'],
  'receive.laneSlice': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'receive.waiting': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'receive.othersSlice': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'receive.waitingLaneSlice': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'receive.all': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>?)'],
  'receive.firstPos': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>?)'],
  'receive.nextRank': ['SEARCH entry USING PRIMARY KEY (life=? AND rank>?)'],
  'receive.one': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos=?)'],
  'receive.bodyRun': ['SEARCH body USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  'receive.body': ['SEARCH body USING INTEGER PRIMARY KEY (rowid=?)'],
  'receive.update': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos=?)'],
  'receive.due': ['SEARCH entry USING COVERING INDEX entry_due (due<?)'],
  'receive.dueNext': ['SEARCH entry USING COVERING INDEX entry_due (due>?)'],
  'receive.dueEnd': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos=?)'],
  'receive.held': ['SEARCH entry USING INDEX entry_holder (holder=?)'],
  'receive.countDelayed': ['SEARCH entry USING COVERING INDEX entry_due (due>?)', 'USE TEMP B-TREE FOR GROUP BY'],
  'receive.leasedDue': ['SEARCH entry USING INDEX entry_due (due>?)'],
  'receive.leasedHeld': ['SEARCH entry USING INDEX entry_holder (holder>?)'],
  'receive.attempt': ['SEARCH attempt USING PRIMARY KEY (life=? AND id=?)'],
  'receive.attemptsForget': ['SEARCH attempt USING INDEX attempt_until (until<?)'],
  'receive.releaseConnections': ['SEARCH entry USING INDEX entry_holder (holder=?)', 'LIST SUBQUERY 1', 'SCAN holder'],
  'settle.remove': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos=?)'],
  'settle.removeRun': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>? AND pos<?)'],
  'settle.unref': ['SEARCH body_refs USING INTEGER PRIMARY KEY (rowid=?)'],
  'settle.refsForget': ['SEARCH body_refs USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.all': ['SCAN queue', 'SEARCH tally USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.holderByKey': ['SEARCH holder USING COVERING INDEX sqlite_autoindex_holder_1 (key=?)'],
  'queue.settings': ['SEARCH queue USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.life': ['SEARCH queue USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.remove': ['SEARCH queue USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.tallyRemove': ['SEARCH tally USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.oldest': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=?)'],
  'queue.undelay': ['SEARCH entry USING PRIMARY KEY (life=?)'],
  'queue.redelay': ['SEARCH entry USING PRIMARY KEY (life=?)'],
  'queue.countDelayed': ['SEARCH entry USING PRIMARY KEY (life=?)'],
  'queue.metaGet': ['SEARCH meta USING PRIMARY KEY (key=?)'],
  'queue.holders': ['SCAN holder'],
  'queue.holderRemove': ['SEARCH holder USING INTEGER PRIMARY KEY (rowid=?)'],
  'queue.connectionsForget': ['SCAN holder'],
  'record.get': ['SEARCH record USING PRIMARY KEY (key=?)'],
  'record.forget': ['SEARCH record USING PRIMARY KEY (key=?)'],
  'record.range': ['SEARCH record USING PRIMARY KEY (key>? AND key<?)'],
  'sweep.deadBodies': ['SCAN dead_body'],
  'sweep.deadBodiesForget': ['SEARCH dead_body USING INTEGER PRIMARY KEY (rowid<?)'],
  'sweep.bodyRun': ['SEARCH body USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  'sweep.deadLife': ['SCAN dead_life'],
  'sweep.deadLifeForget': ['SEARCH dead_life USING INTEGER PRIMARY KEY (rowid=?)'],
  'sweep.lifeSlice': ['SEARCH entry USING PRIMARY KEY (life=?)'],
  'sweep.lifeSliceRemove': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos<?)'],
  'sweep.expired': ['SEARCH entry USING INDEX entry_expiry (expiresAt<?)'],
  'sweep.expiryNext': ['SEARCH entry USING INDEX entry_expiry (expiresAt>?)'],
  'sweep.head': ['SEARCH entry USING PRIMARY KEY (life=? AND rank=? AND pos>?)'],
};

const statements = Object.entries(sqlByVerb).flatMap(([verb, texts]) =>
  Object.entries(texts).map(([name, text]) => [`${verb}.${name}`, text] as const),
);

it.each(statements)('%s goes by the key or index meant for it', (name, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-plans-'));
  const { db } = openFile({ file: join(folder, 'gantry.db'), synchronous: 'OFF', now: 0 });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });
  const parameters = Array.from({ length: (text.match(/\?/g) ?? []).length }, () => 1);

  const rows: unknown[] = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...parameters);

  const steps = rows.map((row) =>
    typeof row === 'object' && row !== null && 'detail' in row ? String(row.detail) : '',
  );
  expect(
    steps.filter((step) => /SEARCH|SCAN USING|SCAN [a-z_]+|TEMP|SUBQUERY/.test(step) && !/CONSTANT ROW/.test(step)),
  ).toEqual(plans[name] ?? []);
});
