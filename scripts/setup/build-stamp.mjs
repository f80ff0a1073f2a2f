import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What tsconfig.json includes; `dist` mirrors them. */
export const sourceFolders = ['src', 'protocols', 'storage', 'test', 'bench'];
const inputs = ['package.json', 'package-lock.json', 'tsconfig.json'];
/** Files that the code reads at run time beside itself; tsc does not carry them. */
const assetPattern = /\.(sql|json)$/;
// Suites in other languages and old data folders are read where they lie, and can be large.
const notCarried = ['test/clients', 'test/fixtures'];

export const buildStampFile = (root) => join(root, 'dist', '.gantry-build');

/** Was dist made from exactly these sources? Costs one stat a file and starts nothing. */
export function isBuilt(root) {
  try {
    return readFileSync(buildStampFile(root), 'utf8') === buildStamp(root);
  } catch {
    return false; // Never built, or a build was broken off.
  }
}

/** Path, size and modification time of all that goes into dist. */
export function buildStamp(root) {
  const hash = createHash('sha256');
  for (const path of [...inputs, ...sources(root)]) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Every file that is compiled or carried into dist, as sorted paths from the root. */
export function sources(root) {
  return sourceFolders
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => isCompiled(path) || isAsset(path))
    .sort();
}

export const isCompiled = (path) => path.endsWith('.ts') && !path.endsWith('.d.ts');

export function isAsset(path) {
  return assetPattern.test(path) && !notCarried.some((folder) => path.startsWith(`${folder}/`));
}

/** All files below `root/folder`; none when it does not exist. Slashes on every system. */
export function filesBelow(root, folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return entry.name === 'node_modules' || entry.name.startsWith('.') ? [] : filesBelow(root, path);
  });
}
