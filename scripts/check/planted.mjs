// Copies the tree, plants the violations of plants.mjs into the copy, and says which of them nobody noticed.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from './arrows.mjs';
import * as plants from './plants.mjs';
import { listFiles, runTool } from './tools.mjs';

/** @returns one line for each planted violation that was missed, and each control that was reported */
export async function plantedProblems(root) {
  const copy = await copyTree(root);
  try {
    plantAll(copy);
    const found = await Promise.all([arrowsMissed(root, copy), lintMissed(copy), deadMissed(copy)]);
    return found.flat();
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function copyTree(root) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-planted-')));
  for (const file of await listFiles(root)) cpSync(join(root, file), join(copy, file), { dereference: true });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  return copy;
}

function plantAll(copy) {
  const write = (file, text) => {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  };
  for (const file of plants.targets) write(file, 'export const target = 1;\n');
  const rows = [
    plants.arrowPlants,
    plants.companions,
    plants.arrowControls,
    plants.lintPlants,
    plants.deadPlants,
  ].flat();
  for (const { file, text } of rows) if (text !== undefined) write(file, text);
  for (const folder of [...plants.pureFolders, 'src/server']) write(impureFile(folder), plants.impureText);
}

/** Of a protocol only the session is held to it. */
const impureFile = (folder) => `${folder}/${folder.startsWith('protocols/') ? 'session' : 'planted-impure'}.ts`;

async function arrowsMissed(root, copy) {
  const { violations } = await cruise(copy);
  const isReported = ({ file, rule, reportedFor }) =>
    violations.some((v) => (reportedFor?.test(v.from) ?? v.from === file) && (rule === undefined || v.rule === rule));
  const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs'));
  const planted = new Set(plants.arrowPlants.map(({ rule }) => rule));
  return [
    ...forbidden
      .filter(({ name }) => !planted.has(name))
      .map(({ name }) => `arrow rule ${name} has no planted violation`),
    ...plants.arrowPlants
      .filter((plant) => !isReported(plant))
      .map(({ file, rule }) => `arrow rule ${rule} missed ${file}`),
    ...plants.arrowControls.filter(isReported).map(({ file }) => `an arrow rule forbids ${file}`),
  ];
}

async function lintMissed(copy) {
  const args = ['check', '--reporter=json', '--max-diagnostics=none', '--error-on-warnings'];
  const { stdout } = await runTool(copy, 'biome', args);
  const { diagnostics } = JSON.parse(stdout);
  const of = (file, category) => diagnostics.filter((d) => pathOf(d) === file && d.category === category);
  return [
    ...plants.lintPlants
      .filter(({ file, rule }) => of(file, rule).length === 0)
      .map(({ file, rule }) => `biome's ${rule} missed ${file}`),
    ...plants.pureFolders.map(impureFile).flatMap((file) => impureMissed(file, of)),
    ...[globalsRule, 'plugin'].flatMap((category) =>
      of(impureFile('src/server'), category).map(() => `biome's ${category} forbids ${impureFile('src/server')}`),
    ),
  ];
}

const globalsRule = 'lint/style/noRestrictedGlobals';

function impureMissed(file, of) {
  const messages = of(file, globalsRule).map((d) => JSON.stringify(d));
  const missed = plants.deniedGlobals.filter((name) => !messages.some((message) => message.includes(name)));
  if (of(file, 'plugin').length === 0) missed.push('Math.random');
  return missed.map((name) => `biome let ${name} pass in ${file}`);
}

const pathOf = (diagnostic) => diagnostic.location?.path?.file ?? diagnostic.location?.path;

async function deadMissed(copy) {
  const { stdout } = await runTool(copy, 'knip', ['--no-progress', '--reporter', 'json']);
  const { issues } = JSON.parse(stdout);
  return plants.deadPlants
    .filter(({ kind, file }) => kind !== undefined && !issues.some((i) => i.file === file && i[kind]?.length > 0))
    .map(({ kind, file }) => `knip did not report ${kind} of ${file}`);
}
