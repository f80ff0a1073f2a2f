/** A small file system of its own, which only root can have: the real thing that runs full. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/launch.ts';

export interface SmallDisk {
  readonly folder: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Takes all but so many bytes. */
  leave(bytes: number): void;
  /** Gives it back. */
  clear(): void;
  makeReadOnly(): void;
  remove(): void;
}

const chunkBytes = 64 * 1024;
const pageBytes = 4096;

/** Undefined where file systems cannot be mounted. */
export async function mountSmallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const folder = await temporaryFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return undefined; // Not root, or in a container that may not.
  }
  const unmount = (): void => void execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
  process.prependOnceListener('exit', unmount); // Before the folder is removed.
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => {
      const file = openSync(ballast, 'a');
      try {
        writeUntilFull(file, chunkBytes);
        writeUntilFull(file, pageBytes);
      } finally {
        closeSync(file);
      }
    },
    leave: (bytes) => {
      const { bavail, bsize } = statfsSync(folder);
      writeFileSync(ballast, Buffer.alloc(bavail * bsize - bytes));
    },
    clear: () => rmSync(ballast, { force: true }),
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' }),
    remove: () => {
      process.off('exit', unmount);
      unmount();
    },
  };
}

function writeUntilFull(file: number, bytes: number): void {
  const chunk = Buffer.alloc(bytes, 1);
  try {
    while (writeSync(file, chunk) === bytes);
  } catch {
    // No space left: that is what was wanted.
  }
}
