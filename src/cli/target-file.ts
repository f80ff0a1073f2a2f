import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GantryError } from '../model/errors.ts';

/**
 * Where a file that takes another's place really goes: a link stays one, and what is no file (a device, a folder) is not
 * replaced by one.
 * @throws GantryError `invalid-argument`
 */
export async function targetFile(path: string): Promise<string> {
  const known = await stat(path).catch(() => undefined);
  if (known === undefined) return resolve(path);
  if (known.isFile()) return await realpath(path);
  throw new GantryError('invalid-argument', `${path} is no file that could be replaced`, { resource: path });
}
