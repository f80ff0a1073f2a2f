/**
 * Brings a pinned release of an emulator into .cache, once. What cannot be brought (a toolchain is missing, nothing
 * answers) is no failure of ours: the benchmark says which emulator is left out and why.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Where what pins them lies, in the sources. */
export const recipes = join(root, 'bench', 'emulators');
const cacheUsual = join(root, '.cache', 'bench');
const installMsMax = 600_000;

/** Why an emulator takes no part. */
export class LeftOut extends Error {}

/**
 * @param name with the version in it: another one is installed beside
 * @param fill puts all that is needed into the folder it is given
 * @returns the folder, complete
 */
export async function install(
  name: string,
  fill: (folder: string) => Promise<void>,
  cache = cacheUsual,
): Promise<string> {
  const folder = join(cache, name);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const halfDone = await mkdtemp(join(cache, 'half-done-'));
  try {
    await fill(halfDone);
    await rename(halfDone, folder);
  } finally {
    await rm(halfDone, { recursive: true, force: true });
  }
  return folder;
}

/** @throws LeftOut with what it said when it does not end with 0 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<void> {
  requireProgram(command);
  // Settings of the npm that may have started us (engine-strict, a prefix) are ours, not the emulator's.
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const env = { ...Object.fromEntries(inherited), ...options.env };
  const settings = { env, timeout: installMsMax, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) };
  await new Promise<void>((resolve, reject) => {
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (error === null) return resolve();
      const said = `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' | ');
      reject(new LeftOut(`${command} did not install it: ${said === '' ? error.message : said}`));
    });
  });
}
interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** @throws LeftOut */
export function requireProgram(name: string): void {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (!folders.some((folder) => existsSync(join(folder, name)))) throw new LeftOut(`${name} was not found on the PATH`);
}
