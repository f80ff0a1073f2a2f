import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installStamp, isLinked, writeInstallStamp, wrongDependencies } from './install-stamp.mjs';
import { runNpm } from './npm.mjs';
import { run } from './run.mjs';
import { SetupError } from './setup-error.mjs';

/** Installs what the lock file names, proves that SQLite opens, and leaves the stamp last. */
export async function install(root) {
  if (isLinked(root)) {
    throw new SetupError(
      `node_modules is a link and does not hold what package.json pins: ${wrongDependencies(root).join(', ')}. ` +
        'Install in the tree that it points to, or remove the link',
    );
  }
  const stamp = installStamp(root);
  rmSync(join(root, 'node_modules', '.gantry-stamp'), { force: true });
  await installPackages(root);
  await ensureSqlite(root);
  const wrong = wrongDependencies(root);
  if (wrong.length > 0) {
    throw new SetupError(`package.json and package-lock.json disagree about ${wrong.join(', ')}: run npm install`);
  }
  if (stamp === installStamp(root)) writeInstallStamp(root); // Else the lock changed meanwhile: the next start looks again.
}

async function installPackages(root) {
  if (isEmpty(join(root, 'node_modules'))) {
    say('installing packages; compiling SQLite can take a minute');
    await npmOrThrow(root, ['ci']);
    return;
  }
  say('what is installed does not fit package-lock.json and this Node: updating packages');
  // npm takes its hidden lock for the truth about node_modules, which it is not after a pull or a deletion by hand.
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });
  // Not `npm ci`, which would throw the compiled SQLite away; --no-save keeps the lock file as it was pulled.
  if ((await runNpm(root, ['install', '--no-save'])) === 0) return;
  say('the update failed: installing everything again');
  await npmOrThrow(root, ['ci']);
}

/** In a child: an addon made for another Node can end its process without a word. */
async function ensureSqlite(root) {
  if (await opensSqlite(root)) return;
  say('SQLite does not open: compiling it again');
  // The user is running our scripts as it is, so a general ignore-scripts setting does not stand against this one.
  await runNpm(root, ['rebuild', 'better-sqlite3', '--ignore-scripts=false']);
  if (await opensSqlite(root)) return;
  say('SQLite still does not open: installing everything again');
  await runNpm(root, ['ci']);
  if (await opensSqlite(root)) return;
  throw new SetupError(
    'better-sqlite3 could not be compiled. It needs a C++ compiler (g++ or clang++), make and python3, ' +
      "and Node's headers, from the network or from <prefix>/include/node. Debian: apt-get install g++ make python3",
  );
}

async function opensSqlite(root) {
  const probe = "const S = require('better-sqlite3'); new S(':memory:').prepare('select 1').get()";
  return (await run(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' })) === 0;
}

async function npmOrThrow(root, args) {
  const code = await runNpm(root, args);
  if (code === 0) return;
  // A failed compilation of SQLite fails the install too: what is there may be enough for the rebuild that follows.
  if (existsSync(join(root, 'node_modules', 'better-sqlite3')) && wrongDependencies(root).length === 0) return;
  throw new SetupError(`npm ${args.join(' ')} ended with ${code}: its own words are above`);
}

const isEmpty = (folder) => !existsSync(folder) || readdirSync(folder).length === 0;
const say = (text) => process.stderr.write(`gantry: ${text}\n`);
