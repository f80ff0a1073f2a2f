import { describe, expect, test } from 'vitest';
import { codeBlocks, readPage } from '../docs/pages.ts';

const { version }: { version: string } = JSON.parse(await readPage('package.json'));
const page = await readPage('docs/containers.md');
const recipes = codeBlocks(page).filter(({ language }) => ['js', 'python', 'java', 'go'].includes(language));

test('the page of containers has a recipe of Testcontainers for each of four languages', () => {
  expect(recipes.map(({ language }) => language)).toEqual(['js', 'python', 'java', 'go']);
});

describe.each(recipes)('the recipe in $language', ({ code }) => {
  test('runs this version, says who may, waits for readiness, and asks for the port that was mapped', () => {
    expect(code).toMatch(new RegExp(`['"]gantry:${version.replaceAll('.', '\\.')}['"]`));
    expect(code).toMatch(/GANTRY_ALLOW_ANONYMOUS\W+true/);
    expect(code).toMatch(/Gantry ready|\/health\/ready/);
    expect(code).toMatch(/getMappedPort\(4566\)|get_exposed_port\(4566\)|PortEndpoint\(ctx, "4566\/tcp"/);
    // No port of the host is fixed: several run side by side.
    expect(code).not.toMatch(/4566:4566|127\.0\.0\.1|localhost/);
  });
});

test('the page names one image, the one of this version', () => {
  const named = new Set([...page.matchAll(/\bgantry:(\d+\.[\w.]+)/g)].map(([, one]) => one));

  expect([...named]).toEqual([version]);
});
