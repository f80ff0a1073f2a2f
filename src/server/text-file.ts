import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { devNull } from 'node:os';
import { GantryError } from '../model/errors.ts';

export interface TextFileLimits {
  readonly bytesMax: number;
  /**
   * For what is read once, by a command that can wait and be ended: `<(...)` of a shell is a pipe. Else a pipe is refused, for
   * a broker that waits for its other end waits for good.
   */
  readonly mayBePipe?: boolean;
}

const chunkBytes = 64 * 1024;

/**
 * The text of a file that somebody named. No more of it is read than may be there, and what is no file is not waited for.
 * @throws GantryError `invalid-argument` that says what it is, without its name; else what the system says
 */
export async function readTextFile(path: string, limits: TextFileLimits): Promise<string> {
  const { bytesMax, mayBePipe = false } = limits;
  if (path === devNull) return '';
  // Without waiting: to open a pipe is to wait for who writes into it, in a thread that nothing can call back.
  const file = await open(path, mayBePipe ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (found.isDirectory()) throw new GantryError('invalid-argument', 'it is a folder, no file');
    if (found.isFIFO() && !mayBePipe)
      throw new GantryError('invalid-argument', 'it is a pipe, and a file is needed, which can be read again');
    if (!found.isFile() && !found.isFIFO()) throw new GantryError('invalid-argument', 'it is a device, no file');
    if (found.size > bytesMax) throw tooLarge(bytesMax);
    return await readAll(file, found.size, bytesMax);
  } finally {
    await file.close();
  }
}

/** Whatever its size was said to be: a pipe and what the system makes up have none, and a file may be growing. */
async function readAll(file: FileHandle, size: number, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(Math.max(chunkBytes, size + 1 - length));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return Buffer.concat(chunks, length).toString();
    length += bytesRead;
    if (length > bytesMax) throw tooLarge(bytesMax);
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function tooLarge(bytesMax: number): GantryError {
  return new GantryError('invalid-argument', `larger than ${bytesMax} bytes`);
}
