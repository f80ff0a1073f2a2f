import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFolders } from '../setup/build-stamp.mjs';
import { listFiles, runTool } from './tools.mjs';

/**
 * Follows every import of the tree.
 * @returns the violations, and the TypeScript files that dependency-cruiser saw: with a compiler that it cannot load it
 * sees none, and reports success
 */
export async function cruise(folder) {
  const folders = sourceFolders.filter((name) => existsSync(join(folder, name)));
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const { stdout, stderr } = await runTool(folder, 'depcruise', args);
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser gave no report: ${stderr}`);
  const { modules, summary } = JSON.parse(stdout);
  return {
    violations: summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })),
    seen: new Set(modules.map(({ source }) => source)),
  };
}

/** @returns what is wrong with the arrows of this tree, one line each */
export async function arrowProblems(root) {
  const [{ violations, seen }, files] = await Promise.all([cruise(root), listFiles(root, '*.ts')]);
  return [
    ...violations.map(({ from, to, rule }) => `${from} -> ${to}: ${rule}`),
    ...files.filter((file) => !seen.has(file)).map((file) => `${file} was not seen by dependency-cruiser`),
  ];
}
