import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';
import type { EngineOptions, Migrated } from './engine-options.ts';
import { keepCopy } from './migration-copy.ts';
import { checkIdentity, isNew, migrate, migrations, versionOf } from './schema.ts';

/** A file up to this size is checked whole at the start; a larger one would make a start wait. */
const checkedWholeBytesMax = 32 * 1024 * 1024;
/** bench/send and bench/cycle: 8 KiB costs 1 us CPU a message less than 4 KiB and writes as much; 16 KiB writes more. */
const pageBytes = 8_192;
const cacheKib = 16_384;
/** Only a net under the engine's own checkpoints. */
const autoCheckpointPages = 4_096;
/** While a copy is read the log cannot start anew and grows; afterwards the file gives that room back. */
const logBytesKept = 64 * 1024 * 1024;

/** Opens and migrates the file. @throws GantryError with what a person can do about it */
export function openFile(options: EngineOptions): { db: Database.Database; migrated: Migrated | undefined } {
  let db: Database.Database | undefined;
  try {
    db = new Database(options.file);
    checkIdentity(db, options.file, options.migrations?.length);
    configure(db, options);
    check(db, options.file); // Before anything is made of it.
    return { db, migrated: bringUp(db, options) };
  } catch (error) {
    db?.close();
    throw explained(error, options.file);
  }
}

function configure(db: Database.Database, options: EngineOptions): void {
  if (isNew(db)) {
    db.pragma(`page_size = ${pageBytes}`);
    db.pragma('auto_vacuum = INCREMENTAL'); // It writes, each time: nothing may before a file was checked.
  }
  db.pragma('journal_mode = WAL');
  // FULL is NORMAL and the engine's own sync of the log (log-sync.ts).
  db.pragma(`synchronous = ${options.synchronous === 'OFF' ? 'OFF' : 'NORMAL'}`);
  db.pragma('fullfsync = 1'); // macOS: fsync alone does not reach the disk.
  db.pragma('checkpoint_fullfsync = 1');
  db.pragma(`cache_size = -${cacheKib}`);
  db.pragma(`wal_autocheckpoint = ${autoCheckpointPages}`);
  db.pragma(`journal_size_limit = ${logBytesKept}`);
  if (options.pagesMax !== undefined) db.pragma(`max_page_count = ${options.pagesMax}`);
}

function bringUp(db: Database.Database, options: EngineOptions): Migrated | undefined {
  const all = options.migrations ?? migrations;
  const from = versionOf(db);
  if (from === all.length) return undefined;
  const isOld = from > 0 && options.file !== ':memory:';
  const copy = isOld && options.skipsMigrationCopy !== true ? keepCopy(db, options.file, from) : undefined;
  migrate(db, all);
  return from === 0 ? undefined : { from, to: all.length, copy };
}

function check(db: Database.Database, file: string): void {
  if (file === ':memory:' || !existsSync(file) || statSync(file).size > checkedWholeBytesMax) return;
  const result = db.pragma('quick_check(1)', { simple: true });
  if (result !== 'ok')
    throw new GantryError('unavailable', `${file} is damaged: ${String(result)}`, { hint: damagedHint });
}

const damagedHint =
  'gantry restore <backup> --force puts a backup in its place; or choose another folder with --data-dir';

export function explained(error: unknown, file: string): unknown {
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB')
    return new GantryError('unsupported', `${file} is not a Gantry store`, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT')) {
    return new GantryError('unavailable', `${file} is damaged`, { hint: damagedHint, cause: error });
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM')) {
    return new GantryError('unavailable', `${file} cannot be written`, {
      hint: 'give this user write access to the folder, or choose another with --data-dir',
      cause: error,
    });
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new GantryError('unavailable', `${file} is in use by another process`, { cause: error });
  }
  if (isFullError(error) || code === 'SQLITE_IOERR_SHMSIZE') {
    return new GantryError('store-full', `no space left for ${file}`, { cause: error });
  }
  if (code.startsWith('SQLITE_IOERR')) {
    return new GantryError(
      'unavailable',
      `${file} cannot be read or written (${code}): its disk or file system fails`,
      {
        cause: error,
      },
    );
  }
  return error;
}

export function isFullError(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_FULL';
}

function codeOf(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}
