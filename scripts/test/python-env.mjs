import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { withLock } from '../setup/lock.mjs';
import { run } from '../setup/run.mjs';
import { SetupError } from '../setup/setup-error.mjs';

/**
 * Makes the virtual environment of Python suites when it is missing or its requirements or Python changed. Each file of
 * requirements has its own: versions of a client that exclude each other are judged in one run.
 * @param requirementsName a file in test/clients
 * @returns what makes `python3` and `aws` the ones of that virtual environment
 * @throws SetupError which names the step that failed
 */
export async function ensurePython(root, env, requirementsName = 'requirements.txt') {
  const requirements = join(root, 'test', 'clients', requirementsName);
  const venv = join(root, '.cache', venvName(requirementsName));
  mkdirSync(join(root, '.cache'), { recursive: true });
  await withLock(`${venv}-lock`, async () => {
    const stamp = pythonStamp(requirements, venv);
    if (readStamp(venv) !== stamp) await makeVenv(venv, { requirements, stamp });
  });
  const path = `${join(venv, 'bin')}${delimiter}${env.PATH}`;
  // No compiled files in the tree, and each line at once.
  return { PATH: path, VIRTUAL_ENV: venv, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' };
}

/** `requirements.txt`: `venv`; `requirements-old.txt`: `venv-old`. */
function venvName(requirementsName) {
  return basename(requirementsName, '.txt').replace(/^requirements/, 'venv');
}

// The folder counts too: the programs in a virtual environment hold its absolute path.
function pythonStamp(requirements, venv) {
  const version = execFileSync('python3', ['-c', 'import sys; print(sys.version, sys.base_prefix)']);
  return createHash('sha256').update(readFileSync(requirements)).update(version).update(venv).digest('hex');
}

function readStamp(venv) {
  const file = join(venv, '.gantry-stamp');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function makeVenv(venv, { requirements, stamp }) {
  console.log('preparing the Python suites: virtual environment and packages');
  rmSync(venv, { recursive: true, force: true });
  const pip = [join(venv, 'bin', 'python3'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await step(['python3', '-m', 'venv', venv], 'is the package python3-venv installed?');
  await step([...pip, '--no-deps', '-r', requirements], 'can this machine reach a Python package index?');
  await step(
    [join(venv, 'bin', 'python3'), '-m', 'pip', '--disable-pip-version-check', 'check'],
    `${requirements} is not complete`,
  );
  writeFileSync(join(venv, '.gantry-stamp'), stamp); // Last: what is broken off is made again.
}

async function step([command, ...args], hint) {
  const code = await run(command, args, { stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new SetupError(`${command} ${args.join(' ')} ended with ${code}: ${hint}`);
}
