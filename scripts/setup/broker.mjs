import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError } from './setup-error.mjs';

export const mainFile = (root) => join(root, 'dist', 'src', 'cli', 'main.js');

/** Becomes `node dist/src/cli/main.js serve <flags>`, without a second process. */
export async function startBroker(root, flags) {
  const main = mainFile(root);
  if (!existsSync(main)) throw new SetupError(`${main} was not built: src/cli/main.ts is missing`);
  process.argv = [process.argv[0], main, 'serve', ...flags];
  await import(pathToFileURL(main).href);
}
