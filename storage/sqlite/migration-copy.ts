/** The way back from an upgrade: the file as the older release left it, beside the new one. */
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';
import { copyMode, requireRoom } from './copied-file.ts';

/**
 * To be called before the first write of a migration, by who has the file to itself. A copy of that schema which stands
 * there takes an older state: the last one is what a way back needs.
 * @returns the copy's path
 * @throws GantryError `store-full`, and nothing was changed
 */
export function keepCopy(db: Database.Database, file: string, version: number): string {
  const copy = `${file}.v${version}-backup`;
  const part = `${copy}.part`;
  takeInLog(db, file);
  try {
    requireRoom(copy, statSync(file).size);
    copyFileSync(file, part, constants.COPYFILE_FICLONE);
    chmodSync(part, copyMode);
    syncSync(part);
    renameSync(part, copy);
    syncSync(dirname(copy));
    return copy;
  } catch (error) {
    rmSync(part, { force: true });
    throw explained(error, copy);
  }
}

/** Afterwards the file alone is the whole store. */
function takeInLog(db: Database.Database, file: string): void {
  const [state] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number; log: number }[];
  if (state?.busy === 0) return;
  throw new GantryError('unavailable', `${file} is in use by another process`, { hint: 'stop that process' });
}

function syncSync(path: string): void {
  if (process.platform === 'win32') return; // It syncs only what was opened for writing, and no folder.
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function explained(error: unknown, copy: string): GantryError {
  const code = error instanceof GantryError ? error.code : 'unavailable';
  const why = error instanceof Error ? error.message : String(error);
  const message = `the copy ${copy} that an upgrade keeps could not be made: ${why}`;
  return new GantryError(code, message, { hint: 'make room, or start with --skip-migration-copy', cause: error });
}
