/** What all copies of a store's file have in common: room is looked for first, and the name reaches the disk as the bytes do. */
import { statfsSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GantryError } from '../../src/model/errors.ts';

export const copyMode = 0o600;
/** Left on the disk by a copy, unless a store there wants more: then it is that and half of this. */
const freeBytesMin = 64 * 1024 * 1024;

/** A copy must not be what makes a store refuse appends, which it does below `storeFreeBytesMin`. */
export function freeBytesBeside(storeFreeBytesMin: number): number {
  return Math.max(freeBytesMin, storeFreeBytesMin + freeBytesMin / 2);
}

/** @throws GantryError `store-full` */
export function requireRoom(to: string, bytes: number, freeBytesKept = freeBytesMin): void {
  const { bavail, bsize } = statfsSync(dirname(to));
  const free = bavail * bsize;
  if (free >= bytes + freeBytesKept) return;
  const text = `no room for a copy of ${mebibytes(bytes)} at ${to}: ${mebibytes(free)} are free there`;
  throw new GantryError('store-full', text, { hint: `free ${mebibytes(bytes + freeBytesKept - free)} there` });
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

export function noSpaceLeft(to: string, cause: unknown): GantryError {
  return new GantryError('store-full', `no space left for a copy at ${to}`, { cause });
}

/** A file, or a folder with the names in it. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r').catch(() => undefined); // Windows opens no folder.
  await handle?.sync().catch((error: unknown) => {
    if (process.platform !== 'win32') throw error;
  });
  await handle?.close();
}

export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
