import { join } from 'node:path';
import Database from 'better-sqlite3';
import { storeFileName } from '../../../storage/sqlite/index.ts';

/** Each counts what must not be. */
const rules: readonly (readonly [string, string])[] = [
  [
    'tallies that differ from the rows of their queue',
    `SELECT count(*) FROM queue JOIN tally USING (life) WHERE (tally.entries, tally.bytes) IS NOT
       (SELECT count(*), coalesce(sum(size), 0) FROM entry WHERE entry.life = queue.life)`,
  ],
  ['queues without a tally', 'SELECT count(*) FROM queue WHERE life NOT IN (SELECT life FROM tally)'],
  ['entries without their body', 'SELECT count(*) FROM entry WHERE abs(body) NOT IN (SELECT id FROM body)'],
  [
    'entries of no queue that nobody will sweep',
    'SELECT count(*) FROM entry WHERE life NOT IN (SELECT life FROM queue UNION ALL SELECT life FROM dead_life)',
  ],
  [
    'shared bodies with a wrong number of references',
    'SELECT count(*) FROM body_refs WHERE refs <> (SELECT count(*) FROM entry WHERE entry.body = -body_refs.body)',
  ],
];

/** What is wrong in a store's file, by the rows alone; it may be open elsewhere, as long as nobody writes. */
export function inspectStore(dataDir: string): readonly string[] {
  const db = new Database(join(dataDir, storeFileName), { readonly: true });
  try {
    const integrity = String(db.pragma('integrity_check', { simple: true }));
    const wrong = rules.map(([name, sql]) => [name, Number(db.prepare(sql).pluck().get())] as const);
    const counted = [...wrong, ['bodies that nobody refers to and nobody will sweep', leakedBodies(db)] as const];
    const faults = counted.filter(([, count]) => count > 0).map(([name, count]) => `${count} ${name}`);
    return integrity === 'ok' ? faults : [integrity, ...faults];
  } finally {
    db.close();
  }
}

function leakedBodies(db: Database.Database): number {
  const unreferred = db.prepare('SELECT id FROM body WHERE id NOT IN (SELECT abs(body) FROM entry)').pluck().all();
  const dead = new Set<number>();
  for (const packed of db.prepare('SELECT bodies FROM dead_body').pluck().all()) {
    if (!Buffer.isBuffer(packed)) throw new Error('dead bodies are packed in a blob');
    for (let at = 0; at < packed.length; at += 8) dead.add(packed.readDoubleLE(at));
  }
  return unreferred.filter((id) => !dead.has(Number(id))).length;
}
