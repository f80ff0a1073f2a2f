import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../setup/setup-error.mjs';

const programs = {
  biome: '@biomejs/biome/bin/biome',
  knip: 'knip/bin/knip.js',
  depcruise: 'dependency-cruiser/bin/dependency-cruise.mjs',
};

/** Runs a development tool on the tree in `folder`. @returns its exit code and all that it printed */
export async function runTool(folder, name, args) {
  return capture(folder, process.execPath, [join(folder, 'node_modules', programs[name]), ...args]);
}

/** What git counts as this tree: tracked, and new files that are not ignored. */
export async function listFiles(root, ...patterns) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns];
  const { code, stdout, stderr } = await capture(root, 'git', args);
  if (code !== 0) throw new SetupError(`the checks need a git work tree: ${stderr.trim()}`);
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
  return [...new Set(files)].sort();
}

function capture(cwd, command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
