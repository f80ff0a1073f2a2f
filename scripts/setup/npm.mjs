import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { recordChild, setupLock } from './lock.mjs';
import { run } from './run.mjs';

// `npm start --some-flag` and every .npmrc line reach us as npm_config_*: none of them is meant for the npm run here,
// but where packages come from and through which proxy is the user's business.
const kept = new Set(
  [
    'cache',
    'registry',
    'cafile',
    'ca',
    'userconfig',
    'globalconfig',
    'proxy',
    'https_proxy',
    'http_proxy',
    'noproxy',
  ].map((name) => `npm_config_${name}`),
);

/** Under the set-up's lock. @returns the exit code of npm; its output goes to stderr */
export async function runNpm(root, args) {
  const [command, ...first] = findNpm();
  const flags = [
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ];
  const onStart = (pid) => recordChild(setupLock(root), pid);
  const options = { cwd: root, env: npmEnvironment(), stdio: ['ignore', 2, 2], onStart };
  return run(command, [...first, ...args, ...flags], options);
}

/**
 * The environment without what npm set for this script, and with the headers of the running Node when they are here.
 * @public for its test
 */
export function npmEnvironment(from = process.env, execPath = process.execPath) {
  const env = {};
  for (const [name, value] of Object.entries(from)) {
    const lower = name.toLowerCase();
    const isNpms = /^npm_(config|package|lifecycle)_/.test(lower);
    // npm_config_//host/:_authToken and npm_config_@scope:registry belong to the registry.
    if (!isNpms || kept.has(lower) || /^npm_config_[/@]/.test(lower)) env[name] = value;
  }
  const prefix = dirname(dirname(execPath));
  if (existsSync(join(prefix, 'include', 'node', 'node.h'))) env.npm_package_config_node_gyp_nodedir = prefix;
  return env;
}

/** The npm that called us, else the one that came with this Node, else the one on the PATH. */
function findNpm() {
  const caller = process.env.npm_execpath;
  const own = join(dirname(dirname(process.execPath)), 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (caller !== undefined && basename(caller) === 'npm-cli.js' && existsSync(caller))
    return [process.execPath, caller];
  return existsSync(own) ? [process.execPath, own] : ['npm'];
}
