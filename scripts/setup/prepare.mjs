// The set-up in order. An unchanged tree passes on three cheap looks (stamp of the install, versions of the direct
// dependencies, stamp of the sources) and calls neither npm nor tsc; everything else happens under the lock.
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './build-stamp.mjs';
import { isInstalled } from './install-stamp.mjs';
import { SetupError } from './setup-error.mjs';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Brings node_modules and dist up to date. Everything it has to say goes to stderr.
 * @throws SetupError when a person has to act
 */
export async function prepare(folder = root) {
  if (isInstalled(folder) && isBuilt(folder)) return;
  // What only a changed tree needs is loaded only for it.
  const [{ setupLock, withLock }, { install }, { build }] = await Promise.all([
    import('./lock.mjs'),
    import('./install.mjs'),
    import('./build.mjs'),
  ]);
  await withLock(setupLock(folder), async () => {
    if (!isInstalled(folder)) await install(folder);
    if (!isBuilt(folder)) await build(folder);
  });
}

/** The last frame of each script: a SetupError is one message, anything else is a defect and keeps its stack. */
export async function runAsProgram(program) {
  try {
    await program();
  } catch (error) {
    console.error(error instanceof SetupError ? `gantry: ${error.message}` : error);
    process.exitCode = error?.exitCode ?? 1;
  }
}
