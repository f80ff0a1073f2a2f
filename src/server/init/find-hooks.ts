import type { Dirent } from 'node:fs';
import { access, constants, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Hook {
  /** Below its folder: `10-queues.sh`. */
  readonly name: string;
  readonly path: string;
  /** The program and what stands before the path among its arguments; empty: the file is the program. */
  readonly runner: readonly string[];
}

const levelsMax = 8;
const shebangBytesMax = 256;

/**
 * The scripts of all folders, in the order of their names: `10-a.sh` of one folder before `20-b.sh` of another; those of a
 * subfolder after those beside it. A folder that is not there has none, as an image names folders that nobody may mount.
 */
export async function findHooks(folders: readonly string[]): Promise<readonly Hook[]> {
  const files = (await Promise.all(folders.map((folder) => filesIn(folder, [])))).flat();
  files.sort((a, b) => order(a.segments, b.segments));
  const hooks: Hook[] = [];
  for (const { path, segments } of files) {
    const runner = await runnerOf(path);
    if (runner !== undefined) hooks.push({ name: segments.join('/'), path, runner });
  }
  return hooks;
}

interface Found {
  readonly path: string;
  readonly segments: readonly string[];
}

async function filesIn(folder: string, above: readonly string[]): Promise<readonly Found[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  const found: Found[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const segments = [...above, entry.name];
    if (entry.name.startsWith('.')) continue; // What Kubernetes and editors put there.
    if (entry.isDirectory() && segments.length < levelsMax) found.push(...(await filesIn(path, segments)));
    else if (entry.isFile() || entry.isSymbolicLink()) found.push({ path, segments });
  }
  return found;
}

function order(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; ; at++) {
    const [one, other] = [a[at], b[at]];
    if (one === undefined || other === undefined) return a.length - b.length;
    const areFiles = [at === a.length - 1, at === b.length - 1];
    if (areFiles[0] !== areFiles[1]) return areFiles[0] === true ? -1 : 1;
    if (one !== other) return one < other ? -1 : 1;
  }
}

/** undefined: it is no script, but what one reads. */
async function runnerOf(path: string): Promise<readonly string[] | undefined> {
  if (/\.[cm]?js$/.test(path)) return [process.execPath];
  if (path.endsWith('.py')) return ['python3'];
  // Whose mode was lost on the way into a container runs all the same, by the program that its first line names.
  if (path.endsWith('.sh')) return (await shebang(path)) ?? ['sh'];
  return (await isExecutable(path)) ? [] : undefined;
}

async function shebang(path: string): Promise<readonly string[] | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(shebangBytesMax), 0, shebangBytesMax, 0);
    const words = /^#![ \t]*(\S+)[ \t]*([^\r\n]*)/.exec(buffer.subarray(0, bytesRead).toString('utf8'));
    return words?.slice(1).filter((word) => word !== '');
  } catch {
    return undefined; // A folder that is named as a script: running it says so.
  } finally {
    await file.close();
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
