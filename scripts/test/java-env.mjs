// Maven resolves the class paths, and is asked again only when a pom.xml changed: its start alone takes seconds. javac
// compiles each suite whose sources or class path changed. What comes out lies in `.cache/java`: `class-paths/<suite>`,
// and `<suite>/java.args`, with which `java` runs it. The jars lie where Maven keeps them for all projects.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, posix } from 'node:path';
import { filesBelow } from '../setup/build-stamp.mjs';
import { withLock } from '../setup/lock.mjs';
import { run } from '../setup/run.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/** What every suite is compiled with: the launcher of the broker, the runner of the cases. */
const sharedSources = 'test/clients/java';
const stampName = '.gantry-stamp';
/** What a step prints is for people: our own output ends with the totals. */
const stdio = ['ignore', 2, 2];
const releaseMin = 17;
/** Short runs: start quickly, compile lightly, leave the other core to the broker. */
const javaOptions = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx512m', '-XX:-UsePerfData'];

const javacOptions = [
  '--release',
  `${releaseMin}`,
  '-encoding',
  'UTF-8',
  '-parameters',
  '-proc:none',
  '-Xlint:all,-classfile,-try',
];

/**
 * Makes `.cache/java/<suite>/java.args` for each of the suites; costs a few file reads when nothing changed.
 * @returns what keeps a person's own AWS settings away from the clients
 * @throws SetupError which names the step that failed
 */
export async function ensureJava(root, env, suites) {
  const compiler = javacVersion(env);
  const cache = join(root, '.cache', 'java');
  mkdirSync(cache, { recursive: true });
  await withLock(`${cache}-lock`, async () => {
    const classPaths = join(cache, 'class-paths');
    if (!areResolved(root, classPaths)) await resolveClassPaths(root, { classPaths, env });
    await Promise.all(suites.map((suite) => ensureCompiled(root, suite, { cache, compiler, env })));
  });
  const theirs = Object.keys(env).filter((name) => name.startsWith('AWS_'));
  const empty = join(cache, 'no-settings'); // The SDK for Java 1 complains of a file that does not exist.
  writeFileSync(empty, '');
  return {
    ...Object.fromEntries(theirs.map((name) => [name, undefined])),
    AWS_CONFIG_FILE: empty,
    AWS_SHARED_CREDENTIALS_FILE: empty,
  };
}

function javacVersion(env) {
  const version = execFileSync('javac', ['-version'], { env, encoding: 'utf8' }).trim();
  if (Number(/^javac (\d+)/.exec(version)?.[1] ?? 0) < releaseMin) {
    throw new SetupError(`${version} is too old: the Java suites need a JDK ${releaseMin} or later`);
  }
  return version;
}

/** Also false when Maven's own folder, where the jars lie, was emptied meanwhile. */
function areResolved(root, classPaths) {
  if (readOrUndefined(join(classPaths, stampName)) !== pomStamp(root)) return false;
  const files = filesBelow(classPaths, '.').map((file) => readFileSync(join(classPaths, file), 'utf8'));
  return files
    .flatMap((text) => text.trim().split(delimiter))
    .every((path) => !path.endsWith('.jar') || existsSync(path));
}

function pomStamp(root) {
  const poms = filesBelow(root, 'test/clients').filter((path) => basename(path) === 'pom.xml');
  return hashOf(root, poms.sort());
}

async function resolveClassPaths(root, { classPaths, env }) {
  console.log('preparing the Java suites: Maven resolves their class paths');
  rmSync(classPaths, { recursive: true, force: true });
  mkdirSync(classPaths, { recursive: true });
  const pom = join(root, sharedSources, 'pom.xml');
  const flags = ['--batch-mode', '--quiet', '--no-transfer-progress', `-Dgantry.classPaths=${classPaths}`];
  const code = await run('mvn', [...flags, '--file', pom, 'dependency:build-classpath'], { env, stdio });
  if (code !== 0) throw new SetupError(`mvn ended with ${code}: can this machine reach a Maven repository?`);
  writeFileSync(join(classPaths, stampName), pomStamp(root)); // Last: what is broken off is made again.
}

/** A suite that does not compile has no `java.args` afterwards: it fails, and the others run. */
async function ensureCompiled(root, suite, { cache, compiler, env }) {
  const name = basename(suite.folder);
  const folder = join(cache, name);
  const classPath = readFileSync(join(cache, 'class-paths', name), 'utf8').trim();
  const sources = sourcesOf(root, suite);
  const stamp = hashOf(root, sources, `${compiler}\0${classPath}\0${folder}\0${javaOptions}`);
  if (readOrUndefined(join(folder, stampName)) === stamp) return;
  rmSync(folder, { recursive: true, force: true });
  const classes = join(folder, 'classes');
  mkdirSync(classes, { recursive: true });
  const files = sources.map((source) => join(root, source));
  writeArguments(join(folder, 'javac.args'), [...javacOptions, '-cp', classPath, '-d', classes, ...files]);
  const code = await run('javac', [...javaOptions.map((option) => `-J${option}`), `@${join(folder, 'javac.args')}`], {
    env,
    stdio,
  });
  if (code !== 0) return;
  writeArguments(join(folder, 'java.args'), [...javaOptions, '-cp', `${classes}${delimiter}${classPath}`]);
  writeFileSync(join(folder, stampName), stamp);
}

/** Its own sources, or those of the folders that its manifest names, and what all suites share. */
function sourcesOf(root, suite) {
  const own = (suite.sources ?? ['.']).map((folder) => posix.join(suite.path, folder));
  return [...own, sharedSources]
    .flatMap((folder) => filesBelow(root, folder))
    .filter((path) => path.endsWith('.java'))
    .sort();
}

/** One quoted argument a line, as `java @file` and `javac @file` read them. */
function writeArguments(file, values) {
  writeFileSync(file, values.map((value) => `"${value.replaceAll('\\', '\\\\')}"\n`).join(''));
}

function hashOf(root, files, ...more) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  for (const text of more) hash.update(text);
  return hash.digest('hex');
}

function readOrUndefined(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
