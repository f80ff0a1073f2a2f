import type { Stats } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GantryError } from '../model/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no permission to make or enter it',
  EPERM: 'no permission to make or enter it',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'it is a file, no folder',
  ENOENT: 'its file system lets no folder be made there',
  ENOSPC: 'no space is left for it',
};

/**
 * Makes the folder when it is not there, readable by its owner alone.
 * @throws GantryError `unavailable`, one line that names the option
 */
export async function prepareDataDir(path: string): Promise<void> {
  if (path === ':memory:') return;
  try {
    await makeFolder(resolve(path));
  } catch (cause) {
    throw dataDirError(path, cause);
  }
}

/** Level by level: `recursive` of Node 20 tries for ever where a file system answers ENOENT to a mkdir (/proc). */
export async function makeFolder(path: string): Promise<void> {
  if ((await found(path))?.isDirectory() === true) return;
  const parent = dirname(path);
  if (parent !== path && (await found(parent)) === undefined) await makeFolder(parent);
  await mkdir(path, { mode: 0o700 }).catch(async (cause: unknown) => {
    if ((await found(path))?.isDirectory() !== true) throw cause; // Else another start was quicker.
  });
}

function found(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

/** What the system or the store says about the folder, in one line that names the option. */
export function dataDirError(path: string, cause: unknown): GantryError {
  const message =
    cause instanceof GantryError ? storeMessage(path, cause) : `--data-dir ${path}: ${systemMessage(cause)}`;
  return new GantryError('unavailable', message.replaceAll('\n', ' '), { resource: path, cause });
}

/** The store names what it is about, and often the way out. */
function storeMessage(path: string, { message, hint }: GantryError): string {
  const text = hint === undefined ? message : `${message}: ${hint}`;
  return text.includes('--data-dir') ? text : `--data-dir ${path}: ${text}`;
}

function systemMessage(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
}
