// Suites that are not vitest's: `test/clients/<protocol>/<client>/suite.json` holds
//   { "name": "sqs/boto3", "toolchain": "python3" | "java" | "go", "run": ["python3", "suite.py"], "timeoutSeconds": 600 }
// and for Python, where the suite needs other packages than the rest, `"requirements": "requirements-old.txt"`.
// `run` is started in the suite's folder, finds the built broker in GANTRY_MAIN and its Node in GANTRY_NODE, and ends its
// standard output with `N passed, N failed, N skipped`. A missing toolchain skips the suite by name, and in CI fails it.
// A Java suite may name `sources`, the folders that it is compiled from in place of its own, and runs `java @...java.args`
// with what scripts/test/java-env.mjs made of them.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { mainFile } from '../setup/broker.mjs';
import { SetupError } from '../setup/setup-error.mjs';
import { ensureJava } from './java-env.mjs';
import { ensurePython } from './python-env.mjs';
import { formatTotals, oneFailed, oneSkipped, parseTotals, withExitCode } from './totals.mjs';

const timeoutSecondsDefault = 600;
/** How each toolchain is made ready for its suites; gives what it adds to their environment. */
const toolchains = {
  python3: async (root, env, [{ requirements }]) => {
    requirePrograms(env, ['python3']);
    return ensurePython(root, env, requirements);
  },
  java: async (root, env, suites) => {
    requirePrograms(env, ['java', 'javac', 'mvn']);
    return ensureJava(root, env, suites);
  },
  go: async (_root, env) => requirePrograms(env, ['go']),
};

export function findSuites(root) {
  const clients = join(root, 'test', 'clients');
  return foldersIn(clients)
    .flatMap((protocol) => foldersIn(protocol))
    .flatMap((folder) => {
      const text = readOrUndefined(join(folder, 'suite.json'));
      return text === undefined
        ? []
        : [{ folder, path: relative(root, folder).replaceAll('\\', '/'), ...readManifest(folder, text) }];
    });
}

function readManifest(folder, text) {
  const manifest = JSON.parse(text);
  const isRight =
    typeof manifest.name === 'string' &&
    Object.hasOwn(toolchains, manifest.toolchain) &&
    Array.isArray(manifest.run) &&
    manifest.run.length > 0;
  if (isRight) return manifest;
  const known = Object.keys(toolchains).join(', ');
  throw new SetupError(`${join(folder, 'suite.json')} needs a name, a toolchain (${known}) and a run list`);
}

export function matchesFilter({ path, name }, filters) {
  return filters.length === 0 || filters.some((filter) => path.includes(filter) || name.includes(filter));
}

/** One after the other; a toolchain is made ready once for each of its requirements. @returns the totals of each suite */
export async function runSuites(root, suites, env = process.env) {
  const ready = new Map();
  const totals = [];
  for (const suite of suites) {
    const need = needOf(suite);
    if (!ready.has(need)) {
      const own = suites.filter((each) => needOf(each) === need);
      ready.set(need, await prepareToolchain(root, own, env));
    }
    const { added, problem } = ready.get(need);
    totals.push(
      problem === undefined
        ? await runSuite(root, suite, { ...env, ...added })
        : withoutToolchain(suite, { problem, isCi: env.CI === 'true' }),
    );
  }
  return totals;
}

/** Suites that need the same are made ready together. */
const needOf = ({ toolchain, requirements }) => `${toolchain} ${requirements ?? ''}`;

async function prepareToolchain(root, suites, env) {
  const [{ toolchain }] = suites;
  try {
    return { added: await toolchains[toolchain](root, env, suites) };
  } catch (error) {
    if (!(error instanceof SetupError) || error.exitCode !== undefined) throw error; // Interrupted is no missing tool.
    return { problem: error.message };
  }
}

function withoutToolchain({ name }, { problem, isCi }) {
  console.log(`suite ${name}: ${isCi ? 'FAILED' : 'skipped'}: ${problem}`);
  return isCi ? oneFailed : oneSkipped;
}

async function runSuite(root, suite, env) {
  console.log(`suite ${suite.name}: ${suite.run.join(' ')}`);
  const { code, output } = await runCaptured(suite, {
    ...env,
    GANTRY_ROOT: root,
    GANTRY_MAIN: mainFile(root),
    GANTRY_NODE: process.execPath,
  });
  const counted = parseTotals(output);
  if (counted === undefined) console.log(`suite ${suite.name}: FAILED: it did not end with its totals`);
  const totals = withExitCode(counted ?? oneFailed, code);
  console.log(`suite ${suite.name}: ${formatTotals(totals)}${code === 0 ? '' : ` (ended with ${code})`}`);
  return totals;
}

function runCaptured({ folder, run, timeoutSeconds = timeoutSecondsDefault }, env) {
  const [command, ...args] = run;
  return new Promise((resolve) => {
    // A group of its own, so that a broker that the suite started goes with it at the time limit.
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    const stop = () => process.kill(-child.pid, 'SIGKILL');
    const timer = setTimeout(stop, timeoutSeconds * 1000);
    const passOn = () => {
      stop();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, passOn);
    let output = '';
    const finish = (code) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, passOn);
      resolve({ code, output });
    };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-4096); // Only the last line is ours to read.
      process.stdout.write(text);
    });
    child.once('error', () => finish(127));
    child.once('close', (code, signal) => finish(code ?? signal));
  });
}

function requirePrograms(env, names) {
  const folders = (env.PATH ?? '').split(delimiter);
  for (const name of names) {
    if (!folders.some((folder) => existsSync(join(folder, name))))
      throw new SetupError(`${name} was not found on the PATH`);
  }
}

function foldersIn(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name));
  } catch {
    return []; // No client suite yet.
  }
}

function readOrUndefined(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
