/** What is known of a data folder without opening it: for `gantry doctor`. */
import type { Stats } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface FolderFacts {
  readonly path: string;
  /** Undefined: it is not there; a start makes it. */
  readonly stats: Stats | undefined;
  /** It, or the nearest above that is there: where the bytes will be. */
  readonly onDisk: string;
  readonly freeBytes: number;
  /** Its name, where the store refuses it. */
  readonly networkFileSystem: string | undefined;
  readonly isInMemoryOnly: boolean;
  /** Process id of the broker that has it open, as it wrote it. */
  readonly heldBy: string | undefined;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** Magic number of statfs: gone at the next start of the machine. */
const tmpfs = 0x01021994;

export async function folderFacts(dataDir: string): Promise<FolderFacts> {
  const path = resolve(dataDir);
  const stats = await statOf(path);
  const onDisk = await nearest(path);
  const { bavail, bsize, type } = await statfs(onDisk);
  const { holderOf, networkFileSystemOf } = await import('../../storage/sqlite/lock.ts');
  return {
    ...{ path, stats, onDisk, freeBytes: bavail * bsize },
    networkFileSystem: networkFileSystemOf(onDisk),
    isInMemoryOnly: type === tmpfs,
    heldBy: stats?.isDirectory() === true ? holderOf(path) : undefined,
    files: stats?.isDirectory() === true ? await filesIn(path) : [],
  };
}

async function filesIn(folder: string): Promise<FolderFacts['files']> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map(async (name) => ({ name, stats: await statOf(join(folder, name)) })));
  return found.flatMap(({ name, stats }) => (stats?.isFile() === true ? [{ name, bytes: stats.size }] : []));
}

async function nearest(path: string): Promise<string> {
  return (await statOf(path)) !== undefined || dirname(path) === path ? path : await nearest(dirname(path));
}

function statOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}
