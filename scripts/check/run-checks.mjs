import { generatedProblems } from '../generate/files.mjs';
import { arrowProblems } from './arrows.mjs';
import { plantedProblems } from './planted.mjs';
import { runTool } from './tools.mjs';

/** Each check gives its complaints, none when all is well. The types are checked by the build before. */
const checks = {
  'format and lint': (root) => toolProblems(root, 'biome', ['check', '--error-on-warnings', '--colors=off']),
  arrows: arrowProblems,
  'generated files': generatedProblems,
  'dead code': (root) => toolProblems(root, 'knip', ['--no-progress', '--no-config-hints']),
  'planted violations': plantedProblems,
};

/** Runs all, so that one round shows everything. @returns the exit code */
export async function runChecks(root, names = Object.keys(checks)) {
  let failedCount = 0;
  for (const name of names) {
    const problems = await checks[name](root);
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    for (const problem of problems) console.log(problem);
    if (problems.length > 0) failedCount += 1;
  }
  return failedCount === 0 ? 0 : 1;
}

async function toolProblems(root, name, args) {
  const { code, stdout, stderr } = await runTool(root, name, args);
  return code === 0 ? [] : [`${stdout}${stderr}`.trim()];
}
