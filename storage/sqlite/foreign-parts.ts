import Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';
import { migrate, migrations, versionOf } from './schema.ts';

/**
 * Tables, indexes, views and triggers are those that the migrations make: a trigger of somebody else would do what it likes with
 * every message.
 * @throws GantryError `unsupported`
 */
export function refuseForeignParts(db: Database.Database, file: string): void {
  const model = new Database(':memory:');
  try {
    migrate(model, migrations.slice(0, versionOf(db)));
    const [own, found] = [partsOf(model), partsOf(db)];
    const strange = [...found.keys()].find((part) => !own.has(part));
    const differing = [...own].find(([part, sql]) => found.get(part) !== sql)?.[0];
    const what = strange ?? differing;
    if (what === undefined) return;
    throw new GantryError(
      'unsupported',
      `${file} is not a Gantry store as it is made: look at its ${what.slice(0, 100)}`,
    );
  } finally {
    model.close();
  }
}

/** By kind and name, as they were made; without what SQLite itself makes. */
function partsOf(db: Database.Database): ReadonlyMap<string, unknown> {
  const own =
    "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE type NOT IN ('table', 'index') OR name NOT LIKE 'sqlite!_%' ESCAPE '!'";
  const rows: unknown[] = db.prepare(own).raw().all();
  return new Map(rows.map((row) => (Array.isArray(row) ? [String(row[0]), row[1]] : ['', row])));
}
