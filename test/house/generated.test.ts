import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, scriptUrl, temporaryFolder } from './scripts.ts';

const { generatedProblems, writeGenerated }: Record<'generatedProblems' | 'writeGenerated', Generate> = await import(
  scriptUrl('generate/files.mjs')
);
type Generate = (root: string) => Promise<readonly string[]>;

const files = ['docs/configuration.md', 'docs/gantry.schema.json', 'docs/definitions.schema.json', 'docs/cli.md'];

/** The built code with generated files of its own. */
function setup(): string {
  const tree = temporaryFolder();
  mkdirSync(join(tree, 'docs'));
  symlinkSync(join(root, 'dist'), join(tree, 'dist'));
  for (const file of files) cpSync(join(root, file), join(tree, file));
  return tree;
}

test('the generated files of the tree are what the code says', async () => {
  expect(await generatedProblems(root)).toEqual([]);
});

test.each(files)('a %s that somebody edited is noticed, and made anew', async (file) => {
  const tree = setup();
  const text = readFileSync(join(tree, file), 'utf8');
  writeFileSync(join(tree, file), text.replace('e', 'o'));

  const problems = await generatedProblems(tree);
  const written = await writeGenerated(tree);

  expect(problems).toEqual([`${file} is not what the code says: npm run generate`]);
  expect(written).toEqual([file]);
  expect(readFileSync(join(tree, file), 'utf8')).toBe(text);
});
