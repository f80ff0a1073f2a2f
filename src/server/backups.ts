import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Store } from '../../storage/store.ts';
import { GantryError } from '../model/errors.ts';

/** A whole copy of the store, to be read once. Destroying the stream frees what it holds on the disk. */
export interface BackupStream {
  readonly stream: Readable;
  readonly bytes: number;
}
export interface Backups {
  /**
   * Has the store copied and gives the copy as a stream.
   * @throws GantryError `limit-exceeded` with as many under way as there may be, and what the store's backup throws
   */
  take(signal?: AbortSignal): Promise<BackupStream>;
  /** Removes what a process left that died in the middle; only for who has the data folder to itself. */
  clear(): Promise<void>;
}

/** Being made or being read: each holds as much disk as the store. */
const backupsMax = 2;
const folderName = 'gantry.backups';
/** The stream's buffer: a whole backup passes through the memory of few pieces. */
const chunkBytes = 256 * 1024;

export function createBackups({ store, dataDir }: { readonly store: Store; readonly dataDir: string }): Backups {
  const folder = join(dataDir, folderName);
  let underWay = 0;

  async function make(signal: AbortSignal | undefined): Promise<BackupStream> {
    if (dataDir !== ':memory:') await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${randomBytes(8).toString('hex')}.db`);
    try {
      await store.backup(file, signal);
      const handle = await open(file, 'r');
      const { size } = await handle.stat();
      return { stream: handle.createReadStream({ highWaterMark: chunkBytes }), bytes: size };
    } finally {
      // The open handle still reads it; so however the stream or this process ends, nothing is left.
      await rm(file, { force: true });
    }
  }

  return {
    take: async (signal) => {
      if (underWay >= backupsMax) {
        throw new GantryError('limit-exceeded', `${backupsMax} backups are under way, more are not made at once`, {
          hint: 'try again when one of them is done',
        });
      }
      underWay++;
      try {
        const backup = await make(signal);
        backup.stream.once('close', () => underWay--);
        if (signal !== undefined) addAbortSignal(signal, backup.stream);
        return backup;
      } catch (error) {
        underWay--;
        throw error;
      }
    },
    clear: async () => {
      if (dataDir !== ':memory:') await rm(folder, { recursive: true, force: true });
    },
  };
}
