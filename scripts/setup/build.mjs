import { copyFileSync, existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildStamp, buildStampFile, filesBelow, isAsset, isCompiled, sourceFolders, sources } from './build-stamp.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/** Type-checks and compiles into dist, carries the assets, and removes what has lost its source. */
export async function build(root) {
  const stamp = buildStamp(root); // Taken before: a file changed while tsc runs makes the next start build again.
  rmSync(buildStampFile(root), { force: true });
  removeStale(root);
  let code = await tsc(root);
  if (code === 0 && missingOutputs(root).length > 0) {
    // An output was deleted by hand, and tsc's memory says that it is there.
    rmSync(join(root, 'dist', '.tsbuildinfo'), { force: true });
    code = await tsc(root);
  }
  if (code !== 0) throw new SetupError('the types do not check: tsc has said where');
  copyAssets(root);
  writeFileSync(buildStampFile(root), stamp);
}

function tsc(root) {
  process.stderr.write('gantry: building\n');
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  return run(process.execPath, [compiler, '-p', root], { cwd: root, stdio: ['ignore', 2, 2] });
}

/** Carries what tsc does not: SQL and JSON that the code reads beside itself. */
export function copyAssets(root) {
  for (const path of sources(root).filter(isAsset)) {
    mkdirSync(dirname(join(root, 'dist', path)), { recursive: true });
    copyFileSync(join(root, path), join(root, 'dist', path));
  }
}

/** A removed or renamed source must not live on in dist: a test of it would still run, an import still resolve. */
export function removeStale(root) {
  const dist = join(root, 'dist');
  const wanted = new Set(sources(root).flatMap((path) => [...outputsOf(path)]));
  const stale = sourceFolders.flatMap((folder) => filesBelow(dist, folder)).filter((path) => !wanted.has(path));
  for (const path of stale) {
    rmSync(join(dist, path));
    removeEmptyFolders(dist, dirname(path));
  }
}

function missingOutputs(root) {
  return sources(root)
    .filter(isCompiled)
    .flatMap((path) => [...outputsOf(path)])
    .filter((path) => !existsSync(join(root, 'dist', path)));
}

function outputsOf(path) {
  const name = path.replace(/\.ts$/, '');
  return isCompiled(path) ? [`${name}.js`, `${name}.js.map`, `${name}.d.ts`] : [path];
}

function removeEmptyFolders(dist, folder) {
  if (folder === '.') return;
  try {
    rmdirSync(join(dist, folder));
  } catch {
    return; // Not empty: something in it is still wanted.
  }
  removeEmptyFolders(dist, dirname(folder));
}
