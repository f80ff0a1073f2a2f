import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskFigures {
  /** What the broker's user may still write. */
  readonly freeBytes: number;
  readonly sizeBytes: number;
  /** Of the files in the data folder itself. */
  readonly dataBytes: number;
}

/** @returns undefined: nothing is kept on a disk, or the system does not say */
export async function readDataDisk(dataDir: string): Promise<DiskFigures | undefined> {
  if (dataDir === ':memory:') return undefined;
  try {
    const [{ bavail, blocks, bsize }, dataBytes] = await Promise.all([statfs(dataDir), sizeOfFiles(dataDir)]);
    return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize, dataBytes };
  } catch {
    return undefined; // A folder that cannot be read is the store's to complain of.
  }
}

async function sizeOfFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(
      async ({ name }) =>
        await stat(join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
    ); // One may just have gone.
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
