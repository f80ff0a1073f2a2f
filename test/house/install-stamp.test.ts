import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scriptUrl, temporaryFolder } from './scripts.ts';

const stamp: {
  isInstalled(root: string): boolean;
  writeInstallStamp(root: string): void;
  wrongDependencies(root: string): string[];
} = await import(scriptUrl('setup/install-stamp.mjs'));

/** A tree with one dependency, installed and stamped. */
function setup() {
  const root = temporaryFolder();
  const dependency = join(root, 'node_modules', '@scope', 'thing', 'package.json');
  mkdirSync(join(dependency, '..'), { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies: { '@scope/thing': '1.2.3' } }));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(dependency, JSON.stringify({ version: '1.2.3' }));
  stamp.writeInstallStamp(root);
  return { root, dependency };
}

test('a stamped install is taken as it is', () => {
  expect(stamp.isInstalled(setup().root)).toBe(true);
});

test('a changed lock file asks for an install', () => {
  const { root } = setup();

  writeFileSync(join(root, 'package-lock.json'), '{ }');

  expect(stamp.isInstalled(root)).toBe(false);
});

test('a direct dependency deleted by hand, or of another version, asks for an install', () => {
  const { root, dependency } = setup();

  writeFileSync(dependency, JSON.stringify({ version: '1.2.4' }));
  expect(stamp.wrongDependencies(root)).toEqual(['@scope/thing 1.2.3 (found: 1.2.4)']);
  rmSync(join(dependency, '..'), { recursive: true });
  expect(stamp.wrongDependencies(root)).toEqual(['@scope/thing 1.2.3 (found: nothing)']);
  expect(stamp.isInstalled(root)).toBe(false);
});

test('a linked node_modules needs no stamp, only the right packages', () => {
  const { root, dependency } = setup();
  const other = setup();
  rmSync(join(root, 'node_modules'), { recursive: true });
  rmSync(join(other.root, 'node_modules', '.gantry-stamp'));
  symlinkSync(join(other.root, 'node_modules'), join(root, 'node_modules'));

  expect(stamp.isInstalled(root)).toBe(true);
  writeFileSync(dependency, JSON.stringify({ version: '9.9.9' }));
  expect(stamp.isInstalled(root)).toBe(false);
});
