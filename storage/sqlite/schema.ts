import type Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';
import { sql as first } from './migrations/0001-first.ts';

/** "GANT": a file with another id is somebody else's. */
const applicationId = 0x47414e54;
/** From the first schema to this release's, each with the one before it as its only ground. None is ever changed. */
export const migrations: readonly string[] = [first];
export const schemaVersion = migrations.length;

/** Reads only: even `journal_mode` would write into a file. @throws GantryError `unsupported` for a newer or foreign file */
export function checkIdentity(db: Database.Database, file: string, known = schemaVersion): void {
  const id = Number(db.pragma('application_id', { simple: true }));
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  judgeIdentity({ id, version: versionOf(db), isEmpty: tables === 0 }, file, known);
}

/** What the file says of itself, by SQLite or by the bytes of its head. */
interface Identity {
  readonly id: number;
  readonly version: number;
  readonly isEmpty: boolean;
}

/** @throws GantryError as checkIdentity */
export function judgeIdentity({ id, version, isEmpty }: Identity, file: string, known = schemaVersion): void {
  if (id !== applicationId && (id !== 0 || !isEmpty || version > 0)) {
    throw new GantryError('unsupported', `${file} is not a Gantry store`, {
      hint: 'choose another folder with --data-dir',
    });
  }
  if (version > known) {
    throw new GantryError('unsupported', `${file} has schema ${version}, this release knows up to ${known}`, {
      hint: `start it with the newer release that wrote it, or go back to ${file}.v${known}-backup if that stands there`,
    });
  }
}

/** Whether no migration has run yet. */
export function isNew(db: Database.Database): boolean {
  return versionOf(db) === 0;
}

/** How many of the migrations have run. */
export function versionOf(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** Brings a file to the schema of this release, each migration in a transaction of its own. */
export function migrate(db: Database.Database, all: readonly string[] = migrations): void {
  const version = versionOf(db);
  for (const [index, sql] of all.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${applicationId}`);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}
