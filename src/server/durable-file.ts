import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Puts a file of the broker's own in its place, as a whole or not at all, also through a power cut. One at a time for each path.
 * @param mode who may read it: 0o600 for keys
 */
export async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  // Under another name until it is whole: a crash in between must leave no file that is none.
  const file = await open(`${path}.new`, 'w', mode);
  try {
    await file.chmod(mode); // What a crash has left of it may have another.
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  // The name as well must outlive a power cut.
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}
