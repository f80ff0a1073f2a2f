/** Puts a backup into a data folder that no broker runs on. Nothing in the folder changes before the backup is proved whole. */
import { constants } from 'node:fs';
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { GantryError } from '../../src/model/errors.ts';
import { copyMode, isThere, requireRoom, syncPath } from './copied-file.ts';
import { explained } from './file.ts';
import { refuseForeignParts } from './foreign-parts.ts';
import { storeFileName } from './index.ts';
import { lockFolder } from './lock.ts';
import { checkIdentity, isNew, judgeIdentity } from './schema.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly dataDir: string;
  /** Moves aside what the folder holds; else such a folder is refused. */
  readonly isForced: boolean;
}
export interface Restored {
  readonly schema: number;
  readonly queues: number;
  readonly messages: number;
  readonly bytes: number;
  /** Where the former file is now. */
  readonly movedTo: string | undefined;
}

/**
 * @throws GantryError `not-found` without such a file, `already-exists` when the folder holds data, `unavailable` when a
 * broker runs on it or the backup is damaged, `unsupported` when it is none or of a newer release, `invalid-argument` when it
 * is no file, `store-full`
 */
export async function restoreStore({ file, dataDir, isForced }: RestoreOptions): Promise<Restored> {
  const bytes = await sizeOf(file);
  await checkHead(file);
  const lock = lockFolder(dataDir);
  try {
    const target = join(dataDir, storeFileName);
    const isTaken = await isThere(target);
    if (isTaken && !isForced) {
      throw new GantryError('already-exists', `${dataDir} holds messages already`, {
        hint: 'choose another folder with --data-dir, or move them aside with --force',
      });
    }
    const part = `${target}.restore.part`; // One name: what a dead restore left is overwritten by the next.
    try {
      await copyIn(file, part, bytes);
      const content = look(part, file);
      await syncPath(part);
      const movedTo = await moveAside(target, isTaken);
      await rename(part, target);
      await syncPath(dataDir);
      return { ...content, bytes, movedTo };
    } finally {
      await Promise.all(['', ...companions].map((suffix) => rm(`${part}${suffix}`, { force: true })));
    }
  } finally {
    lock.release();
  }
}

const companions = ['-wal', '-shm', '-journal'] as const;

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new GantryError('not-found', `there is no file ${file}`, { resource: file });
  if (!found.isFile()) {
    const what = found.isDirectory() ? 'a folder' : 'a device or pipe';
    throw new GantryError('invalid-argument', `${file} is ${what}, no backup`, { resource: file });
  }
  const log = await stat(`${file}-wal`).catch(() => undefined);
  if (log === undefined || log.size === 0) return found.size;
  throw new GantryError('invalid-argument', `${file} has a log beside it: it is a broker's own file, no backup`, {
    hint: 'make one with gantry backup; or start the broker on that folder once and stop it',
  });
}

/** Before anything is made in the folder: what is no backup leaves nothing there. */
async function checkHead(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new GantryError('unavailable', `${file} cannot be read`, { resource: file, cause });
  });
  try {
    const head = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    if (bytesRead === 0) throw new GantryError('unsupported', `${file} is empty, no backup`);
    // Of anything but SQLite's these are no numbers of anybody.
    const isSqlite = head.toString('latin1', 0, headMagic.length) === headMagic;
    const id = isSqlite ? head.readInt32BE(applicationIdAt) : -1;
    judgeIdentity({ id, version: head.readInt32BE(userVersionAt), isEmpty: false }, file);
  } finally {
    await handle.close();
  }
}

/** [SQLite file format 1.3] */
const headMagic = 'SQLite format 3\0';
const headBytes = 100;
const userVersionAt = 60;
const applicationIdAt = 68;

async function copyIn(file: string, part: string, bytes: number): Promise<void> {
  requireRoom(part, bytes);
  await copyFile(file, part, constants.COPYFILE_FICLONE).catch((cause: unknown) => {
    throw new GantryError('unavailable', `${file} cannot be copied into ${dirname(part)}`, { cause });
  });
  await chmod(part, copyMode);
}

/** Whether it is a store, whole, and of a release that this one knows; and what is in it. */
function look(part: string, file: string): Pick<Restored, 'schema' | 'queues' | 'messages'> {
  let db: Database.Database | undefined;
  try {
    db = new Database(part);
    checkIdentity(db, file);
    if (isNew(db)) throw new GantryError('unsupported', `${file} is empty, no backup`);
    refuseForeignParts(db, file);
    const damage = db.pragma('quick_check(1)', { simple: true });
    if (damage !== 'ok') throw new GantryError('unavailable', `${file} is damaged: ${String(damage)}`);
    return {
      schema: Number(db.pragma('user_version', { simple: true })),
      queues: Number(db.prepare('SELECT count(*) FROM queue').pluck().get()),
      messages: Number(db.prepare('SELECT count(*) FROM entry').pluck().get()),
    };
  } catch (error) {
    throw explained(error, file);
  } finally {
    db?.close();
  }
}

/** With its log, if a broker was killed and the file cannot take it in; a log without its file is no one's and goes. */
async function moveAside(target: string, isTaken: boolean): Promise<string | undefined> {
  const aside = `${target}.replaced-${new Date().toISOString().replaceAll(':', '-')}`;
  if (isTaken) {
    takeInLog(target);
    await rename(target, aside);
    if (await isThere(`${target}-wal`)) await rename(`${target}-wal`, `${aside}-wal`);
  }
  await Promise.all(companions.map((suffix) => rm(`${target}${suffix}`, { force: true })));
  return isTaken ? aside : undefined;
}

function takeInLog(target: string): void {
  try {
    const db = new Database(target);
    db.close(); // The last connection writes the log back and removes it.
  } catch {
    // Damaged, which may be why somebody restores: file and log are kept as they are.
  }
}
