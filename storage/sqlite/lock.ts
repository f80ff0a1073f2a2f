import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';

/** Magic numbers of statfs: on these SQLite's locks and syncs promise nothing. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9P'],
]);

const lockName = 'gantry.lock';

export interface FolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process: an exclusive lock of SQLite's own on a small file beside the store, which the
 * system releases however the process ends. The pid beside it is for people.
 * @throws GantryError `unavailable`: in use, not writable, on a network file system
 */
export function lockFolder(folder: string): FolderLock {
  makeFolder(folder);
  const fileSystem = networkFileSystemOf(folder);
  if (fileSystem !== undefined) {
    throw new GantryError('unavailable', `${folder} is on a network file system (${fileSystem})`, {
      hint: 'choose a folder on a local disk with --data-dir',
    });
  }
  const db = lockFile(folder);
  writeFileSync(join(folder, 'gantry.pid'), `${process.pid}\n`, { mode: 0o600 });
  return { release: () => db.close() };
}

/** Its name, where the folder is on one. */
export function networkFileSystemOf(folder: string): string | undefined {
  return networkFileSystems.get(statfsSync(folder).type);
}

/** The process id of whoever has the folder, in its own words; undefined: nobody has. */
export function holderOf(folder: string): string | undefined {
  if (!existsSync(join(folder, lockName))) return undefined;
  try {
    lockFile(folder).close();
    return undefined;
  } catch (error) {
    const isHeld = error instanceof GantryError && error.cause === undefined;
    return isHeld ? pidOf(folder) : undefined;
  }
}

function makeFolder(folder: string): void {
  try {
    // Not `recursive`, which in Node 20 tries for ever where a file system answers ENOENT to a mkdir (/proc).
    if (!existsSync(dirname(folder))) makeFolder(dirname(folder));
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

function lockFile(folder: string): Database.Database {
  let db: Database.Database | undefined;
  try {
    db = new Database(join(folder, lockName), { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db?.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY'))
      throw notWritable(folder, error);
    throw new GantryError('unavailable', `${folder} is in use by another Gantry (process ${pidOf(folder)})`, {
      hint: 'stop it, or choose another folder with --data-dir',
    });
  }
}

function pidOf(folder: string): string {
  try {
    return readFileSync(join(folder, 'gantry.pid'), 'utf8').trim();
  } catch {
    return 'unknown'; // Only a courtesy: the lock itself has said no.
  }
}

function notWritable(folder: string, cause: unknown): GantryError {
  return new GantryError('unavailable', `${folder} cannot be written`, {
    hint: 'give this user write access to the folder, or choose another with --data-dir',
    cause,
  });
}
