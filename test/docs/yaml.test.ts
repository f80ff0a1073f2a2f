import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/server/config.ts';
import { configSchema } from '../../src/server/config-schema.ts';
import { fitsSchema } from '../support/json-schema.ts';
import { temporaryFolder } from '../support/launch.ts';
import { allPages, codeBlocks, readPage } from './pages.ts';

/** Files of other programs, by a key of theirs: they are parsed, and judged where that program is at hand. */
const others = ['services', 'scrape_configs', 'groups', 'apiVersion'];

const blocks = (await Promise.all(allPages.map(yamlOf))).flat();
const ours = blocks.filter(({ keys }) => !keys.some((key) => others.includes(key)));

test.each(blocks)('the YAML of $page with $keys is a map', ({ keys }) => {
  expect(keys.length).toBeGreaterThan(0);
});

test.each(ours)('the configuration of $page with $keys is what the schema and a start take', async ({ code }) => {
  // Secrets are the reader's: what names a file of theirs has a text here, what names a variable has one.
  const given = code.replace(/\b(secret|password)-file: (\S+?)(?=[ ,}\n])/g, '$1: shown');
  const environment = Object.fromEntries([...code.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, 'shown']));
  const file = join(await temporaryFolder(), 'gantry.yaml');
  await writeFile(file, given);

  const loaded = await loadConfig({ flags: { config: [file] }, environment });

  expect(fitsSchema(parse(code), configSchema())).toBe(true);
  expect(loaded.file).toBe(file);
});

async function yamlOf(page: string) {
  const found = codeBlocks(await readPage(page)).filter(({ language }) => language === 'yaml');
  return found.map(({ code }) => ({ page, code, keys: Object.keys(Object(parse(code))) }));
}
