import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stampFile = (root) => join(root, 'node_modules', '.gantry-stamp');

/** Is what the lock file names installed, for this very Node and machine? */
export function isInstalled(root) {
  // A linked node_modules belongs to another tree: it is used, never written to, and so has no stamp of ours.
  const isStampRight = isLinked(root) || read(stampFile(root)) === installStamp(root);
  return isStampRight && wrongDependencies(root).length === 0;
}

export function isLinked(root) {
  return lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/** A compiled addon fits one ABI, platform, processor and C library; hence all of them beside the lock file. */
export function installStamp(root) {
  const { node, modules } = process.versions;
  const machine = [node, modules, process.platform, process.arch, libc()].join(' ');
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(machine)
    .digest('hex');
}

export function writeInstallStamp(root) {
  writeFileSync(stampFile(root), installStamp(root));
}

/**
 * Direct dependencies whose folder is missing or holds another version than package.json pins. The stamp alone does
 * not notice a folder deleted by hand, and the start would end in ERR_MODULE_NOT_FOUND.
 */
export function wrongDependencies(root) {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wrong = [];
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    const text = read(join(root, 'node_modules', name, 'package.json'));
    const found = text === undefined ? undefined : JSON.parse(text).version;
    if (found !== version) wrong.push(`${name} ${version} (found: ${found ?? 'nothing'})`);
  }
  return wrong;
}

// process.report would say it too, but takes longer than the whole rest of an unchanged start.
function libc() {
  if (process.platform !== 'linux') return '';
  return /\/ld-musl-/.test(read('/proc/self/maps') ?? '') ? 'musl' : 'glibc';
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // Missing or unreadable: both mean that it has to be made again.
  }
}
