import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, scriptUrl, temporaryFolder } from './scripts.ts';

const { plantedProblems }: { plantedProblems(root: string): Promise<string[]> } = await import(
  scriptUrl('check/planted.mjs')
);
const { arrowProblems }: { arrowProblems(root: string): Promise<string[]> } = await import(
  scriptUrl('check/arrows.mjs')
);

/** The checkers' settings in a work tree of their own. */
function setup() {
  const tree = realpathSync(temporaryFolder());
  for (const file of [
    '.dependency-cruiser.cjs',
    '.gitignore',
    'biome.json',
    'knip.jsonc',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(root, file), join(tree, file));
  }
  cpSync(join(root, 'scripts'), join(tree, 'scripts'), { recursive: true });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(tree, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: tree });
  const replace = (file: string, from: string, to: string) => {
    const text = readFileSync(join(tree, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(tree, file), text.replaceAll(from, to));
  };
  return { tree, replace };
}

test('a rule that has stopped working is noticed by its planted violation', async () => {
  const { tree, replace } = setup();
  replace('.dependency-cruiser.cjs', '^protocols/([^/]+)/', '^nowhere/([^/]+)/');
  replace('.dependency-cruiser.cjs', 'tsPreCompilationDeps: true', 'tsPreCompilationDeps: false');
  replace('biome.json', '"noFloatingPromises": "error"', '"noFloatingPromises": "off"');
  replace('biome.json', '"setImmediate":', '"setImmediately":');
  replace('scripts/check/no-math-random.grit', 'Math.random', 'Math.rondom');

  const problems = (await plantedProblems(tree)).join('\n');

  expect(problems).toContain('arrow rule protocols-apart missed');
  expect(problems).toContain('arrow rule core-looks-inwards missed src/core/planted-type.ts');
  expect(problems).toContain('lint/nursery/noFloatingPromises missed');
  expect(problems).toContain('biome let setImmediate pass in protocols/mqtt/session.ts');
  expect(problems).toContain('biome let Math.random pass in src/core/planted-impure.ts');
});

test('a TypeScript file that the arrows do not cover is noticed', async () => {
  const { tree } = setup();
  for (const folder of ['src', 'elsewhere']) {
    mkdirSync(join(tree, folder));
    writeFileSync(join(tree, folder, 'file.ts'), 'export const value = 1;\n');
  }

  expect(await arrowProblems(tree)).toEqual(['elsewhere/file.ts was not seen by dependency-cruiser']);
});
